package state

import (
	"fmt"
	"iter"
)

// Due says whether it is time to Compact: more was appended than the last snapshot holds (and than one
// segment), or the log is in many files. Compacting then at most doubles what is written in all.
func (s *Store) Due() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	base := int64(0)
	if len(s.segments) > 0 && s.segments[0].snapshot {
		base = s.segments[0].base
	}
	return s.size()-base > max(base, s.opts.MaxSegment) || len(s.segments) > maxSegments/2
}

// Compact replaces everything by a snapshot: records that say all that is to be kept, the oldest first.
// It reads the sequence once, holds 128 KiB of it at a time, and keeps no Data. A snapshot of over a
// third of MaxBytes is ErrTooLarge. After an error the log is as it was, or, when only the last sync was
// refused, the snapshot alone: both say the same.
func (s *Store) Compact(snapshot iter.Seq[Record]) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	err := s.compact(snapshot)
	if err == nil {
		s.tell(func(st *Stats) { st.Compactions++ })
	}
	return s.account("compact", err)
}

func (s *Store) compact(snapshot iter.Seq[Record]) error {
	if err := s.settle(); err != nil {
		return err
	}
	name := segmentName(s.next)
	f, err := s.disk.create(name + tempSuffix)
	if err != nil {
		return err
	}
	seg := &segment{name: name, schema: s.opts.Schema, first: s.next, last: s.next - 1, snapshot: true}
	if err = s.writeSnapshot(f, seg, snapshot); err == nil {
		err = s.publish(f, name)
	}
	if err != nil {
		f.Close()
		_ = s.disk.remove(name + tempSuffix)
		return err
	}
	s.abandon()
	f.name = name
	s.active, s.next = f, seg.last+1
	for _, old := range s.segments {
		s.stale = append(s.stale, old.name)
	}
	s.segments = append(s.segments[:0], seg)
	return s.settle()
}

// writeSnapshot writes a whole segment in batches of about snapshotPart bytes; the last one says that it
// is the last.
func (s *Store) writeSnapshot(f *file, seg *segment, snapshot iter.Seq[Record]) error {
	flush := func(flags uint16) error {
		data := s.batch.seal(seg.last+1, seg.schema, flagSnapshot|flags)
		if seg.size == 0 {
			data = s.batch.headed(header{schema: seg.schema, snapshot: true, first: seg.first})
		}
		if seg.size+int64(len(data)) > s.opts.MaxBytes/3 {
			return fmt.Errorf("snapshot of over %d bytes: %w", s.opts.MaxBytes/3, ErrTooLarge)
		}
		if err := f.writeAt(data, seg.size); err != nil {
			return err
		}
		seg.size += int64(len(data))
		seg.last++
		seg.records += int64(s.batch.count)
		s.batch.reset()
		return nil
	}
	s.batch.reset()
	for r := range snapshot {
		if s.batch.count > 0 && len(s.batch.buf)+recordSize(r) > snapshotPart {
			if err := flush(0); err != nil {
				return err
			}
		}
		if int64(recordSize(r)) > s.opts.MaxBytes/3 {
			return fmt.Errorf("record of %d bytes: %w", len(r.Data), ErrTooLarge)
		}
		s.batch.add(r)
	}
	if err := flush(flagLast); err != nil {
		return err
	}
	seg.base = seg.size
	return nil
}
