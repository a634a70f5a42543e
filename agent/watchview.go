package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"relaypack/pack/report"
	"relaypack/pack/report/plain"
)

// view is what an agent answered, on its way to the screen. Everything in it may come from a relay: it is written with
// visible alone.
type view struct {
	address string
	at      time.Time // by the agent's clock; zero: it never answered
	trouble string    // why the newest question was not answered
	status  agentStatus
	numbers agentNumbers
	events  struct{ Events []json.RawMessage }
}

type agentStatus struct {
	AsOf    int64
	Sources map[string]struct {
		Status, Error string
		AgeMs         *float64
	}
	Lives []struct {
		Life               int
		StartedAt, EndedAt *float64
		End, Signal        string
		ExitCode           *float64
	}
	Relay     struct{ Port string }
	Incidents []struct {
		Rule     string
		ClosedAt *float64
	}
	Process  struct{ ResidentBytes *float64 }
	Self     struct{ ResidentBytes, LookMs *float64 }
	Delivery *struct{ Waiting float64 }
}

type agentNumbers struct {
	Summary struct {
		Environment                               string
		Uptime, ActiveSessions, ActiveConnections *float64
	}
	SocketStats  struct{ TotalAuthFails *float64 }
	RelayStats   struct{ TotalFrames, TotalDrops, TotalDriftWarnings, IngestRate *float64 }
	RuntimeStats struct {
		Memory struct{ HeapUsed, HeapTotal string }
	}
}

// state says in words how the relay is.
func (v *view) state() (text string, alive bool) {
	if len(v.status.Lives) == 0 {
		return "never seen", false
	}
	l := v.status.Lives[len(v.status.Lives)-1]
	if l.EndedAt != nil {
		text = "dead since " + clock(*l.EndedAt) + " (" + visible(l.End)
		switch {
		case l.Signal != "":
			text += ", " + visible(l.Signal)
		case l.ExitCode != nil:
			text += fmt.Sprintf(", exit code %v", *l.ExitCode)
		}
		return text + ")", false
	}
	text = fmt.Sprintf("alive, life %d", l.Life)
	if l.StartedAt != nil {
		text += " since " + clock(*l.StartedAt)
	}
	if v.status.Relay.Port != "" && v.status.Relay.Port != "open" {
		return text + ", port " + visible(v.status.Relay.Port), false
	}
	return text, true
}

func clock(ms float64) string { return time.UnixMilli(int64(ms)).UTC().Format("15:04:05") }

// stale is how long a status may have waited before its view says so.
const staleAfter = 10 * time.Second

// lines are the screen: at most height lines of width columns; 0 is without a bound.
func (v *view) lines(c ink, width, height int) []string {
	if width <= 0 {
		width = math.MaxInt
	}
	head := "relaypack " + v.address
	if v.at.IsZero() {
		return clip(width, height, []string{c.bold(head), "", c.yellow(orElse(v.trouble, "asking"))})
	}
	hint := ""
	if height > 0 {
		hint = "   Ctrl-C ends"
	}
	out := []string{c.bold(head) + c.soft("   "+v.at.UTC().Format("2006-01-02 15:04:05")+" UTC"+hint)}
	if v.trouble != "" {
		out = append(out, c.yellow("The agent does not answer: "+v.trouble+"; what follows is its last answer."))
	}
	text, alive := v.state()
	mark := c.green("● " + text)
	if !alive {
		mark = c.red("✕ " + text)
	}
	out = append(out, mark+c.soft("   "+visible(v.numbers.Summary.Environment)))
	if open := v.openIncidents(); open != "" {
		out = append(out, c.red("! incidents open: "+open))
	}
	out = append(out, "")
	out = append(out, flow(width, v.pairs(c), "   ")...)
	out = append(out, "", c.bold("Sources"))
	out = append(out, flow(width, v.sources(c), "  ")...)
	out = append(out, "", c.bold("Newest events"))
	room := len(v.events.Events)
	if height > 0 {
		room = min(room, max(height-len(out), 0))
	} else {
		room = min(room, 10)
	}
	for _, e := range v.events.Events[:room] {
		out = append(out, eventLine(e, c))
	}
	return clip(width, height, out)
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func (v *view) openIncidents() string {
	var open []string
	for _, i := range v.status.Incidents {
		if i.ClosedAt == nil {
			open = append(open, visible(i.Rule))
		}
	}
	return strings.Join(open, ", ")
}

// pairs are the numbers with their names.
func (v *view) pairs(c ink) (out []string) {
	add := func(name string, n *float64, write func(float64) string) {
		text := "unknown"
		if n != nil {
			text = write(*n)
		}
		out = append(out, c.soft(name+" ")+text)
	}
	whole := func(n float64) string { return report.Grouped(int(max(min(n, 1e15), -1e15))) }
	n := &v.numbers
	add("sessions", n.Summary.ActiveSessions, whole)
	add("sockets", n.Summary.ActiveConnections, whole)
	add("uptime", n.Summary.Uptime, func(ms float64) string {
		return report.Lasting(time.Duration(max(min(ms, 9e12), 0)) * time.Millisecond)
	})
	add("ingest", n.RelayStats.IngestRate, func(r float64) string { return fmt.Sprintf("%.1f/s", r) })
	add("frames", n.RelayStats.TotalFrames, whole)
	add("drops", n.RelayStats.TotalDrops, whole)
	add("drift warnings", n.RelayStats.TotalDriftWarnings, whole)
	add("refused logins", n.SocketStats.TotalAuthFails, whole)
	if m := n.RuntimeStats.Memory; m.HeapUsed != "" {
		out = append(out, c.soft("heap ")+visible(m.HeapUsed)+" of "+visible(m.HeapTotal))
	}
	add("resident", v.status.Process.ResidentBytes, report.Size)
	add("agent", v.status.Self.ResidentBytes, report.Size)
	add("last look", v.status.Self.LookMs, func(ms float64) string { return fmt.Sprintf("%.0f ms", ms) })
	if d := v.status.Delivery; d != nil {
		add("waiting packs", &d.Waiting, whole)
	}
	return out
}

// sources come with those that fail first, by what they say, then the others by name.
func (v *view) sources(c ink) []string {
	failing := map[string][]string{}
	var bad, good []string
	idle := 0
	for _, name := range slices.Sorted(maps.Keys(v.status.Sources)) {
		s := v.status.Sources[name]
		switch s.Status {
		case "off", "skipped":
			idle++
		case "ok":
			text := visible(name)
			if s.AgeMs != nil && *s.AgeMs >= float64(staleAfter.Milliseconds()) {
				text += " " + report.Lasting(time.Duration(min(*s.AgeMs, 9e12))*time.Millisecond)
			}
			good = append(good, c.green(text))
		default:
			says := s.Status
			if s.Error != "" {
				says += " (" + s.Error + ")"
			}
			failing[says] = append(failing[says], visible(name))
		}
	}
	for _, says := range slices.Sorted(maps.Keys(failing)) {
		bad = append(bad, c.yellow(visible(says)+": "+strings.Join(failing[says], ", ")))
	}
	out := append(bad, good...)
	if idle > 0 {
		out = append(out, c.soft(counted(idle, "source")+" not asked"))
	}
	return out
}

const maxEventLine = 500 // bytes of an event that are shown

// eventLine writes an event: time, class, type, then its other members as they stand.
func eventLine(e json.RawMessage, c ink) string {
	fields, err := report.Fields(e)
	if err != nil {
		return c.soft("an event that cannot be read")
	}
	var at, class, kind string
	var rest []string
	for _, f := range fields {
		switch f.Name {
		case "timestamp":
			at = f.Value
			if len(at) > 11 {
				at = at[11:]
			}
		case "class":
			class = f.Value
		case "type":
			kind = f.Value
		case "id":
		default:
			rest = append(rest, c.soft(visible(f.Name))+" "+visible(f.Value))
		}
	}
	text := fmt.Sprintf("%-12s %-8s %-16s ", visible(at), visible(class), visible(kind))
	if class == "error" {
		text = c.yellow(text)
	}
	left := 0
	text += strings.Join(rest, "  ")
	if !c.on { // colours cut in two would run on; on a screen clip counts them
		text, left = plain.Cut(text, maxEventLine)
	}
	if left > 0 {
		text += "..."
	}
	return text
}

// fresh are the events that seen does not have yet, oldest first; at the first look only the newest ten.
func (v *view) fresh(seen map[string]bool, first bool) (out []string) {
	now := map[string]bool{}
	for i, e := range v.events.Events {
		name := string(e)
		now[name] = true
		if !seen[name] && (!first || i < 10) {
			out = append(out, eventLine(e, ink{}))
		}
	}
	clear(seen)
	for name := range now {
		seen[name] = true
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// oneLine is a look as one line, for pipes.
func (v *view) oneLine() string {
	text, _ := v.state()
	parts := []string{v.at.UTC().Format("15:04:05"), "relay", text}
	parts = append(parts, v.pairs(ink{})[:6]...)
	if open := v.openIncidents(); open != "" {
		parts = append(parts, "incidents open: "+open)
	}
	return strings.Join(parts[:3], " ") + "; " + strings.Join(parts[3:], ", ")
}

// flow puts cells beside each other, as many in a line as its width takes.
func flow(width int, cells []string, between string) (out []string) {
	line, used := "", 0
	if width == math.MaxInt {
		width = 120
	}
	for _, cell := range cells {
		w := columns(cell)
		if used > 0 && used+len(between)+w > width {
			out, line, used = append(out, line), "", 0
		}
		if used > 0 {
			line, used = line+between, used+len(between)
		}
		line, used = line+cell, used+w
	}
	return append(out, line)
}

// clip cuts lines to a screen.
func clip(width, height int, lines []string) []string {
	if height > 0 && len(lines) > height {
		lines = lines[:height]
	}
	for i, line := range lines {
		lines[i] = clipLine(line, width)
	}
	return lines
}

// clipLine cuts a line at a column; codes of colours take none, and are ended.
func clipLine(line string, width int) string {
	used, coded := 0, false
	for i, r := range line {
		switch {
		case r == '\x1b':
			coded = true
		case coded:
			coded = r != 'm'
		default:
			if used += columnsOf(r); used > width {
				end := ""
				if strings.Contains(line[:i], "\x1b") {
					end = "\x1b[0m"
				}
				return line[:i] + end
			}
		}
	}
	return line
}

func columns(text string) (n int) {
	coded := false
	for _, r := range text {
		switch {
		case r == '\x1b':
			coded = true
		case coded:
			coded = r != 'm'
		default:
			n += columnsOf(r)
		}
	}
	return n
}

// columnsOf is how many columns terminals give a character.
func columnsOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0x1f300 && r < 0x1fb00, r >= 0xff01 && r <= 0xff60, r >= 0x3000 && r <= 0x303f:
		return 2
	}
	return 1
}
