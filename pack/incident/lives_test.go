package incident

import (
	"slices"
	"testing"
	"time"

	"relaypack/scrape"
)

const deathRules = "    - {name: down, severity: critical, summary: S, when: {relay: down}, clear: 0s, cooldown: 10s, perHour: 6}\n" +
	"    - {name: restarted, severity: critical, summary: S, when: {relay: restarted, over: 1m}, cooldown: 10s, perHour: 6}\n"

func TestOneDeathOnePack(t *testing.T) {
	onDesk(t, deathRules, func(d *desk) {
		d.look()
		d.die()
		changes := d.look()
		d.want("open down")
		if r := changes[0].Record; r.Life != 1 || !slices.Equal(r.Values, []Value{{Name: "relay", Text: "down", Is: "one-of"}}) {
			t.Errorf("%+v", r)
		}
		time.Sleep(2 * second)
		d.live(2)
		changes = d.look()
		d.want("closed down cleared", "join restarted")
		if _, due := Due(changes); due != nil {
			t.Errorf("a second pack for %v", due)
		}
		if r := changes[1].Record; r.Opening != changes[0].Record.Opening || r.Life != 2 || r.Values[0].Name != "relay restarts" || r.Values[0].Value != 1 {
			t.Errorf("%+v", r)
		}
		time.Sleep(time.Minute)
		d.look()
		time.Sleep(30 * second)
		d.look()
		d.want("closed restarted cleared")

		time.Sleep(10 * second)
		d.live(3) // between two looks: nobody saw it down
		changes = d.look()
		d.want("open restarted")
		if _, due := Due(changes); !slices.Equal(due, []string{"restarted"}) {
			t.Errorf("%v", due)
		}
	})
}

// TestPortThatComesBack: the same process answers again; the next death is not the old one.
func TestPortThatComesBack(t *testing.T) {
	onDesk(t, deathRules, func(d *desk) {
		d.look()
		d.in.Life.EndedAt, d.in.Life.End, d.in.Port = d.now(), "port-closed", scrape.PortRefused
		d.look()
		d.in.Life.EndedAt, d.in.Life.End, d.in.Port = time.Time{}, "", scrape.PortOpen
		d.look()
		d.want("open down", "closed down cleared")
		time.Sleep(time.Hour)
		d.live(2)
		d.look()
		d.want("open restarted")
	})
}

// TestBootLoop: a relay that ends while it boots is down all the time; each new process belongs to that.
func TestBootLoop(t *testing.T) {
	onDesk(t, deathRules, func(d *desk) {
		d.look()
		d.die()
		d.look()
		d.want("open down")
		for n := 2; n < 20; n++ {
			time.Sleep(3 * time.Minute) // longer than restarted stays open
			d.look()
			d.live(n)
			d.in.Port = scrape.PortRefused
			d.look()
			time.Sleep(second)
			d.die()
			d.look()
		}
		if i := slices.IndexFunc(d.said, func(s string) bool { return s != "join restarted" && s != "closed restarted cleared" }); i >= 0 {
			t.Errorf("%v", d.said)
		}
		d.said = nil
		d.live(20)
		d.look()
		d.want("closed down cleared")
	})
}

// TestNewLifeEndsWhatWasOfTheProcess: series, fields and events are those of one process; a source is not.
func TestNewLifeEndsWhatWasOfTheProcess(t *testing.T) {
	rules := ruleText("memory", "{series: a, above: 10}", ", cooldown: 0s, for: 10s") +
		ruleText("errors", "{events: error, above: 60}", "") +
		ruleText("page", "{source: data, status: [off]}", "")
	onDesk(t, rules, func(d *desk) {
		d.count("error ", 0)
		d.status("data", scrape.Off)
		d.after(0, "a", 20)
		time.Sleep(30 * second)
		d.count("error ", 100)
		d.after(0, "a", 20)
		d.want("open page", "open memory", "open errors")
		time.Sleep(second)
		d.live(2)
		d.look() // what was read of the old process says nothing of the new one
		d.want("closed memory new-life", "closed errors new-life")
		time.Sleep(30 * second)
		d.look()
		d.want()
		d.count("error ", 29) // since the new life began: below
		d.after(0, "a", 20)
		time.Sleep(10 * second)
		d.after(0, "a", 20)
		d.want("open memory")
		d.count("error ", 60) // in 40 s, and its cooldown runs
		d.look()
		d.want("held-back errors cooldown")
		if s := d.e.Summary().Rules[1]; s.State != "held-back" || s.HeldBack != 1 {
			t.Errorf("%+v", s)
		}
	})
}

// TestHoldDoesNotSpanLives: what lasts for the end of one life and the beginning of the next did not last.
func TestHoldDoesNotSpanLives(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ", for: 30s"), func(d *desk) {
		d.after(0, "a", 20)
		d.after(20*second, "a", 20)
		d.live(2)
		d.after(second, "a", 20)
		d.after(29*second, "a", 20)
		d.want()
		d.after(second, "a", 20)
		d.want("open r")
	})
}

// TestAnyWithRestart: a rule that fired for another reason than the restart has a pack of its own.
func TestAnyWithRestart(t *testing.T) {
	onDesk(t, deathRules+ruleText("r", "{any: [{relay: restarted}, {series: a, above: 10}]}", ""), func(d *desk) {
		d.look()
		d.die()
		d.look()
		d.live(2)
		d.look()
		d.want("open down", "closed down cleared", "join restarted", "open r")
	})
}

// TestLoopRule: a rule may count restarts, and then it is more than one death.
func TestLoopRule(t *testing.T) {
	onDesk(t, deathRules+ruleText("loop", "{relay: restarted, over: 10m, above: 2}", ""), func(d *desk) {
		d.look()
		for n := 2; n <= 4; n++ {
			time.Sleep(15 * second)
			d.die()
			d.look()
			time.Sleep(5 * second)
			d.live(n)
			changes := d.look()
			if _, due := Due(changes); n == 4 && !slices.Equal(due, []string{"loop"}) {
				t.Errorf("%v", due)
			}
		}
		d.want("open down", "closed down cleared", "join restarted", "open down", "closed down cleared",
			"open down", "closed down cleared", "open loop")
	})
}

// TestRelayThatDiesEvery20Seconds for an hour, with the agent restarted in the middle: the packs are
// bounded, each is of a death, and what was held back is counted.
func TestRelayThatDiesEvery20Seconds(t *testing.T) {
	for _, restartAgent := range []bool{false, true} {
		onDesk(t, deathRules, func(d *desk) {
			packs, deaths, held := 0, 0, 0
			d.look()
			for time.Since(d.began) < time.Hour && deaths < 180 {
				time.Sleep(16 * second)
				d.die()
				changes := d.look()
				deaths++
				if _, due := Due(changes); len(due) > 0 {
					packs++
					held += changes[0].Record.HeldBack
					if !slices.Equal(due, []string{"down"}) || changes[0].Record.Life != d.in.Life.N {
						t.Errorf("%v %+v", due, changes)
					}
				}
				if restartAgent && deaths%45 == 0 { // while the relay is down
					d.restart()
				}
				time.Sleep(4 * second)
				d.live(d.in.Life.N + 1)
				if _, due := Due(d.look()); due != nil {
					t.Errorf("a pack for %v after the death", due)
				}
				if restartAgent && deaths%60 == 0 { // while it is up
					d.restart()
				}
			}
			s := d.e.Summary()
			if packs != 6 || deaths != 180 {
				t.Errorf("restart %v: %d packs of %d deaths", restartAgent, packs, deaths)
			}
			if down := s.Rules[0]; down.HeldBackTotal != 174 || down.HeldBack+held != 174 {
				t.Errorf("restart %v: %+v, %d told", restartAgent, down, held)
			}
		})
	}
}

// forget takes away what the recorder of the agent before knew of lives, and keeps the rest.
func (d *desk) forget() {
	d.t.Helper()
	next := New(d.rules, Options{Now: d.now})
	if err := next.Restore(d.e.State()); err != nil {
		d.t.Fatal(err)
	}
	d.e = next
}

// restart gives the desk a new engine with the state of the old one and the life that was recorded last.
func (d *desk) restart() {
	d.t.Helper()
	state := d.e.State()
	next := New(d.rules, Options{Now: d.now, Last: d.in.Life})
	if err := next.Restore(state); err != nil {
		d.t.Fatal(err)
	}
	d.e = next
}
