package state

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// memory is how many records a snapshot of these tests holds.
const memory = 30

// workload is a caller that keeps the newest `memory` records, and what it was promised.
type workload struct {
	s      *Store
	last   int // the newest record that was appended with success
	trying int // the newest that was handed over
	swept  bool
	dice   *rand.Rand
}

const stain = "stain" // what a sweep takes away

// stained is a record that is no numbered one.
func stained() Record { return Record{Kind: 99, Data: []byte("a " + stain)} }

// do is one thing that an agent does. The kinds are 0 to 9.
func (w *workload) do(kind int) (err error) {
	switch {
	case kind == 0 || w.s.Due():
		if err = w.s.Compact(sequence(max(1, w.last-memory+1), w.last)); err == nil {
			w.swept = true
		}
	case kind == 1:
		_, err = w.s.Sweep(
			func(b []byte) bool { return bytes.Contains(b, []byte(stain)) },
			func(r Record) (Record, bool) { return r, r.Kind != 99 })
		if err == nil {
			w.swept = true
		}
	case kind == 2:
		_, err = w.s.PseudonymKey()
	case kind == 3:
		w.swept = false
		err = w.s.Append(stained())
	default:
		n := 1 + w.dice.IntN(4)
		w.trying = w.last + n
		if err = w.s.Append(numbers(w.last+1, w.trying)...); err == nil {
			w.last = w.trying
		}
	}
	return err
}

// promised checks what a later run finds. It gives the newest record: the last that was acknowledged, or
// that was on its way, or that a run between found.
func (w *workload) promised(t testing.TB, s *Store, between int) (newest int) {
	t.Helper()
	var first, prev int
	err := s.Replay(func(r Record) error {
		if r.Kind == 99 {
			if w.swept {
				return errors.New("what was swept is back")
			}
			return nil
		}
		n, err := numberOf(r)
		if err == nil && prev > 0 && n != prev+1 {
			err = fmt.Errorf("%d behind %d", n, prev)
		}
		if first == 0 {
			first = n
		}
		prev = n
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if prev != w.last && prev != w.trying && (prev < w.last || prev != between) {
		t.Fatalf("the newest is %d; %d was acknowledged, %d was on its way, %d was found", prev, w.last, w.trying, between)
	}
	if first > max(1, w.last-memory+1) {
		t.Fatalf("the oldest is %d of %d", first, w.last)
	}
	return prev
}

// moment is where the notes of a run can be cut: what was promised when so many calls were done.
type moment struct {
	w     workload
	steps int
}

// record runs a workload and notes each call, and what is promised before it.
func record(t *testing.T, dir string, w *workload, kinds []int) (steps []step, moments []moment) {
	t.Helper()
	s, _, err := openWith(dir, small, func(st step) error {
		moments = append(moments, moment{*w, len(steps)})
		st.data = bytes.Clone(st.data)
		steps = append(steps, st)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.s = s
	for _, kind := range kinds {
		if err := w.do(kind); err != nil {
			t.Fatal(err)
		}
		moments = append(moments, moment{*w, len(steps)})
	}
	s.Close()
	return steps, moments
}

// seedOf gives a seed, and prints it. RELAYPACK_SEED repeats a run.
func seedOf(t testing.TB) uint64 {
	seed, err := strconv.ParseUint(os.Getenv("RELAYPACK_SEED"), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("seed %d", seed)
	return seed
}

// TestCrashBetweenAnyTwoCalls cuts the power, or ends the process, before and after each system call of a
// life with appends, compactions, sweeps and a key, again while the next start mends, and looks at what
// the start after that finds.
func TestCrashBetweenAnyTwoCalls(t *testing.T) {
	seed := seedOf(t)
	dice := rand.New(rand.NewPCG(seed, 1))
	top := scratch(t)
	w := &workload{dice: dice}
	kinds := []int{2}
	for range 90 {
		kinds = append(kinds, dice.IntN(10))
	}
	steps, moments := record(t, filepath.Join(top, "first"), w, kinds)
	dir := filepath.Join(top, "again")
	torn := 0
	l, noted := newLedger(), 0
	for _, m := range moments {
		for ; noted < m.steps; noted++ {
			l.note(steps[noted])
		}
		for variant := range 4 {
			left := l.clone() // variant 0: only the process ended
			switch variant {
			case 1:
				left = ledgerOf(l.after(nil))
			case 2, 3:
				left = ledgerOf(l.after(dice))
			}
			torn += crashAgain(t, dir, left, m.w, dice)
		}
	}
	if torn == 0 {
		t.Error("no crash left a torn batch: the test does not reach what it is for")
	}
}

// crashAgain lets a next life begin with what a crash left, append, and be cut short too; then it checks,
// goes on, and checks again.
func crashAgain(t *testing.T, dir string, l *ledger, w workload, dice *rand.Rand) (torn int) {
	t.Helper()
	build(t, dir, l.killed())
	left := dice.IntN(16)
	crash := errors.New("crash")
	s, rep, err := openWith(dir, small, func(st step) error {
		if left--; left < 0 {
			return crash
		}
		l.note(st)
		return nil
	})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	torn += int(rep.Torn.Files)
	between, err := newestOf(s)
	for n := between + 1; err == nil; n++ {
		w.trying = n
		if err = s.Append(numbered(n)); err == nil {
			w.last = n
		}
	}
	if !errors.Is(err, crash) {
		t.Fatal(err)
	}
	s.Close()
	files := l.killed()
	if dice.IntN(2) == 0 {
		files = l.after(dice)
	}
	build(t, dir, files)
	s, rep, err = Open(dir, small)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer s.Close()
	if rep.Broken+rep.Newer+rep.Missing+rep.Unmoved > 0 {
		t.Fatalf("a crash is no damage: %+v", rep)
	}
	newest := w.promised(t, s, between)
	if err := s.Append(numbered(newest + 1)); err != nil {
		t.Fatal(err)
	}
	w.last, w.trying = newest+1, newest+1
	w.promised(t, s, 0)
	return torn + int(rep.Torn.Files)
}

// TestOneFaultAnywhere refuses each system call of a life once, or each from then on for a while; the
// agent goes on, appends again what was refused, and nothing is lost or doubled.
func TestOneFaultAnywhere(t *testing.T) {
	seed := seedOf(t)
	kinds := []int{2}
	dice := rand.New(rand.NewPCG(seed, 1))
	for range 40 {
		kinds = append(kinds, dice.IntN(10))
	}
	top := scratch(t)
	steps, _ := record(t, filepath.Join(top, "whole"), &workload{dice: rand.New(rand.NewPCG(seed, 2))}, kinds)
	for _, fault := range []error{syscall.ENOSPC, syscall.EIO} {
		for _, long := range []int{1, 6} {
			for at := range len(steps) {
				dir := filepath.Join(top, fmt.Sprint(fault == syscall.EIO, long, at))
				w := &workload{dice: rand.New(rand.NewPCG(seed, 2))}
				faultAt(t, dir, w, kinds, at, long, fault)
			}
		}
	}
}

func faultAt(t *testing.T, dir string, w *workload, kinds []int, at, long int, fault error) {
	t.Helper()
	n, failed := 0, 0
	s, _, err := openWith(dir, small, func(st step) error {
		if n++; n <= at || n > at+long {
			return nil
		}
		failed++
		if st.do == writeFile && fault == syscall.ENOSPC { // part of it fits
			if f, err := (&disk{dir: dir}).open(st.name, 1); err == nil {
				f.WriteAt(st.data[:len(st.data)/2], st.at)
				f.Close()
			}
		}
		if st.do == renameFile && fault == syscall.EIO && at%2 == 0 { // done all the same
			os.Rename(filepath.Join(dir, st.name), filepath.Join(dir, st.to))
		}
		return fault
	})
	if err != nil {
		t.Fatal(err)
	}
	w.s = s
	for _, kind := range kinds {
		if err := w.do(kind); err != nil && !errors.Is(err, fault) && failed == 0 {
			t.Fatal(err)
		}
	}
	if failed == 0 {
		t.Fatalf("call %d was not reached", at)
	}
	for tries := 0; w.do(4) != nil; tries++ { // it heals: what was refused is appended again
		if tries > long {
			t.Fatalf("call %d, %d long, %v: the store does not come back", at, long, fault)
		}
	}
	w.trying = w.last
	w.promised(t, s, 0)
	s.Close()
	s, rep, err := Open(dir, small)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if rep.Broken+rep.Newer+rep.Missing+rep.Unmoved > 0 {
		t.Fatalf("call %d, %d long, %v: a refused call is no damage: %+v", at, long, fault, rep)
	}
	w.promised(t, s, 0)
}
