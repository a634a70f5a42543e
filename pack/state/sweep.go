package state

import (
	"errors"
	"fmt"
	"math"
	"os"
)

// Swept is what a Sweep changed.
type Swept struct {
	Files   int64 // segments rewritten
	Changed int64 // records in them that clean was asked about
	Dropped int64 // of these, not kept
	Removed int64 // files set aside that were foul
}

// Sweep cleans what is on disk. Foul is asked about stretches of bytes, each record whole in one of
// them; where it says yes, clean is asked about each record of that segment and gives what stays in its
// place, under the same Schema. Files that were set aside are removed when foul: what is broken cannot be
// cleaned. A nil foul means all of it: for new rules of redaction.
//
// A segment is replaced as a whole, and a crash leaves the old or the new. After an error some may be
// swept and some not, and the sweep must be asked for again: what it was to remove is still on disk.
func (s *Store) Sweep(foul func([]byte) bool, clean func(Record) (_ Record, keep bool)) (Swept, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return Swept{}, ErrClosed
	}
	var res Swept
	err := s.settle()
	for i := 0; err == nil && i < len(s.segments); i++ {
		if err = s.sweepSegment(i, foul, clean, &res); err != nil {
			err = fmt.Errorf("%s: %w", s.segments[i].name, err)
		}
	}
	if err == nil {
		err = s.sweepAsides(foul, &res)
	}
	for again := err == nil; again; again = err == nil && s.unsynced { // once more when void files went
		err = s.settle()
	}
	if err == nil && len(s.stale) > 0 {
		err = fmt.Errorf("%d void files cannot be removed", len(s.stale))
	}
	if err == nil {
		s.tell(func(st *Stats) { st.Sweeps++ })
	}
	return res, s.account("sweep", err)
}

var errFoul = errors.New("foul")

func (s *Store) sweepSegment(i int, foul func([]byte) bool, clean func(Record) (Record, bool), res *Swept) error {
	seg, where := s.segments[i], s.segments[i].span()
	f, rd, err := s.read(seg.name, seg.size)
	if err != nil {
		return err
	}
	defer f.Close()
	if foul != nil {
		_, err := scan(rd, where, func(f *frame) error {
			if foul(f.body) {
				return errFoul
			}
			return nil
		})
		if err == nil {
			return nil
		}
	}
	var records int64
	edit := func(r Record) (Record, bool) {
		res.Changed++
		out, keep := clean(r)
		if !keep {
			res.Dropped++
		} else {
			records++
		}
		return out, keep
	}
	temp := seg.name + tempSuffix
	size, base, err := s.rewrite(temp, rd, where, seg.header(), edit)
	if err != nil {
		return err
	}
	if err := s.disk.rename(temp, seg.name); err != nil {
		s.stale = append(s.stale, temp)
		return err
	}
	s.unsynced = true
	seg.size, seg.base, seg.records = size, base, records
	res.Files++
	if i == len(s.segments)-1 && s.active != nil {
		s.abandon() // its file has no name any more
		if next, err := s.disk.open(seg.name, os.O_RDWR); err == nil {
			s.active = next
		}
	}
	return nil
}

// rewrite copies the good batches of a segment into a new file, whole and on disk when it returns nil.
// Each batch keeps its number, also one of which nothing stays.
func (s *Store) rewrite(name string, rd *reader, where span, h header, edit func(Record) (Record, bool)) (size, base int64, err error) {
	f, err := s.disk.create(name)
	if err != nil {
		return 0, 0, err
	}
	base = headerSize
	_, err = scan(rd, where, func(old *frame) error {
		s.batch.reset()
		if _, err := old.each(func(r Record) error {
			keep := true
			if edit != nil {
				r, keep = edit(r)
			}
			if keep {
				s.batch.add(r)
			}
			return nil
		}); err != nil {
			return err
		}
		data := s.batch.seal(old.seq, old.schema, old.flags)
		if size == 0 {
			data = s.batch.headed(h)
		}
		if err := f.writeAt(data, size); err != nil {
			return err
		}
		size += int64(len(data))
		if old.flags&flagSnapshot != 0 {
			base = size
		}
		return nil
	})
	if err == nil {
		err = f.sync()
	}
	f.Close()
	if err != nil {
		_ = s.disk.remove(name) // void in any case; the next Open removes it
	}
	return size, base, err
}

// sweepAsides removes what is foul of what was set aside.
func (s *Store) sweepAsides(foul func([]byte) bool, res *Swept) error {
	kept := s.asides[:0]
	left := 0
	for _, a := range s.asides {
		switch {
		case !s.holds(a.name, foul):
		case s.removeAside(a):
			res.Removed++
			s.unsynced = true
			continue
		default:
			left++
		}
		kept = append(kept, a)
	}
	s.asides = kept
	if left > 0 {
		return fmt.Errorf("%d files that were set aside cannot be removed", left)
	}
	return nil
}

// overlap is what two stretches of one file have in common; no id or credential is longer.
const overlap = 8 << 10

// holds asks foul about a file of any content. One that cannot be read counts as foul; a link or a
// folder under such a name is not of this package and holds nothing.
func (s *Store) holds(name string, foul func([]byte) bool) bool {
	f, rd, err := s.read(name, math.MaxInt64)
	if err != nil {
		return !errors.Is(err, errNotRegular) && !isLink(err)
	}
	defer f.Close()
	if foul == nil {
		return true
	}
	buf := make([]byte, 256<<10)
	for at := int64(0); at < rd.size; at += int64(len(buf) - overlap) {
		part := buf[:min(int64(len(buf)), rd.size-at)]
		if !rd.full(part, at) || foul(part) {
			return true
		}
	}
	return false
}
