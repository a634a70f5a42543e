package pack

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"
)

func TestViews(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	view := func(name string) any {
		t.Helper()
		v, err := b.builder.View(name)
		if err != nil {
			t.Fatal(err)
		}
		return decode(t, v)
	}
	for _, name := range Views() {
		want(t, view(name), map[string]string{"asOf": `null`, "stale": `true`})
	}
	b.record(look(t, p, "tapped", looked, all...))
	want(t, view("summary"), map[string]string{"asOf": `1795424858000`, "stale": `false`, "summary.uptime": `245360`, "relayStats.totalDrops": `263`})
	want(t, view("sockets"), map[string]string{"asOf": `1795424858000`, "stale": `false`, "count": `18`, "sockets.length": `18`})
	want(t, view("sessions"), map[string]string{"sessions.0.sessionId": `"sess...64ea"`})
	want(t, view("status"), map[string]string{"sources.summary.status": `"ok"`, "self.looks": `1`})
	b.record(emptyLook(p, looked.Add(time.Minute)))
	want(t, view("sockets"), map[string]string{"asOf": `1795424858000`, "stale": `true`, "count": `18`})
	if _, err := b.builder.View("events"); !errors.Is(err, ErrNoView) {
		t.Errorf("an unknown view gives %v", err)
	}
}

func TestEventsView(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	events := func(f EventFilter) any { return decode(t, b.builder.Events(f)) }
	want(t, events(EventFilter{}), map[string]string{
		"events.length": `200`, "stale": `false`, "asOf": `1795424858000`,
		"events.0": `{"class":"socket","id":"rb-3823","room":"session:sess...3c2d","socketId":"d_Q-...AAa5","timestamp":1795424857449,"type":"join"}`,
	})
	want(t, events(EventFilter{Class: "relay", Limit: 2}), map[string]string{"events.length": `2`, "events.0.id": `"rb-811"`, "events.1.id": `"rb-810"`})
	want(t, events(EventFilter{Class: "session", Session: "sess...38f1", Limit: 1}), map[string]string{"events.0.id": `"rb-609"`})
	want(t, events(EventFilter{Since: looked.Add(time.Second)}), map[string]string{"events.length": `0`})
	want(t, events(EventFilter{Class: "nobody"}), map[string]string{"events": `[]`})
	want(t, events(EventFilter{Limit: 1 << 30}), map[string]string{"events.length": `2000`})
}

func TestHistoryView(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	for i := range 5 {
		b.now = looked.Add(time.Duration(i) * 15 * time.Second)
		b.record(look(t, p, "tapped", b.now, "metrics"))
	}
	history := func(name string, since time.Time) any {
		t.Helper()
		v, err := b.builder.History(name, since)
		if err != nil {
			t.Fatal(err)
		}
		return decode(t, v)
	}
	want(t, history("rss", time.Time{}), map[string]string{
		"points.length": `5`, "points.0": `[1795424858000,174018560]`, "series": `"rss"`, "unit": `"bytes"`, "stepMs": `15000`, "stale": `false`, "asOf": `1795424918000`,
	})
	want(t, history("rss", looked.Add(40*time.Second)), map[string]string{"points.length": `2`})
	want(t, history("", time.Time{}), map[string]string{"names.0": `"heapUsed"`})
	if _, err := b.builder.History("nothing", time.Time{}); !errors.Is(err, ErrNoSeries) {
		t.Errorf("an unknown series gives %v", err)
	}
	b.now = looked.Add(2 * time.Hour)
	want(t, history("rss", time.Time{}), map[string]string{"points": `[]`, "asOf": `null`})
}

func TestHistoryHasNoZerosThatNobodyCounted(t *testing.T) {
	p := okboxbox(t)
	for dir, points := range map[string]string{"stock": `0`, "tapped": `1`} {
		b := setup(t, p, megabytes)
		b.record(look(t, p, dir, looked, all...))
		v, err := b.builder.History("authFails", time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		want(t, decode(t, v), map[string]string{"points.length": points})
	}
}

func TestViewsFailClosed(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes, bypass)
	s := look(t, p, "tapped", looked, all...)
	replaceBody(s, "sockets", `"surface":"relay"`, `"surface":"`+bypass+`"`)
	replaceBody(s, "evRelay", `"reason":"payload_too_large"`, `"`+bypass+`":1`)
	b.record(s)
	sockets, err := b.builder.View("sockets")
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string][]byte{"sockets": sockets, "events": b.builder.Events(EventFilter{Class: "relay"})} {
		if bytes.Contains(v, []byte(bypass)) {
			t.Errorf("%s holds the bypass", name)
		}
	}
	want(t, decode(t, sockets), map[string]string{"sockets.length": `18`, "sockets.0.surface": "absent", "sockets.0.role": `"relay"`})
}

// Looks, packs and views at the same time, for the race detector.
func TestRecordAndBuildAtOnce(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	snapshots := [][]string{all, early}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			s := look(t, p, []string{"tapped", "tapped-early"}[i%2], looked, snapshots[i%2]...)
			s.NewIDs = [][]byte{[]byte("sess_09e18fd43c2d")}
			b.record(s)
		})
		wg.Go(func() {
			if _, err := b.builder.Build(t.Context(), Request{IncludeConfig: true}); err != nil {
				t.Error(err)
			}
			b.builder.Events(EventFilter{})
			if _, err := b.builder.View("status"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
