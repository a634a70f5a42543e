package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"relaypack/pack/verify"
)

// detector is that of a command that looks at finished bytes: it knows all that the agent would.
func (s *settings) detector() *verify.Detector {
	return verify.New(verify.Options{Values: s.detectable(s.allKnown())})
}

// verifyFiles exits 0 when nothing was found, 1 when something was, 2 when a file cannot be read. A file is
// read as a stream, about half a megabyte at a time: JSON, text or both, in UTF-8 or UTF-16, packed with
// gzip or not. Of each file it tells at most 1,000 findings.
func verifyFiles(_ context.Context, p *program, args []string) error {
	fs := p.flags("verify")
	if err := p.parse(fs, args, 1, -1); err != nil {
		return err
	}
	s, err := p.configured()
	if err != nil {
		return err
	}
	d := s.detector()
	found := false
	var unreadable error
	for _, name := range fs.Args() {
		findings, err := p.verifyFile(d, name)
		if err != nil {
			unreadable = errors.Join(unreadable, fmt.Errorf("verify %s: %w", name, err))
		}
		for _, f := range findings {
			found = true
			place := harmlessPointer(d, f.Pointer)
			if place == "" {
				place = fmt.Sprintf("line %d", f.Line)
			}
			fmt.Fprintf(p.stdout, "%s: %s: %s: %s\n", name, place, f.Kind, f.Excerpt)
		}
	}
	switch {
	case unreadable != nil:
		return oneLine(unreadable)
	case found:
		return errNotFine
	}
	return nil
}

// verifyFile gives what was found in a file, also in the part of one that could be read before it failed.
func (p *program) verifyFile(d *verify.Detector, name string) ([]verify.Finding, error) {
	in := p.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, withoutPath(err)
		}
		defer f.Close()
		in = f
	}
	findings, err := d.ScanReader(in)
	return findings, withoutPath(err)
}

// harmlessPointer shows the shape of each name in a pointer that is itself what must not leave, such
// as a raw id by which an object is keyed.
func harmlessPointer(d *verify.Detector, pointer string) string {
	names := strings.Split(pointer, "/")
	for i, name := range names {
		quoted, _ := json.Marshal(name)
		if found := d.Scan(quoted); len(found) > 0 {
			names[i] = "(" + found[0].Excerpt + ")"
		}
	}
	return strings.Join(names, "/")
}
