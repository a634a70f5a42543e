package state

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// A segment is a header and then frames, all numbers little-endian, all checksums CRC-32C.
//
//	header, 32 bytes                      frame, 32 bytes and its body
//	 0  "RLPSTATE"                         0  F5 'B' 'B' F5, the mark to find a frame by
//	 8  version of the format, 2 bytes     4  checksum of bytes 8 to 31
//	10  schema of the records, 2 bytes     8  checksum of the body
//	12  checksum of bytes 0 to 11         12  bytes of the body
//	16  flags: 1 = begins with a snapshot 16  records in it
//	    2 = mended: batches may be missing 20  schema of the records, 2 bytes
//	20  number of the first batch         22  flags: 1 = snapshot, 2 = its last, 2 bytes
//	28  checksum of bytes 0 to 27         24  number of the batch
//
// A body is records, each one byte of kind, the length as a varint, the data. The first 16 bytes of a
// header mean the same in every version. F5 is no byte of any UTF-8 text, so no text looks like a mark.
const (
	magic      = "RLPSTATE"
	mark       = "\xf5BB\xf5"
	version    = 1
	prefixSize = 16
	headerSize = 32
	frameSize  = 32

	flagSnapshot = 1
	flagMended   = 2 // of a header
	flagLast     = 2 // of a frame
)

// maxFrame is the longest body that is read. What is written stays far below; a sweep may lengthen it.
const maxFrame = 64 << 20

// maxNumber is above any number of a batch, so that numbers can be counted on without running over.
const maxNumber = 1 << 62

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// header is what a segment says of itself.
type header struct {
	schema   uint16
	snapshot bool
	mended   bool // it holds what was readable of a broken one
	first    uint64
}

// put writes the header into b, which has headerSize bytes.
func (h header) put(b []byte) {
	flags := uint32(0)
	if h.snapshot {
		flags |= flagSnapshot
	}
	if h.mended {
		flags |= flagMended
	}
	copy(b, magic)
	binary.LittleEndian.PutUint16(b[8:], version)
	binary.LittleEndian.PutUint16(b[10:], h.schema)
	binary.LittleEndian.PutUint32(b[12:], checksum(b[:12]))
	binary.LittleEndian.PutUint32(b[16:], flags)
	binary.LittleEndian.PutUint64(b[20:], h.first)
	binary.LittleEndian.PutUint32(b[28:], checksum(b[:28]))
}

// parseHeader reads the first bytes of a file. The version is 0 when they are broken; of a later one no
// more than the schema is known.
func parseHeader(b []byte) (h header, v uint16, ok bool) {
	if len(b) < prefixSize || string(b[:8]) != magic || checksum(b[:12]) != binary.LittleEndian.Uint32(b[12:]) {
		return header{}, 0, false
	}
	v = binary.LittleEndian.Uint16(b[8:])
	h.schema = binary.LittleEndian.Uint16(b[10:])
	if v != version || len(b) < headerSize || checksum(b[:28]) != binary.LittleEndian.Uint32(b[28:]) {
		return h, v, false
	}
	flags := binary.LittleEndian.Uint32(b[16:])
	h.snapshot, h.mended = flags&flagSnapshot != 0, flags&flagMended != 0
	h.first = binary.LittleEndian.Uint64(b[20:])
	return h, v, true
}

// frame is one batch as it stands in a file.
type frame struct {
	seq     uint64
	schema  uint16
	flags   uint16
	count   int    // records
	body    []byte // valid until the next frame is read
	at, end int64  // its place in the file
}

// each gives the records of a frame, and says whether the body holds what the frame says.
func (f *frame) each(visit func(Record) error) (sound bool, err error) {
	n, rest := 0, f.body
	for len(rest) > 0 {
		size, used := binary.Uvarint(rest[1:])
		if used <= 0 || size > uint64(len(rest)-1-used) {
			return false, nil
		}
		data := rest[1+used:][:size:size]
		if visit != nil {
			if err := visit(Record{Kind: rest[0], Schema: f.schema, Data: data}); err != nil {
				return true, err
			}
		}
		rest = rest[1+used+int(size):]
		n++
	}
	return n == f.count, nil
}

// batch is a frame that is being made, with room before it for the header of a segment.
type batch struct {
	buf   []byte
	count int
}

func (b *batch) reset() {
	if cap(b.buf) > 256<<10 {
		b.buf = nil // a rare large one is not kept
	}
	b.buf = append(b.buf[:0], make([]byte, headerSize+frameSize)...)
	b.count = 0
}

func (b *batch) add(r Record) {
	b.buf = append(b.buf, r.Kind)
	b.buf = binary.AppendUvarint(b.buf, uint64(len(r.Data)))
	b.buf = append(b.buf, r.Data...)
	b.count++
}

// seal gives the bytes of the finished frame.
func (b *batch) seal(seq uint64, schema, flags uint16) []byte {
	out := b.buf[headerSize:]
	copy(out, mark)
	binary.LittleEndian.PutUint32(out[8:], checksum(out[frameSize:]))
	binary.LittleEndian.PutUint32(out[12:], uint32(len(out)-frameSize))
	binary.LittleEndian.PutUint32(out[16:], uint32(b.count))
	binary.LittleEndian.PutUint16(out[20:], schema)
	binary.LittleEndian.PutUint16(out[22:], flags)
	binary.LittleEndian.PutUint64(out[24:], seq)
	binary.LittleEndian.PutUint32(out[4:], checksum(out[8:frameSize]))
	return out
}

// headed gives the finished frame behind the header of a new segment.
func (b *batch) headed(h header) []byte {
	h.put(b.buf)
	return b.buf
}

// recordSize is what a record takes in a body.
func recordSize(r Record) int {
	var n [binary.MaxVarintLen64]byte
	return 1 + binary.PutUvarint(n[:], uint64(len(r.Data))) + len(r.Data)
}

// parseFrame reads the 32 bytes before a body. The length is within bounds when ok.
func parseFrame(b []byte) (f frame, length int64, sum uint32, ok bool) {
	if len(b) < frameSize || !bytes.HasPrefix(b, []byte(mark)) ||
		checksum(b[8:frameSize]) != binary.LittleEndian.Uint32(b[4:]) {
		return frame{}, 0, 0, false
	}
	f = frame{
		seq:    binary.LittleEndian.Uint64(b[24:]),
		schema: binary.LittleEndian.Uint16(b[20:]),
		flags:  binary.LittleEndian.Uint16(b[22:]),
		count:  int(binary.LittleEndian.Uint32(b[16:])),
	}
	length = int64(binary.LittleEndian.Uint32(b[12:]))
	return f, length, binary.LittleEndian.Uint32(b[8:]), length <= maxFrame && f.seq > 0 && f.seq < maxNumber
}
