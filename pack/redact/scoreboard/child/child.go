// Package child runs one tool over a corpus in a process of its own, so that
// its time, its allocations and its memory are its own.
package child

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Func makes the output of a tool for one document.
type Func func(doc []byte) ([]byte, error)

// Report is what a child measures.
type Report struct {
	MBPerSecond float64 // 10^6 bytes of input per second of user and system time
	PackSpeed   float64 // the same on documents of the size of packs, with a secret in one event of fifty
	Allocs      float64 // heap allocations per document
	PeakRSS     int64   // bytes, after one pass over the documents, read one after the other
	Errors      int     // documents for which the tool gave an error, and so no output
}

// measureFor is how much CPU time is measured at least.
const measureFor = 1500 * time.Millisecond

// Main is the main function of a child: arguments are the file of documents, the
// file of packs, and the file for outputs; the Report goes to w.
func Main(args []string, redact Func, w io.Writer) error {
	if len(args) != 3 {
		return errors.New("want: the file of documents, the file of packs, the file for outputs")
	}
	failed, err := pass(args[0], args[2], redact)
	if err != nil {
		return err
	}
	rss, err := peak()
	if err != nil {
		return err
	}
	docs, err := ReadAll(args[0])
	if err != nil {
		return err
	}
	packs, err := ReadAll(args[1])
	if err != nil {
		return err
	}
	rep := Report{MBPerSecond: speed(docs, redact), PackSpeed: speed(packs, redact), Allocs: allocs(docs, redact), PeakRSS: rss, Errors: failed}
	return json.NewEncoder(w).Encode(rep)
}

// pass writes the output of each document, one at a time in memory.
func pass(from, to string, redact Func) (failed int, err error) {
	in, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return 0, err
	}
	w, r := bufio.NewWriter(out), bufio.NewReader(in)
	for {
		doc, err := read(r)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		clean, err := redact(doc)
		if err != nil {
			failed, clean = failed+1, nil
		}
		if err := write(w, clean); err != nil {
			return 0, err
		}
	}
	return failed, errors.Join(w.Flush(), out.Close())
}

// speed gives 10^6 bytes per second of CPU time, after a first pass that is not measured.
func speed(docs [][]byte, redact Func) float64 {
	bytes := 0
	for _, d := range docs {
		bytes += len(d)
	}
	all(docs, redact)
	passes, start := 0, cpu()
	for cpu()-start < measureFor {
		all(docs, redact)
		passes++
	}
	return float64(bytes*passes) / 1e6 / (cpu() - start).Seconds()
}

// allocs gives heap allocations per document.
func allocs(docs [][]byte, redact Func) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	all(docs, redact)
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(max(1, len(docs)))
}

func all(docs [][]byte, redact Func) {
	for _, d := range docs {
		_, _ = redact(d) // errors were counted in the first pass
	}
}

// peak is the peak of the resident set, in bytes. (ru_maxrss is no measure of
// it: a child begins with its parent's.)
func peak() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, fmt.Errorf("read the memory of this process: %w", err)
	}
	var kb int64
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(line, &kb); err != nil {
		return 0, fmt.Errorf("read the peak of the resident set: %w", err)
	}
	return kb * 1024, nil
}

func usage() syscall.Rusage {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(fmt.Sprintf("getrusage of this process: %v", err))
	}
	return u
}

// cpu is the user and system time of this process.
func cpu() time.Duration {
	u := usage()
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Documents in files: the length as 4 bytes, big end first, then the bytes.

func read(r io.Reader) ([]byte, error) {
	var n [4]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return nil, err
	}
	doc := make([]byte, binary.BigEndian.Uint32(n[:]))
	_, err := io.ReadFull(r, doc)
	return doc, err
}

func write(w io.Writer, doc []byte) error {
	if err := binary.Write(w, binary.BigEndian, uint32(len(doc))); err != nil {
		return err
	}
	_, err := w.Write(doc)
	return err
}

// ReadAll reads a file of documents.
func ReadAll(name string) ([][]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var docs [][]byte
	for r := bufio.NewReader(f); ; {
		doc, err := read(r)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
}

// WriteAll writes a file of documents.
func WriteAll(name string, docs [][]byte) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, d := range docs {
		if err := write(w, d); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}
