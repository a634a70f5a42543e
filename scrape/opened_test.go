package scrape

import (
	"context"
	"testing"
	"time"

	"relaypack/scrape/demorelay"
)

// In a pod the agent starts before the relay, and a relay that ends again soon is read all the same: as soon as
// its port opens, in each life, once.
func TestRelayIsReadWhenItsPortOpens(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), func(o *Options, _ *demorelay.Relay) {
		o.MetricsInterval, o.DebugInterval = time.Minute, 2*time.Minute
	}, func(ctx context.Context, d *demo) {
		d.Kill()
		d.watch(ctx)
		for life := range 3 {
			d.later(ctx, 5*time.Second)
			if err := d.Restart(); err != nil {
				t.Fatal(err)
			}
			before := d.s.Self()
			d.later(ctx, 1500*time.Millisecond)
			for _, name := range []string{"metrics", "evError", "sessions"} {
				if st := d.s.States(d.s.opt.Now())[name]; st.Status != OK || d.s.opt.Now().Sub(st.LastOK) > 1500*time.Millisecond {
					t.Errorf("life %d, %s: %+v", life, name, st)
				}
			}
			d.later(ctx, 10*time.Second)
			if n := d.s.Self().Metrics - before.Metrics; n != 1 {
				t.Errorf("life %d: %d reads of the metrics", life, n)
			}
			d.Kill()
		}
	})
}
