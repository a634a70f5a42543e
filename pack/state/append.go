package state

import "fmt"

// Append adds one batch: one write and one sync of one file (and of the folder, where a new file
// begins). An error that wraps ErrTooLarge says that the batch is over MaxSegment; a Compact can take
// the same records. After any other error the store stands as before, and a later call may succeed.
func (s *Store) Append(records ...Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if len(records) == 0 {
		return nil
	}
	n, err := s.append(records)
	if err == nil {
		s.dropOldest()
		s.tell(func(st *Stats) {
			st.Appends++
			st.AppendedBytes += n
			st.LastAppend = s.opts.Now()
		})
	}
	return s.account("append", err)
}

func (s *Store) append(records []Record) (int64, error) {
	size := int64(headerSize + frameSize)
	for _, r := range records {
		size += int64(recordSize(r))
	}
	if size > s.opts.MaxSegment {
		return 0, fmt.Errorf("batch of %d bytes: %w", size, ErrTooLarge)
	}
	if err := s.settle(); err != nil {
		return 0, err
	}
	s.batch.reset()
	for _, r := range records {
		s.batch.add(r)
	}
	data := s.batch.seal(s.next, s.opts.Schema, 0)
	n := int64(len(data))
	if seg := s.last(); s.active == nil || seg.size-seg.base+n > s.opts.MaxSegment {
		if err := s.begin(int64(len(records))); err != nil {
			return 0, err
		}
	} else if err := s.extend(seg, data, int64(len(records))); err != nil {
		return 0, err
	}
	s.next++
	return n, nil
}

// last is the segment with the highest numbers; it is the active one when there is one.
func (s *Store) last() *segment {
	if len(s.segments) == 0 {
		return nil
	}
	return s.segments[len(s.segments)-1]
}

// extend appends to the active segment. After an error nobody knows what is on the disk, and after a
// failed sync not even what will be: so nothing is appended there any more. What it may hold beyond the
// last good batch is void as soon as the next segment exists.
func (s *Store) extend(seg *segment, data []byte, records int64) error {
	err := s.active.writeAt(data, seg.size)
	if err == nil {
		err = s.active.sync()
	}
	if err != nil {
		if s.active.cut(seg.size) == nil { // gives space back, and the last batch an end that is no torn one
			_ = s.active.sync()
		}
		s.abandon()
		return err
	}
	seg.size += int64(len(data))
	seg.last = s.next
	seg.records += records
	return nil
}

// begin makes the sealed batch the first of a new segment.
func (s *Store) begin(records int64) error {
	h := header{schema: s.opts.Schema, first: s.next}
	data := s.batch.headed(h)
	name := segmentName(s.next)
	f, err := s.disk.create(name + tempSuffix)
	if err != nil {
		return err
	}
	if err = f.writeAt(data, 0); err == nil {
		err = s.publish(f, name)
	}
	if err == nil {
		err = s.settle()
	}
	s.abandon() // also after an error: should the name be left, the next batch must come under it too
	if err != nil {
		f.Close()
		_ = s.disk.remove(name + tempSuffix) // void in any case; the next Open removes it
		_ = s.disk.remove(name)
		return err
	}
	f.name = name
	s.active = f
	s.segments = append(s.segments, &segment{
		name: name, schema: h.schema, first: s.next, last: s.next, size: int64(len(data)), base: headerSize, records: records,
	})
	return nil
}

// publish gives a finished file its name, in place of what had it.
func (s *Store) publish(f *file, name string) error {
	if err := f.sync(); err != nil {
		return err
	}
	if err := s.disk.rename(f.name, name); err != nil {
		return err
	}
	s.unsynced = true
	return nil
}

// settle makes the names of all files durable; nothing may be acknowledged before. Then it removes what
// is void by now.
func (s *Store) settle() error {
	if s.unsynced {
		if err := s.disk.sync(); err != nil {
			return err
		}
		s.unsynced = false
	}
	left := s.stale[:0]
	for _, name := range s.stale {
		if err := s.disk.remove(name); err != nil {
			left = append(left, name)
		} else {
			s.unsynced = true
		}
	}
	s.stale = left
	return nil
}

// dropOldest keeps the log within its bounds. A caller that compacts when Due says so never gets here,
// unless its snapshot is over a third of MaxBytes.
func (s *Store) dropOldest() {
	for len(s.segments) > 1 && (s.size() > s.opts.MaxBytes || len(s.segments) > maxSegments) {
		seg := s.segments[0]
		if s.disk.remove(seg.name) != nil {
			s.stale = append(s.stale, seg.name)
		}
		s.unsynced = true
		s.segments = s.segments[1:]
		s.tell(func(st *Stats) {
			st.Dropped.Files++
			st.Dropped.Bytes += seg.size
			st.Dropped.Records += seg.records
		})
	}
}
