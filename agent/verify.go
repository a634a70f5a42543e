package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"relaypack/pack/verify"
)

const maxVerify = 1 << 30 // bytes of one file

// verifyFiles exits 0 when nothing was found, 1 when something was, 2 when a file cannot be read.
func verifyFiles(_ context.Context, p *program, args []string) error {
	fs := p.flags("verify")
	if err := p.parse(fs, args, 1, -1); err != nil {
		return err
	}
	s, err := p.configured()
	if err != nil {
		return err
	}
	d := verify.New(verify.Options{Values: s.knownValues()})
	found := false
	var unreadable error
	for _, name := range fs.Args() {
		doc, err := p.readDocument(name)
		if err != nil {
			unreadable = errors.Join(unreadable, fmt.Errorf("verify %s: %w", name, err))
			continue
		}
		for _, f := range d.Scan(doc) {
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

func (p *program) readDocument(name string) ([]byte, error) {
	in := p.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			var pe *os.PathError
			if errors.As(err, &pe) {
				err = pe.Err
			}
			return nil, err
		}
		defer f.Close()
		in = f
	}
	doc, err := io.ReadAll(io.LimitReader(in, maxVerify+1))
	if err == nil && len(doc) > maxVerify {
		err = fmt.Errorf("is larger than %s", showBytes(maxVerify))
	}
	return doc, err
}
