package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"relaypack/pack"
	"relaypack/pack/verify"
	"relaypack/scrape/demorelay"
)

// The second detector takes nothing out of clean packs: those of the demo's relay in many lives of
// different size, and of all captures under different rights, with each session in turn. The same packs
// give no alarm as people save them either: behind the head of an answer, indented, and cut off.
func TestNoFalseAlarms(t *testing.T) {
	alarms := alarmCount{t: t}
	for seed := range uint64(16) {
		opt := demorelay.DemoOptions(1000 + seed)
		opt.Sessions = int(seed*seed) % 41
		opt.Life = 1 + int(seed)%3
		relay, address := liveRelay(t, opt)
		s := configuredBy(t, []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(),
			"RELAYPACK_ADMIN_TOKEN=" + testAdmin, "RELAYPACK_PROCESS=off"})
		o, err := observe(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		o.look(t.Context())
		o.look(t.Context())
		alarms.packs(o, fmt.Sprint("demo ", seed), "", relay.Session(), "sess_09e18fd43c2d")
	}
	for _, folder := range []string{"stock", "tapped", "tapped-early"} {
		for rights, without := range map[string][]string{"all": nil, "ops": {"diagnostics-"}, "diagnostics": {"ops-"}} {
			_, o, _ := replayed(t, capture(t, folder, without...), true)
			o.look(t.Context())
			alarms.packs(o, folder+"/"+rights, "", "sess_09e18fd43c2d", "sess_c10b685c64ea", "nobody-knows-this-1")
		}
	}
	t.Logf("%d packs, %d of them with a false alarm", alarms.made, alarms.false)
	if alarms.made < 150 {
		t.Errorf("only %d packs were made", alarms.made)
	}
}

// alarmCount counts packs, and those that the detector found something in.
type alarmCount struct {
	t           *testing.T
	made, false int
}

func (a *alarmCount) packs(o *observer, name string, sessions ...string) {
	a.t.Helper()
	for i, session := range append(sessions, sessions...) {
		made, err := o.builder.Build(a.t.Context(), pack.Request{SessionID: session, IncludeConfig: i%2 == 0})
		if err != nil {
			a.t.Fatal(err)
		}
		a.made++
		if made.Verdict() != pack.Clean {
			a.false++
			a.t.Errorf("%s, session %q: the verdict is %v: %s", name, session, made.Verdict(), verifierReport(made.Bytes()))
		}
		if i == 0 {
			a.saved(name, made.Bytes())
		}
	}
}

// saved scans a pack as it is saved and mangled outside.
func (a *alarmCount) saved(name string, doc []byte) {
	a.t.Helper()
	var indented bytes.Buffer
	if err := json.Indent(&indented, doc, "", "  "); err != nil {
		a.t.Fatal(err)
	}
	head := "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Disposition: attachment; filename=\"support-pack-pack-1795424853150-w8xu9f.json\"\r\n" +
		"Content-Type: application/json\r\nX-Content-Type-Options: nosniff\r\nDate: Mon, 23 Nov 2026 09:07:34 GMT\r\n\r\n"
	d := verify.New(verify.Options{})
	for form, doc := range map[string][]byte{
		"curl -i":             append([]byte(head), doc...),
		"indented":            append([]byte(head), indented.Bytes()...),
		"cut":                 doc[:len(doc)*2/3],
		"cut in the indented": indented.Bytes()[:indented.Len()/2],
	} {
		if found := d.Scan(doc); len(found) > 0 {
			a.t.Errorf("%s, %s: %d alarms, the first %+v", name, form, len(found), found[0])
		}
	}
}

func verifierReport(doc []byte) string {
	var p struct {
		SupportBundle struct {
			Redaction struct{ Verifier json.RawMessage }
		}
	}
	if json.Unmarshal(doc, &p) != nil {
		return "?"
	}
	r := p.SupportBundle.Redaction.Verifier
	return string(r[:min(len(r), 600)])
}
