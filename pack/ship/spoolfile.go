package ship

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A pack's file is called <packId>.<kind>.waiting, or .delivered, and holds
//
//	relaypack-spool-1 <SHA-256 of the next line, without its end>
//	{"id":...,"kind":...,"name":...,"bytes":...,"sha256":...}
//	the object's bytes, exactly as they are sent
//
// The object's name is settled when the pack is added: a pod of another name that takes up the folder
// must deliver to the same place, or a pack could arrive twice.
const (
	fileMagic   = "relaypack-spool-1 "
	asidePrefix = "broken-"
	headMax     = 2048
	waitingEnd  = ".waiting"
	doneEnd     = ".delivered"
)

// about is what stands at the head of a file.
type about struct {
	ID     string `json:"id"`
	Kind   Kind   `json:"kind"`
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

var (
	fileName    = regexp.MustCompile(`^(pack-\d{13}-[a-z0-9]{6})\.(periodic|manual|final|incident)\.(waiting|delivered)$`)
	objectName  = regexp.MustCompile(`^date=\d{4}-\d\d-\d\d/namespace=[\w.%-]{1,200}/pod=[\w.%-]{1,200}/(pack-\d{13}-[a-z0-9]{6})\.json\.gz$`)
	errNotWhole = errors.New("not what was written")
)

func (a about) head() []byte {
	line, err := json.Marshal(a)
	if err != nil {
		panic("the head of a spool file is strings and a number: " + err.Error())
	}
	return fmt.Appendf(nil, "%s%s\n%s\n", fileMagic, hashOf(line), line)
}

// readHead gives what stands at the head of a file's bytes, and how long the head is.
func readHead(b []byte) (about, int, error) {
	var a about
	rest, ok := bytes.CutPrefix(b, []byte(fileMagic))
	sum, rest, found := bytes.Cut(rest, []byte("\n"))
	line, _, ended := bytes.Cut(rest, []byte("\n"))
	if !ok || !found || !ended || hashOf(line) != string(sum) || json.Unmarshal(line, &a) != nil {
		return a, 0, errNotWhole
	}
	m := objectName.FindStringSubmatch(a.Name)
	if m == nil || m[1] != a.ID || a.Kind.worth() == 0 || a.Bytes < 0 || !isHash(a.SHA256) {
		return a, 0, errNotWhole
	}
	return a, len(fileMagic) + len(sum) + 1 + len(line) + 1, nil
}

func (e *entry) file() string {
	if e.delivered {
		return e.ID + "." + string(e.Kind) + doneEnd
	}
	return e.ID + "." + string(e.Kind) + waitingEnd
}

// writeFile brings a pack to its file: temp file, sync, rename, sync of the folder.
func (s *Spool) writeFile(e *entry, body []byte) error {
	temp, err := writeTemp(s.o.Dir, ownFile, e.head(), body)
	if err != nil {
		return err
	}
	path := filepath.Join(s.o.Dir, e.file())
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return err
	}
	if err := syncFolder(s.o.Dir); err != nil {
		os.Remove(path) // it goes to memory; in both places it would be counted twice
		return err
	}
	return nil
}

// readBody gives the object in a file, after its hash was found right.
func readBody(path string, want about) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	a, n, err := readHead(b)
	if err != nil {
		return nil, err
	}
	if body := b[n:]; a == want && int64(len(body)) == a.Bytes && hashOf(body) == a.SHA256 {
		return body, nil
	}
	return nil, errNotWhole
}

// takeUp takes up the folder. It reads heads and lengths; a pack's bytes are checked when it is read.
func (s *Spool) takeUp() error {
	if err := os.MkdirAll(s.o.Dir, 0o700); err != nil {
		return err
	}
	s.takeUpCounts()
	files, err := os.ReadDir(s.o.Dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		name := f.Name()
		switch {
		case !f.Type().IsRegular():
		case strings.HasPrefix(name, tempPrefix):
			if os.Remove(filepath.Join(s.o.Dir, name)) == nil {
				s.counts.Unfinished++
			}
		case strings.HasPrefix(name, asidePrefix) && fileName.MatchString(strings.TrimPrefix(name, asidePrefix)):
			s.keepAside(name)
		case fileName.MatchString(name):
			s.take(name)
		}
	}
	return nil
}

// take takes up one file, or sets it aside.
func (s *Spool) take(name string) {
	e, err := readEntry(filepath.Join(s.o.Dir, name))
	if err != nil || e.file() != name || s.packs[e.ID] != nil {
		s.moveAside(name, err == nil && e.delivered)
		return
	}
	s.packs[e.ID] = e
	s.bytes += e.charged
}

func readEntry(path string) (*entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	head := make([]byte, min(headMax, info.Size()))
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	a, n, err := readHead(head)
	if err != nil {
		return nil, err
	}
	at, ok := instant(a.ID)
	if !ok || info.Size() != int64(n)+a.Bytes {
		return nil, errNotWhole
	}
	return &entry{about: a, at: at, delivered: strings.HasSuffix(path, doneEnd), charged: blocks(info.Size())}, nil
}

// setAside gives up a pack whose file is damaged or gone.
func (s *Spool) setAside(id string) {
	s.mu.Lock()
	e := s.packs[id]
	if e == nil {
		s.mu.Unlock()
		return
	}
	delete(s.packs, id)
	s.bytes -= e.charged
	s.moveAside(e.file(), e.delivered)
	s.mu.Unlock()
	if !e.delivered && s.o.OnDrop != nil {
		s.o.OnDrop(Drop{e.ID, e.Kind, Torn})
	}
}

// moveAside renames a file and counts it; one that was delivered is no loss. s.mu is held, or nobody
// else has the Spool yet.
func (s *Spool) moveAside(name string, delivered bool) {
	s.counts.SetAside++
	if !delivered {
		s.counts.Dropped[Torn]++
	}
	s.saveCounts(name)
	if os.Rename(filepath.Join(s.o.Dir, name), filepath.Join(s.o.Dir, asidePrefix+name)) == nil {
		s.keepAside(asidePrefix + name)
	}
}

// keepAside keeps the newest broken files within their bound.
func (s *Spool) keepAside(name string) {
	s.asides = slices.DeleteFunc(s.asides, func(a aside) bool { // one of this name was just written over
		if a.file == name {
			s.bytes -= a.charged
		}
		return a.file == name
	})
	info, err := os.Lstat(filepath.Join(s.o.Dir, name))
	if err != nil {
		return
	}
	a := aside{name, blocks(info.Size())}
	s.asides = append(s.asides, a)
	s.bytes += a.charged
	for len(s.asides) > spoolAsides {
		s.removeAside()
	}
}

// removeAside removes the oldest broken file: ids, and so names, begin with their time.
func (s *Spool) removeAside() {
	slices.SortFunc(s.asides, func(a, b aside) int { return strings.Compare(a.file, b.file) })
	a := s.asides[0]
	s.asides = s.asides[1:]
	s.bytes -= a.charged
	os.Remove(filepath.Join(s.o.Dir, a.file))
}
