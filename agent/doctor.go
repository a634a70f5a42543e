package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"relaypack/scrape"
)

// doctorTime bounds all that doctor does.
const doctorTime = time.Minute

// grade says whether a line of the table needs something.
type grade string

// The grades: what is fine, what is missing and may be meant so, what needs a fix.
const (
	fine  grade = "ok"
	worth grade = "warn"
	wrong grade = "fail"
)

// finding is one line of the table. It holds our own words, names of the profile and of Kubernetes, and
// numbers; never a value of a secret.
type finding struct {
	grade grade
	check string
	what  string
	fix   string // "" where nothing is to be done
}

// examination gathers findings.
type examination struct {
	s    *settings
	list []finding
}

func (e *examination) add(g grade, check, fix, format string, args ...any) {
	e.list = append(e.list, finding{g, check, fmt.Sprintf(format, args...), fix})
}

func (e *examination) worst() grade {
	worst := fine
	for _, f := range e.list {
		if f.grade == wrong || f.grade == worth && worst == fine {
			worst = f.grade
		}
	}
	return worst
}

// doctor says in one table what is missing, and how it is mended: it takes one look at the relay under the
// same manners as the agent, asks the store for an object, and changes nothing. A running agent beside
// it is not disturbed: its folder is not locked. Exit 1 when a line needs a fix, 2 when it is the
// configuration that does.
func doctor(ctx context.Context, p *program, args []string) error {
	if err := p.parse(p.flags("doctor"), args, 0, 0); err != nil {
		return err
	}
	v, unknown, err := readVariables(p.env)
	if err != nil {
		return err
	}
	s, faults := validate(v)
	s.surround(p.env)
	e := &examination{s: s}
	e.configuration(faultList(faults), unknown)
	ctx, cancel := context.WithTimeout(ctx, doctorTime)
	defer cancel()
	if err := e.examine(ctx); err != nil {
		return oneLine(err)
	}
	e.print(p.stdout)
	switch {
	case faults != nil:
		return &failure{2, fmt.Errorf("the configuration has %s", faultCount(faults))}
	case e.worst() == wrong:
		return errNotFine
	}
	return nil
}

// examine makes all checks beside that of the configuration.
func (e *examination) examine(ctx context.Context) error {
	var issued string // the bearer that a login gave last
	o := e.s.looks(func(bearer, _ string) { issued = bearer })
	if o.Kubernetes != nil {
		o.Kubernetes.Obtained = nil // that one is of no interest, and comes from elsewhere at the same time
	}
	scraper, err := scrape.New(o)
	if err != nil {
		return fmt.Errorf("make the scraper: %w", err)
	}
	snap := scraper.Look(ctx)
	e.relay(snap)
	e.bearer(snap, issued)
	e.gate(snap)
	e.rights(snap)
	e.process(snap)
	e.cluster(snap)
	e.around()
	e.folder()
	e.bucket(ctx)
	e.clock(scraper.ClockOffsets())
	e.agent(ctx)
	return nil
}

func (e *examination) configuration(faults, unknown []string) {
	for _, f := range faults {
		name, why, _ := strings.Cut(f, ": ")
		e.add(wrong, "configuration", "correct "+name+"; until then its default is used", "%s: %s", name, why)
	}
	for _, name := range unknown {
		e.add(worth, "configuration", "correct its name, or remove it; the README lists all", "%s is not known to this version", name)
	}
	for _, w := range e.s.warnings() {
		e.add(worth, "configuration", "change it, unless it is meant so", "%s", w)
	}
	if len(e.list) == 0 {
		e.add(fine, "configuration", "", "no faults, profile %s", e.s.profile.Name)
	}
}

// print writes the table: a line for each finding, and below it what to do.
func (e *examination) print(w io.Writer) {
	wide := 0
	for _, f := range e.list {
		wide = max(wide, len(f.check))
	}
	for _, f := range e.list {
		fmt.Fprintf(w, "%-4s  %-*s  %s\n", f.grade, wide, f.check, f.what)
		if f.fix != "" && f.grade != fine {
			fmt.Fprintf(w, "%-4s  %-*s  fix: %s\n", "", wide, "", f.fix)
		}
	}
}

// agent asks whether one runs here; doctor is of use with and without.
func (e *examination) agent(ctx context.Context) {
	err := askAgent(ctx, e.s.probeListen, "/readyz")
	switch {
	case err == nil:
		e.add(fine, "agent", "", "one runs here and is ready")
	case errors.Is(err, errNoAgent):
		e.add(worth, "agent", "start it, unless this is tried before its start", "none answers on %s", e.s.probeListen)
	default:
		e.add(worth, "agent", "see what it says", "%v", err)
	}
}
