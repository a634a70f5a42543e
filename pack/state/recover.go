package state

import (
	"cmp"
	"math"
	"os"
	"slices"
	"strings"
)

// Report is what Open found. Its texts hold nothing of what the files hold.
type Report struct {
	Segments, Batches, Records, Bytes int64 // that Replay will give
	Torn                              Loss  // cut off behind the last whole batch; Records as far as a header still tells
	Missing                           int64 // batches known to be missing between those that are there
	Broken, Newer                     int64 // files set aside by this Open
	Unmoved                           int64 // files that should have been set aside and could not be renamed
	Aside                             []Aside
	Earlier                           int64 // files that earlier runs set aside and that are still there
	Shared                            bool  // others may enter the folder
	Foreign                           int   // files and folders of others in it
}

// Aside tells of one file that Open set aside. A Report names at most 16.
type Aside struct {
	Name  string // that it has now
	Why   string
	Bytes int64
	Kept  int64 // records of it that were readable and stay in the log
}

const maxTold = 16

// Why a file was set aside.
const (
	whyIrregular = "no regular file"
	whyUnread    = "not readable"
	whyHeader    = "header broken"
	whyEmpty     = "no whole batch"
	whyDamaged   = "broken inside"
	whyShort     = "cut short"
	whyFormat    = "a later format"
	whySchema    = "a later schema"
)

// recover reads the folder as it was left and mends it.
func (s *Store) recover(rep *Report) error {
	entries, foreign, err := s.disk.list(isOurs)
	if err != nil {
		return err
	}
	rep.Foreign, rep.Shared = foreign, s.tighten(foreign)
	entries = s.finish(entries)
	var segments []entry
	for _, e := range entries {
		if _, ok := segmentNumber(e.name); ok {
			segments = append(segments, e)
		} else if a, ok := asideOf(e.name); ok {
			a.size = e.size
			s.asides = append(s.asides, a)
			rep.Earlier++
		}
	}
	slices.SortFunc(segments, func(a, b entry) int { return cmp.Compare(b.name, a.name) })
	limit := uint64(noLimit)
	for _, e := range segments { // the newest first: a snapshot makes all before it void
		if len(s.segments) > 0 && s.segments[0].snapshot {
			s.stale = append(s.stale, e.name)
			continue
		}
		if seg := s.inspect(e, limit, rep); seg != nil {
			s.segments = slices.Insert(s.segments, 0, seg)
			limit = seg.first
		}
	}
	for _, seg := range s.segments {
		rep.Segments++
		rep.Bytes += seg.size
		s.next = seg.last + 1
	}
	s.boundAsides()
	s.resume()
	if err := s.settle(); err != nil {
		s.account("recover", err) // told in Stats; the next append tries again
	}
	return nil
}

// finish ends what a crash interrupted: a repair whose original is set aside takes its place, every
// other half-made file goes.
func (s *Store) finish(entries []entry) []entry {
	names := make(map[string]bool, len(entries))
	for _, e := range entries {
		names[e.name] = true
	}
	out := entries[:0]
	for _, e := range entries {
		base, repair := strings.CutSuffix(e.name, repairSuffix)
		switch {
		case repair && !names[base]:
			if s.disk.rename(e.name, base) == nil {
				out = append(out, entry{base, e.size, e.regular})
			}
		case repair, strings.HasSuffix(e.name, tempSuffix):
			s.stale = append(s.stale, e.name)
		default:
			out = append(out, e)
		}
	}
	return out
}

// inspect reads one segment and mends its file. nil: nothing of it is part of the log.
func (s *Store) inspect(e entry, limit uint64, rep *Report) *segment {
	if !e.regular {
		s.putAside(e, brokenInfix, whyIrregular, 0, rep)
		return nil
	}
	f, rd, err := s.read(e.name, math.MaxInt64)
	if err != nil {
		s.putAside(e, brokenInfix, whyUnread, 0, rep)
		return nil
	}
	defer f.Close()
	number, _ := segmentNumber(e.name)
	head := make([]byte, min(headerSize, rd.size))
	rd.full(head, 0)
	h, v, sound := parseHeader(head)
	if v > version {
		s.putAside(e, newerInfix, whyFormat, 0, rep)
		return nil
	}
	if h.schema > s.opts.Schema {
		s.putAside(e, newerInfix, whySchema, 0, rep)
		return nil
	}
	if !sound || h.first != number { // of another file, or none: it says nothing of this one
		h, sound = header{}, false
	}
	seg := &segment{name: e.name, schema: h.schema, first: number, snapshot: h.snapshot, mended: h.mended}
	where := span{low: number, limit: limit, schema: s.opts.Schema}
	res, _ := scan(rd, where, func(f *frame) error { seg.schema = f.schema; return nil })
	if res.frames == 0 {
		why := whyEmpty
		if !sound {
			why = whyHeader
		}
		s.putAside(e, brokenInfix, why, 0, rep)
		return nil
	}
	seg.snapshot = seg.snapshot || res.snapshot
	seg.last, seg.size, seg.base, seg.records = res.last, res.end, max(res.base, headerSize), res.records
	rep.Batches += res.frames
	rep.Records += res.records
	rep.Missing += int64(res.lost)
	follows := limit == noLimit || res.last+1 == limit
	if !follows {
		rep.Missing += int64(limit - res.last - 1)
	}
	switch tail := rd.size - res.end; {
	case !sound:
		s.repair(e, seg, rd, where, whyHeader, rep)
	case res.damaged:
		s.repair(e, seg, rd, where, whyDamaged, rep)
	case seg.snapshot && !res.whole && !seg.mended, tail > 0 && !follows:
		s.repair(e, seg, rd, where, whyShort, rep)
	case tail > 0:
		s.cutTail(seg, Loss{Files: 1, Bytes: tail, Records: res.tornRecords}, rep)
	}
	return seg
}

func (s *Store) putAside(e entry, infix, why string, readable int64, rep *Report) error {
	name, err := s.setAside(e, infix)
	switch {
	case err != nil:
		rep.Unmoved++
		name = e.name
	case infix == newerInfix:
		rep.Newer++
	default:
		rep.Broken++
	}
	rep.name(Aside{Name: name, Why: why, Bytes: e.size, Kept: readable})
	return err
}

func (rep *Report) name(a Aside) {
	if len(rep.Aside) < maxTold {
		rep.Aside = append(rep.Aside, a)
	}
}

// cutTail takes off what an append that did not return left.
func (s *Store) cutTail(seg *segment, torn Loss, rep *Report) {
	rep.Torn.Files += torn.Files
	rep.Torn.Bytes += torn.Bytes
	rep.Torn.Records += torn.Records
	f, err := s.disk.open(seg.name, os.O_RDWR)
	if err == nil {
		if err = f.cut(seg.size); err == nil {
			err = f.sync()
		}
		f.Close()
	}
	seg.sealed = err != nil
}

// repair sets a broken file aside and puts its readable batches in its place. It never loses the one
// without having the other: the copy is whole and on disk before the original is renamed, and the next
// Open ends what is interrupted then. Without space for the copy the original stays, and is read around
// its broken places.
func (s *Store) repair(e entry, seg *segment, rd *reader, where span, why string, rep *Report) {
	seg.sealed, seg.mended = true, true
	temp, ready := e.name+tempSuffix, e.name+repairSuffix
	size, base, err := s.rewrite(temp, rd, where, seg.header(), nil)
	if err == nil {
		err = s.disk.rename(temp, ready)
	}
	if err != nil {
		rep.Unmoved++
		rep.name(Aside{Name: e.name, Why: why, Bytes: e.size, Kept: seg.records})
		return
	}
	if err := s.putAside(e, brokenInfix, why, seg.records, rep); err != nil {
		s.stale = append(s.stale, ready)
		return
	}
	seg.size, seg.base = size, base
	if err := s.disk.rename(ready, e.name); err != nil {
		seg.name = ready
		return
	}
	seg.sealed = false
}

// resume opens the last segment to append to. What it holds may not be on disk yet, when the agent was
// killed, and was replayed all the same: so it is synced first.
func (s *Store) resume() {
	if len(s.segments) == 0 {
		return
	}
	seg := s.segments[len(s.segments)-1]
	f, err := s.disk.open(seg.name, os.O_RDWR)
	if err == nil && f.sync() == nil && !seg.sealed && seg.schema == s.opts.Schema {
		s.active = f
	} else if err == nil {
		f.Close()
	}
}
