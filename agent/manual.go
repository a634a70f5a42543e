package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
)

// lesson is what help and the manual page teach of a command beside its flags.
type lesson struct {
	long     string
	examples []example
}

// example is a line to copy, and what it does.
type example struct{ line, does string }

// lessons has a row for each command; a test holds that the lines use flags that there are.
func lessons() map[string]lesson {
	return map[string]lesson{
		"serve": {"Runs until SIGTERM or SIGINT. It is configured by RELAYPACK_* variables alone. On a faulty configuration it stays up on the defaults of what is faulty and says so on /readyz, in the log and in the API's answers.", []example{
			{"RELAYPACK_ADMIN_TOKEN_FILE=/run/relaypack/admin relaypack serve", "beside a relay on http://127.0.0.1:3001"},
			{"relaypack serve --check", "tell every fault of the configuration at once"},
		}},
		"demo": {"Starts a made-up relay as a process of its own and the agent beside it on free ports of this machine, and prints the page's address, the admin token and a line to get a pack with. Needs nothing and leaves nothing.", []example{
			{"relaypack demo", "until Ctrl-C"},
			{"relaypack demo --crash-every 20s", "the relay dies and comes back, again and again"},
			{"relaypack demo --once >pack.json", "one pack, and the end"},
		}},
		"once": {"Looks at the relay once and prints the pack. It exits with 0 also when the relay is dead: the pack says so. On a terminal it tells the sources as they answer, on stderr.", []example{
			{"relaypack once --config >pack.json", "with the relay's six configuration fields"},
			{"relaypack once --session sess...1f20 >pack.json", "with the parity and the events of one session, here by its masked form"},
		}},
		"watch": {"Asks a running agent every second and shows relay, numbers, sources and newest events on one screen; Ctrl-C or q ends. Piped, it writes a line for each look and each new event. The admin token is that of ADMIN_TOKEN or ADMIN_TOKEN_FILE. Without a URL it asks LISTEN.", []example{
			{"RELAYPACK_ADMIN_TOKEN_FILE=admin relaypack watch http://127.0.0.1:9731", "live, for instance behind kubectl port-forward"},
			{"relaypack watch --once", "one view; exits with 1 when the relay is dead"},
			{"relaypack watch --interval 5s http://127.0.0.1:9731 >log.txt", "lines for a file"},
		}},
		"redact": {"Reads stdin as a stream and writes it without what must not leave; a line on stderr counts what was changed.", []example{
			{"relaypack redact <app.log >clean.log", "a log"},
			{"relaypack redact --as json --explain <dump.json >clean.json", "each change with its rule, place and shape"},
		}},
		"verify": {"Runs the second detector, which shares no rules with the redactor. Exits with 0 when it finds nothing, 1 when it finds something, 2 when a file cannot be read.", []example{
			{"relaypack verify pack.json", "before a file is attached to a ticket"},
			{"kubectl logs relay-0 | relaypack verify -", "a stream"},
		}},
		"report": {"Shows a pack (ours, the relay's own, an old one, also packed with gzip) as one HTML file that needs no script and no network: verdict, time line, charts, sources, redaction, all events. Warns when the file holds what must not leave.", []example{
			{"relaypack report pack.json >pack.html", "to open, search, print and attach"},
			{"relaypack report --text pack.json.gz | less", "a page of text"},
		}},
		"whois": {"Makes the names that ids and addresses have in the packs of this installation, which needs its key (PSEUDONYM_KEY, or the one in STATE_DIR). There is no map to look up.", []example{
			{"relaypack whois 203.0.113.7", "the name of one address"},
			{"relaypack whois --name '[id-2rygcpvbv9]' <ids.txt", "which of many ids has that name; exits with 1 when none has"},
		}},
		"doctor": {"Takes one look and tells in one table what is missing: configuration, relay, login, gate, sources, process, cluster, state folder, store, clock. Each line comes with its fix; exits with 1 when one fails. It changes nothing.", []example{
			{"kubectl exec relay-0 -c relaypack -- /relaypack doctor", "in the pod, with the sidecar's own configuration"},
			{"relaypack doctor", "here"},
		}},
		"check": {"Compiles a profile (how a relay is read) or a redaction policy and tells every fault with line and column; exits with 1 when it has any.", []example{
			{"relaypack check relay.yaml", "a profile"},
			{"relaypack check --policy policy.yaml", "a redaction policy"},
		}},
		"schema": {"", []example{{"relaypack schema >pack.schema.json", "for a validator or an editor"}}},
		"patch": {"Prints a strategic merge patch. It names nothing that the Deployment has, so it can be taken out again.", []example{
			{"relaypack patch --image registry.example/relaypack:1 >patch.yaml", "then: kubectl patch deployment relay --patch-file patch.yaml"},
			{"relaypack patch --image registry.example/relaypack:1 --ordinary", "before Kubernetes 1.29"},
		}},
		"health": {"Asks the agent on PROBE_LISTEN; made for exec probes in an image without a shell.", []example{
			{"relaypack health", "0 when its loops turn"},
			{"relaypack health --ready", "0 when it serves and its configuration has no fault"},
		}},
		"completion": {"Prints a script that makes a shell complete commands and flags.", []example{
			{"source <(relaypack completion bash)", "in ~/.bashrc"},
			{"relaypack completion zsh >~/.zfunc/_relaypack", "with ~/.zfunc in fpath"},
			{"relaypack completion fish >~/.config/fish/completions/relaypack.fish", "once"},
		}},
		"man": {"Prints the manual page, made of the same texts as this help.", []example{
			{"relaypack man | man -l -", "read it"},
			{"relaypack man >/usr/local/share/man/man1/relaypack.1", "keep it"},
		}},
		"version": {"", []example{{"relaypack version", ""}}},
	}
}

// flagsOf are the flags of a command, as it makes them when it is asked for its help.
func flagsOf(c command) (out []*flag.Flag) {
	p := &program{stdout: &output{w: io.Discard}, stderr: io.Discard, teach: func(fs *flag.FlagSet) {
		fs.VisitAll(func(f *flag.Flag) { out = append(out, f) })
	}}
	_ = c.run(context.Background(), p, []string{"-h"}) // it is flag.ErrHelp
	return out
}

// teachCommand writes the help of one command.
func teachCommand(w io.Writer, c command, fs *flag.FlagSet) {
	fmt.Fprintf(w, "usage: relaypack %s\n%s\n", strings.TrimSpace(c.name+" "+c.args), c.short)
	l := lessons()[c.name]
	if l.long != "" {
		fmt.Fprintf(w, "\n%s\n", folded(l.long, 100))
	}
	if l.examples != nil {
		fmt.Fprint(w, "\nExamples:\n")
	}
	for _, e := range l.examples {
		fmt.Fprintf(w, "  %s\n", e.line)
		if e.does != "" {
			fmt.Fprintf(w, "      %s\n", e.does)
		}
	}
	any := false
	fs.VisitAll(func(*flag.Flag) { any = true })
	if any {
		fmt.Fprint(w, "\nFlags:\n")
		fs.SetOutput(w)
		fs.PrintDefaults()
	}
}

// folded breaks a text between words into lines of at most width characters.
func folded(text string, width int) string {
	var b strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		if used > 0 && used+1+len(word) > width {
			b.WriteByte('\n')
			used = 0
		} else if used > 0 {
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += len(word)
	}
	return b.String()
}
