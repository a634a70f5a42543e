package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"relaypack/agent/internal/web"
	"relaypack/pack/redact"
)

const maxCandidate = 4 << 10 // bytes of a line of stdin that are read; an id has 200 at most

// whois tells the owner of the pseudonym key what ids and addresses are called in the packs of the
// installation. There is no map from a name to its id: names are made of the candidates that are given, as
// arguments or as lines of stdin, and compared. Nothing is kept.
//
// A line of the result is ID, NAME and the kinds of id that have it, divided by tabs. With --name only those
// are told that have this name; exit 1 when none has.
func whois(_ context.Context, p *program, args []string) error {
	fs := p.flags("whois")
	wanted := fs.String("name", "", "tell only who has this `name`: [id-NAME], [ip-NAME], abcd...wxyz or ...uvwxyz")
	if err := p.parse(fs, args, 0, -1); err != nil {
		return err
	}
	named := false
	fs.Visit(func(*flag.Flag) { named = true })
	sought, ok := soughtName(*wanted)
	if named && !ok {
		return errors.New("whois: --name wants a name as packs have it: [id-NAME], [ip-NAME], abcd...wxyz or ...uvwxyz")
	}
	s, err := p.configured()
	if err != nil {
		return err
	}
	key, err := s.installationKey()
	if err != nil {
		return fmt.Errorf("whois: %w", err)
	}
	if key == nil {
		return fmt.Errorf("whois: set %s, %s or %s to the one of the installation: no name can be told without it",
			variableName("PseudonymKey"), variableName("PseudonymKeyFile"), variableName("StateDir"))
	}
	red, err := redact.New(redact.Options{Key: key})
	if err != nil {
		return fmt.Errorf("make the redactor: %w", err)
	}
	w := &namer{red: red, kinds: namedKinds(s), sought: sought, named: named, out: bufio.NewWriter(p.stdout)}
	if fs.NArg() > 0 {
		for i, id := range fs.Args() {
			w.take(fmt.Sprintf("argument %d", i+1), id)
		}
	} else if err := w.lines(p.stdin); err != nil {
		return failed("read stdin: %w", withoutPath(err))
	}
	if err := w.out.Flush(); err != nil {
		return failed("write the result: %w", err)
	}
	return w.end(p)
}

const keptKey = "pseudonym.key" // in STATE_DIR, as package state makes it

// installationKey is the pseudonym key with which the agent of this configuration makes names, also while it
// runs: that of the configuration, else the one that it keeps in STATE_DIR; nil when there is none yet.
func (s *settings) installationKey() ([]byte, error) {
	if s.pseudonymKey != nil || s.stateDir == "" {
		return s.pseudonymKey, nil
	}
	path := filepath.Join(s.stateDir, keptKey)
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	key, err := readBounded(path, maxFileSize)
	if err == nil && len(key) < leastKey {
		err = errors.New("is broken")
	}
	if err != nil {
		return nil, fmt.Errorf("%s in %s: %w", keptKey, variableName("StateDir"), err)
	}
	return key, nil
}

// namer tells names of candidates.
type namer struct {
	red    *redact.Redactor
	kinds  []string
	sought string // "": every name
	named  bool   // only the sought one is told
	out    *bufio.Writer

	ids, told int
	bad       int    // candidates that cannot be ids
	firstBad  string // where the first of them stands, and why
}

// namedKinds are the kinds of id that a pack of this configuration can hold.
func namedKinds(s *settings) []string {
	kinds := []string{"session", "socket", "user", "driver", "account", "customer"}
	for _, k := range idKinds(s.profile) {
		if !slices.Contains(kinds, k.Kind) {
			kinds = append(kinds, k.Kind)
		}
	}
	return kinds
}

// lines takes each line of in that is not blank.
func (w *namer) lines(in io.Reader) error {
	r := bufio.NewReaderSize(in, maxCandidate)
	for n := 1; ; n++ {
		line, err := r.ReadSlice('\n')
		text := strings.TrimSpace(string(line))
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of a line that is too long anyway
			_, err = r.ReadSlice('\n')
		}
		if text != "" {
			w.take(fmt.Sprintf("line %d", n), text)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// take tells the names of one candidate.
func (w *namer) take(place, id string) {
	if why := web.IDFault(id); why != "" {
		if w.bad++; w.bad == 1 {
			w.firstBad = place + " " + why
		}
		return
	}
	w.ids++
	for _, name := range w.names(id) {
		if !w.named || name.text == w.sought {
			w.told++
			fmt.Fprintf(w.out, "%s\t%s\t%s\n", id, name.text, strings.Join(name.kinds, " "))
		}
	}
}

// givenName is what a pack shows in place of an id, and of which kinds.
type givenName struct {
	text  string
	kinds []string
}

// names are all that a candidate can be called, the most usual first. One that is masked already has none.
func (w *namer) names(id string) (out []givenName) {
	add := func(text, kind string) {
		i := slices.IndexFunc(out, func(n givenName) bool { return n.text == text })
		if i < 0 {
			out = append(out, givenName{text: text})
			i = len(out) - 1
		}
		out[i].kinds = append(out[i].kinds, kind)
	}
	if _, err := netip.ParseAddr(id); err == nil { // one of a private network is called what it is
		if address, err := w.red.Append(nil, []byte(id), redact.Text, nil); err == nil {
			add(string(address), "address")
		}
		return out
	}
	for _, kind := range w.kinds {
		if name := string(w.red.Mask(nil, kind, []byte(id))); name != id {
			add(name, kind)
		}
	}
	if name := "[id-" + w.red.Name("session", []byte(id)) + "]"; len(out) > 0 && out[0].text != name {
		add(name, "session") // beside its mask, as supportBundle.sessionMatch has it
	}
	return out
}

func (w *namer) end(p *program) error {
	p.tell("%s looked at, names are of epoch %s", counted(w.ids, "id"), w.red.Epoch())
	switch {
	case w.bad > 0:
		return fmt.Errorf("whois: %s cannot be ids, the first: %s", counted(w.bad, "candidate"), w.firstBad)
	case w.named && w.told == 0:
		p.tell("none of them has this name")
		return errNotFine
	}
	return nil
}

// soughtName is a name as packs have it, also of one that was given without its brackets.
func soughtName(text string) (string, bool) {
	bare := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if kind, name, ok := strings.Cut(bare, "-"); ok && (kind == "id" || kind == "ip") && len(name) == 10 {
		return "[" + bare + "]", true
	}
	head, tail, ok := strings.Cut(text, "...")
	return text, ok && (len([]rune(head)) == 4 && len([]rune(tail)) == 4 || head == "" && len([]rune(tail)) == 6)
}
