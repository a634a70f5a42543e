package incident

import (
	"math"
	"reflect"
	"testing"
	"time"

	"relaypack/scrape"
)

const second = time.Second

func TestHoldAndClear(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10, until: 5}", ", for: 30s, clear: 20s"), func(d *desk) {
		d.after(0, "a", 10) // not above
		d.after(10*second, "a", 11)
		d.after(10*second, "a", 11)
		d.after(19*second, "a", 11) // 29 s
		d.want()
		d.after(second, "a", 11)
		d.want("open r")
		d.after(10*second, "a", 9) // below the bound, not below until
		d.after(30*second, "a", 6)
		d.want()
		d.after(10*second, "a", 5)
		d.after(19*second, "a", 4)
		d.want()
		d.after(second, "a", 4)
		d.want("closed r cleared")
	})
}

func TestFlappingNeverHolds(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ", for: 30s"), func(d *desk) {
		for range 100 {
			d.after(15*second, "a", 20)
			d.after(14*second, "a", 20)
			d.after(second, "a", 1)
		}
		d.want()
		d.after(15*second, "a", 20)
		d.after(30*second, "a", 20)
		d.want("open r")
		for range 100 { // and open it does not close while it comes back within clear
			d.after(29*second, "a", 1)
			d.after(second, "a", 20)
		}
		d.want()
	})
}

// TestOneReadingIsNotTwo: looks without a new answer do not make a hold longer.
func TestOneReadingIsNotTwo(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ", for: 15s"), func(d *desk) {
		d.after(0, "a", 20)
		for range 20 {
			time.Sleep(second)
			d.look()
		}
		d.want()
		d.after(0, "a", 20)
		d.want("open r")
	})
}

// TestFailingReads: likewise for a source; a state that is no read goes on by itself.
func TestFailingReads(t *testing.T) {
	rules := ruleText("fails", "{source: page, status: [timeout, unreachable]}", ", for: 10s") +
		ruleText("stale", "{source: data, status: [stale]}", ", for: 10s")
	onDesk(t, rules, func(d *desk) {
		d.look()
		d.status("page", scrape.Timeout)
		d.status("data", scrape.Stale)
		d.look()
		time.Sleep(10 * second)
		d.look()
		d.want("open stale")
		d.status("page", scrape.Timeout)
		d.look()
		d.want("open fails")
		d.status("page", scrape.Invalid) // another fault: not one of these
		d.look()
		time.Sleep(29 * second)
		d.look()
		d.status("page", scrape.OK)
		d.look()
		d.want()
		time.Sleep(second)
		d.look()
		d.want("closed fails cleared")
	})
}

func TestUnknownNeitherFiresNorClears(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ", for: 30s, clear: 30s"), func(d *desk) {
		missing := func(want ...string) {
			t.Helper()
			if s := d.e.Summary().Rules[0]; !reflect.DeepEqual(s.Missing, append([]string{}, want...)) || (s.UnknownSince != nil) != (len(want) > 0) {
				t.Errorf("%+v, want missing %v", s, want)
			}
		}
		d.look()
		missing("a")
		d.after(0, "a", 20)
		missing()
		d.after(20*second, "a", 20)
		delete(d.values.series, "a")
		d.look()
		time.Sleep(20 * second)
		d.look()
		missing("a")
		d.want()
		d.after(0, "a", 20) // 20 s of 30 s were known
		d.after(9*second, "a", 20)
		d.want()
		d.after(second, "a", 20)
		d.want("open r")

		since := d.now()
		d.status("page", scrape.Unreachable) // what it read last stays, and says nothing
		d.values.series["a"] = Reading{At: d.now(), Number: 0}
		for range 100 {
			d.look()
			time.Sleep(second)
		}
		d.want()
		if s := d.e.Summary(); s.Unknown != 1 || s.Open != 1 || *s.Rules[0].UnknownSince != since.UnixMilli() {
			t.Errorf("%+v", s)
		}
		d.status("page", scrape.OK)
		d.after(0, "a", 0)
		d.after(30*second, "a", 0)
		d.want("closed r cleared")
	})
}

// TestLongUnknownBeginsAnew: what was known before a spell longer than the hold counts no more.
func TestLongUnknownBeginsAnew(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ", for: 30s"), func(d *desk) {
		d.after(0, "a", 20)
		d.after(29*second, "a", 20)
		delete(d.values.series, "a")
		d.look()
		time.Sleep(31 * second)
		d.after(0, "a", 20)
		d.after(29*second, "a", 20)
		d.want()
		d.after(second, "a", 20)
		d.want("open r")
	})
}

func TestOldReadings(t *testing.T) {
	onDesk(t, ruleText("r", "{series: c, above: 10}", ""), func(d *desk) {
		d.values.series["c"] = Reading{At: d.now().Add(-time.Hour), Number: 20} // kept by an earlier agent
		d.live(1)
		d.in.Life.FirstSeen = d.now().Add(-2 * time.Hour)
		d.look()
		d.want()
		// Its source answered since, and that answer had no number.
		d.set("c", 20)
		time.Sleep(3 * second)
		d.status("data", scrape.OK)
		d.look()
		d.want()
		d.after(0, "c", 20)
		d.want("open r")
		time.Sleep(2*time.Minute + second) // nothing newer: unknown, so it stays
		d.status("data", scrape.OK)
		d.look()
		if s := d.e.Summary(); s.Unknown != 1 {
			t.Errorf("%+v", s)
		}
		d.want()
	})
}

// TestOldCounts: likewise for what has no status of one source.
func TestOldCounts(t *testing.T) {
	onDesk(t, ruleText("r", "{field: summary.activeSessions, above: 10}", ""), func(d *desk) {
		state := func(want string) {
			t.Helper()
			d.look()
			got := "known"
			if d.e.Summary().Unknown > 0 {
				got = "unknown"
			}
			if got != want {
				t.Errorf("at %v: %s, want %s", time.Since(d.began), got, want)
			}
		}
		d.in.Life.FirstSeen = d.now().Add(-time.Hour)
		d.values.fields["summary.activeSessions"] = Reading{At: d.now().Add(-2*time.Minute - second), Number: 5}
		state("unknown") // at first sight
		d.values.fields["summary.activeSessions"] = Reading{At: d.now(), Number: 5}
		state("known")
		time.Sleep(2 * time.Minute)
		state("known")
		time.Sleep(second)
		state("unknown") // and nothing newer came
		d.values.fields["summary.activeSessions"] = Reading{At: d.now(), Number: math.NaN()}
		state("unknown")
	})
}

// TestNotAskedYet: a source that was never read is no failing one.
func TestNotAskedYet(t *testing.T) {
	onDesk(t, ruleText("r", "{source: data, status: [timeout]}", ""), func(d *desk) {
		d.in.States["data"] = scrape.State{Status: scrape.Skipped}
		d.look()
		if s := d.e.Summary(); s.Unknown != 1 || s.Rules[0].Missing[0] != "source data" {
			t.Errorf("%+v", s)
		}
		d.in.States["data"] = scrape.State{Status: scrape.Skipped, LastOK: d.now()}
		d.look()
		if s := d.e.Summary(); s.Unknown != 0 {
			t.Errorf("%+v", s)
		}
	})
}
