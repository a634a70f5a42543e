package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// step is one system call that changes something, as it is told to a hook before it is done.
type step struct {
	do   action
	name string
	to   string // rename: the new name
	at   int64  // write: where; truncate: the new length
	data []byte // write
}

type action string

const (
	createFile action = "create"
	writeFile  action = "write"
	cutFile    action = "truncate"
	syncFile   action = "sync"
	renameFile action = "rename"
	removeFile action = "remove"
	syncFolder action = "sync folder"
)

// disk is the folder. Everything that changes it goes through here, one method for one system call.
type disk struct {
	dir    string
	before func(step) error // a fault for a test, in place of the call; nil: none
}

// file is an open file of the folder.
type file struct {
	*os.File
	disk *disk
	name string
}

func (d *disk) path(name string) string { return filepath.Join(d.dir, name) }

// call tells the hook, does it, and names step and cause alone: a path is the operator's, and an
// error may be told in a pack.
func (d *disk) call(s step, do func() error) error {
	if d.before != nil {
		if err := d.before(s); err != nil {
			return fmt.Errorf("%s: %w", s.do, err)
		}
	}
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", s.do, cause(err))
	}
	return nil
}

// cause takes the path out of an error.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err
	}
	return err
}

// create makes an empty file, or empties one that a crash left.
func (d *disk) create(name string) (f *file, err error) {
	err = d.call(step{do: createFile, name: name}, func() error {
		f, err = d.open(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
		return err
	})
	return f, err
}

// open opens a regular file; anything else under that name is an error.
func (d *disk) open(name string, flag int) (*file, error) {
	f, err := os.OpenFile(d.path(name), flag|noFollow|nonBlock, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open: %w", cause(err))
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open: %w", cause(err))
	}
	return &file{File: f, disk: d, name: name}, nil
}

// rename gives a file another name, in place of what had it. A file system behind a network may do it and
// then answer with an error, because it was asked twice: what counts is where the file is.
func (d *disk) rename(from, to string) error {
	err := d.call(step{do: renameFile, name: from, to: to}, func() error {
		return os.Rename(d.path(from), d.path(to))
	})
	if err == nil {
		return nil
	}
	if _, gone := os.Lstat(d.path(from)); !errors.Is(gone, fs.ErrNotExist) {
		return err
	}
	if _, there := os.Lstat(d.path(to)); there != nil {
		return err
	}
	return nil
}

// remove removes a file. One that is gone already is no error.
func (d *disk) remove(name string) error {
	return d.call(step{do: removeFile, name: name}, func() error {
		if err := os.Remove(d.path(name)); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// sync makes what was created, renamed and removed survive the loss of power.
func (d *disk) sync() error {
	return d.call(step{do: syncFolder}, func() error { return syncPath(d.dir) })
}

func syncPath(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// entry is one name of the folder.
type entry struct {
	name    string
	size    int64
	regular bool
}

// list gives the entries that `ours` wants and counts the others. It reads the folder in parts: what
// others put there takes no memory.
func (d *disk) list(ours func(string) bool) (found []entry, foreign int, err error) {
	f, err := os.Open(d.dir)
	if err != nil {
		return nil, 0, fmt.Errorf("list: %w", cause(err))
	}
	defer f.Close()
	for {
		part, err := f.ReadDir(256)
		for _, e := range part {
			if !ours(e.Name()) {
				foreign++
				continue
			}
			info, err := e.Info()
			if err != nil {
				continue // gone since
			}
			found = append(found, entry{e.Name(), info.Size(), info.Mode().IsRegular()})
		}
		if errors.Is(err, io.EOF) {
			return found, foreign, nil
		}
		if err != nil {
			return nil, 0, fmt.Errorf("list: %w", cause(err))
		}
	}
}

func (f *file) writeAt(data []byte, at int64) error {
	return f.disk.call(step{do: writeFile, name: f.name, at: at, data: data}, func() error {
		_, err := f.WriteAt(data, at)
		return err
	})
}

func (f *file) cut(size int64) error {
	return f.disk.call(step{do: cutFile, name: f.name, at: size}, func() error { return f.Truncate(size) })
}

func (f *file) sync() error {
	return f.disk.call(step{do: syncFile, name: f.name}, f.Sync)
}
