package redact_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

func capture(b *testing.B, name string) []byte {
	b.Helper()
	src, err := os.ReadFile(captures + "/" + name)
	if err != nil {
		b.Fatal(err)
	}
	return src
}

// rawAndClean measures src as it comes and once it is clean, which is the floor.
func rawAndClean(b *testing.B, src []byte, as redact.Format) {
	r := redactor(b)
	clean, err := r.Append(nil, src, as, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		s    []byte
	}{{"raw", src}, {"clean", clean}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.s)))
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				dst, _ = r.Append(dst[:0], c.s, as, nil)
			}
		})
	}
}

// BenchmarkAppend: captured answers as they come, the format recognised.
func BenchmarkAppend(b *testing.B) {
	for _, name := range []string{"tapped/ops-events-error.json", "tapped/ops-events-socket.json", "tapped/ops-support-pack.json", "tapped/metrics.txt"} {
		b.Run(name, func(b *testing.B) { rawAndClean(b, capture(b, name), redact.Auto) })
	}
}

// BenchmarkAppendEvents: one event at a time, as windows take them, over all of a captured ring.
func BenchmarkAppendEvents(b *testing.B) {
	var answer struct {
		Data struct {
			Events []json.RawMessage `json:"events"`
		} `json:"data"`
	}
	if err := json.Unmarshal(capture(b, "tapped/ops-events-error.json"), &answer); err != nil || len(answer.Data.Events) < 100 {
		b.Fatalf("%d events, %v", len(answer.Data.Events), err)
	}
	r := redactor(b)
	clean := make([]json.RawMessage, len(answer.Data.Events))
	for i, e := range answer.Data.Events {
		clean[i] = json.RawMessage(apply(b, r, string(e), redact.JSON))
	}
	for _, c := range []struct {
		name   string
		events []json.RawMessage
	}{{"raw", answer.Data.Events}, {"clean", clean}} {
		b.Run(c.name, func(b *testing.B) {
			n := 0
			for _, e := range c.events {
				n += len(e)
			}
			b.SetBytes(int64(n))
			b.ReportAllocs()
			var dst []byte
			for b.Loop() {
				for _, e := range c.events {
					dst, _ = r.Append(dst[:0], e, redact.JSON, nil)
				}
			}
		})
	}
}

// BenchmarkAppendText: a log, one in nine of whose lines is of the policy's table, and that table alone.
func BenchmarkAppendText(b *testing.B) {
	var log, all strings.Builder
	for i, row := range shapes {
		all.WriteString(row.in + "\n")
		log.WriteString(row.in + "\n" + strings.Repeat("2026-11-24T09:12:00.000Z info telemetry frame 1795424857257 of lap 7 taken in 12.5ms\n", 8))
		if i == 20 {
			log.WriteString(strings.Repeat("    at Array.run (/srv/controlbox/packages/server/src/websocket/AuthGate.ts:122:37)\n", 20))
		}
	}
	b.Run("log", func(b *testing.B) { rawAndClean(b, []byte(log.String()), redact.Text) })
	b.Run("shapes", func(b *testing.B) { rawAndClean(b, []byte(all.String()), redact.Text) })
}
