package state

import (
	"bytes"
	"errors"
	"io"
	"math"
)

// reader finds frames in bytes that may be anything. It takes no more memory than the largest frame
// whose own header is sound.
type reader struct {
	r     io.ReaderAt
	size  int64
	head  [frameSize]byte
	body  []byte
	chunk []byte
	spend int64 // bytes that may still be read for frames that turn out broken
}

func newReader(r io.ReaderAt, size int64) *reader {
	return &reader{r: r, size: size, spend: 8*size + frameSize}
}

// full reads all of b at a place, or says no: past the end, or the disk cannot read it.
func (r *reader) full(b []byte, at int64) bool {
	if at+int64(len(b)) > r.size {
		return false
	}
	n, err := r.r.ReadAt(b, at)
	return n == len(b) && (err == nil || errors.Is(err, io.EOF))
}

// frame reads the one that begins at a place. Its body is valid until the next call. Not ok: there is
// no whole and sound one; then count is what its header, if that is sound, says it held.
func (r *reader) frame(at int64) (f frame, ok bool) {
	if !r.full(r.head[:], at) {
		return frame{}, false
	}
	f, length, sum, ok := parseFrame(r.head[:])
	if !ok {
		return frame{}, false
	}
	f.at, f.end = at, at+frameSize+length
	if f.end > r.size {
		return f, false
	}
	if int64(cap(r.body)) < length {
		r.body = make([]byte, length)
	}
	f.body = r.body[:length]
	if !r.full(f.body, at+frameSize) || checksum(f.body) != sum {
		r.spend -= length
		return f, false
	}
	sound, _ := f.each(nil)
	return f, sound
}

// next finds the first sound frame at or behind a place.
func (r *reader) next(from int64) (f frame, ok bool) {
	if r.chunk == nil {
		r.chunk = make([]byte, 64<<10)
	}
	for from+frameSize <= r.size && r.spend > 0 {
		part := r.chunk[:min(int64(len(r.chunk)), r.size-from)]
		if !r.full(part, from) {
			return frame{}, false
		}
		i := bytes.Index(part, []byte(mark))
		if i < 0 {
			from += int64(len(part) - len(mark) + 1) // the mark may lie across two chunks
			continue
		}
		if f, ok := r.frame(from + int64(i)); ok {
			return f, true
		}
		r.spend -= frameSize
		from += int64(i) + 1
	}
	return frame{}, false
}

// found is what a segment holds.
type found struct {
	frames, records int64
	first, last     uint64 // numbers of the batches; 0 without one
	lost            uint64 // batches that are missing before the last
	end             int64  // behind the last good frame
	base            int64  // behind the last batch of the snapshot that it begins with
	snapshot        bool   // its first frame is of a snapshot
	whole           bool   // the end of the snapshot is there
	damaged         bool   // something that is no good frame stands before `end`
	tornRecords     int64  // what stands behind `end` was to hold these, as far as it still says
}

// span says which batches of a segment count: numbers in order, from `low` on and below `limit`. What
// is not below is what a failed append left: the next segment begins with that number.
type span struct {
	low, limit uint64
	schema     uint16 // frames of a later one are passed over
}

const noLimit = math.MaxUint64

// scan gives the good frames of a segment to visit, in order, and says what it found. It reads on
// behind a broken place. The only error is that of visit.
func scan(r *reader, where span, visit func(*frame) error) (found, error) {
	res := found{end: headerSize}
	expect := where.low
	for at := int64(headerSize); at < r.size; {
		f, ok := r.frame(at)
		if !ok {
			torn := f.count
			if f, ok = r.next(at + 1); !ok {
				res.tornRecords += int64(torn)
				break
			}
		}
		at = f.end
		if f.seq >= where.limit {
			res.tornRecords += int64(f.count)
			continue
		}
		if f.seq < expect || f.schema > where.schema {
			continue
		}
		if visit != nil {
			if err := visit(&f); err != nil {
				return res, err
			}
		}
		res.take(&f, expect)
		expect = f.seq + 1
	}
	return res, nil
}

func (res *found) take(f *frame, expect uint64) {
	if res.frames == 0 {
		res.first, res.snapshot = f.seq, f.flags&flagSnapshot != 0
	}
	if expect > 0 {
		res.lost += f.seq - expect
	}
	if f.flags&flagSnapshot != 0 {
		res.base = f.end
		res.whole = res.whole || f.flags&flagLast != 0
	}
	res.damaged = res.damaged || f.at != res.end
	res.frames++
	res.records += int64(f.count)
	res.last, res.end = f.seq, f.end
}
