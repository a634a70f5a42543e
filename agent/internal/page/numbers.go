package page

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"relaypack/pack"
)

// tile is one number on the overview.
type tile struct {
	Name, Value, More string
	Kind              string // "" | warn | bad
}

// state is how the relay stands.
type state struct {
	Up       bool
	Known    bool   // something was ever seen
	Word     string // Up, Down, Not answering, Waiting
	Kind     string // good warn bad
	Since    int64  // epoch ms; 0: unknown
	Why      string // of a relay that is down
	Sources  string // 14 of 15 sources answer
	Open     []incidentView
	Life     int
	Env      string
	Build    string
	AsOf     int64
	Restarts int
}

// idle says whether a source is not asked now.
func (s source) idle() bool { return s.Status == "off" || s.Status == "skipped" }

// Kind colours a source.
func (s source) Kind() string {
	switch s.Status {
	case "ok":
		return "good"
	case "off", "skipped":
		return "quiet"
	case "stale", "gated", "limited":
		return "warn"
	}
	return "bad"
}

// sortedSources puts what is in trouble first.
func sortedSources(all map[string]source) []source {
	list := make([]source, 0, len(all))
	for name, s := range all {
		s.Name = name
		list = append(list, s)
	}
	rank := func(s source) int {
		switch s.Kind() {
		case "bad":
			return 0
		case "warn":
			return 1
		case "good":
			return 2
		}
		return 3
	}
	slices.SortFunc(list, func(a, b source) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return list
}

// stateOf says how the relay stands, of its lives, its port and the sources.
func stateOf(v *statusView, sum *summaryView) state {
	s := state{Env: deref(sum.Summary.Environment), Restarts: max(0, len(v.Lives)-1), Build: buildOf(v.Relay.Build)}
	if v.AsOf != nil {
		s.AsOf = *v.AsOf
	}
	for _, i := range v.Incidents {
		if i.ClosedAt == nil {
			s.Open = append(s.Open, i)
		}
	}
	ok, all := 0, 0
	for _, one := range v.Sources {
		if one.idle() {
			continue
		}
		all++
		if one.Status == "ok" {
			ok++
		}
	}
	s.Sources = strconv.Itoa(ok) + " of " + strconv.Itoa(all) + " sources answer"
	if len(v.Lives) == 0 {
		s.Word, s.Kind = "Not seen yet", "warn"
		return s
	}
	last := v.Lives[len(v.Lives)-1]
	s.Known, s.Life = true, last.N
	switch {
	case last.EndedAt != nil:
		s.Word, s.Kind, s.Since, s.Why = "Down", "bad", *last.EndedAt, ending(last)
	case ok == 0:
		s.Word, s.Kind = "Not answering", "bad"
		for _, one := range v.Sources { // since the last answer
			if one.LastOK != nil {
				s.Since = max(s.Since, *one.LastOK)
			}
		}
	default:
		s.Up, s.Word, s.Kind = true, "Up", "good"
		if ok < all {
			s.Kind = "warn"
		}
		for _, at := range []*int64{last.FirstSeen, last.StartedAt} {
			if at != nil {
				s.Since = *at
			}
		}
	}
	return s
}

// ending says in words how a life ended.
func ending(l life) string {
	var why []string
	switch end := deref(l.End); end {
	case "":
	case "port-closed":
		why = append(why, "its port refuses")
	case "gone":
		why = append(why, "its process is gone")
	case "replaced":
		why = append(why, "another life began")
	default:
		why = append(why, end)
	}
	if l.Signal != nil {
		why = append(why, "signal "+*l.Signal)
	}
	if l.ExitCode != nil {
		why = append(why, "exit code "+strconv.FormatInt(*l.ExitCode, 10))
	}
	if l.OOMKill != nil && *l.OOMKill != "no" {
		why = append(why, "out of memory: "+*l.OOMKill)
	}
	return strings.Join(why, ", ")
}

// buildOf is the relay's build in short: version and revision, whatever its members are called.
func buildOf(raw []byte) string {
	var out []string
	for _, m := range membersOf(raw) {
		if m.text && m.Name != "environment" && len(out) < 3 {
			out = append(out, m.Value)
		}
	}
	slices.Reverse(out)
	return strings.Join(out, " · ")
}

// tilesOf are the numbers of the overview; last gives the newest value of a series.
func tilesOf(v *statusView, s *summaryView, last func(name string) *float64) []tile {
	per := func(name string) string {
		if f := last(name); f != nil {
			return count(*f) + "/s now"
		}
		return ""
	}
	memory := tile{Name: "Memory", Value: none}
	if s.Runtime.Memory.Used != nil {
		memory.Value, memory.More = spaced(*s.Runtime.Memory.Used), "heap of "+spaced(deref(s.Runtime.Memory.Total))
	}
	if v.Process != nil && v.Process.Resident != nil {
		memory.More = strings.TrimPrefix(memory.More+" · "+size(*v.Process.Resident)+" resident", " · ")
	}
	cpu := tile{Name: "CPU", Value: none}
	if f := last("cpu"); f != nil {
		cpu.Value = count(*f*100) + " %"
	}
	if s.Runtime.CPU.User != nil && s.Runtime.CPU.System != nil {
		cpu.More = span(*s.Runtime.CPU.User+*s.Runtime.CPU.System) + " since its start"
	}
	lag := tile{Name: "Event-loop lag", Value: millis(last("lagMax")), More: "p99 " + millis(last("lagP99"))}
	if f := last("lagMax"); f != nil && *f > 200 {
		lag.Kind = "warn"
	}
	return []tile{
		{Name: "Sessions", Value: count(s.Summary.Sessions), More: "active"},
		{Name: "Sockets", Value: count(s.Summary.Connections), More: count(s.Sockets.Connects) + " opened"},
		{Name: "Ingest rate", Value: rate(s.Relay.Rate), More: "frames"},
		{Name: "Frames", Value: count(s.Relay.Frames), More: per("framesIn")},
		{Name: "Drops", Value: count(s.Relay.Drops), More: per("drops")},
		{Name: "Drift warnings", Value: count(s.Relay.Drift)},
		{Name: "Sign-ins refused", Value: count(s.Sockets.AuthFails)},
		memory, cpu, lag,
	}
}

func rate(v *float64) string {
	if v == nil {
		return none
	}
	return count(*v) + " /s"
}

// spaced puts a blank between the number and the unit of 125MB.
func spaced(text string) string {
	i := strings.IndexFunc(text, func(r rune) bool { return r >= 'A' && r <= 'Z' })
	if i <= 0 {
		return text
	}
	return text[:i] + " " + text[i:]
}

// bar is one name with its number and its share of the largest.
type bar struct {
	Name  string
	Value string
	Share int // percent
}

// barsOf are the members of a map, the largest first.
func barsOf(m map[string]*float64) []bar {
	names := slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		x, _ := float(m[a])
		y, _ := float(m[b])
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return strings.Compare(a, b)
	})
	var out []bar
	most := 0.0
	for _, n := range names {
		f, _ := float(m[n])
		most = max(most, f)
	}
	for _, n := range names[:min(len(names), 12)] {
		f, _ := float(m[n])
		b := bar{Name: n, Value: count(m[n])}
		if most > 0 {
			b.Share = int(f * 100 / most)
		}
		out = append(out, b)
	}
	return out
}

// newest gives the last value of each series.
func newest(all []pack.Series) func(name string) *float64 {
	last := map[string]float64{}
	for _, s := range all {
		if n := len(s.Points); n > 0 {
			last[s.Name] = s.Points[n-1].Value
		}
	}
	return func(name string) *float64 {
		f, ok := last[name]
		if !ok {
			return nil
		}
		return &f
	}
}
