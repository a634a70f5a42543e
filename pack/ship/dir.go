package ship

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// dir is a bucket in a folder. The hash of an object stands beside it in .<file>.sha256, which is
// written first: an object without it was not put by us. The folder itself is not created: what is
// missing may be a mount that is not there.
//
// Two that put different bytes under one name at once could leave the loser's hash beside the winner's
// bytes: the name of a pack holds a random part, so nobody does.
type dir struct {
	root  string
	mu    sync.Mutex
	swept map[string]bool // folders that were looked through for temp files of lives that were killed
}

var _ Bucket = (*dir)(nil)

func (d *dir) String() string { return "file://" + d.root }

func (d *dir) Put(ctx context.Context, name string, o Object) error {
	if err := ctx.Err(); err != nil {
		return &Fault{Cause: Unreachable, Step: "put", Detail: wordsFor(err), err: err}
	}
	path := filepath.Join(d.root, filepath.FromSlash(name))
	if err := d.folders(filepath.Dir(path)); err != nil {
		return dirFault("put", err)
	}
	d.sweep(filepath.Dir(path))
	if _, err := os.Lstat(path); err == nil {
		return &Fault{Cause: Exists, Step: "put"}
	}
	if err := replaceFile(sidePath(path), []byte(o.SHA256+"\n")); err != nil {
		return dirFault("put", err)
	}
	temp, err := writeTemp(filepath.Dir(path), storeFile, o.Body)
	if err != nil {
		return dirFault("put", err)
	}
	defer os.Remove(temp)
	// A link, unlike a rename, fails when the name is taken.
	if err := os.Link(temp, path); err != nil {
		return dirFault("put", err)
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return &Fault{Cause: Unsure, Step: "put", Detail: "the folder could not be synced", err: err}
	}
	return nil
}

func (d *dir) Look(_ context.Context, name string) (Entry, error) {
	path := filepath.Join(d.root, filepath.FromSlash(name))
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Entry{}, ErrAbsent
	}
	if err != nil {
		return Entry{}, dirFault("look", err)
	}
	e := Entry{Size: info.Size()}
	side, err := os.ReadFile(sidePath(path))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Entry{}, dirFault("look", err)
	}
	if sum := strings.TrimSpace(string(side)); isHash(sum) {
		e.SHA256 = sum
	}
	return e, nil
}

// folders makes the folders below the root, each of them synced into its parent.
func (d *dir) folders(path string) error {
	if path == d.root || len(path) <= len(d.root) {
		_, err := os.Stat(d.root)
		return err
	}
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	parent := filepath.Dir(path)
	if err := d.folders(parent); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncFolder(parent)
}

func sidePath(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".sha256")
}

func isHash(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 64
}

// dirFault says what an error of the file system means for a store.
func dirFault(step string, err error) *Fault {
	f := &Fault{Step: step, err: err}
	switch {
	case errors.Is(err, fs.ErrExist):
		f.Cause = Exists
	case errors.Is(err, fs.ErrNotExist):
		f.Cause = NoBucket
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		f.Cause = Forbidden
	case noSpace(err):
		f.Cause = Full
	case errors.Is(err, syscall.ENOTSUP), errors.Is(err, syscall.EMLINK), errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.ENOTDIR):
		f.Cause, f.Detail = Refused, "the file system has no hard links, or does not take this name"
	default:
		f.Cause, f.Detail = Broken, "the file system fails"
	}
	return f
}

func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
