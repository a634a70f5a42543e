package incident

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/scrape/profile"
)

// run replays a recording and tells each opening as RULE@SECONDS, with + where it joined another.
func run(t *testing.T, profileName, recording string, metricsEvery, debugEvery int) (out []string) {
	t.Helper()
	p, err := profile.Load(profileName)
	if err != nil {
		t.Fatal(err)
	}
	looks := readRecording(t, recording)
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		first := time.UnixMilli(looks[0].At)
		e := New(p.Incidents, Options{Now: func() time.Time { return first.Add(time.Since(begin)) }})
		r := newReplayed(t, p)
		for i, l := range looks {
			time.Sleep(time.UnixMilli(l.At).Sub(first) - time.Since(begin))
			for _, c := range e.Evaluate(r.take(l, i%metricsEvery == 0, i%debugEvery == 0)) {
				at := (l.At - looks[0].At + 500) / 1000
				switch {
				case c.Kind == Closed:
					out = append(out, fmt.Sprintf("-%s@%d", c.Record.Rule, at))
				case c.Kind == HeldBack:
					out = append(out, fmt.Sprintf("(%s)@%d", c.Record.Rule, at))
				case c.Record.Joined:
					out = append(out, fmt.Sprintf("+%s@%d", c.Record.Rule, at))
				default:
					out = append(out, fmt.Sprintf("%s@%d", c.Record.Rule, at))
				}
			}
		}
	})
	return out
}

func TestRecordings(t *testing.T) {
	for _, name := range []string{"auth-fail-storm", "crash-loop", "database-down", "database-down-kills-relay", "descriptor-leak", "drop-storm", "event-loop-stall", "half-dead", "healthy-busy", "healthy-idle", "memory-growth-oom-kill", "rate-limited", "stuck-session", "token-expired", "traffic-surge"} {
		fmt.Println(name, "|", strings.Join(run(t, "okboxbox", name, 1, 1), " "))
		fmt.Println(name, "15/30|", strings.Join(run(t, "okboxbox", name, 3, 6), " "))
	}
	_ = slices.Sort[[]string]
}
