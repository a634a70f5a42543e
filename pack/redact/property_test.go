package redact_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"relaypack/pack/redact"
)

const captures = "../../scrape/demorelay/testdata"

// eachCapture gives every captured answer.
func eachCapture(t testing.TB, fn func(name string, b []byte)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(captures, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".md") {
			return err
		}
		b, err := os.ReadFile(path)
		n++
		fn(strings.TrimPrefix(path, captures+"/"), b)
		return err
	})
	if err != nil || n < 60 {
		t.Fatalf("%d captures, %v", n, err)
	}
}

var (
	rawSession = regexp.MustCompile(`sess_[0-9a-f]{12}`)
	rawSocket  = regexp.MustCompile(`"socketId":"[^".]{20}"`)
	canaries   = []string{"planted-pw-001", "planted.driver@", "planted.bearer", "sk_test_planted", "7f3d9c52-1b7e", "hunter2"}
)

func TestCapturesComeOutClean(t *testing.T) {
	r := redactor(t)
	eachCapture(t, func(name string, b []byte) {
		out, err := r.Append(nil, b, redact.Auto, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		noneLeft(t, name, out)
		for _, as := range []redact.Format{redact.Text, redact.Metrics} { // whatever it is taken for
			if other, err := r.Append(nil, b, as, nil); err != nil {
				t.Errorf("%s as format %d: %v", name, as, err)
			} else {
				noneLeft(t, fmt.Sprintf("%s as format %d", name, as), other)
			}
		}
		if nested, err := r.Append(nil, []byte(`{"body":`+quote(string(b))+`}`), redact.JSON, nil); err != nil || !json.Valid(nested) {
			t.Errorf("%s in a string: %v", name, err)
		} else {
			noneLeft(t, name+" in a string", nested)
		}
		if again, _ := r.Append(nil, out, redact.Auto, nil); !bytes.Equal(again, out) {
			t.Errorf("%s: twice is not once", name)
		}
		if json.Valid(b) {
			sameShape(t, name, b, out)
		}
		if strings.HasPrefix(filepath.Base(name), "metrics") {
			samePage(t, name, b, out)
		}
	})
}

// noneLeft: no planted canary and no raw id.
func noneLeft(t *testing.T, name string, out []byte) {
	t.Helper()
	for _, c := range canaries {
		if bytes.Contains(out, []byte(c)) {
			t.Errorf("%s: %s is left", name, c)
		}
	}
	if m := append(rawSession.FindAll(out, -1), rawSocket.FindAll(out, -1)...); len(m) > 0 {
		t.Errorf("%s: %d raw ids are left, %s", name, len(m), m[0])
	}
}

// samePage: a page of metrics stays one, with as many series in each family.
func samePage(t *testing.T, name string, before, after []byte) {
	t.Helper()
	series := func(b []byte) string {
		p := expfmt.NewTextParser(model.UTF8Validation)
		families, err := p.TextToMetricFamilies(bytes.NewReader(b))
		if err != nil {
			t.Errorf("%s: no page: %v", name, err)
		}
		counts := make(map[string]int)
		for family, f := range families {
			counts[family] = len(f.Metric)
		}
		return fmt.Sprint(counts)
	}
	if b, a := series(before), series(after); a != b || a == "map[]" {
		t.Errorf("%s: series changed\n%s\n%s", name, b, a)
	}
}

// sameShape: what is left has the members, elements and numbers of the source, in their order.
func sameShape(t *testing.T, name string, before, after []byte) {
	t.Helper()
	if !json.Valid(after) {
		t.Errorf("%s: no longer JSON", name)
		return
	}
	structure := func(b []byte) string { return strings.Join(tokensOf(b, true), " ") }
	if structure(before) != structure(after) {
		t.Errorf("%s: numbers or structure changed", name)
	}
}

// numbersOf gives the numbers of a document as they are written.
func numbersOf(b []byte) []string { return tokensOf(b, false) }

// tokensOf gives its numbers, and with delims its brackets.
func tokensOf(b []byte, delims bool) (out []string) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	for {
		tok, err := dec.Token()
		if err != nil {
			return out
		}
		switch v := tok.(type) {
		case json.Number:
			out = append(out, v.String())
		case json.Delim:
			if delims {
				out = append(out, v.String())
			}
		}
	}
}

// Copy gives what Append gives, whatever the reader hands out at a time.
func TestChunkedEqualsWhole(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed) // printed when the test fails
	rnd := rand.New(rand.NewPCG(seed, 1))
	r := redactor(t)
	check := func(name string, b []byte, as redact.Format) {
		whole, err := r.Append(nil, b, as, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range []*chunks{{b: b, next: func() int { return 1 + rnd.IntN(7) }}, {b: b, next: func() int { return 1 + rnd.IntN(5000) }}} {
			var out bytes.Buffer
			if err := r.Copy(&out, in, as, nil); err != nil || !bytes.Equal(out.Bytes(), whole) {
				t.Errorf("%s: chunked differs from whole (%d and %d bytes), %v", name, out.Len(), len(whole), err)
				return
			}
		}
	}
	eachCapture(t, func(name string, b []byte) {
		check(name, b, redact.Auto)
		if len(b) < 60_000 {
			check(name+" as text", b, redact.Text)
		}
	})
	var text strings.Builder
	for _, row := range prose {
		text.WriteString(row.in + "\n")
	}
	for range 20 {
		check("prose", []byte(text.String()), redact.Text)
	}
}

type chunks struct {
	b    []byte
	next func() int
}

func (c *chunks) Read(p []byte) (int, error) {
	n := min(c.next(), len(c.b), len(p))
	copy(p, c.b[:n])
	c.b = c.b[n:]
	if n == 0 {
		return 0, os.ErrClosed
	}
	if len(c.b) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func TestCopyTellsAReaderThatFails(t *testing.T) {
	err := redactor(t).Copy(&bytes.Buffer{}, iotest.ErrReader(os.ErrDeadlineExceeded), redact.Text, nil)
	if err == nil {
		t.Error("no error")
	}
}

// A fault inside gives nothing out, counts nothing, and leaves the Redactor in order.
func TestFaultGivesNothingOut(t *testing.T) {
	broken := true
	r, err := redact.New(redact.Options{Key: []byte("0123456789abcdef"), Known: func([]byte) bool {
		if broken {
			panic("hunter2")
		}
		return false
	}})
	if err != nil {
		t.Fatal(err)
	}
	src := []byte(`{"a":{"password":"x"},"message":"lap Monza-2026-77"}`)
	var rep redact.Report
	out, err := r.Append([]byte("before"), src, redact.JSON, &rep)
	if err == nil || string(out) != "before" || strings.Contains(err.Error(), "hunter2") || len(rep.Counts) > 0 {
		t.Errorf("%q, %v, %v", out, rep.Counts, err)
	}
	if clean, err := r.Clean(src, redact.JSON, nil); err == nil || clean.Len() > 0 {
		t.Errorf("%d bytes, %v", clean.Len(), err)
	}
	var w bytes.Buffer
	if err := r.Copy(&w, bytes.NewReader(src), redact.JSON, nil); err == nil || bytes.Contains(w.Bytes(), []byte("Monza")) {
		t.Errorf("%q, %v", w.Bytes(), err)
	}
	broken = false
	if got, want := apply(t, r, string(src), redact.JSON), `{"a":{},"message":"lap Monza-2026-77"}`; got != want {
		t.Errorf("afterwards %s, want %s", got, want)
	}
}

func TestHostileInput(t *testing.T) {
	r := redactor(t)
	for name, s := range map[string]string{
		"deep":         strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000),
		"open":         strings.Repeat(`{"a":`, 50_000),
		"nul":          strings.Repeat("\x00", 1<<20),
		"quotes":       strings.Repeat(`"`, 1<<18),
		"backslashes":  `{"a":"` + strings.Repeat(`\\`, 1<<18) + `"}`,
		"at signs":     strings.Repeat("a@", 1<<18),
		"equal signs":  strings.Repeat("password=", 1<<17),
		"colons":       strings.Repeat("1:", 1<<18),
		"bad UTF-8":    "{\"a\":\"\xff\xfe password=hunter2x\"}",
		"one long one": strings.Repeat("x", 8<<20),
	} {
		begin := cpuTime()
		out, err := r.Append(nil, []byte(s), redact.Auto, nil)
		if err != nil || strings.Contains(string(out), "hunter2x") {
			t.Errorf("%s: %v", name, err)
		}
		if d := cpuTime() - begin; d > 20*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}
