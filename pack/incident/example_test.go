package incident_test

import (
	"fmt"
	"time"

	"relaypack/pack/incident"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// newest stands for what the recorder keeps.
type newest map[string]incident.Reading

func (n newest) Series(name string) (incident.Reading, bool)        { r, ok := n[name]; return r, ok }
func (n newest) Field(name string) (incident.Reading, bool)         { r, ok := n[name]; return r, ok }
func (n newest) Events(class, kind string) (incident.Reading, bool) { return incident.Reading{}, false }

// A relay that is alive in the first look and gone in the second. The rules are those of a built-in
// profile; the next agent goes on from the state.
func Example() {
	p, err := profile.Load("okboxbox")
	if err != nil {
		fmt.Println(err)
		return
	}
	e := incident.New(p.Incidents, incident.Options{})
	snap := &scrape.Snapshot{
		At: time.Now(), Port: scrape.PortOpen, Life: scrape.Life{N: 1},
		States: map[string]scrape.State{"metrics": {Status: scrape.OK}},
	}
	sink := func(s *scrape.Snapshot) {
		changes := e.Evaluate(incident.Input{At: s.At, Life: s.Life, Port: s.Port, States: s.States, Readings: newest{}})
		for _, c := range changes {
			fmt.Println(c.Kind, c.Record.Rule)
		}
		if opening, rules := incident.Due(changes); len(rules) > 0 {
			fmt.Println("pack for", rules)
			e.Packed(opening, "pack-1795451458701-abc123")
		}
	}
	sink(snap)
	snap.Port, snap.Life.EndedAt, snap.Life.End = scrape.PortRefused, time.Now(), "gone"
	sink(snap)

	next := incident.New(p.Incidents, incident.Options{})
	fmt.Println(next.Restore(e.State()), next.Records()[0].PackID)
	// Output:
	// opened relay-down
	// pack for [relay-down]
	// <nil> pack-1795451458701-abc123
}
