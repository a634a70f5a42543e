// Command scoreboard plays redactors against each other on documents made from
// a seed, and prints a table.
//
//	go run . -seed 7                                # all tools (the first build of the others takes minutes)
//	go run . -seed 7 -only relaypack,naive          # these alone
//	go run . -seed 7 -only relaypack -misses relaypack      # and what it missed, by kind and carrier
//	go run . -seed 7 -only relaypack -destroyed relaypack   # and which look-alikes it destroyed
//	go run . -seed 7 -only verify -misses verify -kind jwt -show 3   # with the documents
//	go run . -seed 7 -json                          # for machines
//
// Package corpus makes the documents, package score says what counts, package
// child measures each tool in a process of its own: CPU is user and system
// time, memory is the peak of the resident set.
//
// What package corpus holds out is in no run without -heldout, which scores it
// alone: "-heldout kinds" new kinds of secrets and new look-alikes in all
// carriers, "-heldout carriers" the open kinds in new carriers.
//
// The tools: relaypack (package redact), verify (package verify alone: it
// counts as catching a secret when it reports a place within the field or line
// that holds it), naive (21 regular expressions), and those of folder heavy:
// datadog-bytes and datadog-json (the scrubber of the Datadog agent),
// troubleshoot (its default redactors), gitleaks (its default rules, each
// finding replaced), otel (the redaction processor with hand-written rules).
// null and empty show the ends of the scale.
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"relaypack/pack/redact/scoreboard/child"
	"relaypack/pack/redact/scoreboard/corpus"
	"relaypack/pack/redact/scoreboard/score"
	"relaypack/pack/redact/scoreboard/tool"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// parts are the values of -heldout.
var parts = map[string]corpus.Part{"": corpus.Open, "kinds": corpus.HeldKinds, "carriers": corpus.HeldCarriers}

type options struct {
	seed      uint64
	only      string
	misses    string
	destroyed string
	kind      string
	carrier   string
	show      int
	json      bool
	heldOut   string
}

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) > 1 && args[0] == "-child" {
		return runChild(args[1], args[2:], stdout, stderr)
	}
	var o options
	fs := flag.NewFlagSet("scoreboard", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Uint64Var(&o.seed, "seed", 1, "the documents are made from it")
	fs.StringVar(&o.only, "only", "", "names of tools, with commas; empty: all")
	fs.StringVar(&o.misses, "misses", "", "list what this tool missed")
	fs.StringVar(&o.destroyed, "destroyed", "", "list the look-alikes that this tool destroyed")
	fs.StringVar(&o.kind, "kind", "", "list this kind alone")
	fs.StringVar(&o.carrier, "carrier", "", "list this carrier alone")
	fs.IntVar(&o.show, "show", 0, "print so many of the listed documents, before and after")
	fs.BoolVar(&o.json, "json", false, "print the results as JSON")
	fs.StringVar(&o.heldOut, "heldout", "", "score what is held out alone: kinds (new kinds and look-alikes, in all carriers) or carriers (new carriers, open kinds)")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	if _, ok := parts[o.heldOut]; !ok {
		fmt.Fprintln(stderr, "scoreboard: -heldout takes kinds or carriers")
		return 2
	}
	if err := play(o, stdout); err != nil {
		fmt.Fprintf(stderr, "scoreboard: %v\n", err)
		return 1
	}
	return 0
}

func runChild(name string, args []string, stdout, stderr io.Writer) int {
	f, err := tool.Light(name)
	if err == nil {
		err = child.Main(args, f, stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return 1
	}
	return 0
}

// row is one line of the table.
type row struct {
	score.Result
	child.Report
	Outputs [][]byte `json:"-"`
}

func play(o options, w io.Writer) error {
	docs := corpus.Generate(o.seed, parts[o.heldOut])
	dir, err := os.MkdirTemp("", "scoreboard")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	names := toolNames
	if o.only != "" {
		names = strings.Split(o.only, ",")
	}
	rows, err := playAll(dir, docs, corpus.Packs(o.seed), names)
	if err != nil {
		return err
	}
	if o.json {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(rows)
	}
	printTable(w, o, docs, rows)
	for _, r := range rows {
		if r.Tool == o.misses {
			printShares(w, r.Result)
			list(w, o, docs, r, r.Misses)
		}
		if r.Tool == o.destroyed {
			list(w, o, docs, r, r.Destroyed)
		}
	}
	return nil
}

func printTable(w io.Writer, o options, docs []corpus.Doc, rows []row) {
	size, secrets, alikes := 0, 0, 0
	for _, d := range docs {
		size += len(d.Bytes)
		for _, p := range d.Plants {
			if secrets += len(p.Secrets); p.Alike() {
				alikes++
			}
		}
	}
	part := ""
	if o.heldOut != "" {
		part = "held-out " + o.heldOut + ", "
	}
	fmt.Fprintf(w, "Seed %d, %s%d secrets of %d kinds in %d carriers, %d look-alikes, %d documents, %.1f MB\n\n",
		o.seed, part, secrets, len(kindsOf(docs)), len(corpus.Carriers(parts[o.heldOut])), alikes, len(docs), float64(size)/1e6)
	fmt.Fprintln(w, "| tool | recall | look-alikes kept | valid JSON | MB per CPU second: these documents | packs | allocations per document | peak RSS, MB |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|---:|")
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %.2f %% | %.2f %% | %.2f %% | %.1f | %.1f | %.1f | %.1f |\n",
			r.Tool, r.Recall(), r.KeptPercent(), r.ValidPercent(), r.MBPerSecond, r.PackSpeed, r.Allocs, float64(r.PeakRSS)/1e6)
	}
	for _, r := range rows {
		if r.Errors > 0 {
			fmt.Fprintf(w, "\n%s gave an error, and so no output, for %d documents.\n", r.Tool, r.Errors)
		}
	}
}

func kindsOf(docs []corpus.Doc) map[string]bool {
	kinds := map[string]bool{}
	for _, d := range docs {
		for _, p := range d.Plants {
			if !p.Alike() {
				kinds[p.Kind] = true
			}
		}
	}
	return kinds
}

// printShares prints recall by kind and by carrier, lowest first, where it is not full.
func printShares(w io.Writer, r score.Result) {
	for _, t := range []struct {
		name   string
		shares map[string]score.Share
	}{{"kind", r.Kinds}, {"carrier", r.Carriers}} {
		var names []string
		for n, s := range t.shares {
			if s.Got < s.Of {
				names = append(names, n)
			}
		}
		slices.SortFunc(names, func(a, b string) int {
			return cmp.Or(cmp.Compare(t.shares[a].Percent(), t.shares[b].Percent()), cmp.Compare(a, b))
		})
		fmt.Fprintf(w, "\nrecall by %s\n", t.name)
		for _, n := range names {
			fmt.Fprintf(w, "  %6.2f %%  %4d of %4d  %s\n", t.shares[n].Percent(), t.shares[n].Got, t.shares[n].Of, n)
		}
	}
}

// list prints misses by kind, then carrier, each with the item as planted.
func list(w io.Writer, o options, docs []corpus.Doc, r row, ms []score.Miss) {
	ms = slices.DeleteFunc(slices.Clone(ms), func(m score.Miss) bool {
		return o.kind != "" && m.Kind != o.kind || o.carrier != "" && m.Carrier != o.carrier
	})
	slices.SortStableFunc(ms, func(a, b score.Miss) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Carrier, b.Carrier))
	})
	fmt.Fprintf(w, "\n%d:\n", len(ms))
	for i, m := range ms {
		fmt.Fprintf(w, "%s · %s · %s", m.Kind, m.Carrier, cut(m.Text, m.Left))
		if m.Left != "" {
			fmt.Fprintf(w, " · left: %.40q", m.Left)
		}
		fmt.Fprintln(w)
		if i < o.show {
			fmt.Fprintf(w, "--- before\n%s\n--- after\n%s\n---\n", docs[m.Doc].Bytes, r.Outputs[m.Doc])
		}
	}
}

// cut shortens a text to the surroundings of the part that is left.
func cut(text, left string) string {
	const most = 200
	at := 0
	if left != "" {
		at = max(0, strings.Index(text, left[:min(8, len(left))])-most/2)
	}
	end := min(len(text), at+most)
	return strings.NewReplacer("\n", "⏎", "\r", "").Replace(strings.ToValidUTF8(text[at:end], "?"))
}
