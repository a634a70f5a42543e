package main

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"

	"relaypack/pack/redact"
)

var formats = map[string]redact.Format{"auto": redact.Auto, "json": redact.JSON, "text": redact.Text, "metrics": redact.Metrics}

func redactStream(_ context.Context, p *program, args []string) error {
	fs := p.flags("redact")
	as := fs.String("as", "auto", "what stdin is: auto, json, text or metrics")
	explain := fs.Bool("explain", false, "tell each change on stderr: rule, place, and what the value was like")
	if err := p.parse(fs, args, 0, 0); err != nil {
		return err
	}
	format, ok := formats[*as]
	if !ok {
		return fmt.Errorf("redact: --as wants auto, json, text or metrics")
	}
	s, err := p.configured()
	if err != nil {
		return err
	}
	if s.pseudonymKey, err = s.installationKey(); err != nil {
		return fmt.Errorf("redact: %w", err)
	}
	r, err := redact.New(redact.Options{Key: s.pseudonymKey, IDs: idKinds(s.profile), Values: s.allKnown(), Policy: s.policy})
	if err != nil {
		return fmt.Errorf("make the redactor: %w", err)
	}
	var rep redact.Report
	told := func() error { return nil }
	if *explain {
		rep.Explain, told = explainTo(p.stderr)
	}
	out := bufio.NewWriterSize(p.stdout, 64<<10)
	err = r.Copy(out, p.stdin, format, &rep)
	if err := told(); err != nil {
		return failed("write to stderr: %w", err)
	}
	if err != nil {
		return failed("redact stdin: %w", err)
	}
	if err := out.Flush(); err != nil {
		return failed("write the result: %w", err)
	}
	fmt.Fprintln(p.stderr, reportLine(&rep))
	return nil
}

// reportLine says in one line what was changed.
func reportLine(rep *redact.Report) string {
	total := 0
	var parts []string
	for rule, n := range rep.Counts {
		total += n
		parts = append(parts, fmt.Sprintf("%s %d", rule, n))
	}
	if total == 0 {
		return "redacted nothing"
	}
	slices.Sort(parts)
	return fmt.Sprintf("redacted %d: %s", total, strings.Join(parts, ", "))
}
