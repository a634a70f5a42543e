// Command gitleaks runs the detector of gitleaks with its default rules, and
// replaces each finding by a mark, as a redactor made of it would.
package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/detect"

	"relaypack/pack/redact/scoreboard/child"
)

func main() {
	zerolog.SetGlobalLevel(zerolog.Disabled)
	d, err := detect.NewDetectorDefaultConfig()
	if err == nil {
		d.MaxDecodeDepth = 3 // what it can decode it may
		err = child.Main(os.Args[2:], func(doc []byte) ([]byte, error) { return clean(d, doc), nil }, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// clean replaces what was found; of a finding in decoded text that does not
// stand in the document itself, the line.
func clean(d *detect.Detector, doc []byte) []byte {
	out := bytes.Clone(doc)
	for _, f := range d.DetectBytes(doc) {
		switch {
		case bytes.Contains(out, []byte(f.Secret)):
			out = bytes.ReplaceAll(out, []byte(f.Secret), []byte("[removed]"))
		case f.Line != "":
			out = bytes.ReplaceAll(out, []byte(f.Line), []byte("[removed]"))
		}
	}
	return out
}
