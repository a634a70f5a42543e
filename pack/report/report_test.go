package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"relaypack/pack/report"
)

// crash is a pack of the demo: 2,000 events, three deaths by SIGKILL, the fourth life alive.
func crash(t testing.TB) []byte {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join("testdata", "crash.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := report.Unpacked(packed)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// page renders a pack and holds the promises of every page.
func page(t testing.TB, pack []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.HTML(&b, pack); err != nil {
		t.Fatal(err)
	}
	harmless(t, b.String())
	return b.String()
}

var (
	tags       = regexp.MustCompile(`<[^>]*>?`)
	attributes = regexp.MustCompile(` ([a-zA-Z-]+)(?:="([^"]*)")?`)
	allowed    = strings.Fields(`!doctype html head meta title style body a header p h1 h2 dl dt dd div main section ul li nav details summary span
		figure figcaption table caption thead tbody tr th td b footer svg text path g circle desc`)
)

// harmless holds that a page has the report's own markup only: no element, attribute or address can come out of a pack.
func harmless(t testing.TB, page string) {
	t.Helper()
	for _, tag := range tags.FindAllString(page, -1) {
		inner := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(tag, "<"), "/"), ">")
		element, _, _ := strings.Cut(inner, " ")
		if !slices.Contains(allowed, element) {
			t.Fatalf("element %.200q", tag)
		}
		for _, a := range attributes.FindAllStringSubmatch(inner[len(element):], -1) {
			bad := strings.HasPrefix(a[1], "on") || a[1] == "src" || a[1] == "style" || a[1] == "id" && !regexp.MustCompile(`^[a-z-]+$`).MatchString(a[2])
			if bad || a[1] == "href" && !strings.HasPrefix(a[2], "#") {
				t.Fatalf("attribute %s in %.200q", a[1], tag)
			}
		}
	}
	for _, r := range page {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			t.Fatalf("character %U in sight of nobody", r)
		}
	}
}

var hostile = []string{
	`<script>alert(1)</script>`, `</style></title><img src=x onerror=alert(1)>`, `javascript:alert(1)`, `{{.}}{{template "x"}}`, `" onmouseover="alert(1)`, `' style='x`,
	"\u202egnp.exe", "a\u200bb", "\x1b[2J\x07", "]]>--><!--", "${7*7}", "&lt;b&gt;",
}

// Everything in a pack that can be a text is each hostile text once: names, too.
func TestHostileTextCannotBreakOut(t *testing.T) {
	for _, text := range hostile {
		var tree any
		if err := json.Unmarshal(crash(t), &tree); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(poisoned(tree, text, 0))
		if err != nil {
			t.Fatal(err)
		}
		got := page(t, b)
		if want := html.EscapeString(seen(text)); !strings.Contains(got, want) {
			t.Errorf("%q is not shown as %s", text, want)
		}
		var out bytes.Buffer
		if err := report.Text(&out, b); err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }); i >= 0 {
			t.Errorf("%q: control character in the text", text)
		}
	}
}

// poisoned puts text in the place of every string, and a member of that name into every object.
func poisoned(v any, text string, depth int) any {
	switch v := v.(type) {
	case string:
		return text
	case []any:
		out := make([]any, 0, min(len(v), 20))
		for _, one := range v[:min(len(v), 20)] {
			out = append(out, poisoned(one, text, depth+1))
		}
		return out
	case map[string]any:
		out := map[string]any{text: text}
		for name, one := range v {
			out[name] = poisoned(one, text, depth+1)
		}
		return out
	}
	return v
}

// seen is what a reader must see of a hostile text.
func seen(text string) string {
	return strings.NewReplacer("\u202e", `\u202e`, "\u200b", `\u200b`, "\x1b", `\u001b`, "\x07", `\u0007`).Replace(text)
}

func TestLongTextsAreCutWithACount(t *testing.T) {
	long := strings.Repeat("y", 1<<20)
	got := page(t, fmt.Appendf(nil, `{"packId":"p","recentEvents":{"error":[{"id":"rb-1","type":"db_error","timestamp":1795534321315,"message":"%s"}]},"extra":"%s"}`, long, long))
	if want := "[1,044,480 more bytes are not shown]"; strings.Count(got, want) != 2 || len(got) > 60_000 {
		t.Errorf("want %s twice, have %d bytes", want, len(got))
	}
}

func TestStacksKeepTheirLines(t *testing.T) {
	got := page(t, []byte(`{"recentEvents":{"error":[{"stack":"Error: x\n\tat run\r\n\tat main"}]}}`))
	if !strings.Contains(got, "Error: x\n\tat run\n\tat main") {
		t.Error("the lines of a stack are gone")
	}
}

func TestSizeOfAFullPack(t *testing.T) {
	got := page(t, crash(t))
	if n := strings.Count(got, "rb-"); n < 2000 {
		t.Errorf("%d events, want 2,000", n)
	}
	if len(got) >= 1_000_000 {
		t.Errorf("%d bytes, want less than 1 MB", len(got))
	}
}

// Every text of the pack can be found by a reader's search, but for names of the closed sets that are written in words.
func TestEverythingOfAPackCanBeFound(t *testing.T) {
	got := html.UnescapeString(page(t, crash(t)))
	var tree any
	if err := json.Unmarshal(crash(t), &tree); err != nil {
		t.Fatal(err)
	}
	lost := map[string]bool{}
	n := 0
	var look func(path string, v any)
	look = func(path string, v any) {
		switch v := v.(type) {
		case string:
			n++
			if !strings.Contains(got, v) && !strings.Contains(got, strings.ReplaceAll(strings.ReplaceAll(v, "\n", `\n`), `"`, `\"`)) {
				lost[path+" "+v] = true
			}
		case []any:
			for _, one := range v {
				look(path, one)
			}
		case map[string]any:
			for name, one := range v {
				look(path+"/"+name, one)
			}
		}
	}
	look("", tree)
	delete(lost, "/generatedAtIso 2026-11-24T15:32:01.315Z") // the same instant as generatedAt
	for l := range lost {
		if !strings.HasPrefix(l, "/supportBundle/history/") && !strings.HasPrefix(l, "/supportBundle/incidents/values/is") {
			t.Errorf("not in the report: %.200s", l)
		}
	}
	if n < 5000 {
		t.Errorf("only %d texts were looked for", n)
	}
}

// The check of the format (search for three words) finds in a report what it finds in its pack: here nothing.
func TestOwnWordsAreHarmless(t *testing.T) {
	for name, got := range map[string]string{"full": page(t, crash(t)), "empty": page(t, []byte(`{}`))} {
		for _, word := range []string{"token", "key", "secret"} {
			if i := strings.Index(strings.ToLower(got), word); i >= 0 {
				t.Errorf("%s: %s in %q", name, word, got[max(0, i-60):i+40])
			}
		}
	}
}

func TestPolicyAllowsTheOneStyleSheet(t *testing.T) {
	got := page(t, []byte(`{}`))
	_, rest, _ := strings.Cut(got, "<style>")
	style, _, ok := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if !ok || !strings.Contains(report.Policy(), want) || !strings.Contains(html.UnescapeString(got), report.Policy()) {
		t.Errorf("policy %s, want %s in header and page", report.Policy(), want)
	}
}

func TestRelaysOwnForm(t *testing.T) {
	got := page(t, []byte(`{"success":true,"data":{"packId":"pack-1795424676037-8vsbas","generatedAt":1795424676037,"summary":{"uptime":64033},
		"recentEvents":{"socket":[{"type":"connect","socketId":"abcd...wxyz","id":"rb-1","timestamp":1795424675790}]},
		"supportBundle":{"version":{"nodeVersion":"v20.20.2"},"metrics":[{"name":"up_total","values":[{"value":1.5}]}],"errors":{"recent":[{"message":"boom"}]}}}}`))
	for _, want := range []string{"pack-1795424676037-8vsbas", "no record of an agent", "abcd...wxyz", "v20.20.2", "up_total", "boom", "1 min 4 s",
		`id="charts"><h2>Charts</h2> <p>not in this pack`, `id="kubernetes"><h2>Kubernetes</h2> <p>not in this pack`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}

// Each member of the pack and of its bundle is missing once, and of a wrong kind once each way.
func TestAnyMemberMayBeMissingOrWrong(t *testing.T) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(crash(t), &whole); err != nil {
		t.Fatal(err)
	}
	for class := range strings.FieldsSeq("sessionEvents recentEvents") { // less to draw
		whole[class] = json.RawMessage(`{"socket":[{"id":"rb-1","type":"join","timestamp":1795534321315}],"error":[5,null,[],"x"]}`)
	}
	var bundle map[string]json.RawMessage
	if err := json.Unmarshal(whole["supportBundle"], &bundle); err != nil {
		t.Fatal(err)
	}
	delete(bundle, "metrics")
	bundle["errors"], bundle["history"] = json.RawMessage(`{"list":[{}]}`), json.RawMessage(`{"a":{"points":[[1795534321315,1]]}}`)
	wrong := []string{"", "null", "5", "-1e400", `"x"`, "[]", "{}", `[[1],5,null,"x",{"a":[{}]}]`, `{"a":{"b":[1]},"list":[1],"points":[[1]],"at":-5}`, "true"}
	n := 0
	try := func(at map[string]json.RawMessage, name string) {
		was := at[name]
		for _, w := range wrong {
			at[name] = json.RawMessage(w)
			if w == "" {
				delete(at, name)
			}
			inner, err := json.Marshal(bundle)
			if err != nil {
				t.Fatal(err)
			}
			if name != "supportBundle" {
				whole["supportBundle"] = inner
			}
			b, err := json.Marshal(whole)
			if err != nil {
				t.Fatal(err)
			}
			page(t, b)
			if err := report.Text(&bytes.Buffer{}, b); err != nil {
				t.Errorf("%s as %s: %v", name, w, err)
			}
			n++
		}
		at[name] = was
	}
	for name := range bundle {
		try(bundle, name)
	}
	for name := range whole {
		try(whole, name)
	}
	if n < 300 {
		t.Errorf("%d cases only", n)
	}
}

func TestNoPack(t *testing.T) {
	for name, in := range map[string]string{"empty": "", "text": "hello", "cut": `{"packId":"p"`, "array": "[]", "two": "{}{}", "broken gzip": "\x1f\x8bxx"} {
		var b bytes.Buffer
		if err := report.HTML(&b, []byte(in)); !errors.Is(err, report.ErrNoPack) || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes written", name, err, b.Len())
		}
		if err := report.Text(&b, []byte(in)); !errors.Is(err, report.ErrNoPack) || b.Len() > 0 {
			t.Errorf("%s as text: %v, %d bytes written", name, err, b.Len())
		}
	}
}

// Whatever the bytes are: they are no pack, or the page is harmless and the text is plain.
func FuzzReport(f *testing.F) {
	f.Add([]byte(`{"packId":"<script>","supportBundle":{"lives":[{"endedAt":1}],"history":{"a":{"points":[[1,1e308],[2,-1e308]]}}}}`))
	f.Add([]byte(`{"success":1,"data":{"supportBundle":{"incidents":[{"openedAt":1795534321315,"rule":"\u202e"}]}}}`))
	f.Add([]byte(`{"recentEvents":{"socket":[{"timestamp":253402300799999,"type":"` + "\x00" + `"}]},"generatedAt":1}`))
	f.Add(slices.Concat([]byte("\x1f\x8b"), []byte("xx")))
	f.Fuzz(func(t *testing.T, in []byte) {
		var b bytes.Buffer
		switch err := report.HTML(&b, in); {
		case errors.Is(err, report.ErrNoPack):
			return
		case err != nil:
			t.Fatal(err)
		}
		harmless(t, b.String())
		b.Reset()
		if err := report.Text(&b, in); err != nil {
			t.Fatal(err)
		}
		for _, r := range b.String() {
			if r != '\n' && unicode.IsControl(r) {
				t.Fatalf("control character %U", r)
			}
		}
	})
}

func BenchmarkHTML(b *testing.B) {
	pack := crash(b)
	b.SetBytes(int64(len(pack)))
	b.ReportAllocs()
	for b.Loop() {
		if err := report.HTML(&bytes.Buffer{}, pack); err != nil {
			b.Fatal(err)
		}
	}
}
