package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// program is what a command has of the world.
type program struct {
	self   string // how the program was called
	env    []string
	stdin  io.Reader
	stdout *output
	stderr io.Writer

	teach         func(*flag.FlagSet) // takes the flags of a command that is asked for help; nil: help is printed
	screen, notes *os.File            // stdout and stderr where they are terminals, to draw on; nil: they are not
}

// raw is stdout for text that has colours: who writes there has made all else visible.
func (p *program) raw() io.Writer {
	if p.screen != nil {
		return p.screen
	}
	return p.stdout
}

// command is one row of the command table.
type command struct {
	name  string
	args  string // as shown in its usage line
	short string
	run   func(ctx context.Context, p *program, args []string) error
}

// commands is the table, in the order in which help shows it.
func commands() []command {
	return []command{
		{"serve", "[--check]", "run the agent beside a relay (the default)", serve},
		{"demo", "[--once] [--crash-every D] [--replay DIR]", "start a made-up relay and the agent beside it", demo},
		{"once", "[--session ID] [--trace ID] [--config]", "take one look and print one pack", once},
		{"watch", "[--once] [--interval D] [--ca FILE] [URL]", "show a running agent live, on one screen", watch},
		{"redact", "[--as auto|json|text|metrics] [--explain]", "clean stdin to stdout", redactStream},
		{"verify", "FILE...", "look for what must not leave in files (- is stdin)", verifyFiles},
		{"report", "[--text] FILE", "show a pack as one HTML file, or as text (- is stdin)", reportFile},
		{"whois", "[--name NAME] [ID...]", "tell the names that ids have in packs (needs the key)", whois},
		{"doctor", "", "look for what is missing, and say how it is mended", doctor},
		{"check", "[--policy] FILE", "compile a profile or a policy and tell its faults", checkFile},
		{"schema", "", "print the JSON Schema of a pack", printSchema},
		{"patch", "--image IMAGE [--port N] [--ordinary]", "print a patch that adds the sidecar to a Deployment", printPatch},
		{"health", "[--ready]", "ask the running agent, for exec probes", health},
		{"completion", "bash|zsh|fish", "print what makes a shell complete commands and flags", printCompletion},
		{"man", "", "print the manual page", printMan},
		{"version", "", "print version, commit and Go version", printVersion},
	}
}

// Errors of commands. An error that is neither is wrong usage or configuration, too.
var errNotFine = errors.New("not fine") // what was asked about is not fine; it was already told

// failure is an error with an exit code of its own.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// failed makes an error that ends the program with 1: the work itself did not succeed.
func failed(format string, args ...any) error { return &failure{1, fmt.Errorf(format, args...)} }

func (p *program) dispatch(ctx context.Context, args []string) int {
	name, rest := "serve", args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, rest = args[0], args[1:]
	}
	switch {
	case name == "help" && len(rest) > 1:
		return p.exit(fmt.Errorf("help: %s given; `relaypack help COMMAND` shows one command", counted(len(rest), "argument")))
	case name == "help" && len(rest) == 1:
		name, rest = rest[0], []string{"-h"}
	case name == "help", len(args) > 0 && slices.Contains([]string{"-h", "--h", "-help", "--help"}, args[0]):
		p.help(p.stdout)
		return p.exit(nil)
	}
	if name == demoRelay {
		return p.exit(runDemoRelay(ctx, p, rest))
	}
	for _, c := range commands() {
		if c.name == name {
			return p.exit(c.run(ctx, p, rest))
		}
	}
	return p.exit(fmt.Errorf("unknown command %q%s; `relaypack help` lists all", clipped(name, maxCommand), nearest(name)))
}

// exit tells an error in one line and gives the exit code. A result that could not be written is an error.
func (p *program) exit(err error) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		if p.stdout.err == nil {
			return 0
		}
		err = failed("write to stdout: %w", p.stdout.err)
	}
	if errors.Is(err, errNotFine) {
		return 1
	}
	p.tell("%v", err)
	if f := (*failure)(nil); errors.As(err, &f) {
		return f.code
	}
	return 2
}

func (p *program) help(w io.Writer) {
	fmt.Fprint(w, "relaypack watches a telemetry relay and hands out redacted support packs.\n\nusage: relaypack [COMMAND] [FLAGS]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-10s %-45s %s\n", c.name, c.args, c.short)
	}
	fmt.Fprint(w, "\nThe agent is configured by RELAYPACK_* variables (see the README). Exit codes: 0 done,\n1 what was asked about is not fine, 2 wrong usage or configuration.\n")
}

// flags makes the flag set of a command; parse gives its faults in one line.
func (p *program) flags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return fs
}

// parse reads the flags and says how many arguments may stay: most < 0 means any number.
func (p *program) parse(fs *flag.FlagSet, args []string, least, most int) error {
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		p.usage(fs)
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %s; `relaypack %s -h` shows its usage", fs.Name(), clipped(err.Error(), maxFlagFault), fs.Name())
	}
	if n := fs.NArg(); n < least || most >= 0 && n > most {
		return fmt.Errorf("%s: %s given; `relaypack %s -h` shows its usage", fs.Name(), counted(n, "argument"), fs.Name())
	}
	return nil
}

// counted is a number with its noun: 1 fault, 2 faults.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (p *program) usage(fs *flag.FlagSet) {
	if p.teach != nil {
		p.teach(fs)
		return
	}
	for _, c := range commands() {
		if c.name == fs.Name() {
			teachCommand(p.stdout, c, fs)
		}
	}
}

const (
	maxCommand   = 20  // letters of a command that are looked at
	maxFlagFault = 120 // characters of what the flag package says, which quotes what it was given
)

// nearest suggests the command that the fewest changed letters make of name, at most two of them.
func nearest(name string) string {
	best, least := "", 3
	for _, c := range commands() {
		if n := edits(name[:min(len(name), maxCommand)], c.name); n < least {
			best, least = c.name, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", best)
}

// edits is how many letters must be put in, left out, changed or swapped with their neighbour to make b of a.
func edits(a, b string) int {
	var before []int // the row before the last one
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			changed := last[j-1]
			if a[i-1] != b[j-1] {
				changed++
			}
			row[j] = min(last[j]+1, row[j-1]+1, changed)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
