package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"relaypack/pack"
)

// Each file of testdata/captures tells, field by field, what a pack of that capture says under
// different rights. The numbers are the captured relay's own, read off the captures by hand.
func TestPacksOfCaptures(t *testing.T) {
	files, _ := filepath.Glob("testdata/captures/*.txt")
	if len(files) != 3 {
		t.Fatalf("%d tables, want 3", len(files))
	}
	rights := map[string]struct {
		without []string
		bearer  bool
	}{
		"all":         {nil, true},
		"ops":         {[]string{"diagnostics-"}, true},
		"diagnostics": {[]string{"ops-"}, true},
		"open":        {nil, false},
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		table := readTable(t, file)
		for column, right := range table.columns {
			t.Run(name+"/"+right, func(t *testing.T) {
				r, ok := rights[right]
				if !ok {
					t.Fatalf("no rights %q", right)
				}
				s, o, _ := replayed(t, capture(t, name, r.without...), r.bearer)
				o.look(t.Context())
				made, err := o.builder.Build(t.Context(), pack.Request{SessionID: table.session, IncludeConfig: true})
				if err != nil {
					t.Fatal(err)
				}
				validPack(t, made.Bytes())
				for _, row := range table.rows {
					compare(t, made.Bytes(), row.field, row.want[column], s.relayURL)
				}
			})
		}
	}
}

type expectations struct {
	session string
	columns []string
	rows    []struct {
		field string
		want  []string
	}
}

func readTable(t *testing.T, file string) expectations {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var e expectations
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case cells[0] == "session":
			e.session = cells[1]
		case cells[0] == "field":
			e.columns = cells[1:]
		case len(cells) != len(e.columns)+1:
			t.Fatalf("%s: %s: %d cells, want %d", file, cells[0], len(cells), len(e.columns)+1)
		default:
			e.rows = append(e.rows, struct {
				field string
				want  []string
			}{cells[0], cells[1:]})
		}
	}
	if len(e.rows) < 30 {
		t.Fatalf("%s: only %d rows", file, len(e.rows))
	}
	return e
}

func compare(t *testing.T, doc []byte, field, want, relayURL string) {
	t.Helper()
	if want == "*" {
		return
	}
	got := member(t, doc, field)
	show, _ := json.Marshal(got)
	if about, ok := strings.CutPrefix(want, "about "); ok {
		middle, _ := strconv.ParseFloat(about, 64)
		if n, ok := got.(float64); !ok || n < middle-10_000 || n > middle+10_000 {
			t.Errorf("%s is %s, want about %s", field, show, about)
		}
		return
	}
	if want == "relay" {
		u, _ := url.Parse(relayURL)
		want = u.Port()
	}
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatalf("%s: the table holds %s, which is no JSON", field, want)
	}
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("%s is %s, want %s", field, show, want)
	}
}

// member finds a.b.c; a member that is not there fails the test: unknown is null, not absent.
func member(t *testing.T, doc []byte, field string) any {
	t.Helper()
	var at any
	if err := json.Unmarshal(doc, &at); err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(field, ".") {
		m, ok := at.(map[string]any)
		if ok {
			at, ok = m[name]
		}
		if !ok {
			t.Errorf("%s: no member %s", field, name)
			return fmt.Sprintf("no member %s", name)
		}
	}
	return at
}
