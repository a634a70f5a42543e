package pack_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// imports says which of our packages a package may import, and why. A package without a row of its
// own has that of its parent.
var imports = []struct {
	of      string
	allowed []string // package paths, with what lies below them
	because string
}{
	{"agent", []string{"agent", "pack", "scrape"}, "the agent wires everything"},
	{"pack", []string{"pack", "scrape"}, "a pack is made of looks; who asks for one is not its business"},
	{"pack/redact", nil, "usable alone: outside programs redact with it"},
	{"pack/verify", nil, "a second opinion shares no code and no rules with the first"},
	{"pack/window", nil, "a container knows nothing of what it holds"},
	{"pack/state", nil, "a store of bytes knows nothing of what they mean"},
	{"pack/incident", []string{"scrape"}, "it judges looks; what a pack is made of is not its business"},
	{"pack/report", []string{"pack/report"}, "a report shows a pack's bytes, whoever made them"},
	{"pack/report/plain", nil, "what cannot be seen is the same everywhere"},
	{"pack/ship", nil, "what carries packs away sees bytes and a name, not what is in them"},
	{"scrape", []string{"scrape"}, "what reads the relay cannot keep or send anything"},
	{"scrape/profile", nil, "a profile is data, understood by whoever reads it"},
	{"scrape/demorelay", nil, "a relay to run against that shares the agent's code would share its mistakes"},
}

func TestImportsRunOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "relaypack/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	rows := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, "relaypack/")
		row := rowOf(name)
		if row < 0 {
			t.Errorf("%s has no row: say what it may import, and why", name)
			continue
		}
		rows[imports[row].of] = true
		for _, imported := range p.Imports {
			ours, ok := strings.CutPrefix(imported, "relaypack/")
			if ok && !slices.ContainsFunc(imports[row].allowed, func(a string) bool { return below(ours, a) }) {
				t.Errorf("%s imports %s: %s", name, ours, imports[row].because)
			}
		}
	}
	for _, row := range imports {
		if !rows[row.of] {
			t.Errorf("no package %s", row.of)
		}
	}
}

func below(name, parent string) bool { return name == parent || strings.HasPrefix(name, parent+"/") }

// rowOf gives the longest row that a package stands under.
func rowOf(name string) int {
	best := -1
	for i, row := range imports {
		if below(name, row.of) && (best < 0 || len(row.of) > len(imports[best].of)) {
			best = i
		}
	}
	return best
}
