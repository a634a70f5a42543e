package scrape

import (
	"context"
	"testing"
	"time"

	"relaypack/scrape/demorelay"
)

// What can wait leaves a third of the requests' questions to the gate, and costs none behind an open one.
func TestWhatCanWaitLeavesQuestionsToOthers(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.s.Look(ctx) // the relay announces its limits, and a burst needs one question
		asks := []Ask{{Source: "parityOne", Params: map[string]string{"session": d.RawSessions()[0]}, Spare: true}}
		good := 0
		for range 20 {
			d.later(ctx, 5*time.Second)
			r := d.s.Ask(ctx, asks)[0]
			switch {
			case r.State.Status == OK:
				good++
			case r.State.Status != Skipped || r.State.Reason != string(becauseTurn):
				t.Errorf("%s %s", r.State.Status, r.State.Reason)
			}
		}
		if good != 7 { // of the 10 that 30 bursts of one question leave
			t.Errorf("%d of 20 were asked", good)
		}
		if r := d.s.Ask(ctx, []Ask{{Source: "parityOne", Params: asks[0].Params}})[0]; r.State.Status != OK {
			t.Errorf("a request that cannot wait: %s %s", r.State.Status, r.State.Reason)
		}
		before := d.s.Self().Anonymous
		if r := d.s.Ask(ctx, asks)[0]; r.State.Status != OK || d.s.Self().Anonymous != before {
			t.Errorf("behind the open gate: %s %s", r.State.Status, r.State.Reason)
		}
		d.judge()
	})
}

func TestSecondsBecomeANumber(t *testing.T) {
	const body = `{"sessionId":"{session}","durationSec":"{seconds}"}`
	for _, c := range []struct {
		seconds, want string
	}{
		{"30", `{"sessionId":"a\"b","durationSec":30}`},
		{"12.5", `{"sessionId":"a\"b","durationSec":12.5}`},
		{`1,"x":2`, `{"sessionId":"a\"b","durationSec":"1,\"x\":2"}`},
	} {
		if got := fillBody(body, map[string]string{"session": `a"b`, "seconds": c.seconds}); got != c.want {
			t.Errorf("%s: %s, want %s", c.seconds, got, c.want)
		}
	}
}
