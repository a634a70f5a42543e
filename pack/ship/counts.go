package ship

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The totals stand in a file of the spool's folder, beside the packs:
//
//	relaypack-counts-1 <SHA-256 of the next line, without its end>
//	{"since":...,"added":...,...,"dropping":["pack-....waiting"]}
//
// They are written before a waiting pack is given up, with its file's name: whoever is killed in between leaves a
// file that the next life takes away without counting it again.
const (
	countsFile  = "counts"
	countsMagic = "relaypack-counts-1 "
	countsMax   = 1 << 20
)

// SpoolCounts are totals, never falling. Those of a spool with a folder outlive the agent.
type SpoolCounts struct {
	Since        time.Time         // when counting began: when the folder was first used, or its count was lost
	Added        uint64            //
	Delivered    uint64            //
	AlreadyThere uint64            // of the delivered, those that the store had from an earlier put
	Retried      uint64            // attempts that failed and are tried again
	NotDurable   uint64            // added, but in memory although there is a folder
	SetAside     uint64            // broken files, at the start and later
	Unfinished   uint64            // temp files of an earlier life, which nobody was promised, removed
	Dropped      map[Reason]uint64 // undelivered packs that a bound took
	LastSuccess  time.Time         // of a delivery; zero: none yet
}

// savedCounts are SpoolCounts on disk. Times are epoch ms, 0: none.
type savedCounts struct {
	Since        int64             `json:"since"`
	Added        uint64            `json:"added"`
	Delivered    uint64            `json:"delivered"`
	AlreadyThere uint64            `json:"alreadyThere"`
	Retried      uint64            `json:"retried"`
	NotDurable   uint64            `json:"notDurable"`
	SetAside     uint64            `json:"setAside"`
	Unfinished   uint64            `json:"unfinished"`
	Dropped      map[Reason]uint64 `json:"dropped"`
	LastSuccess  int64             `json:"lastSuccess"`
	Dropping     []string          `json:"dropping"` // files of packs that are counted as dropped, and may still be there
}

// Counts gives the totals.
func (s *Spool) Counts() SpoolCounts {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counts
	c.Dropped = maps.Clone(c.Dropped)
	return c
}

// count changes the totals and writes them.
func (s *Spool) count(change func(*SpoolCounts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.counts)
	s.saveCounts()
}

// giveUp counts waiting packs as dropped and takes them out; s.mu is held.
func (s *Spool) giveUp(why Reason, dropped ...*entry) {
	if len(dropped) == 0 {
		return
	}
	s.counts.Dropped[why] += uint64(len(dropped))
	files := make([]string, 0, len(dropped))
	for _, e := range dropped {
		files = append(files, e.file())
	}
	written := s.saveCounts(files...)
	for _, e := range dropped {
		s.remove(e)
	}
	if !written { // a full disk has room by now
		s.saveCounts()
	}
}

// saveCounts writes the totals, and which files are about to go; s.mu is held, or nobody else has the
// Spool yet. What cannot be written now goes with the next change.
func (s *Spool) saveCounts(dropping ...string) (written bool) {
	if s.o.Dir == "" {
		return true
	}
	c := &s.counts
	line, err := json.Marshal(savedCounts{
		c.Since.UnixMilli(), c.Added, c.Delivered, c.AlreadyThere, c.Retried, c.NotDurable, c.SetAside, c.Unfinished,
		c.Dropped, millis(c.LastSuccess), dropping,
	})
	if err != nil {
		return false // numbers and words of the closed set always encode
	}
	temp, err := writeTemp(s.o.Dir, ownFile, fmt.Appendf(nil, "%s%s\n%s\n", countsMagic, hashOf(line), line))
	if err != nil {
		return false
	}
	if err := os.Rename(temp, filepath.Join(s.o.Dir, countsFile)); err != nil {
		os.Remove(temp)
		return false
	}
	return len(dropping) == 0 || syncFolder(s.o.Dir) == nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// takeUpCounts reads the totals of earlier lives, and takes away what they had counted as dropped. A file
// that is broken or of another version is set aside, and counting begins anew.
func (s *Spool) takeUpCounts() {
	path := filepath.Join(s.o.Dir, countsFile)
	saved, err := readCounts(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		s.counts.SetAside++
		_ = os.Rename(path, filepath.Join(s.o.Dir, asidePrefix+countsFile)) // in place of an older one; else it is written over
		return
	}
	s.counts = SpoolCounts{
		Since: time.UnixMilli(saved.Since), Added: saved.Added, Delivered: saved.Delivered, AlreadyThere: saved.AlreadyThere,
		Retried: saved.Retried, NotDurable: saved.NotDurable, SetAside: saved.SetAside, Unfinished: saved.Unfinished,
		Dropped: map[Reason]uint64{},
	}
	if saved.LastSuccess > 0 {
		s.counts.LastSuccess = time.UnixMilli(saved.LastSuccess)
	}
	for _, why := range []Reason{TooOld, NoRoom, TooLarge, NoDisk, Torn} {
		if n := saved.Dropped[why]; n > 0 {
			s.counts.Dropped[why] = n
		}
	}
	for _, name := range saved.Dropping {
		if fileName.MatchString(name) && strings.HasSuffix(name, waitingEnd) {
			os.Remove(filepath.Join(s.o.Dir, name))
		}
	}
}

func readCounts(path string) (c savedCounts, err error) {
	info, err := os.Lstat(path)
	if err != nil {
		return c, err
	}
	if !info.Mode().IsRegular() || info.Size() > countsMax {
		return c, errNotWhole
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	rest, ok := bytes.CutPrefix(b, []byte(countsMagic))
	sum, line, found := bytes.Cut(rest, []byte("\n"))
	line, ended := bytes.CutSuffix(line, []byte("\n"))
	if !ok || !found || !ended || hashOf(line) != string(sum) || json.Unmarshal(line, &c) != nil {
		return savedCounts{}, errNotWhole
	}
	return c, nil
}
