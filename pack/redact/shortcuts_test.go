package redact_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

// outcome is what a Redactor gives for a document, with its report.
func outcome(t testing.TB, r *redact.Redactor, in string, as redact.Format) string {
	t.Helper()
	var rep redact.Report
	out, err := r.Append(nil, []byte(in), as, &rep)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s\n%v %v", out, rep.Counts, rep.Removed)
}

// What makes it fast changes nothing: neither the memory of names and of clean texts, full or empty, nor passing over
// words at which nothing can begin. Over all tables, in every carrier and under names of every class, and over the
// captures.
func TestShortCutsChangeNothing(t *testing.T) {
	warm := redactor(t)
	none, cold := warm.Looking().Forgetting(true), 0
	same := func(in string, as redact.Format) {
		t.Helper()
		want := outcome(t, none, in, as)
		for range 2 {
			if got := outcome(t, warm, in, as); got != want {
				t.Errorf("%.300s\n in short: %.300s\n the long way: %.300s", in, got, want)
			}
		}
		if cold++; cold%8 == 0 { // a pass costs 14 KiB
			if got := outcome(t, warm.Cold(), in, as); got != want {
				t.Errorf("%.300s\n with an empty memory: %.300s\n the long way: %.300s", in, got, want)
			}
		}
	}
	var texts []string
	for _, w := range tableRows(t) {
		texts = append(texts, w.in)
	}
	for _, s := range shapes {
		texts = append(texts, s.in)
	}
	for _, s := range texts {
		for _, c := range carriers {
			same(c.before+c.quote(s)+c.after, c.as)
		}
		q := quote(s) // the same bytes where they say something else each time
		for _, name := range []string{"message", "sessionId", "userId", "session", "room", "password", "name", "value", "totalAuthFails"} {
			same(`{"`+name+`":`+q+`,"message":`+q+`}`, redact.JSON)
		}
		same(`[`+q+`,`+q+`,{"n":`+quote(q)+`}]`, redact.JSON)
	}
	eachCapture(t, func(_ string, b []byte) { same(string(b), redact.Auto) })
}

// What a text says when it is read again may have changed: an id has been seen raw in the meantime, a value is known
// now. And each raw id is told, however often it comes.
func TestMemoryDoesNotOutliveWhatItDependsOn(t *testing.T) {
	known := map[string]bool{}
	var told []string
	r, err := redact.New(redact.Options{Key: []byte("0123456789abcdef"),
		Known: func(w []byte) bool { return known[string(w)] },
		Learn: func(_ string, id []byte) { told = append(told, string(id)) }})
	if err != nil {
		t.Fatal(err)
	}
	doc := `{"message":"frame ab12cd34ef of lap seven","note":"gate gamma opened by crew"}`
	for range 3 {
		if got := apply(t, r, doc, redact.JSON); got != doc {
			t.Fatalf("gave %s", got)
		}
	}
	known["gamma-7-lap"] = true
	doc2 := `{"message":"marshal gamma-7-lap waves"}`
	if got := apply(t, r, doc2, redact.JSON); got == doc2 {
		t.Errorf("a known id stays in %s", got)
	}
	delete(known, "gamma-7-lap")
	for range 2 {
		apply(t, r, doc2, redact.JSON)
	}
	known["gamma-7-lap"] = true
	if got := apply(t, r, doc2, redact.JSON); got == doc2 {
		t.Errorf("an id that is known by now stays in %s", got)
	}
	if err := r.SetValues([][]byte{[]byte("gate gamma opened")}); err != nil {
		t.Fatal(err)
	}
	if got := apply(t, r, doc, redact.JSON); got == doc {
		t.Errorf("a value that is known by now stays in %s", got)
	}
	if err := r.SetValues(nil); err != nil {
		t.Fatal(err)
	}
	if got := apply(t, r, doc, redact.JSON); got != doc {
		t.Errorf("a value that is no longer known goes: %s", got)
	}
	told = nil
	for range 3 {
		apply(t, r, `{"sessionId":"0123456789abcdef","room":"session:0123456789abcdef","message":"session_id=0123456789abcdef"}`, redact.JSON)
	}
	if counts := map[string]int{}; len(told) != 9 {
		for _, id := range told {
			counts[id]++
		}
		t.Errorf("told %d times: %v", len(told), slices.Sorted(maps.Keys(counts)))
	}
}

// A text that lies so deep that nothing in it is decoded any more is not clean for that where it lies higher.
func TestMemoryKnowsTheDepth(t *testing.T) {
	hidden := `{"message":"` + base64.StdEncoding.EncodeToString([]byte("the password=hunter2-lap is here")) + `"}`
	deep := hidden
	for range 12 {
		deep = `{"n":` + quote(deep) + `}`
	}
	r, err := redact.New(redact.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := apply(t, r, deep, redact.JSON); got != deep {
		t.Fatalf("%d bytes became %d", len(deep), len(got))
	}
	if got := apply(t, r, hidden, redact.JSON); got != `{"message":"[removed-encoded]"}` {
		t.Errorf("gave %s", got)
	}
}

// Texts in which what makes a word worth a look is one thing alone: what it begins or ends with, what stands before or
// behind it, its length, a digit.
func TestWordsThatAreNotDull(t *testing.T) {
	r := redactor(t)
	long := r.Looking()
	b64 := base64.StdEncoding.EncodeToString
	for _, in := range []string{
		`set withSecret("hunter-lap") once`,
		`use pdo(dsn, user, "hunter-lap") once`,
		`use ldap_bind(conn, user, "hunter-lap") once`,
		`use BasicAuth(user, "hunter-lap") once`,
		`set ("withSecret", "hunter-lap") once`,
		`GET /my/clubToken/abcdef1-GHIJKL-mnop/x`,
		`GET /my/club-token/abcdef1-GHIJKL-mnop/x`,
		"the club_pwd：hunt there",
		`line one\nBearer abcdefgh.IJKL-mnopqr then`,
		"xx-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA1234567890abcdefghijklmnopqrstuvwxyz\n-----END RSA PRIVATE KEY-----\n",
		"use abcdefghijklmn.atlasv1." + strings.Repeat("Qwertyuiop", 6) + " now",
		"take " + b64([]byte("my pwd=hhhher")) + " there", // no digit in it,
		"myClubSecret ab12cd was refused",
		"mail crew (at) example (dot) com now",
		"mail crew AT example DOT com now",
		"it is 203.0.113.9 here",
		"the myClubSecretT09:12:34 there",
		"it is 01:12:34:ab:cd:ef here",
		"it is 4111 1111 1111 1111 here",
		"it is 2a02:8071:abcd::1 here",
		"it is 0011.22aa.bbcc here",
		"as r.Abcdefgh1jklmnopqrstuvwx said",
		"as 1//0abcdefghijklmn7pqrstuvwxyz said",
		"as abc8Q~" + strings.Repeat("aB3-", 8) + " said",
		"as scrypt$AbCdEfGhIjKlMnOpQrStUvWx said",
		"curl -u bob:hunter-lap x",
		"myClubSecret is hunter-lap",
		"myClubSecret was 'hunter-lap'",
		"myClubSecret 'hunter-lap' x",
		"echo x | chpasswd",
	} {
		want := apply(t, long, in, redact.Text)
		if got := apply(t, r, in, redact.Text); got != want {
			t.Errorf("%s\n in short: %s\n the long way: %s", in, got, want)
		}
		if want == in && !strings.Contains(in, "chpasswd") {
			t.Errorf("%s: stays", in)
		}
	}
	const signs = " :=/\\(\"'.-@~N[$\n"
	rows, rnd := tableRows(t), rand.New(rand.NewPCG(1, 2))
	for range 20_000 { // and pieces of two rows, with a sign between them
		a, b := rows[rnd.IntN(len(rows))].in, rows[rnd.IntN(len(rows))].in
		in := a[:rnd.IntN(len(a)+1)] + string(signs[rnd.IntN(len(signs))]) + b[rnd.IntN(len(b)+1):]
		if got, want := apply(t, r, in, redact.Text), apply(t, long, in, redact.Text); got != want {
			t.Fatalf("%s\n in short: %s\n the long way: %s", in, got, want)
		}
	}
}

// What is far behind an entity or an escape is not decoded with it, but a PEM block that begins with one is, however
// long; nor is anything lost that stands there as it is.
func TestEncodedTextEnds(t *testing.T) {
	r := redactor(t)
	quiet := strings.Repeat("lap 7 of 12 was clean\n", 200)
	body := strings.Repeat("    "+strings.Repeat("MIIEpAIBAAKCAQEA", 4)+"\n", 120)
	in := "a &lt; b\n" + quiet + "password=hunter2-a\n" + quiet + "c &quot;d&quot; \\u0041\n" + quiet +
		"&#45;----BEGIN RSA PRIVATE KEY-----\n" + body + "    -----END RSA PRIVATE KEY-----\n" + quiet + "password&#61;hunter2-b\n"
	got := apply(t, r, in, redact.Text)
	want := "a &lt; b\n" + quiet + "[removed-assignment]\n" + quiet + "c &quot;d&quot; \\u0041\n" + quiet + "[removed-pem]\n" + quiet + "[removed-assignment]\n"
	if got != want {
		t.Errorf("%d bytes became %s", len(in), strings.ReplaceAll(got, quiet, "...\n"))
	}
}

// Reading 8 bytes at once finds the end that reading one after the other finds.
func TestStringSpan(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		s := make([]byte, rnd.IntN(60))
		for i := range s {
			s[i] = "\"\\!#[]\x00\xa2\xdcabcdefghijklmnopqrstuvwxyz"[rnd.IntN(34)]
		}
		from := rnd.IntN(len(s) + 1)
		want, escape := -1, false
		for i := from; i < len(s); i++ {
			if s[i] == '\\' {
				escape = true
				i++
			} else if s[i] == '"' {
				want = i + 1
				break
			}
		}
		if end, escaped := redact.StringSpan(s, from); end != want || want >= 0 && escaped != escape {
			t.Fatalf("%q from %d: %d %v, want %d %v", s, from, end, escaped, want, escape)
		}
	}
}
