package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// printCompletion prints the completion of one shell, made of the table of commands.
func printCompletion(_ context.Context, p *program, args []string) error {
	fs := p.flags("completion")
	if err := p.parse(fs, args, 1, 1); err != nil {
		return err
	}
	write := map[string]func(*strings.Builder){"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[fs.Arg(0)]
	if write == nil {
		return errors.New("completion: the shells are bash, zsh and fish")
	}
	b := &strings.Builder{}
	write(b)
	_, err := io.WriteString(p.stdout, b.String())
	return err
}

// choices are the words that may follow: behind a flag, or behind a command.
var choices = map[string]string{"--as": "auto json text metrics", "completion": "bash zsh fish"}

// completed is what a shell completes of one command.
type completed struct {
	command
	flags []*flag.Flag
	files bool // its arguments are files
}

func completions() (out []completed) {
	for _, c := range commands() {
		out = append(out, completed{c, flagsOf(c), strings.Contains(c.args, "FILE")})
	}
	return out
}

func (c completed) names() string {
	var out []string
	for _, f := range c.flags {
		out = append(out, "--"+f.Name)
	}
	return strings.Join(append(out, "--help"), " ")
}

func takesValue(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

func allCommands() string {
	var out []string
	for _, c := range commands() {
		out = append(out, c.name)
	}
	return strings.Join(append(out, "help"), " ")
}

func bashCompletion(b *strings.Builder) {
	fmt.Fprintf(b, `# bash completion of relaypack: source <(relaypack completion bash)
_relaypack() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "%s" -- "$cur"))
		return
	fi
	case "$prev" in
	--as) words="%s" ;;
	esac
	if [ -z "$words" ]; then
		case "${COMP_WORDS[1]}" in
		help) words="%s" ;;
`, allCommands(), choices["--as"], allCommands())
	for _, c := range completions() {
		fmt.Fprintf(b, "\t\t%s) words=\"%s\" ;;\n", c.name, strings.TrimSpace(choices[c.name]+" "+c.names()))
	}
	b.WriteString(`		esac
		case "$cur" in
		-*) ;;
		*) case "${COMP_WORDS[1]}" in help|completion) ;; *) return ;; esac ;;
		esac
	fi
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _relaypack relaypack
`)
}

func zshCompletion(b *strings.Builder) {
	b.WriteString("#compdef relaypack\n# zsh completion of relaypack: in a file _relaypack of a folder of fpath\n_relaypack() {\n\tlocal -a commands\n\tcommands=(\n")
	for _, c := range commands() {
		fmt.Fprintf(b, "\t\t'%s:%s'\n", c.name, quoted(c.short))
	}
	b.WriteString("\t\t'help:show the help of a command'\n\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tcase $words[2] in\n\thelp) _describe command commands ;;\n")
	for _, c := range completions() {
		fmt.Fprintf(b, "\t%s) shift words; (( CURRENT-- )); _arguments", c.name)
		for _, f := range c.flags {
			value, does := flag.UnquoteUsage(f)
			spec := "--" + f.Name + "[" + strings.NewReplacer("[", `\[`, "]", `\]`).Replace(quoted(does)) + "]"
			if takesValue(f) {
				spec += ":" + value + ":"
				if words := choices["--"+f.Name]; words != "" {
					spec += "(" + words + ")"
				} else if value == "file" || value == "folder" {
					spec += "_files"
				}
			}
			fmt.Fprintf(b, " '%s'", spec)
		}
		b.WriteString(" '--help[show its help]'")
		switch {
		case choices[c.name] != "":
			fmt.Fprintf(b, " '1:shell:(%s)'", choices[c.name])
		case c.files:
			b.WriteString(" '*:file:_files'")
		}
		b.WriteString(" ;;\n")
	}
	b.WriteString("\tesac\n}\nif [ \"$funcstack[1]\" = _relaypack ]; then _relaypack \"$@\"; else compdef _relaypack relaypack; fi\n")
}

func fishCompletion(b *strings.Builder) {
	b.WriteString("# fish completion of relaypack: ~/.config/fish/completions/relaypack.fish\ncomplete -c relaypack -f\n")
	for _, c := range commands() {
		fmt.Fprintf(b, "complete -c relaypack -n __fish_use_subcommand -a %s -d '%s'\n", c.name, fishQuoted(c.short))
	}
	fmt.Fprintf(b, "complete -c relaypack -n __fish_use_subcommand -a help -d 'show the help of a command'\ncomplete -c relaypack -n '__fish_seen_subcommand_from help' -a '%s'\n", allCommands())
	for _, c := range completions() {
		when := "complete -c relaypack -n '__fish_seen_subcommand_from " + c.name + "'"
		for _, f := range c.flags {
			_, does := flag.UnquoteUsage(f)
			fmt.Fprintf(b, "%s -l %s -d '%s'", when, f.Name, fishQuoted(does))
			if words := choices["--"+f.Name]; words != "" {
				fmt.Fprintf(b, " -x -a '%s'", words)
			} else if takesValue(f) {
				b.WriteString(" -r -F")
			}
			b.WriteByte('\n')
		}
		if words := choices[c.name]; words != "" {
			fmt.Fprintf(b, "%s -a '%s'\n", when, words)
		} else if c.files {
			fmt.Fprintf(b, "%s -F\n", when)
		}
	}
}

// quoted makes a text fit to stand between single quotes of a POSIX shell.
func quoted(text string) string { return strings.ReplaceAll(text, "'", `'\''`) }

func fishQuoted(text string) string { return strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) }
