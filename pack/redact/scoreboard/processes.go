package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"relaypack/pack/redact/scoreboard/child"
	"relaypack/pack/redact/scoreboard/corpus"
	"relaypack/pack/redact/scoreboard/score"
	"relaypack/pack/redact/scoreboard/tool"
)

// toolNames are all tools, in the order of the table.
var toolNames = []string{"relaypack", "verify", "naive", "otel", "datadog-bytes", "datadog-json", "gitleaks", "troubleshoot"}

// heavy says which folder's program runs a tool that is not in this one: their
// dependencies stay out of this binary and out of the memory of the others.
var heavy = map[string]string{"datadog-bytes": "datadog", "datadog-json": "datadog", "troubleshoot": "troubleshoot", "gitleaks": "gitleaks", "otel": "otel"}

// playAll runs the tools one after the other; packs are for speed alone.
func playAll(dir string, docs, packs []corpus.Doc, names []string) ([]row, error) {
	for name, of := range map[string][]corpus.Doc{"documents": docs, "packs": packs} {
		inputs := make([][]byte, len(of))
		for i, d := range of {
			inputs[i] = d.Bytes
		}
		if err := child.WriteAll(filepath.Join(dir, name), inputs); err != nil {
			return nil, fmt.Errorf("write the %s: %w", name, err)
		}
	}
	var rows []row
	for _, name := range names {
		r, err := playOne(dir, docs, name)
		if err != nil {
			return nil, fmt.Errorf("run %s: %w", name, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func playOne(dir string, docs []corpus.Doc, name string) (row, error) {
	command, err := program(dir, name)
	if err != nil {
		return row{}, err
	}
	outFile := filepath.Join(dir, "outputs-"+name)
	cmd := exec.Command(command[0], append(command[1:], filepath.Join(dir, "documents"), filepath.Join(dir, "packs"), outFile)...)
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		return row{}, err
	}
	var r row
	if err := json.Unmarshal(said, &r.Report); err != nil {
		return row{}, fmt.Errorf("read the report: %w", err)
	}
	if r.Outputs, err = child.ReadAll(outFile); err != nil {
		return row{}, fmt.Errorf("read the outputs: %w", err)
	}
	r.Result, err = judge(name, docs, r.Outputs)
	return r, err
}

// program gives the command that runs a tool: this binary, or one built from folder heavy.
func program(dir, name string) ([]string, error) {
	folder, ok := heavy[name]
	if !ok {
		if _, err := tool.Light(name); err != nil {
			return nil, err
		}
		self, err := os.Executable()
		return []string{self, "-child", name}, err
	}
	binary := filepath.Join(dir, folder)
	if _, err := os.Stat(binary); err != nil {
		build := exec.Command("go", "build", "-o", binary, "./heavy/"+folder)
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, fmt.Errorf("build (in the scoreboard's own folder): %w", err)
		}
	}
	return []string{binary, name}, nil
}

func judge(name string, docs []corpus.Doc, outputs [][]byte) (score.Result, error) {
	if len(outputs) != len(docs) {
		return score.Result{}, fmt.Errorf("%d outputs for %d documents", len(outputs), len(docs))
	}
	return score.Judge(name, docs, func(n int, d corpus.Doc) (score.Verdict, error) {
		if name != "verify" {
			return score.Output(d, outputs[n]), nil
		}
		var offsets []int
		if err := json.Unmarshal(outputs[n], &offsets); err != nil {
			return score.Verdict{}, fmt.Errorf("read the places found: %w", err)
		}
		slices.Sort(offsets)
		return score.Places(d, offsets), nil
	})
}
