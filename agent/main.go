// Command relaypack watches a telemetry relay from beside it and hands out support packs: one JSON
// document each, with what is needed to find a fault and nothing that is secret.
//
//	relaypack            serve: the agent, configured by RELAYPACK_* variables
//	relaypack demo       a relay to try it on, and the agent beside it
//	relaypack once       one look, one pack on stdout
//	relaypack redact     stdin cleaned, to stdout
//	relaypack help       all commands
//
// Where to look: commands.go is the table of commands, each in a file of its name. config.go has the variables;
// validate.go, addresses.go, certificates.go, delivery.go and policy.go say what they may be, files.go watches
// the files that may change, surroundings.go finds the secrets around the agent, secrets.go keeps them.
// observe.go wires scrape and pack together, blackbox.go does what each look brings, keeper.go keeps it over a
// restart, shipping.go delivers; serve.go and servers.go run them, signals.go ends them. probes.go, families.go
// and afterlife.go have the agent's own metrics, internal/web the HTTP side and internal/page the ops page;
// output.go and terminal.go write what the program says, report.go shows a pack to people, progress.go and
// watch.go to a person on a terminal (tty_*.go); manual.go has what help, man.go and completion.go teach.
//
// Exit codes: 0 done, 1 the thing asked about is not fine or could not be done, 2 wrong usage or configuration.
package main

import (
	"context"
	"io"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args, os.Environ(), os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program. Only RELAYPACK_* variables of env say how, and TERM and NO_COLOR what a terminal can
// show; of the others only what is secret is looked at, so that it can be kept from leaving (see surroundings.go). The
// result is the exit code.
func run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{
		env:    env,
		stdin:  stdin,
		stdout: &output{w: forTerminal(stdout)},
		stderr: forTerminal(stderr),
		screen: terminalOf(stdout), notes: terminalOf(stderr),
	}
	if len(args) > 0 {
		p.self = args[0]
		args = args[1:]
	}
	return p.dispatch(ctx, args)
}
