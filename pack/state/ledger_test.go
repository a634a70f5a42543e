package state

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// ledger is a model of a file system that may lose power: it notes each system call that changes the
// folder, and gives the folders that can be found afterwards. A sync makes the content of a file safe, a
// sync of the folder its names; of what was not synced, any part may be there.
type ledger struct {
	names, safe map[string]*inode
	pending     []func(map[string]*inode) // changes of names since the last sync of the folder, in order
}

type inode struct {
	data, safe []byte
	writes     []write // since the last sync
}

type write struct {
	at   int64
	data []byte // nil: cut here
}

func newLedger() *ledger { return &ledger{names: map[string]*inode{}, safe: map[string]*inode{}} }

// clone gives a ledger that goes on by itself, after the end of a process that lost nothing. Changes of
// names that were not synced stay so.
func (l *ledger) clone() *ledger {
	nodes := map[*inode]*inode{}
	out := newLedger()
	for _, set := range []map[string]*inode{l.names, l.safe} {
		for _, n := range set {
			if nodes[n] == nil {
				nodes[n] = &inode{n.data, n.safe, slices.Clone(n.writes)}
			}
		}
	}
	for name, n := range l.names {
		out.names[name] = nodes[n]
	}
	for name, n := range l.safe {
		out.safe[name] = nodes[n]
	}
	for _, change := range l.pending {
		out.pending = append(out.pending, func(names map[string]*inode) {
			before := maps.Clone(names)
			change(names)
			for name, n := range names {
				if before[name] != n && nodes[n] != nil {
					names[name] = nodes[n]
				}
			}
		})
	}
	return out
}

func (l *ledger) note(s step) {
	switch s.do {
	case createFile:
		if old := l.names[s.name]; old != nil {
			old.change(write{})
			return
		}
		node := &inode{}
		l.rename(func(names map[string]*inode) { names[s.name] = node })
	case writeFile:
		l.names[s.name].change(write{s.at, bytes.Clone(s.data)})
	case cutFile:
		l.names[s.name].change(write{at: s.at})
	case syncFile:
		node := l.names[s.name]
		node.safe, node.writes = bytes.Clone(node.data), nil
	case renameFile:
		node := l.names[s.name]
		l.rename(func(names map[string]*inode) { delete(names, s.name); names[s.to] = node })
	case removeFile:
		l.rename(func(names map[string]*inode) { delete(names, s.name) })
	case syncFolder:
		l.safe, l.pending = maps.Clone(l.names), nil
	}
}

func (l *ledger) rename(f func(map[string]*inode)) {
	f(l.names)
	l.pending = append(l.pending, f)
}

func (n *inode) change(w write) {
	n.data = w.do(n.data)
	n.writes = append(n.writes, w)
}

func (w write) do(data []byte) []byte {
	end := int(w.at) + len(w.data)
	if w.data == nil {
		return append(bytes.Clone(data[:min(end, len(data))]), make([]byte, max(0, end-len(data)))...)
	}
	out := append(bytes.Clone(data), make([]byte, max(0, end-len(data)))...)
	copy(out[w.at:], w.data)
	return out
}

// after gives a folder that a loss of power may leave: with no dice only what is safe.
func (l *ledger) after(dice *rand.Rand) map[string][]byte {
	names := maps.Clone(l.safe)
	if dice != nil {
		for _, f := range l.pending[:dice.IntN(len(l.pending)+1)] {
			f(names)
		}
	}
	out := map[string][]byte{}
	for name, node := range names {
		out[name] = node.after(dice)
	}
	return out
}

// killed gives the folder that the end of the process alone leaves.
func (l *ledger) killed() map[string][]byte {
	out := map[string][]byte{}
	for name, node := range l.names {
		out[name] = node.data
	}
	return out
}

// after applies any of the unsynced writes, each in blocks of which any may be missing, and be zeros
// where the file grew.
func (n *inode) after(dice *rand.Rand) []byte {
	data := n.safe
	for _, w := range n.writes {
		if dice == nil || dice.IntN(3) == 0 {
			continue
		}
		if w.data == nil {
			data = w.do(data)
			continue
		}
		was := data
		data = w.do(data)
		for at := 0; at < len(w.data); at += 512 {
			if dice.IntN(4) > 0 {
				continue
			}
			for i := at; i < min(at+512, len(w.data)); i++ {
				data[int(w.at)+i] = 0
				if int(w.at)+i < len(was) {
					data[int(w.at)+i] = was[int(w.at)+i]
				}
			}
		}
	}
	return data
}

// build makes such a folder, as a real one.
func build(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// ledgerOf begins with files of which everything is safe.
func ledgerOf(files map[string][]byte) *ledger {
	l := newLedger()
	for name, data := range files {
		l.names[name] = &inode{data: data, safe: data}
	}
	l.safe = maps.Clone(l.names)
	return l
}

// load gives the files of a real folder.
func load(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range names(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}
