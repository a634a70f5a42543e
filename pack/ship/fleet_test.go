package ship_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"relaypack/pack"
	"relaypack/pack/redact"
	"relaypack/pack/ship"
	"relaypack/pack/verify"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// pod is an agent that made two packs of its relay.
type pod struct {
	name   string
	drifts []time.Duration // how long before now its relay warned of drift
	died   bool            // now
}

// TestAFleetIsOneTable: "which pods saw drift warnings in the hour before their relay died", asked by
// DuckDB of the packs of three agents, where the S3 server keeps its objects.
func TestAFleetIsOneTable(t *testing.T) {
	node := ship.Tool(t, "duckdb-node")
	bucket, folder := ship.NewS3(t)
	spool, err := ship.OpenSpool(ship.SpoolOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []pod{
		{"relay-a", []time.Duration{2 * time.Hour, 50 * time.Minute, 20 * time.Minute, time.Second}, true},
		{"relay-b", []time.Duration{10 * time.Minute}, false},
		{"relay-c=1/%", []time.Duration{3 * time.Hour, 5 * time.Minute}, true}, // no pod is called so, a host may be
		{"relay-d", []time.Duration{61 * time.Minute}, true},
	} {
		for _, made := range packs(t, p) {
			if _, err := spool.Add(ship.Pack{ID: made.ID(), Kind: ship.Final, Namespace: "race", Pod: p.name, JSON: made.Bytes()}); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := ship.NewShipper(bucket, spool, ship.ShipperOptions{}).Drain(ctx); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, node, "testdata/fleet.js", folder)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	if want := `[{"namespace":"race","pod":"relay-a","warnings":3},{"namespace":"race","pod":"relay-c=1/%","warnings":1}]`; strings.TrimSpace(string(out)) != want {
		t.Errorf("the answer is\n%s\nnot\n%s", out, want)
	}
}

// packs are built by the real Builder: one while the relay lives, one after.
func packs(t *testing.T, p pod) []*pack.Pack {
	t.Helper()
	prof, err := profile.Load("okboxbox")
	if err != nil {
		t.Fatal(err)
	}
	red, err := redact.New(redact.Options{Key: []byte("0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	recorder, err := pack.NewRecorder(pack.RecorderOptions{
		Profile: prof, Redactor: red, Learned: pack.NewLearned(), WindowEvents: 500, WindowAge: 24 * time.Hour, WindowBytes: 1 << 20,
		History: time.Hour, MetricsInterval: 15 * time.Second, Identity: pack.Identity{Pod: p.name, Namespace: "race"},
	})
	if err != nil {
		t.Fatal(err)
	}
	builder, err := pack.NewBuilder(pack.BuilderOptions{Recorder: recorder, Detector: verify.New(verify.Options{}), MaxBytes: 8 << 20,
		Generator: pack.Generator{Name: "relaypack", Version: "0.0.0"}})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	look := &scrape.Snapshot{
		At: now, States: map[string]scrape.State{}, Port: scrape.PortOpen, Target: scrape.Target{Host: "127.0.0.1", Port: 3001},
		Life: scrape.Life{N: 1, StartedAt: now.Add(-5 * time.Hour), Source: "process", FirstSeen: now.Add(-5 * time.Hour)},
	}
	good := scrape.State{Status: scrape.OK, LastOK: now, Since: now}
	look.States["evRelay"] = good
	look.Results = []*scrape.Result{{Source: "evRelay", State: good, At: now, Body: events(t, p, now)}}
	recorder.Record(look)
	made := []*pack.Pack{build(t, builder, pack.Periodic)}
	if p.died {
		after := *look
		after.Results, after.Port = nil, scrape.PortRefused
		after.Life.EndedAt, after.Life.End = now, "gone"
		recorder.Record(&after)
	}
	return append(made, build(t, builder, pack.Final))
}

func build(t *testing.T, b *pack.Builder, kind pack.TriggerKind) *pack.Pack {
	t.Helper()
	made, err := b.Build(context.Background(), pack.Request{Trigger: pack.Trigger{Kind: kind, At: time.Now()}})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func events(t *testing.T, p pod, now time.Time) []byte {
	t.Helper()
	var list []map[string]any
	for i, before := range p.drifts {
		list = append(list, map[string]any{"type": "drift_warn", "sessionId": "sess...5cd4", "driftMs": -6499,
			"id": fmt.Sprintf("rb-%d", i+1), "timestamp": now.Add(-before).UnixMilli()})
	}
	body, err := json.Marshal(map[string]any{"type": "relay", "count": len(list), "events": list})
	if err != nil {
		t.Fatal(err)
	}
	return body
}
