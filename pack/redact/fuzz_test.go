package redact_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"slices"
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
	for _, row := range shapes {
		f.Add([]byte(row.in))
	}
	for _, row := range tableRows(f) {
		f.Add([]byte(row.in))
	}
}

// isPart says whether all of part stands in whole, in its order.
func isPart(part, whole []string) bool {
	for _, p := range part {
		i := slices.Index(whole, p)
		if i < 0 {
			return false
		}
		whole = whole[i+1:]
	}
	return true
}

// holds checks what is promised of any bytes: an error gives no output, twice equals once, what was
// JSON stays JSON, chunked equals whole.
func holds(t *testing.T, r *redact.Redactor, src []byte, as redact.Format) {
	t.Helper()
	once, err := r.Append(nil, src, as, nil)
	if err != nil {
		t.Fatalf("format %d: %v", as, err)
	}
	if twice, err := r.Append(nil, once, as, nil); err != nil || !bytes.Equal(once, twice) {
		t.Fatalf("format %d, twice is not once: %v\n%q\n%q\n%q", as, err, src, once, twice)
	}
	if as == redact.JSON && json.Valid(src) {
		if !json.Valid(once) {
			t.Fatalf("no longer JSON: %q -> %q", src, once)
		}
		if !isPart(numbersOf(once), numbersOf(src)) {
			t.Fatalf("numbers changed: %q -> %q", src, once)
		}
	}
	if len(src) == 0 || len(src) > 2000 {
		return
	}
	for _, size := range []int{1, 3, 64} {
		var out bytes.Buffer
		if err := r.Copy(&out, &chunks{b: src, next: func() int { return size }}, as, nil); err != nil || !bytes.Equal(out.Bytes(), once) {
			t.Fatalf("format %d, chunks of %d differ: %v\n%q\n%q\n%q", as, size, err, src, once, out.Bytes())
		}
	}
}

func FuzzAppendJSON(f *testing.F) {
	seeds(f)
	r := redactor(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		holds(t, r, src, redact.JSON)
		holds(t, r, src, redact.Auto)
	})
}

func FuzzAppendText(f *testing.F) {
	seeds(f)
	r := redactor(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		holds(t, r, src, redact.Text)
		holds(t, r, src, redact.Metrics)
	})
}

const (
	secretSigns = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	secretLen   = 14
)

// secretOf makes a credential of letters of both cases and digits that no dictionary holds.
func secretOf(rnd *rand.Rand) string {
	b := []byte("Hx7")
	for len(b) < secretLen {
		b = append(b, secretSigns[rnd.IntN(len(secretSigns))])
	}
	return string(b)
}

// plantings put a secret beside a text, in all the ways that the policy's table names.
var plantings = []func(text, secret string) string{
	func(text, secret string) string {
		return `{"a":` + quote(text) + `,"dbPassword":` + quote(secret) + `}`
	},
	func(text, secret string) string {
		return `{"apiKeys":[{"a":` + quote(text) + `},` + quote(secret) + `],"n":1}`
	},
	func(text, secret string) string {
		return `{"h":{"name":"Authorization","note":` + quote(text) + `,"value":` + quote(secret) + `}}`
	},
	func(text, secret string) string {
		return `{"h":{"value":` + quote(secret) + `,"note":` + quote(text) + `,"name":"X-Api-Key"}}`
	},
	func(text, secret string) string { return quote(text + "\npassword=" + secret + "\n") },
	func(text, secret string) string { return quote(text + "\nAuthorization: Bearer " + secret + "\n") },
	func(text, secret string) string { return quote(text + "\nrun --api-key " + secret + " --port 1\n") },
	func(text, secret string) string { return quote(text + "\npostgres://u:" + secret + "@h:5432/db\n") },
	func(text, secret string) string {
		return quote(text + "\nGET /x?a=1&access_token=" + secret + "&b=2\n")
	},
	func(text, secret string) string { return quote(text + "\nCookie: a=1; sid=" + secret + "\n") },
	func(text, secret string) string { return quote(text + "\nghp_" + secret + "0123456789\n") },
	func(text, secret string) string {
		return `{"body":` + quote(`{"m":`+quote(text)+`,"pwd":`+quote(secret)+`}`) + `}`
	},
}

// FuzzPlanted: a random secret, planted beside any text in a random way, never survives; nor does a
// known value.
func FuzzPlanted(f *testing.F) {
	for i, row := range prose {
		f.Add([]byte(row.in), uint64(i))
	}
	for i, row := range shapes {
		f.Add([]byte(row.in), uint64(i)<<8)
	}
	r := redactor(f)
	f.Fuzz(func(t *testing.T, around []byte, seed uint64) {
		secret := secretOf(rand.New(rand.NewPCG(seed, 1)))
		text := strings.ToValidUTF8(string(around), "?")
		if strings.Contains(text, secret) {
			return
		}
		for _, doc := range []string{
			plantings[seed%uint64(len(plantings))](text, secret),
			quote(text + "\ngot " + knownValue + " back"),
		} {
			out, err := r.Append(nil, []byte(doc), redact.JSON, nil)
			if err != nil || bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte(knownValue)) {
				t.Fatalf("%v: %s\n-> %s", err, doc, out)
			}
		}
	})
}
