package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Open makes or takes over a folder: it locks it, mends it, and says what it found. Its errors mean that
// there is nowhere to write: ErrLocked, a file or a dangling link where the folder should be, no right,
// a read-only or full file system, a system without file locks. The caller can go on in memory.
//
// The folder gets mode 0700 unless it holds files of others or belongs to another user (then
// Report.Shared); its files have 0600.
func Open(dir string, o Options) (*Store, Report, error) {
	return openWith(dir, o, nil)
}

func openWith(dir string, o Options, before func(step) error) (*Store, Report, error) {
	s := &Store{opts: o.complete(), disk: &disk{dir: dir, before: before}, next: 1, unsynced: true}
	if err := prepare(dir); err != nil {
		return nil, Report{}, fmt.Errorf("open state folder: %w", err)
	}
	lock, err := s.disk.open(lockName, os.O_RDWR|os.O_CREATE)
	if err == nil {
		if err = lockFile(lock.File); err != nil {
			lock.Close()
		}
	}
	if err != nil {
		return nil, Report{}, fmt.Errorf("lock state folder: %w", err)
	}
	s.lock = lock
	var rep Report
	if err := s.recover(&rep); err != nil {
		lock.Close()
		return nil, Report{}, fmt.Errorf("read state folder: %w", err)
	}
	s.account("", nil)
	return s, rep, nil
}

// prepare makes the folder where there is none.
func prepare(dir string) error {
	if dir == "" {
		return errors.New("no name given")
	}
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return errors.New("a file stands where the folder should be")
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return cause(err)
	}
	if _, err := os.Lstat(dir); err == nil {
		return errors.New("a symbolic link that leads nowhere stands where the folder should be")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make it: %w", cause(err))
	}
	if err := syncPath(filepath.Dir(dir)); err != nil {
		return fmt.Errorf("sync its parent: %w", cause(err))
	}
	return nil
}

// tighten takes the folder from all others. One that holds what others put there is shared on purpose,
// or was named by mistake: `/tmp` must stay as it is.
func (s *Store) tighten(foreign int) (shared bool) {
	info, err := os.Stat(s.disk.dir)
	if err != nil {
		return true
	}
	if info.Mode().Perm()&0o077 == 0 {
		return false
	}
	return foreign > 0 || info.Mode()&fs.ModeSticky != 0 || os.Chmod(s.disk.dir, 0o700) != nil
}
