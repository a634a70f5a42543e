package redact_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

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

// cpuTime is what this process has used, so that a busy machine does not count.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// reportCPU tells the rate per CPU second since begin.
func reportCPU(b *testing.B, bytes int, begin time.Duration) {
	if used := cpuTime() - begin; used > 0 {
		b.ReportMetric(float64(bytes)*float64(b.N)/1e6/used.Seconds(), "MB/CPUs")
	}
}

// rawAndClean measures src as it comes and once it is clean, which is the floor. Each time the memory of texts is empty
// at first, so that it holds only what src itself repeats; the last one has no memory, as if nothing came twice.
func rawAndClean(b *testing.B, src []byte, as redact.Format) {
	r := redactor(b)
	clean, err := r.Append(nil, src, as, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		s    []byte
		r    *redact.Redactor
	}{{"raw", src, r}, {"clean", clean, r}, {"unrepeated", clean, r.Forgetting(false)}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.s)))
			b.ReportAllocs()
			dst, _ := c.r.Append(nil, c.s, as, nil) // its room and that of the pass
			begin := cpuTime()
			for b.Loop() {
				c.r.Forget()
				dst, _ = c.r.Append(dst[:0], c.s, as, nil)
			}
			reportCPU(b, len(c.s), begin)
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
			begin := cpuTime()
			for b.Loop() {
				r.Forget()
				for _, e := range c.events {
					dst, _ = r.Append(dst[:0], e, redact.JSON, nil)
				}
			}
			reportCPU(b, n, begin)
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

// naive are the regular expressions that a careful hand would begin with; they judge no names and break JSON.
var naive = []string{
	`eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`, `(?i)bearer\s+[A-Za-z0-9._~+/=-]+`, `(?i)basic\s+[A-Za-z0-9+/=]{8,}`, `AKIA[0-9A-Z]{16}`,
	`AIza[0-9A-Za-z_-]{35}`, `gh[pousr]_[0-9A-Za-z]{36}`, `glpat-[0-9A-Za-z_-]{20}`, `xox[abprs]-[0-9A-Za-z-]+`, `[sr]k_(live|test)_[0-9a-zA-Z]+`,
	`npm_[0-9A-Za-z]{36}`, `SG\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+`, `-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----`,
	`[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@`, `(?i)"[a-z_-]*(password|passwd|pwd|secret|token|api[_-]?key|authorization|cookie)[a-z_-]*"\s*:\s*"[^"]*"`,
	`(?i)(password|passwd|pwd|secret|token|api[_-]?key)\s*[=:]\s*\S+`, `(?i)(set-)?cookie:\s*.*`, `(?i)--(password|token|api-key)[ =]\S+`,
	`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`, `\b(\d{1,3}\.){3}\d{1,3}\b`, `\b(?:\d[ -]?){13,16}\b`, `sess_[A-Za-z0-9]+`,
}

// BenchmarkAgainstRegexps takes both over the same events in one run; naive/ours is how many times faster this
// package is.
func BenchmarkAgainstRegexps(b *testing.B) {
	src := capture(b, "tapped/ops-events-error.json")
	var exprs []*regexp.Regexp
	for _, e := range naive {
		exprs = append(exprs, regexp.MustCompile(e))
	}
	r := redactor(b)
	var ours, theirs time.Duration
	var dst []byte
	for b.Loop() {
		begin := cpuTime()
		for range 50 {
			r.Forget()
			dst, _ = r.Append(dst[:0], src, redact.JSON, nil)
		}
		ours += (cpuTime() - begin) / 50
		begin = cpuTime()
		out := src
		for _, e := range exprs {
			out = e.ReplaceAll(out, []byte("[removed]"))
		}
		theirs += cpuTime() - begin
	}
	b.ReportMetric(float64(theirs)/float64(ours), "naive/ours")
}
