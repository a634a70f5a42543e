package report

import (
	"fmt"
	"strings"
	"time"
)

// note is one statement with its weight: bad, warn, or nothing.
type note struct{ Level, Text string }

// verdict is the first thing that is read: what the pack knows of the relay, then what else matters.
type verdict struct {
	Level string
	Line  string
	Notes []note
}

func (d *document) verdict() verdict {
	first := d.relayState()
	out := verdict{Level: first.Level, Line: first.Text}
	for _, say := range []func() []note{d.ended, d.openIncidents, d.failing, d.limits, d.cluster, d.missing, d.shortened} {
		out.Notes = append(out.Notes, say()...)
	}
	for _, n := range out.Notes {
		if n.Level == "bad" || n.Level == "warn" && out.Level == "" {
			out.Level = n.Level
		}
	}
	if out.Level == "" {
		out.Notes = append(out.Notes, note{"", "Nothing in this pack tells of a fault. It can only tell of what it looked at."})
	}
	return out
}

// relayState says whether the relay lived when the pack was made.
func (d *document) relayState() note {
	lives, _ := d.bundle["lives"].items(1000)
	made := d.top["generatedAt"].when()
	answered, source := d.lastAnswer()
	switch {
	case d.bundle["lives"].kind() != '[' && d.bundle["sources"].kind() != '{':
		return note{"", "This pack does not say how the relay was: it has no record of an agent, only what the relay said of itself."}
	case len(lives) == 0:
		return note{"bad", "The agent had not seen the relay alive when this pack was made."}
	}
	last := lives[len(lives)-1]
	if at := last.at("endedAt").when(); !at.IsZero() {
		return note{"bad", fmt.Sprintf("The relay is dead: it ended at %s UTC%s (%s).", instant(at), before(at, made), howEnded(last))}
	}
	switch port := d.bundle["relay"].at("port").text(); {
	case port == "refused":
		return note{"bad", "The relay's port refuses connections, and nobody saw its process end." + heard(answered, made, source)}
	case port == "timeout":
		return note{"bad", "The relay's port does not answer a connection." + heard(answered, made, source)}
	case answered.IsZero():
		return note{"bad", "The relay is there, but no source of it ever answered."}
	case made.Sub(answered) > 2*time.Minute:
		return note{"bad", "The relay is there, but does not answer." + heard(answered, made, source)}
	}
	text := fmt.Sprintf("The relay was alive: %s answered%s.", name(source), before(answered, made))
	if began := last.at("startedAt").when(); !began.IsZero() {
		text += fmt.Sprintf(" It began at %s UTC.", instant(began))
	}
	return note{"", text}
}

func heard(at, made time.Time, source string) string {
	if at.IsZero() {
		return " It never answered."
	}
	return fmt.Sprintf(" Its last answer came at %s UTC%s (%s).", instant(at), before(at, made), name(source))
}

func before(at, made time.Time) string {
	if made.IsZero() || at.After(made) {
		return ""
	}
	if made.Sub(at) < time.Second {
		return " when this pack was made"
	}
	return ", " + Lasting(made.Sub(at)) + " before this pack"
}

// lastAnswer is the newest good answer of a source that asks the relay.
func (d *document) lastAnswer() (at time.Time, source string) {
	for _, m := range d.bundle["sources"].members() {
		if m.name == "process" || strings.HasPrefix(m.name, "kubernetes") {
			continue
		}
		if ok := m.v.at("lastOkAt").when(); ok.After(at) {
			at, source = ok, m.name
		}
	}
	return at, source
}

// howEnded says how a life ended, as far as somebody saw it.
func howEnded(life value) string {
	how := map[string]string{"gone": "its process is gone", "port-closed": "its port closed while the process lived",
		"replaced": "another process took its place"}[life.at("end").text()]
	if how == "" {
		how = "nobody saw how"
	}
	if s := life.at("signal"); s.there() {
		how += ", " + s.show()
	} else if c := life.at("exitCode"); c.there() {
		how += ", exit code " + c.show()
	}
	switch life.at("oomKill").text() {
	case "certain":
		how += ", killed for want of memory"
	case "probable":
		how += ", probably for want of memory"
	}
	return how
}

// ended tells of the lives before the last one.
func (d *document) ended() []note {
	lives, n := d.bundle["lives"].items(1000)
	if n < 2 {
		return nil
	}
	var last value
	ends := 0
	for _, l := range lives[:len(lives)-1] {
		if l.at("endedAt").there() {
			last = l
			ends++
		}
	}
	if ends == 0 {
		return []note{{"warn", fmt.Sprintf("It began anew: %s are in this pack.", counted(n, "start"))}}
	}
	return []note{{"bad", fmt.Sprintf("It ended %s before, last at %s UTC (%s).", times(ends), instant(last.at("endedAt").when()), howEnded(last))}}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return Grouped(n) + " times"
}

func (d *document) openIncidents() []note {
	incidents, n := d.bundle["incidents"].items(1000)
	var open, closed []string
	level := "warn"
	for _, i := range incidents {
		rule := name(i.at("rule").text())
		if i.at("closedAt").there() {
			if !contains(closed, rule) {
				closed = append(closed, rule)
			}
			continue
		}
		open = append(open, rule)
		if i.at("severity").text() == "critical" {
			level = "bad"
		}
	}
	var out []note
	if open != nil {
		out = append(out, note{level, counted(len(open), "incident") + " open: " + some(open) + "."})
	}
	if closed != nil {
		out = append(out, note{"warn", counted(n-len(open), "incident") + " closed again: " + some(closed) + "."})
	}
	return out
}

// idle are the states of a source that are no fault of it.
var idle = []string{"ok", "off", "skipped"}

func (d *document) failing() []note {
	var bad, says []string
	by := map[string][]string{}
	n := 0
	for _, m := range d.bundle["sources"].members() {
		n++
		if status := m.v.at("status").text(); status != "" && !contains(idle, status) {
			text := name(m.name) + " " + shown(status)
			if since := m.v.at("since").when(); !since.IsZero() {
				text += " since " + since.Format("15:04:05")
			}
			bad = append(bad, text)
			if by[status] == nil {
				says = append(says, status)
			}
			by[status] = append(by[status], name(m.name))
		}
	}
	if bad == nil {
		return nil
	}
	failing := len(bad)
	if failing > 4 { // then what they have in common says more than since when
		bad = nil
		for _, status := range says {
			bad = append(bad, fmt.Sprintf("%d %s (%s)", len(by[status]), shown(status), some(by[status])))
		}
	}
	return []note{{"warn", fmt.Sprintf("%d of %s did not answer as they should: %s.", failing, counted(n, "source"), some(bad))}}
}

// limits tells what is near its bound.
func (d *document) limits() (out []note) {
	near := func(what string, used, most value, share float64, write func(float64) string) {
		u, okU := used.number()
		m, okM := most.number()
		if okU && okM && m > 0 && u/m >= share {
			out = append(out, note{"bad", fmt.Sprintf("%s: %s of %s (%.0f %%).", what, write(u), write(m), u/m*100)})
		}
	}
	container, process := d.bundle["container"], d.bundle["process"]
	near("Memory is near its limit", container.at("workingSetBytes"), container.at("memoryLimitBytes"), 0.9, Size)
	near("Descriptors are near their limit", process.at("openDescriptors"), process.at("maxDescriptors"), 0.8,
		func(n float64) string { return Grouped(int(min(n, 1e15))) })
	if n := container.at("oomKills").count(); n > 0 {
		out = append(out, note{"bad", "Its control group counts " + counted(n, "kill") + " for want of memory."})
	}
	return out
}

func (d *document) cluster() (out []note) {
	containers, _ := d.bundle["kubernetes"].at("containers").items(50)
	for _, c := range containers {
		for _, when := range []string{"ended", "lastEnded"} {
			reason := c.at(when, "reason").text()
			if reason == "OOMKilled" || reason == "Error" {
				out = append(out, note{"bad", fmt.Sprintf("Kubernetes says that container %s ended: %s, exit code %s.",
					name(c.at("name").text()), name(reason), c.at(when, "exitCode").show())})
				break
			}
		}
	}
	return out
}

// missing tells what nobody can know from this pack.
func (d *document) missing() (out []note) {
	if d.bundle["unwired"].yes() {
		out = append(out, note{"warn", "The relay's recorders are fed by nothing: what only they count is unknown."})
	}
	nulls, all := 0, 0
	for _, section := range []string{"summary", "socketStats", "relayStats"} {
		for _, m := range d.top[section].members() {
			all++
			if !m.v.there() {
				nulls++
			}
		}
	}
	if nulls > 0 {
		out = append(out, note{"warn", fmt.Sprintf("%d of %d numbers of the relay are unknown.", nulls, all)})
	}
	missed := 0
	gaps, _ := d.bundle["gaps"].items(1000)
	for _, g := range gaps {
		if g.at("why").text() != "before start" {
			missed += g.at("missed").count()
		}
	}
	if missed > 0 {
		out = append(out, note{"warn", counted(missed, "event") + " were lost before anybody could read them."})
	}
	return out
}

// shortened tells what was done to the pack on its way out.
func (d *document) shortened() (out []note) {
	switch d.bundle["redaction"].at("verifier", "verdict").text() {
	case "cleaned":
		out = append(out, note{"", "The second detector took something out of this pack: see the redaction."})
	case "minimal":
		out = append(out, note{"warn", "This is a minimal pack: the second detector left only the agent's own numbers."})
	}
	if cut, n := d.bundle["size"].at("cut").items(100); n > 0 {
		var what []string
		for _, c := range cut {
			what = append(what, fmt.Sprintf("%s from %s to %s", name(c.at("what").text()), c.at("before").show(), c.at("after").show()))
		}
		out = append(out, note{"warn", "It was cut to its size limit: " + some(what) + "."})
	}
	return out
}

// some lists at most eight.
func some(all []string) string {
	if len(all) <= 8 {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:8], ", ") + " and " + Grouped(len(all)-8) + " more"
}
