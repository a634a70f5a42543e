package incident

import (
	"bytes"
	"encoding/json"
	"testing"

	"relaypack/scrape/profile"
)

// TestWords: nothing that this package writes holds one of the words for which packs are searched, and
// the form of a record is the one that packs have.
func TestWords(t *testing.T) {
	rules := ruleText("r", "{any: [{series: a, of: b, above: 0.9}, {series: a, take: rate, above: 2}, {events: error, type: odd, above: 1}, "+
		"{source: page, status: [ok]}, {field: summary.environment, is: [test]}, {relay: down}, {relay: restarted}]}", quickRule+"1")
	onDesk(t, deathRules+rules, func(d *desk) {
		d.values.fields["summary.environment"] = Reading{At: d.now(), Text: "test"}
		d.set("b", 100)
		changes := d.after(0, "a", 95)
		d.e.Packed(changes[0].Record.Opening, "pack-1795451458701-abc123")
		first := string(d.e.AppendRecords(nil))
		d.fireOnce()
		d.die()
		d.look()
		d.live(2)
		d.look()
		records := d.e.AppendRecords([]byte("x"))
		summary, err := json.Marshal(d.e.Summary())
		if err != nil || !json.Valid(records[1:]) {
			t.Fatal(err)
		}
		all := bytes.Join([][]byte{records, summary, d.e.State()}, nil)
		for _, why := range []string{ByClearing, ByNewLife, InCooldown, OverBudget, OverTotal, WithDeath, string(Opened), string(Closed), string(HeldBack)} {
			all = append(all, why...)
		}
		for _, word := range []string{"token", "key", "secret"} {
			if bytes.Contains(bytes.ToLower(all), []byte(word)) {
				t.Errorf("%q in %s", word, all)
			}
		}
		want := `[{"rule":"r","severity":"warning","summary":"S","openedAt":946684800000,"closedAt":null,"closedBy":null,"values":[` +
			`{"name":"a","take":"share","of":"b","value":0.95,"is":"above","bound":0.9},` +
			`{"name":"source page","value":"ok","is":"one-of","bound":null},` +
			`{"name":"summary.environment","value":"test","is":"one-of","bound":null}],` +
			`"siblings":[],"life":1,"lifeStartedAt":946684800000,"heldBack":0,"opening":1,"joined":false,"packId":"pack-1795451458701-abc123"}]`
		if first != want {
			t.Errorf("got  %s\nwant %s", first, want)
		}
	})
}

// TestBuiltinsAreUnknownWithoutInputs: a rule of a built-in profile that nothing feeds says so and
// stays quiet.
func TestBuiltinsAreUnknownWithoutInputs(t *testing.T) {
	for _, name := range profile.Builtins() {
		p, err := profile.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		e := New(p.Incidents, Options{})
		if changes := e.Evaluate(Input{}); changes != nil {
			t.Errorf("%s: %+v", name, changes)
		}
		s := e.Summary()
		if len(s.Rules) < 6 || s.Unknown != len(s.Rules)-1 { // relay: restarted is known: none was seen
			t.Errorf("%s: %+v", name, s)
		}
	}
}
