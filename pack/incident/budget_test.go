package incident

import (
	"slices"
	"testing"
	"time"
)

// fireOnce lets a rule on series a open and close again within two seconds.
func (d *desk) fireOnce() {
	d.after(second, "a", 20)
	d.after(second, "a", 0)
}

const quickRule = ", clear: 0s, cooldown: 0s, perHour: "

func TestCooldown(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", ", clear: 0s, cooldown: 10m, perHour: 60"), func(d *desk) {
		d.fireOnce()
		d.want("open r", "closed r cleared")
		for range 5 {
			d.fireOnce()
		}
		d.want("held-back r cooldown") // told once
		if s := d.e.Summary(); s.HeldBack != 5 || s.Rules[0].HeldBack != 5 || s.Rules[0].CooldownMs != (10*time.Minute-10*second).Milliseconds() {
			t.Errorf("%+v", s)
		}
		time.Sleep(9*time.Minute + 48*second)
		d.after(0, "a", 20) // 2 s before the end: held back, and still there when it ends
		d.want()
		changes := d.after(2*second, "a", 20)
		d.want("open r")
		if r := changes[0].Record; r.HeldBack != 5 { // the sixth was late, not lost
			t.Errorf("%+v", r)
		}
		if s := d.e.Summary(); s.HeldBack != 5 || s.Rules[0].HeldBack != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// TestBudgetIsSpread: half of a rule's budget at once, the rest over the hour.
func TestBudgetIsSpread(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", quickRule+"6"), func(d *desk) {
		var opened []time.Duration
		for time.Since(d.began) < 3*time.Hour {
			for _, c := range d.after(5*second, "a", 20) {
				if c.Kind == Opened {
					opened = append(opened, time.Since(d.began).Round(time.Minute))
				}
			}
			d.after(5*second, "a", 0)
		}
		m := time.Minute
		want := []time.Duration{0, 0, 0, 10 * m, 20 * m, 30 * m, 60 * m, 70 * m, 80 * m, 90 * m, 100 * m, 110 * m, 120 * m}
		if !slices.Equal(opened[:min(len(opened), len(want))], want) {
			t.Errorf("%v, want %v", opened, want)
		}
		for i := range opened {
			if i >= 6 && opened[i]-opened[i-6] < time.Hour-m {
				t.Errorf("more than 6 in the hour before %v: %v", opened[i], opened)
			}
		}
	})
}

// TestTotalBudget: all rules together, with a quarter kept for what is critical.
func TestTotalBudget(t *testing.T) {
	rules := ruleText("minor", "{series: a, above: 10}", quickRule+"60") +
		ruleText("grave", "{series: b, above: 10}", ", severity: critical"+quickRule+"60") +
		"  perHour: 8\n"
	onDesk(t, rules, func(d *desk) {
		d.set("b", 0)
		for range 10 {
			d.fireOnce()
		}
		opened := func(rule string) (n int) {
			for _, s := range d.said {
				if s == "open "+rule {
					n++
				}
			}
			return n
		}
		if n := opened("minor"); n != 6 || d.said[len(d.said)-1] != "held-back minor total-budget" {
			t.Errorf("%d of 8 for a warning: %v", n, d.said)
		}
		for range 5 {
			d.after(second, "b", 20)
			d.after(second, "b", 0)
		}
		if n := opened("grave"); n != 2 || d.said[len(d.said)-1] != "held-back grave total-budget" {
			t.Errorf("%d of the rest: %v", n, d.said)
		}
		if s := d.e.Summary(); s.Used != 8 || s.PerHour != 8 || s.HeldBack != 4+3 {
			t.Errorf("%+v", s)
		}
		time.Sleep(time.Hour)
		d.said = nil
		d.fireOnce()
		d.want("open minor", "closed minor cleared")
	})
}

// TestOneOpening: what fires together makes one pack, takes one place of the total budget, and names
// all, also what has no budget left.
func TestOneOpening(t *testing.T) {
	rules := ruleText("first", "{series: a, above: 10}", quickRule+"1") +
		ruleText("second", "{series: a, above: 15}", quickRule+"60") +
		ruleText("third", "{series: b, above: 10}", "")
	onDesk(t, rules, func(d *desk) {
		changes := d.after(0, "a", 20)
		d.want("open first", "open second")
		opening, due := Due(changes)
		if !slices.Equal(due, []string{"first", "second"}) || changes[0].Record.Opening != opening || changes[1].Record.Opening != opening {
			t.Errorf("%d %v %+v", opening, due, changes)
		}
		if !slices.Equal(changes[0].Record.Siblings, []string{"second"}) || !slices.Equal(changes[1].Record.Siblings, []string{"first"}) {
			t.Errorf("%+v", changes)
		}
		d.after(second, "a", 0)
		d.said = nil
		changes = d.after(second, "a", 20) // first has no budget; second makes a pack
		d.want("open first", "open second")
		if s := d.e.Summary(); s.Used != 2 || s.Rules[0].Used != 1 || s.Rules[1].Used != 2 || s.HeldBack != 0 {
			t.Errorf("%+v", s)
		}
		d.e.Packed(changes[0].Record.Opening, "pack-1795451458701-abc123")
		d.e.Packed(changes[0].Record.Opening, "../../etc/passwd")
		changes = d.after(0, "b", 20)
		d.want("open third")
		if !slices.Equal(changes[0].Record.Siblings, []string{"first", "second"}) {
			t.Errorf("%+v", changes)
		}
		var packs []string
		for _, r := range d.e.Records() {
			packs = append(packs, r.Rule+" "+r.PackID)
		}
		want := []string{"third ", "second pack-1795451458701-abc123", "first pack-1795451458701-abc123", "second ", "first "}
		if !slices.Equal(packs, want) {
			t.Errorf("%q", packs)
		}
	})
}

// TestStormIsBounded: ten thousand firings of a rule make as many packs as its budget, one count and a
// bounded list.
func TestStormIsBounded(t *testing.T) {
	onDesk(t, ruleText("r", "{series: a, above: 10}", quickRule+"60")+"  perHour: 120\n", func(d *desk) {
		for range 10_000 {
			d.fireOnce()
		}
		s := d.e.Summary()
		if opened := 10_000 - int(s.HeldBack); opened > 61*6 || opened < 60*5 { // five hours and a half
			t.Errorf("%d openings: %+v", opened, s)
		}
		if n := len(d.e.Records()); n != maxRecords || s.Dropped == 0 {
			t.Errorf("%d records, %d dropped", n, s.Dropped)
		}
		if n := len(d.e.State()); n > 32<<10 {
			t.Errorf("a state of %d bytes", n)
		}
	})
}
