package state

import (
	"slices"
	"testing"
)

// look is what a look appends: 40 records, 20 KB.
func look() (records []Record) {
	for i := range 40 {
		records = append(records, Record{Kind: byte(i % 5), Data: make([]byte, 512)})
	}
	return records
}

// BenchmarkAppend is on a disk that takes a sync for nothing: the cost of the store itself. The syncs of a
// real disk come on top.
func BenchmarkAppend(b *testing.B) {
	s, _ := mustOpen(b, scratch(b), Options{})
	records := look()
	b.SetBytes(20 << 10)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Append(records...); err != nil {
			b.Fatal(err)
		}
		if s.Due() {
			if err := s.Compact(slices.Values(records)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkAppendOnDisk(b *testing.B) {
	s, _ := mustOpen(b, b.TempDir(), Options{})
	records := look()
	b.SetBytes(20 << 10)
	for b.Loop() {
		if err := s.Append(records...); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart opens and replays 10 MB.
func BenchmarkStart(b *testing.B) {
	dir := scratch(b)
	s, _ := mustOpen(b, dir, Options{})
	for range 500 {
		if err := s.Append(look()...); err != nil {
			b.Fatal(err)
		}
	}
	s.Close()
	b.SetBytes(sizeOf(b, dir))
	b.ReportAllocs()
	for b.Loop() {
		s, _, err := Open(dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		if err := s.Replay(func(Record) error { n++; return nil }); err != nil || n != 500*40 {
			b.Fatal(n, err)
		}
		s.Close()
	}
}

// BenchmarkSweepFindsNothing is a sweep for an id that 10 MB do not name.
func BenchmarkSweepFindsNothing(b *testing.B) {
	s, _ := mustOpen(b, scratch(b), Options{})
	for range 500 {
		if err := s.Append(look()...); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(s.Stats().Bytes)
	b.ReportAllocs()
	for b.Loop() {
		if res, err := s.Sweep(names4711, clean4711); err != nil || res.Files != 0 {
			b.Fatal(res, err)
		}
	}
}
