package page

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"relaypack/pack"
)

// listed is a Source of events alone.
type listed struct {
	Source
	events []string
	asked  pack.EventFilter
}

func (l *listed) Events(f pack.EventFilter) []byte {
	l.asked = f
	return fmt.Appendf(nil, `{"asOf":1000,"stale":false,"events":[%s]}`, strings.Join(l.events, ","))
}

func TestEventsFilter(t *testing.T) {
	src := &listed{events: []string{
		`{"class":"error","type":"db_error","message":"Duplicate KEY","id":"rb-3","timestamp":3000}`,
		`{"class":"relay","type":"drop","sessionId":"sess...1f20","reason":"backpressure","id":"rb-2","timestamp":2000}`,
		`{"class":"relay","type":"drift_warn","id":"rb-1","timestamp":1000}`,
	}}
	p := New(Options{Source: func() Source { return src }})
	for _, c := range []struct {
		name string
		q    EventQuery
		want string // ids
	}{
		{"all", EventQuery{}, "rb-3 rb-2 rb-1"},
		{"type", EventQuery{Type: "drop"}, "rb-2"},
		{"type is no part", EventQuery{Type: "dro"}, ""},
		{"text in any case", EventQuery{Text: "duplicate key"}, "rb-3"},
		{"text in a name", EventQuery{Text: "REASON"}, "rb-2"},
		{"from", EventQuery{From: time.UnixMilli(2000)}, "rb-3 rb-2"},
		{"to", EventQuery{To: time.UnixMilli(1999)}, "rb-1"},
		{"nothing", EventQuery{Text: "zebra"}, ""},
	} {
		body, err := p.Events(src, c.q)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range []string{"rb-3", "rb-2", "rb-1"} {
			if strings.Contains(string(body), "/"+id+"/") {
				got = append(got, id)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if _, err := p.Events(src, EventQuery{Class: "relay", SessionID: "sess_1"}); err != nil || src.asked.Class != "relay" || src.asked.Session != "sess_1" || src.asked.Limit != maxShown {
		t.Errorf("asked for %+v, %v", src.asked, err)
	}
}

// hostile is what an event may hold to get out of its place.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</summary></li></ol><script>x</script>`, `{{.}}`, `javascript:alert(1)`,
	"' onmouseover='alert(1)", "\u202egnp.exe", "a\u0000b\u2028c", strings.Repeat("long ", 200_000),
}

// No text of the relay becomes an element, an attribute or a direction of writing, and a long one is cut.
func TestHostileTextStaysText(t *testing.T) {
	src := &listed{}
	for i, h := range hostile {
		text, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		src.events = append(src.events, fmt.Sprintf(`{"class":"error","type":%s,"sessionId":%s,"id":%s,"timestamp":%d,"message":%s,%s:1}`, text, text, text, i, text, text))
	}
	p := New(Options{Source: func() Source { return src }})
	body, err := p.Events(src, EventQuery{})
	if err != nil {
		t.Fatal(err)
	}
	page := string(body)
	for _, bad := range []string{"<script", "<img", "onmouseover='", "\u202e", "\u0000", "\u2028"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if n := strings.Count(page, "<li "); n != len(hostile) {
		t.Errorf("%d rows", n)
	}
	for _, good := range []string{"&lt;script&gt;alert(1)", "{{.}}", `\u202egnp.exe`, "more bytes)"} {
		if !strings.Contains(page, good) {
			t.Errorf("the page does not have %q", good)
		}
	}
	if len(page) > 40_000 {
		t.Errorf("%d bytes", len(page))
	}
}
