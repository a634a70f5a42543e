package score

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"

	"relaypack/pack/redact/scoreboard/corpus"
)

func TestLeft(t *testing.T) {
	const value = "s3cr3t/Value+0123456789"
	b64 := base64.StdEncoding.EncodeToString([]byte(`{"a":"` + value + `"}`))
	for _, c := range []struct {
		name, out, value, want string
	}{
		{"gone", "nothing here", value, ""},
		{"whole", "x " + value + " y", value, value},
		{"eight bytes are too many", "s3cr3t/V...", value, "s3cr3t/V"},
		{"seven are not", "s3cr3t/...456789", value, ""},
		{"the end", "...0123456789", value, "0123456789"},
		{"the middle", "ab/Value+0cd", value, "/Value+0"},
		{"two halves of seven", "s3cr3t/-3456789", value, ""},
		{"short and whole", "pin 4711", "4711", "4711"},
		{"short and partly", "pin 471", "4711", ""},
		{"JSON escapes", `s3cr3t\/Value+0123456789`, value, value},
		{"escapes of letters", `\u0073\u0033cr3t/V`, value, "s3cr3t/V"},
		{"hex escapes", `\x73\x33cr3t/V`, value, "s3cr3t/V"},
		{"percent", url.QueryEscape(value), value, value},
		{"percent twice", url.QueryEscape(url.QueryEscape("///" + value)), value, value},
		{"percent three times", url.QueryEscape(url.QueryEscape(url.QueryEscape("a a////////"))), "////////", "////////"},
		{"a form", "a+b+c+d+e", "a b c d e", "a b c d e"},
		{"entities", "s3cr3t&#47;V", value, "s3cr3t/V"},
		{"base64", "payload " + b64, value, value},
		{"base64 of base64", base64.RawURLEncoding.EncodeToString([]byte("xx " + b64)), value, value},
		{"base64 cut short", b64[:len(b64)-7], value, "s3cr3t/Value+0123"},
		{"base64 behind JSON escapes", `{\"p\":\"` + b64 + `\"}`, value, value},
		{"empty output", "", value, ""},
	} {
		got := Left([]byte(c.out), []string{c.value})[0]
		if (got == "") != (c.want == "") || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: left %q, want %q", c.name, got, c.want)
		}
	}
}

func TestKept(t *testing.T) {
	for _, c := range []struct {
		name, out, text string
		want            bool
	}{
		{"as it was", `{"a":1,"max_tokens":4096}`, `"max_tokens":4096`, true},
		{"another layout", "{\n  \"max_tokens\": 4096\n}", `"max_tokens":4096`, true},
		{"another value", `{"max_tokens":0}`, `"max_tokens":4096`, false},
		{"gone", `{}`, `"max_tokens":4096`, false},
		{"escaped otherwise", `a \u003c b`, `a < b`, true},
		{"masked", "commit ***", "commit 5d41402abc4b", false},
		{"one word missing", "the token expired", "the token is expired", false},
	} {
		if got := Kept([]byte(c.out), []corpus.Plant{{Text: c.text, Plain: c.text}})[0]; got != c.want {
			t.Errorf("%s: kept is %v, want %v", c.name, got, c.want)
		}
	}
	inside := corpus.Plant{Text: "eyJjb21taXQiOiI1ZDQxNDAyYSJ9", Plain: `"commit":"5d41402a"`}
	again := base64.StdEncoding.EncodeToString([]byte(`{"commit":"5d41402a","x":"[removed-jwt]"}`))
	if !Kept([]byte(again), []corpus.Plant{inside})[0] {
		t.Error("a look-alike in base64 that was written anew counts as destroyed")
	}
}

func TestIsJSON(t *testing.T) {
	for doc, want := range map[string]bool{
		`{"a":1}`: true, `[1]`: true, "{}\n{}\n": true, ` {"a":[{}]} `: true,
		"": false, `{"a":}`: false, `{"a":1}}`: false, "text": false, "12": false, `{"a":1} x`: false,
	} {
		if got := IsJSON([]byte(doc)); got != want {
			t.Errorf("IsJSON(%q) = %v", doc, got)
		}
	}
}

func TestPlaces(t *testing.T) {
	d := corpus.Doc{Bytes: []byte("key=abc n=12 [runrun]"), Plants: []corpus.Plant{
		{Kind: "a", Secrets: []string{"abc"}, Start: 0, End: 7},
		{Kind: "n", Start: 8, End: 12},
		{Kind: "b", Secrets: []string{"run"}, Start: 14, End: 20},
		{Kind: "m", Start: 14, End: 20},
	}}
	v := Places(d, []int{4, 13})
	if want := []string{"", ""}; !slices.Equal(v.Left, want) {
		t.Errorf("left %q, want all found", v.Left)
	}
	if v = Places(d, []int{9}); !slices.Equal(v.Left, []string{"abc", "run"}) || !slices.Equal(v.Kept, []bool{false, true}) || !slices.Equal(v.Skip, []bool{false, true}) {
		t.Errorf("a finding at the look-alike gives %+v", v)
	}
}

func TestRecallIsTheMeanOverKinds(t *testing.T) {
	r := Result{Kinds: map[string]Share{"many": {90, 100}, "few": {1, 2}}}
	if got := r.Recall(); got != 70 {
		t.Errorf("recall %v, want 70", got)
	}
}
