package state

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The names of the folder. All others are foreign.
const (
	lockName     = "lock"
	tempSuffix   = ".relaypack-tmp"    // being written: void, removed at the next Open
	repairSuffix = ".relaypack-repair" // what was readable of a broken segment, whole and on disk
	brokenInfix  = ".broken-"
	newerInfix   = ".newer-"
	timeLayout   = "20060102T150405.000Z"
)

func segmentName(first uint64) string { return fmt.Sprintf("log-%016x.seg", first) }

// segmentNumber is the number in a segment's name.
func segmentNumber(name string) (first uint64, ok bool) {
	digits, ok := strings.CutPrefix(name, "log-")
	if !ok {
		return 0, false
	}
	if digits, ok = strings.CutSuffix(digits, ".seg"); !ok {
		return 0, false
	}
	first, err := strconv.ParseUint(digits, 16, 64)
	return first, err == nil && segmentName(first) == name
}

// isSmall says whether a file beside the log may have that name: 1 to 32 of a-z, 0-9 and `-`, then
// `.key` or `.json`.
func isSmall(name string) bool {
	stem, ok := strings.CutSuffix(name, ".key")
	if !ok {
		stem, ok = strings.CutSuffix(name, ".json")
	}
	return ok && len(stem) > 0 && len(stem) <= 32 && strings.Trim(stem, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func isOwn(name string) bool {
	_, ok := segmentNumber(name)
	return ok || isSmall(name)
}

// asideOf reads the name of a file that was set aside.
func asideOf(name string) (a aside, ok bool) {
	base, at, ok := strings.Cut(name, brokenInfix)
	newer := !ok
	if newer {
		base, at, ok = strings.Cut(name, newerInfix)
	}
	return aside{name: name, at: at, newer: newer}, ok && isOwn(base) && isMoment(at)
}

// isMoment checks the time in a name, with the number that tells two of one moment apart.
func isMoment(at string) bool {
	at, n, more := strings.Cut(at, "-")
	if more {
		if _, err := strconv.ParseUint(n, 10, 16); err != nil {
			return false
		}
	}
	_, err := time.Parse(timeLayout, at)
	return err == nil
}

// isOurs says whether a name is one that a Store gives.
func isOurs(name string) bool {
	if base, ok := strings.CutSuffix(name, tempSuffix); ok {
		return isOwn(base)
	}
	if base, ok := strings.CutSuffix(name, repairSuffix); ok {
		_, ok := segmentNumber(base)
		return ok
	}
	_, set := asideOf(name)
	return set || isOwn(name) || name == lockName
}

// aside is a file that was set aside.
type aside struct {
	name  string
	at    string // as it stands in the name
	size  int64
	newer bool
	fresh bool // in this run: no bound removes it
}

// setAside renames a file so that nothing reads it as a part of the log.
func (s *Store) setAside(e entry, infix string) (string, error) {
	stem := e.name + infix + s.opts.Now().UTC().Format(timeLayout)
	name := stem
	for n := 1; ; n++ {
		if _, err := os.Lstat(s.disk.path(name)); err != nil {
			break
		}
		name = stem + "-" + strconv.Itoa(n)
	}
	if err := s.disk.rename(e.name, name); err != nil {
		return "", err
	}
	a, _ := asideOf(name)
	a.size, a.fresh = e.size, true
	s.asides = append(s.asides, a)
	return name, nil
}

// maxAsides is how many files stay set aside.
const maxAsides = 8

// boundAsides removes what is too much of what was set aside: broken files first, the oldest first. What
// a later agent wrote and this run set aside stays in any case.
func (s *Store) boundAsides() {
	total := int64(0)
	for _, a := range s.asides {
		total += a.size
	}
	slices.SortStableFunc(s.asides, func(a, b aside) int {
		switch {
		case a.newer != b.newer && a.newer:
			return 1
		case a.newer != b.newer:
			return -1
		}
		return strings.Compare(a.at, b.at)
	})
	kept := s.asides[:0]
	for i, a := range s.asides {
		over := len(kept)+len(s.asides)-i > maxAsides || total > s.opts.MaxBytes/2
		if over && !(a.newer && a.fresh) && s.removeAside(a) {
			total -= a.size
		} else {
			kept = append(kept, a)
		}
	}
	s.asides = kept
}

func (s *Store) removeAside(a aside) bool {
	if err := s.disk.remove(a.name); err != nil {
		return false
	}
	s.tell(func(st *Stats) {
		st.Removed.Files++
		st.Removed.Bytes += a.size
	})
	return true
}
