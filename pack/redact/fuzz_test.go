package redact_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

func seeds(f *testing.F) {
	for _, row := range values {
		f.Add([]byte(row.in))
	}
	for _, row := range prose {
		f.Add([]byte(row.in))
		f.Add([]byte(`{"message":` + quote(row.in) + `}`))
	}
}

// FuzzAppend: twice equals once, what was JSON stays JSON of the same numbers, chunked equals whole.
func FuzzAppend(f *testing.F) {
	seeds(f)
	r := redactor(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, as := range []redact.Format{redact.Auto, redact.JSON, redact.Text, redact.Metrics} {
			once, err := r.Append(nil, src, as, nil)
			if err != nil {
				if len(once) > 0 {
					t.Fatal("an error gave output")
				}
				continue
			}
			if twice, err := r.Append(nil, once, as, nil); err != nil || !bytes.Equal(once, twice) {
				t.Fatalf("format %d, twice is not once: %v\n%q\n%q\n%q", as, err, src, once, twice)
			}
			if as == redact.JSON && json.Valid(src) && !json.Valid(once) {
				t.Fatalf("no longer JSON: %q -> %q", src, once)
			}
			var out bytes.Buffer
			in := &chunks{b: src, next: func() int { return 3 }}
			if len(src) > 0 && len(src) < 2000 {
				if err := r.Copy(&out, in, as, nil); err != nil || !bytes.Equal(out.Bytes(), once) {
					t.Fatalf("format %d, chunked differs: %v\n%q\n%q\n%q", as, err, src, once, out.Bytes())
				}
			}
		}
	})
}

// FuzzPlanted: what is planted beside any text, in a field, or as a known value, never survives.
func FuzzPlanted(f *testing.F) {
	seeds(f)
	r := redactor(f)
	const secret = "Hx7Qz93kLm20"
	f.Fuzz(func(t *testing.T, around []byte) {
		if bytes.Contains(around, []byte(secret)) {
			return
		}
		text := strings.ToValidUTF8(string(around), "?")
		for _, doc := range []string{
			`{"a":` + quote(text) + `,"dbPassword":` + quote(secret) + `}`,
			`{"a":{"name":"Authorization","note":` + quote(text) + `,"value":` + quote(secret) + `}}`,
			quote(text + "\npassword=" + secret + "\n"),
			quote(text + "\ngot " + knownValue + " back"),
		} {
			out, err := r.Append(nil, []byte(doc), redact.JSON, nil)
			if err != nil || bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte(knownValue)) {
				t.Fatalf("%v: %s\n-> %s", err, doc, out)
			}
		}
	})
}
