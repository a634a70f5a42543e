// Package state keeps an agent's records in a folder, so that they outlive it: killed at any
// instruction, out of power, or on a full disk.
//
// Open the folder, take in what an earlier run left, append what each look brought, and compact when it
// is time:
//
//	s, report, err := state.Open(dir, state.Options{MaxBytes: 64 << 20, Schema: 1})
//	name, err := s.PseudonymKey()
//	err = s.Replay(func(r state.Record) error { ...; return nil })
//	err = s.Append(records...) // one look; after a nil error they are safe
//	if s.Due() { err = s.Compact(everythingThatIsKept) }
//
// # What is promised
//
// The records of one Append come back all or not at all, in order, and once. After it returned nil they
// come back. After an error none of them counts, unless the agent ends before its next Append: then they
// may come back, whole.
//
// No content of the log keeps Open from working. What a crash cut off is cut and counted; what is
// broken is set aside as `NAME.broken-TIME` and told in the Report, and whatever is readable of it, before
// and behind the broken place, stays. What a later format or a later schema wrote is set aside untouched
// as `NAME.newer-TIME`. Files of others, and folders, are left alone, symbolic links never followed.
// The folder is locked: a second Open, of any process, gets ErrLocked.
//
// All files together stay within MaxBytes of log (and a third of it more while Compact runs) and half of
// it set aside. What is over goes, oldest first, and is counted.
//
// # How the log is laid out
//
// Segments `log-NUMBER.seg`, named by the number of their first batch, hold batches with checksums; see
// frame.go. A segment comes into being under another name and is renamed when it is whole and on disk.
// One that begins with a snapshot makes all before it void, so they are removed at leisure. A batch whose
// number is not below the next segment's first is void too: so what a failed append may have left is dead
// from the moment that the next one succeeds.
//
// # What is not promised
//
// A flipped bit in the very last batch looks like a cut one and is counted as torn. Removed and rewritten
// bytes are not shredded on the medium. The store knows nothing of what it keeps: the caller appends only
// what may be on disk, and cleans it again with Sweep when it learns more. All methods are safe for
// concurrent use; a callback must not call the Store that calls it.
package state

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Errors that a caller tells apart. Those of the system (`syscall.ENOSPC`) are found with errors.Is too.
var (
	ErrLocked   = errors.New("locked by another agent")
	ErrTooLarge = errors.New("too large")
	ErrClosed   = errors.New("closed")

	errNotRegular = errors.New("not a regular file")
)

// Record is one thing that is kept. What its bytes mean is the caller's.
type Record struct {
	Kind   byte
	Schema uint16 // on the way out: the Schema under which it was appended; on the way in: not read
	Data   []byte // valid during the call only, both ways
}

// Options bounds a Store. The zero value of each field stands for its default.
type Options struct {
	MaxBytes   int64  // of the log; default 64 MiB, at least 64 KiB. Three times the largest snapshot, or more
	MaxSegment int64  // of a segment, its snapshot aside, and of a batch; default and most: a 16th of MaxBytes; at least 512
	Schema     uint16 // version of the records' meaning; those of a later one are set aside, earlier ones are replayed
	Now        func() time.Time
}

const (
	defaultBytes = 64 << 20
	leastBytes   = 64 << 10
	leastSegment = 512
	maxSegments  = 64        // files of the log
	snapshotPart = 128 << 10 // bytes of a batch of a snapshot
)

func (o Options) complete() Options {
	if o.MaxBytes == 0 {
		o.MaxBytes = defaultBytes
	}
	o.MaxBytes = max(o.MaxBytes, leastBytes)
	if o.MaxSegment <= 0 || o.MaxSegment > o.MaxBytes/16 {
		o.MaxSegment = o.MaxBytes / 16
	}
	o.MaxSegment = min(max(o.MaxSegment, leastSegment), maxFrame)
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Store is an open and locked state folder.
type Store struct {
	opts Options
	disk *disk
	lock *file

	mu       sync.Mutex // held during disk work
	closed   bool
	segments []*segment // in order of their numbers
	active   *file      // the last segment, to append to; nil: the next append begins a new one
	next     uint64     // number of the next batch
	unsynced bool       // the folder was changed and not synced since
	stale    []string   // files that are void and not removed yet
	asides   []aside
	batch    batch

	told  sync.Mutex // never held during disk work: Stats answers while a disk hangs
	stats Stats
}

// segment is one file of the log.
type segment struct {
	name        string
	schema      uint16
	first, last uint64 // numbers of its batches
	size        int64  // up to the end of its last good batch
	base        int64  // of that the snapshot that it begins with, with the header
	records     int64
	snapshot    bool
	mended      bool // as its header says
	sealed      bool // not to be appended to
}

func (seg *segment) span() span {
	return span{low: seg.first, limit: seg.last + 1, schema: seg.schema}
}

func (seg *segment) header() header {
	return header{schema: seg.schema, snapshot: seg.snapshot, mended: seg.mended, first: seg.first}
}

// Stats is how the store stands. Counts are since Open.
type Stats struct {
	Bytes, Files           int64 // of the log
	AsideBytes, AsideFiles int64
	Appends                int64 // that returned nil
	AppendedBytes          int64
	Failures               int64 // of Append, Compact and Sweep
	Compactions, Sweeps    int64
	Dropped                Loss // by the bounds
	Removed                Loss // files that were set aside, by the bounds or a Sweep
	LastAppend             time.Time
	LastError              string // of Append, Compact or Sweep; it stays after they work again
	LastErrorAt            time.Time
}

// Loss counts what is gone.
type Loss struct{ Files, Bytes, Records int64 }

// Stats never waits for the disk.
func (s *Store) Stats() Stats {
	s.told.Lock()
	defer s.told.Unlock()
	return s.stats
}

func (s *Store) tell(f func(*Stats)) {
	s.told.Lock()
	defer s.told.Unlock()
	f(&s.stats)
}

// account takes the sizes over into the stats, and the error of what was done, which it returns.
func (s *Store) account(doing string, err error) error {
	s.tell(func(st *Stats) {
		st.Bytes, st.Files = s.size(), int64(len(s.segments))
		st.AsideBytes, st.AsideFiles = 0, int64(len(s.asides))
		for _, a := range s.asides {
			st.AsideBytes += a.size
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", doing, err)
			st.Failures++
			st.LastError, st.LastErrorAt = err.Error(), s.opts.Now()
		}
	})
	return err
}

func (s *Store) size() (total int64) {
	for _, seg := range s.segments {
		total += seg.size
	}
	return total
}

// Close gives the folder free. It is the last call; a second one does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.abandon()
	return s.lock.Close()
}

// abandon leaves the active segment: the next append begins a new one.
func (s *Store) abandon() {
	if s.active != nil {
		s.active.Close()
		s.active = nil
	}
}

// Replay gives every record in the order in which it was appended, the last snapshot first. It stops at
// the first error of visit and returns it.
func (s *Store) Replay(visit func(Record) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	for _, seg := range s.segments {
		f, rd, err := s.read(seg.name, seg.size)
		if err != nil {
			return fmt.Errorf("replay %s: %w", seg.name, err)
		}
		res, err := scan(rd, seg.span(), func(f *frame) error {
			_, err := f.each(visit)
			return err
		})
		f.Close()
		if err != nil {
			return err
		}
		if res.records != seg.records {
			return fmt.Errorf("replay %s: %d records where there were %d", seg.name, res.records, seg.records)
		}
	}
	return nil
}

// read opens a file for scanning, at most so many bytes of it: behind the last good batch may stand what
// a failed append left.
func (s *Store) read(name string, most int64) (*file, *reader, error) {
	f, err := s.disk.open(name, os.O_RDONLY)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, cause(err)
	}
	return f, newReader(f, min(info.Size(), most)), nil
}
