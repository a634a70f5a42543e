package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"relaypack/pack"
	"relaypack/pack/report"
	"relaypack/scrape"
)

// progressEvery is how often a person is told what a look is doing.
const progressEvery = 50 * time.Millisecond

// progress tells a person on a terminal what a command does; where stderr is none it says nothing. It writes whole
// lines to stderr, so that a pack on stdout stays alone there.
type progress struct {
	w    io.Writer // nil: nobody looks
	ink  ink
	now  func() time.Time // the clock of the looks
	told map[string]scrape.Status
}

func (p *program) progress(now func() time.Time) *progress {
	if p.notes == nil {
		return &progress{}
	}
	return &progress{w: p.notes, ink: p.inkFor(p.notes), now: now, told: map[string]scrape.Status{}}
}

// look takes a look and tells the sources as they answer.
func (g *progress) look(ctx context.Context, o *observer) {
	if g.w == nil {
		o.look(ctx)
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.look(ctx)
	}()
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			g.sources(o.scraper.States(g.now()))
		case <-done:
			g.sources(o.scraper.States(g.now()))
			return
		}
	}
}

// sources tells those that stand otherwise than when they were told last; one that was not asked is not told.
func (g *progress) sources(all map[string]scrape.State) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := all[name]
		if s.Status == scrape.Skipped || g.told[name] == s.Status {
			continue
		}
		g.told[name] = s.Status
		text := fmt.Sprintf("  %-16s %-12s", visible(name), s.Status)
		switch s.Status {
		case scrape.OK:
			text = g.ink.green(text) + g.ink.soft(fmt.Sprintf(" %9s %6s", report.Size(float64(s.Bytes)), report.Lasting(s.Took)))
		case scrape.Off:
			text = g.ink.soft(text + " " + visible(s.Reason))
		default:
			text = g.ink.yellow(text + " " + visible(s.Reason))
		}
		fmt.Fprintln(g.w, text)
	}
}

// made tells what a pack is and what was taken out of it.
func (g *progress) made(made *pack.Pack) {
	if g.w == nil {
		return
	}
	var p struct {
		SupportBundle struct {
			Redaction struct {
				Counts   map[string]int
				Verifier struct{ Verdict string }
			}
		}
	}
	removed, rules := 0, []string(nil)
	if json.Unmarshal(made.Bytes(), &p) == nil {
		counts := p.SupportBundle.Redaction.Counts
		rules = slices.Sorted(maps.Keys(counts))
		slices.SortStableFunc(rules, func(a, b string) int { return counts[b] - counts[a] })
		for i, rule := range rules {
			removed += counts[rule]
			rules[i] = fmt.Sprintf("%s %d", rule, counts[rule])
		}
	}
	if len(rules) > 6 {
		rules = append(rules[:6], fmt.Sprintf("%d more rules", len(rules)-6))
	}
	fmt.Fprintf(g.w, "%s  %s\n", g.ink.bold(made.ID()), report.Size(float64(len(made.Bytes()))))
	fmt.Fprintf(g.w, "  taken out or masked: %s%s\n", report.Grouped(removed), g.ink.soft(listOf(rules)))
	verdict := visible(p.SupportBundle.Redaction.Verifier.Verdict)
	if verdict == "clean" {
		verdict = g.ink.green(verdict)
	} else {
		verdict = g.ink.yellow(verdict)
	}
	fmt.Fprintf(g.w, "  second detector: %s\n", verdict)
}

func listOf(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}
