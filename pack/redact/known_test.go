package redact_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

// A known value goes in every form, also in a string of JSON; one that is another by one sign stays.
func TestEverySignOfAKnownValue(t *testing.T) {
	const value = "Qv8zLm3x/Tw6R+e<v>&\"q 9"
	r, err := redact.New(redact.Options{Values: [][]byte{[]byte(value)}})
	if err != nil {
		t.Fatal(err)
	}
	forms := func(v string) map[string]string {
		out := map[string]string{"raw": v, "hex": hex.EncodeToString([]byte(v)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(v)))}
		for name, form := range map[string][2]string{`\u`: {`\u%04x`, ""}, `\U`: {`\u%04X`, ""}, `\x`: {`\x%02x`, ""}, `\X`: {`\x%02X`, ""}, "percent": {"%%%02x", ""},
			"a buffer": {"%02x", " "}, "a hardware address": {"%02X", ":"}, "numbers": {"%d", ", "}, "dense numbers": {"%d", ","}} {
			var parts []string
			for _, c := range []byte(v) {
				parts = append(parts, fmt.Sprintf(form[0], c))
			}
			out[name] = strings.Join(parts, form[1])
		}
		for lead := range 3 {
			out[fmt.Sprint("base64 at ", lead)] = base64.StdEncoding.EncodeToString([]byte("abc"[:lead] + v))
			out[fmt.Sprint("base64url at ", lead)] = base64.RawURLEncoding.EncodeToString([]byte("abc"[:lead] + v + "xy"))
		}
		return out
	}
	for name, form := range forms(value) {
		quoted, err := json.Marshal(map[string]string{"note": "got " + form + " back"})
		if err != nil {
			t.Fatal(err)
		}
		for as, in := range map[redact.Format]string{redact.Text: "got " + form + " back\n", redact.JSON: string(quoted)} {
			got := apply(t, r, in, as)
			if middle := form[len(form)/2-5 : len(form)/2+5]; strings.Contains(strings.ReplaceAll(got, `\\`, `\`), middle) || !strings.Contains(got, "back") {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
	for name, form := range forms("Qv8zLm3x/Tw7R+e<v>&\"q 9") {
		if got := apply(t, r, "got "+form+" back\n", redact.Text); strings.Contains(got, "[removed-known]") {
			t.Errorf("another value, %s: %s", name, got)
		}
	}
}

// BenchmarkKnown: a captured answer with so many known values, none of which is in it.
func BenchmarkKnown(b *testing.B) {
	src := capture(b, "tapped/ops-events-error.json")
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 8, 64, 256} {
		var values [][]byte
		for range n {
			v := make([]byte, 12+r.IntN(30))
			for i := range v {
				v[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"[r.IntN(64)]
			}
			values = append(values, v)
		}
		red, err := redact.New(redact.Options{Values: values})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			var dst []byte
			begin := cpuTime()
			for b.Loop() {
				dst, _ = red.Append(dst[:0], src, redact.JSON, nil)
			}
			reportCPU(b, len(src), begin)
		})
	}
	values := make([][]byte, 256)
	for i := range values {
		values[i] = fmt.Appendf(nil, "value-%d-%x", i, r.Uint64())
	}
	b.Run("set", func(b *testing.B) {
		red, _ := redact.New(redact.Options{})
		b.ReportAllocs()
		for b.Loop() {
			if err := red.SetValues(values); err != nil {
				b.Fatal(err)
			}
		}
	})
}
