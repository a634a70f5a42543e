// Command cost measures what the agent costs as a process, beside others that look at the same target.
//
//	go run ./agent/internal/cost [-looks N] [-every D] [-packs N]
//
// It builds the agent, stripped, as the image does; starts a target (the demo relay, with as many series
// more as asked for, of which one in twenty has another value at each look) and lets the agent look at it,
// then the floor (fetch the page and throw it away), then vmagent and prometheus where they are found in
// PATH. Each is alone with the target, one after the other, for the same number of looks. It prints a table
// in Markdown: CPU of the process for one look, resident memory at the end, and, of the agent, the time from
// its start to its first look and that of packs (p50, p99). Ratios of one run say something; figures of two
// machines do not.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "floor" { // ourselves, as the process that only fetches
		every, err := time.ParseDuration(os.Args[3])
		if err == nil {
			err = fetchForever(os.Args[2], every)
		}
		fail(err)
	}
	looks := flag.Int("looks", 60, "looks that are measured")
	every := flag.Duration("every", time.Second, "from look to look")
	packs := flag.Int("packs", 200, "packs that are asked for")
	flag.Parse()
	dir, err := os.MkdirTemp("", "relaypack-cost-")
	fail(err)
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "relaypack")
	size, err := build(binary)
	fail(err)
	fmt.Printf("%s, %s %s/%s, %d cores; binary %.1f MB stripped; %d looks every %s\n\n",
		time.Now().Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), float64(size)/1e6, *looks, *every)
	fmt.Println("| series | process | CPU per look, ms | resident, MB | start to first look, ms | pack p50 / p99, ms | the same, gzip |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- |")
	for _, series := range []int{1000, 10000} {
		for _, subject := range subjects(binary, dir, *every) {
			m, err := measure(subject, series, *looks, *packs, *every)
			if err != nil {
				fmt.Fprintf(os.Stderr, "%s: %v\n", subject.name, err)
				continue
			}
			fmt.Println(m.row(series, subject.name))
		}
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
