package state

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// FuzzSegment gives Open a segment of any bytes. It always opens; the reader holds no more than the file
// has bytes; a sound batch behind any garbage is found; and what was once mended is sound.
func FuzzSegment(f *testing.F) {
	dir := scratch(f)
	s, _ := mustOpen(f, dir, Options{})
	appendAll(f, s, 1, 4)
	if err := s.Compact(sequence(3, 4)); err != nil {
		f.Fatal(err)
	}
	appendAll(f, s, 5, 6)
	s.Close()
	for name, data := range load(f, dir) {
		if _, ok := segmentNumber(name); ok {
			f.Add(data)
			f.Add(data[:len(data)-5])
			f.Add(data[40:])
			f.Add(append(bytes.Clone(data), data[headerSize:]...))
		}
	}
	f.Add(laterFormat())
	f.Add(bytes.Repeat([]byte(mark), 200))
	f.Fuzz(func(t *testing.T, data []byte) {
		var b batch
		b.reset()
		b.add(numbered(77))
		tail := b.seal(maxNumber-1, 0, 0)
		rd := newReader(bytes.NewReader(data), int64(len(data)))
		res, _ := scan(rd, span{low: 1, limit: noLimit}, nil)
		if cap(rd.body) > len(data) {
			t.Fatalf("%d bytes held for %d", cap(rd.body), len(data))
		}
		rd = newReader(bytes.NewReader(append(bytes.Clone(data), tail...)), int64(len(data)+len(tail)))
		with, _ := scan(rd, span{low: 1, limit: noLimit}, nil)
		if len(data) >= headerSize && res.last < maxNumber-1 && with.last != maxNumber-1 {
			t.Fatalf("a sound batch behind %d bytes is not found: %+v", len(data), with)
		}
		dir := scratch(t)
		if err := os.WriteFile(filepath.Join(dir, segmentName(1)), data, 0o600); err != nil {
			t.Fatal(err)
		}
		var before [][]byte
		for life := range 2 {
			s, rep, err := Open(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got [][]byte
			if err := s.Replay(func(r Record) error { got = append(got, bytes.Clone(r.Data)); return nil }); err != nil {
				t.Fatal(err)
			}
			s.Close()
			if life == 1 && (rep.Broken+rep.Newer > 0 || rep.Torn != Loss{} || len(got) != len(before)) {
				t.Fatalf("mended once, but %+v", rep)
			}
			for i := range before {
				if !bytes.Equal(before[i], got[i]) {
					t.Fatalf("record %d changed", i)
				}
			}
			before = got
		}
	})
}
