package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"relaypack/pack/report"
)

// reportFile writes a pack as one HTML file, or as a page of text, to stdout. What the second detector finds in it is told
// first: a report shows what the file holds, and may be handed on like the file itself.
func reportFile(_ context.Context, p *program, args []string) error {
	fs := p.flags("report")
	asText := fs.Bool("text", false, "a page of text instead of HTML")
	if err := p.parse(fs, args, 1, 1); err != nil {
		return err
	}
	s, err := p.configured()
	if err != nil {
		return err
	}
	name := fs.Arg(0)
	data, err := p.packFile(name)
	if err != nil {
		return fmt.Errorf("report %s: %w", name, err)
	}
	write := report.HTML
	if *asText {
		write = report.Text
	}
	var b bytes.Buffer // so that nothing is written of what is no pack
	if err := write(&b, data); err != nil {
		return fmt.Errorf("report %s: %w", name, err)
	}
	findings, err := s.detector().ScanReader(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("report %s: %w", name, err)
	}
	if len(findings) > 0 {
		p.tell("report: %s in this file must not leave, and the report shows them; `relaypack verify %s` tells where", counted(len(findings), "place"), name)
	}
	_, err = p.stdout.Write(b.Bytes())
	return err
}

// packFile reads a whole file (- is stdin) that may hold a pack, and unpacks it.
func (p *program) packFile(name string) ([]byte, error) {
	in := p.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, withoutPath(err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, report.MaxBytes+1))
	switch {
	case err != nil:
		return nil, withoutPath(err)
	case len(data) > report.MaxBytes:
		return nil, errors.New("larger than 64 MiB")
	}
	return report.Unpacked(data)
}
