package redact_test

import (
	"fmt"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

func TestOptionsNameTheirFault(t *testing.T) {
	for _, o := range []redact.Options{
		{Key: []byte("hunter2")},
		{Values: [][]byte{[]byte("abc")}},
		{IDs: []redact.IDKind{{Shapes: []string{"x_[a-z]+"}}}},
		{IDs: []redact.IDKind{{Kind: "session", Shapes: []string{"sess_.*"}}}},
		{IDs: []redact.IDKind{{Kind: "session", Shapes: []string{"sess_[a-z]"}}}},
		{IDs: []redact.IDKind{{Kind: "session", Shapes: []string{"sess_[^a-z]+"}}}},
		{IDs: []redact.IDKind{{Kind: "session", Shapes: []string{"sess_[a-z]{0}"}}}},
		{IDs: []redact.IDKind{{Kind: "session", Shapes: []string{"sess_[a-z]{9,3}"}}}},
		{IDs: []redact.IDKind{{Kind: "session", Fields: []string{"___"}}}},
	} {
		r, err := redact.New(o)
		if err == nil || r != nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "abc") {
			t.Errorf("%+v gave %v", o, err)
		}
	}
}

func TestIDsOfTheOptions(t *testing.T) {
	var learned []string
	r, err := redact.New(redact.Options{
		Key: []byte("0123456789abcdef"),
		IDs: []redact.IDKind{{Kind: "race", Fields: []string{"raceRef"}, Shapes: []string{"rc-[0-9a-f]{8,12}", "[0-9]{10}"}}},
		Learn: func(kind string, id []byte) {
			learned = append(learned, kind+" "+string(id))
		},
		Keep: []string{"passwordPolicy"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		`{"race_ref":"Monza-2026-x"}`:                       `{"race_ref":"Monz...26-x"}`,
		`{"raceRefs":["Monza-2026-x"]}`:                     `{"raceRefs":["Monz...26-x"]}`,
		`{"m":"lost rc-0123456789 and rc-0123"}`:            `{"m":"lost rc-0...6789 and rc-0123"}`,
		`{"m":"lost x_rc-0123456789ab, 1234567890"}`:        `{"m":"lost x_rc-0...89ab, 1234...7890"}`,
		`{"m":"rc-0123456789abcdef is too long a word"}`:    `{"m":"rc-0123456789abcdef is too long a word"}`,
		`{"passwordPolicy":"long","password":"x"}`:          `{"passwordPolicy":"long"}`,
		`{"userId":1234567890,"driverId":7}`:                `{"userId":"...567890","driverId":"[id-NAME]"}`,
		`{"user":{"id":"u-0123456789"},"x":{"id":"rb-12"}}`: `{"user":{"id":"...456789"},"x":{"id":"rb-12"}}`,
		`{"rc-0123456789":{"n":1}}`:                         `{"rc-0...6789":{"n":1}}`,
		`{"bob@example.com":{"n":1}}`:                       `{"[removed-email]":{"n":1}}`,
	} {
		if got := maskNames(apply(t, r, in, redact.JSON)); got != want {
			t.Errorf("%s\n gave %s\n want %s", in, got, want)
		}
	}
	if all := fmt.Sprint(learned); !strings.Contains(all, "race Monza-2026-x") || !strings.Contains(all, "user 1234567890") {
		t.Errorf("learned %s", all)
	}
	learned = nil
	apply(t, r, `{"raceRef":"Monz...26-x","sessionId":"[id-0123456789]","m":"rc-0123456789"}`, redact.JSON)
	if len(learned) > 0 {
		t.Errorf("learned from masks and prose: %v", learned)
	}
}

// A known id counts in values only: a session of that name must not rewrite the names of a pack.
func TestKnownIDsLeaveNamesAlone(t *testing.T) {
	in := `{"` + knownWord + `":1,"m":"` + knownWord + `"}`
	want := `{"` + knownWord + `":1,"m":"Race...3456"}`
	if got := apply(t, redactor(t), in, redact.JSON); got != want {
		t.Errorf("%s became %s", in, got)
	}
}

func TestRotatedValues(t *testing.T) {
	r := redactor(t)
	if err := r.SetValues([][]byte{[]byte("new-value-77")}); err != nil {
		t.Fatal(err)
	}
	in := `{"m":"` + knownValue + ` new-value-77","n":12345678}`
	if got, want := apply(t, r, in, redact.JSON), `{"m":"`+knownValue+` [removed-known]","n":12345678}`; got != want {
		t.Errorf("gave %s, want %s", got, want)
	}
	if err := r.SetValues([][]byte{[]byte("x")}); err == nil {
		t.Error("a value of one byte was taken")
	}
	if got := apply(t, r, "new-value-77", redact.Text); got != "[removed-known]" {
		t.Errorf("after a refused change: %s", got)
	}
	if err := r.SetValues([][]byte{[]byte("12345678")}); err != nil {
		t.Fatal(err)
	}
	if got := apply(t, r, `{"n":12345678}`, redact.JSON); got != `{"n":"[removed-known]"}` {
		t.Errorf("a known number: %s", got)
	}
}

func TestSeriesThatBecomeEqual(t *testing.T) {
	in := "x{password=\"a1\",job=\"j\"} 1\nx{password=\"a2\",job=\"j\"} 2\nx{job=\"k\"} 3\nx{name=\"password\",value=\"q\",job=\"l\"} 4\n" +
		"x{value=\"sess_20997b8d2335\",name=\"session_id\"} 5\n"
	want := "x{job=\"j\"} 1\nx{job=\"k\"} 3\nx{job=\"l\"} 4\nx{value=\"sess...2335\",name=\"session_id\"} 5\n"
	var rep redact.Report
	got, err := redactor(t).Append(nil, []byte(in), redact.Metrics, &rep)
	if err != nil || string(got) != want || rep.Counts["duplicate-series"] != 1 {
		t.Errorf("%v, %v\n%s\nwant\n%s", err, rep.Counts, got, want)
	}
}

func TestReportIsBounded(t *testing.T) {
	var rep redact.Report
	in := "[" + strings.Repeat(`{"password":"x"},`, 1500) + `{"a/b~c":{"password":"x"}}]`
	r := redactor(t)
	if _, err := r.Append(nil, []byte(in), redact.JSON, &rep); err != nil {
		t.Fatal(err)
	}
	if len(rep.Removed) != redact.MaxRemovals || rep.Dropped != 501 || rep.Counts["field"] != 1501 || rep.Removed[7].Parent != "/7" {
		t.Errorf("%d listed, %d dropped, %v", len(rep.Removed), rep.Dropped, rep.Counts)
	}
	rep = redact.Report{}
	in = `{"a/b~c":[1,{"body":"{\"password\":\"x\",\"n\":1}"}],"h":["--password","x",{"pwd":1}]}`
	if _, err := r.Append(nil, []byte(in), redact.JSON, &rep); err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(rep.Removed), "[{/a~1b~0c/1/body field} {/h argument} {/h/0 field}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
