// Package report shows a support pack to people: as one HTML file, or as a page of text.
//
//	err := report.HTML(w, bytes)   // one self-contained file, to open, search, print and attach
//	err := report.Text(w, bytes)   // the verdict, what happened, and the numbers, in 80 to 120 columns
//
// It takes a pack of this program, the relay's own (also wrapped as {"success", "data"}), an old or a foreign one, packed
// with gzip or not. A section that a pack does not have is named as "not in this pack", and a member that this version
// does not know is shown as it is, under "Everything else": nothing of a pack is left out silently. What is cut
// (texts over 4 KiB, tables over 5,000 rows or 1 MiB) says how much.
//
// # What is promised
//
// The HTML needs no script, no network and no font: its only parts are markup, one style sheet and drawings (package
// chart), under a policy that allows nothing else (Policy), so that a pack that holds markup, addresses or template marks shows
// them as text. Control and bidi characters are shown as escapes. Times are UTC, numbers have units. It is light or
// dark as its reader's system is, and on paper everything is unfolded. Its first screen is the verdict: what is known, and how
// it is known, never that all is well.
//
// # What is not
//
// A report shows what the pack holds. Whether that may leave is the business of pack/verify; the command asks it first.
package report

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"relaypack/pack/report/chart"
)

// Tokens are the design tokens as CSS custom properties: colours in light and dark, type, spacing, radii.
//
//go:embed tokens.css
var Tokens string

//go:embed report.css
var style string

//go:embed report.html
var markup string

// MaxBytes is how large a pack may be, unpacked.
const MaxBytes = 64 << 20

// ErrNoPack says that the bytes are not a pack: no JSON object, or larger than MaxBytes.
var ErrNoPack = errors.New("not a support pack")

var parsed = sync.OnceValues(func() (*template.Template, error) { return template.New("report").Parse(markup) })

// HTML writes the report of a pack. Nothing is written when it cannot be read (ErrNoPack).
func HTML(w io.Writer, pack []byte) error {
	d, err := read(pack)
	if err != nil {
		return err
	}
	t, err := parsed()
	if err != nil {
		return fmt.Errorf("parse the report's template: %w", err)
	}
	sheet := styleSheet()
	p := d.page()
	p.Style, p.Policy = template.CSS(sheet), Policy()
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// Policy is the Content-Security-Policy of the HTML, which also stands in it: its one style sheet, by its hash, and nothing else.
func Policy() string {
	sum := sha256.Sum256([]byte(styleSheet()))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// styleSheet is all CSS, without its comments: who searches a report for words finds those of the pack only.
func styleSheet() string {
	var out strings.Builder
	rest := Tokens + chart.CSS + style
	for {
		before, behind, found := strings.Cut(rest, "/*")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		_, rest, _ = strings.Cut(behind, "*/")
	}
}

// document is a pack with the two levels that all sections ask for.
type document struct {
	top    map[string]value
	order  []string // of the top level
	bundle map[string]value
	inside []string        // order of the bundle
	used   map[string]bool // of the bundle: what a section has shown
	events []happened      // of all classes, oldest first
}

func read(pack []byte) (*document, error) {
	pack, err := Unpacked(pack)
	if err != nil {
		return nil, err
	}
	pack = bytes.TrimSpace(bytes.TrimPrefix(pack, []byte("\ufeff")))
	if !jsontext.Value(pack).IsValid(lenient...) || jsontext.Value(pack).Kind() != '{' {
		return nil, fmt.Errorf("%w: no JSON object", ErrNoPack)
	}
	root := value(pack)
	if data := root.at("data"); data.kind() == '{' && root.at("success").there() {
		root = data
	}
	d := &document{top: map[string]value{}, bundle: map[string]value{}, used: map[string]bool{}}
	for _, m := range root.members() {
		d.order = append(d.order, m.name)
		d.top[m.name] = m.v
	}
	for _, m := range d.top["supportBundle"].members() {
		d.inside = append(d.inside, m.name)
		d.bundle[m.name] = m.v
	}
	d.events = d.happenings()
	return d, nil
}

// Unpacked gives what gzip holds, of a file as it lies in a store; anything else as it is.
func Unpacked(data []byte) ([]byte, error) {
	if len(data) < 2 || data[0] != 0x1f || data[1] != 0x8b {
		if len(data) > MaxBytes {
			return nil, fmt.Errorf("%w: larger than %d MiB", ErrNoPack, MaxBytes>>20)
		}
		return data, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: gzip: %w", ErrNoPack, err)
	}
	out, err := io.ReadAll(io.LimitReader(z, MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: gzip: %w", ErrNoPack, err)
	case len(out) > MaxBytes:
		return nil, fmt.Errorf("%w: larger than %d MiB", ErrNoPack, MaxBytes>>20)
	}
	return out, nil
}

// take gives a member of the bundle to a section that shows all of it, when it is of the kind that the section understands.
func (d *document) take(name string, kind jsontext.Kind) value {
	v := d.bundle[name]
	if v.kind() != kind {
		if v.kind() == 'n' {
			d.used[name] = true
		}
		return nil
	}
	d.used[name] = true
	return v
}
