package incident

import "time"

// values are readings that a test sets.
type values struct{ series, fields, events map[string]Reading }

func newValues() values {
	return values{map[string]Reading{}, map[string]Reading{}, map[string]Reading{}}
}

func (v values) Series(name string) (Reading, bool) { r, ok := v.series[name]; return r, ok }
func (v values) Field(name string) (Reading, bool)  { r, ok := v.fields[name]; return r, ok }
func (v values) Events(class, kind string) (Reading, bool) {
	if kind == "" {
		kind = ""
	}
	r, ok := v.events[class+" "+kind]
	return r, ok
}

// wall is a clock that a test can set.
type wall struct{ offset time.Duration }

func (w *wall) now() time.Time { return time.Now().Add(w.offset) }
