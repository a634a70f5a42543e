package incident

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/scrape"
)

func TestBudgetsOutliveTheAgent(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", quickRule+"2")+ruleText("rests", "{series: b, above: 10}", ", clear: 0s, cooldown: 20m, perHour: 60"), func(d *desk) {
		d.set("b", 0)
		d.fireOnce()
		d.after(second, "b", 20)
		d.after(second, "b", 0)
		d.want("open r", "closed r cleared", "open rests", "closed rests cleared")
		for range 5 {
			d.restart()
			time.Sleep(second)
			d.fireOnce()
			d.after(second, "b", 20)
			d.after(second, "b", 0)
		}
		d.want("held-back r budget", "held-back rests cooldown") // told once, over all agents
		if s := d.e.Summary(); s.Rules[0].HeldBack != 5 || s.Rules[1].HeldBack != 5 || s.Used != 2 {
			t.Errorf("%+v", s)
		}
		time.Sleep(20 * time.Minute)
		d.restart()
		changes := d.after(second, "b", 20)
		d.want("open rests")
		if changes[0].Record.HeldBack != 5 {
			t.Errorf("%+v", changes)
		}
	})
}

// TestOpenIncidentGoesOn: the next agent does not open it again, and closes it.
func TestOpenIncidentGoesOn(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ""), func(d *desk) {
		changes := d.after(0, "a", 20)
		d.e.Packed(changes[0].Record.Opening, "pack-1795451458701-abc123")
		before := d.e.Records()[0]
		d.restart()
		after := d.e.Records()[0]
		before.OpenedAt, after.OpenedAt = before.OpenedAt.Round(0), after.OpenedAt.Round(0)
		if after.Rule != "r" || !after.OpenedAt.Equal(before.OpenedAt) || after.PackID != before.PackID || !slices.Equal(after.Values, before.Values) ||
			after.Summary != "S" || after.Opening != before.Opening || after.Life != before.Life || after.LifeStartedAt.UnixMilli() != before.LifeStartedAt.UnixMilli() {
			t.Errorf("%+v\n%+v", before, after)
		}
		d.after(second, "a", 20)
		d.after(30*second, "a", 0)
		d.after(30*second, "a", 0)
		d.want("open r", "closed r cleared")
	})
}

// TestLifeWhileTheAgentWasAway: the relay that died or was replaced meanwhile is told.
func TestLifeWhileTheAgentWasAway(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(d *desk)
		want []string
	}{
		{"the same life", func(d *desk) {}, nil},
		{"another pid of it: whoever numbers the lives has seen that it is the same", func(d *desk) { d.in.Life.Pid = 7 }, nil},
		{"its start by another source", func(d *desk) {
			d.in.Life.StartedAt, d.in.Life.Source = d.in.Life.StartedAt.Add(time.Hour), "process"
		}, nil},
		{"the next life", func(d *desk) { d.live(d.in.Life.N + 1) }, []string{"closed memory new-life", "open restarted"}},
		{"the next life, of which nothing is known", func(d *desk) { d.in.Life = scrape.Life{N: d.in.Life.N + 1, FirstSeen: d.now()} }, []string{"closed memory new-life", "open restarted"}},
		{"numbered from the beginning: the folder was lost", func(d *desk) { d.live(1); d.forget() }, nil},
		{"down", func(d *desk) { d.in.Life, d.in.Port = scrape.Life{}, scrape.PortRefused }, []string{"open down"}},
	} {
		onDesk(t, deathRules+ruleText("memory", "{series: a, above: 10}", ""), func(d *desk) {
			d.live(3)
			d.after(0, "a", 20)
			d.restart()
			time.Sleep(time.Minute)
			c.do(d)
			d.said = nil
			d.look()
			if !slices.Equal(d.said, c.want) {
				t.Errorf("%s: %v, want %v", c.name, d.said, c.want)
			}
		})
	}
}

// TestHeldBackAcrossAgents: what is held back and goes on is not counted again by the next agent.
func TestHeldBackAcrossAgents(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", quickRule+"1"), func(d *desk) {
		d.fireOnce()
		d.after(second, "a", 20)
		for range 5 {
			d.restart()
			d.after(second, "a", 20)
		}
		d.want("open r", "closed r cleared", "held-back r budget")
		if s := d.e.Summary(); s.HeldBack != 1 {
			t.Errorf("%+v", s)
		}
	})
}

// TestLifeThatBeganWhileAway: nobody saw how many events it had when it began, so a full ring at the
// first look is no burst.
func TestLifeThatBeganWhileAway(t *testing.T) {
	onDesk(t, ruleText("r", "{events: error, above: 10}", ""), func(d *desk) {
		d.look()
		d.restart()
		time.Sleep(time.Minute)
		d.live(d.in.Life.N + 1)
		d.look()
		time.Sleep(30 * second)
		d.count("error ", 500)
		d.look()
		time.Sleep(30 * second)
		d.count("error ", 501)
		d.look()
		d.want()
		if s := d.e.Summary(); s.Unknown != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestDeathAcrossAgents: the agent restarts between the death and the new life; still one pack.
func TestDeathAcrossAgents(t *testing.T) {
	onDesk(t, deathRules, func(d *desk) {
		d.look()
		d.die()
		opening, _ := Due(d.look())
		d.restart()
		time.Sleep(5 * second)
		d.live(d.in.Life.N + 1)
		changes := d.look()
		d.want("open down", "closed down cleared", "join restarted")
		if changes[1].Record.Opening != opening {
			t.Errorf("%+v", changes)
		}
	})
}

// TestLifeThatWasJudgedBeforeItWasRecorded: the agent is killed when it has judged a new life and has
// recorded no more than the end of the one before. The next one tells the restart no second time.
func TestLifeThatWasJudgedBeforeItWasRecorded(t *testing.T) {
	onDesk(t, deathRules, func(d *desk) {
		d.look()
		recorded := d.in.Life
		recorded.EndedAt, recorded.End = d.now(), "replaced"
		d.live(d.in.Life.N + 1)
		d.look()
		d.want("open restarted")
		next := New(d.rules, Options{Now: d.now, Last: recorded})
		if err := next.Restore(d.e.State()); err != nil {
			t.Fatal(err)
		}
		d.e = next
		time.Sleep(second)
		d.look()
		d.want()
		if s := d.e.Summary(); s.Used != 1 {
			t.Errorf("%+v", s)
		}
	})
}

// TestClockSteps: a clock that is set makes neither an endless budget nor an endless silence.
func TestClockSteps(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", quickRule+"1"), func(d *desk) {
		d.fireOnce()
		d.want("open r", "closed r cleared")
		for _, step := range []time.Duration{time.Hour, -5 * time.Hour, 48 * time.Hour, -43 * time.Hour} { // while it runs
			d.offset += step
			d.live(1) // all readings by the new clock
			d.status("page", scrape.OK)
			d.fireOnce()
		}
		d.want("held-back r budget")
		state := d.e.State()

		later := func(away, step time.Duration) (silent time.Duration) { // the agent is away, and the clock is set meanwhile
			began := time.Now()
			time.Sleep(away)
			offset := d.offset
			defer func() { d.offset = offset }()
			d.offset += step
			next := New(d.rules, Options{Now: d.now})
			if err := next.Restore(state); err != nil {
				t.Fatal(err)
			}
			d.e, d.said = next, nil
			d.live(1)
			d.status("page", scrape.OK)
			for len(d.said) == 0 || d.said[0] != "open r" {
				d.fireOnce()
				if time.Since(began) > 100*time.Hour {
					t.Fatal("silent for ever")
				}
				if len(d.said) > 0 && strings.HasPrefix(d.said[0], "held") {
					d.said = nil
				}
			}
			return time.Since(began)
		}
		if s := later(30*time.Minute, 0); s < 59*time.Minute || s > time.Hour+time.Minute {
			t.Errorf("silent for %v", s)
		}
		if s := later(time.Minute, -1000*time.Hour); s < 59*time.Minute || s > time.Hour+2*time.Minute {
			t.Errorf("clock set back: silent for %v", s)
		}
		if s := later(time.Minute, 1000*time.Hour); s > 2*time.Minute {
			t.Errorf("clock set forward: silent for %v", s)
		}
	})
}

func TestBrokenStates(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ""), func(d *desk) {
		d.after(0, "a", 20)
		good := d.e.State()
		for _, c := range []struct {
			state []byte
			want  error
		}{
			{nil, ErrStateForm}, {[]byte("{}"), ErrStateForm}, {[]byte("[1]"), ErrStateForm}, {good[:len(good)/2], ErrStateForm},
			{append(bytes.Repeat([]byte(" "), maxState), good...), ErrStateForm},
			{bytes.Replace(good, []byte(`"version":1`), []byte(`"version":2`), 1), ErrStateVersion},
			{bytes.Replace(good, []byte(`"openings":[`), []byte(`"openings":["secret",`), 1), ErrStateForm},
		} {
			e := New(d.rules, Options{Now: d.now})
			err := e.Restore(c.state)
			if !errors.Is(err, c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%.60q: %v", c.state, err)
			}
			if s := e.Summary(); s.Used != 0 || s.Open != 0 || len(e.Records()) != 0 {
				t.Errorf("%.60q: something was taken: %+v", c.state, s)
			}
		}
	})
}

// TestForeignStateSaysNothing: texts of a state that somebody wrote do not come into a pack.
func TestForeignStateSaysNothing(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ""), func(d *desk) {
		d.after(0, "a", 20)
		d.after(0, "a", 20)
		var s map[string]any
		if err := json.Unmarshal(d.e.State(), &s); err != nil {
			t.Fatal(err)
		}
		const planted = "planted-password"
		record := s["records"].([]any)[0].(map[string]any)
		for _, name := range []string{"severity", "summary", "closedBy", "packId"} {
			record[name] = planted
		}
		record["siblings"] = []string{planted, "r"}
		record["values"] = append(record["values"].([]any),
			map[string]any{"name": planted, "value": 1, "is": "above", "bound": 1},
			map[string]any{"name": "a", "value": planted, "is": "one-of"},
			map[string]any{"name": "a", "value": 1, "is": planted},
			map[string]any{"name": "a", "take": planted, "value": 1, "is": "above"})
		gone := map[string]any{"rule": planted, "openedAt": 1, "values": []any{}, "siblings": []any{}}
		s["records"] = []any{record, gone, nil}
		s["rules"].(map[string]any)[planted] = map[string]any{"heldBack": 5}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		e := New(d.rules, Options{Now: d.now})
		if err := e.Restore(text); err != nil {
			t.Fatal(err)
		}
		out := e.AppendRecords(nil)
		summary, err := json.Marshal(e.Summary())
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(append(out, summary...), []byte(planted)) || len(e.Records()) != 1 || len(e.Records()[0].Values) != 1 {
			t.Errorf("%s\n%s", out, summary)
		}
	})
}

// FuzzRestore: any bytes give an error, or an engine that judges, keeps its bounds and saves a state
// that restores.
func FuzzRestore(f *testing.F) {
	rules := rulesOf(f, "incidents:\n  rules:\n"+deathRules+ruleText("r", "{series: a, above: 10}", quickRule+"2"))
	f.Add([]byte(`{"version":1,"savedAt":9223372036854775807,"openings":[-9223372036854775808,1],"rules":{"r":{"openings":[1,2,3],"closedAt":5,"heldBack":-1}}}`))
	f.Add([]byte(`{"version":1,"life":{"pid":5},"death":{"opening":0},"records":[{"rule":"r","values":[null]},{"rule":"down","opening":1}]}`))
	f.Add([]byte(`{"version":1,"savedAt":1,"restarts":[1,1,1],"next":18446744073709551615,"openings":[99999999]}`))
	f.Fuzz(func(t *testing.T, state []byte) {
		synctest.Test(t, func(t *testing.T) {
			e := New(rules, Options{})
			if e.Restore(state) != nil {
				return
			}
			v := newValues()
			opened := 0
			for range 20 {
				time.Sleep(second)
				v.series["a"] = Reading{At: time.Now(), Number: 20}
				opened += len(e.Evaluate(Input{
					At: time.Now(), Life: scrape.Life{N: 1}, Port: scrape.PortOpen, Readings: v,
					States: map[string]scrape.State{"page": {Status: scrape.OK}},
				}))
				v.series["a"] = Reading{At: time.Now(), Number: 0}
			}
			if n := len(e.Records()); n > maxRecords+3 || opened > 8 {
				t.Errorf("%d records, %d changes", n, opened)
			}
			again := New(rules, Options{})
			if text := e.State(); len(text) > maxState || again.Restore(text) != nil {
				t.Errorf("a state of %d bytes that does not restore", len(text))
			}
		})
	})
}
