package state

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
)

// maxSmall is the most bytes of a file beside the log.
const maxSmall = 1 << 20

// ReadFile reads a file beside the log: fs.ErrNotExist when there is none, ErrTooLarge over 1 MiB.
// A name is 1 to 32 of a-z, 0-9 and `-`, then `.key` or `.json`.
func (s *Store) ReadFile(name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	data, err := s.readSmall(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data, nil
}

// WriteFile replaces a file beside the log. A crash leaves the old content or the new, whole.
func (s *Store) WriteFile(name string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if err := s.writeSmall(name, data); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func (s *Store) readSmall(name string) ([]byte, error) {
	if !isSmall(name) {
		return nil, fs.ErrInvalid
	}
	f, err := s.disk.open(name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSmall+1))
	if err == nil && len(data) > maxSmall {
		err = ErrTooLarge
	}
	return data, cause(err)
}

func (s *Store) writeSmall(name string, data []byte) error {
	if !isSmall(name) {
		return fs.ErrInvalid
	}
	if len(data) > maxSmall {
		return ErrTooLarge
	}
	f, err := s.disk.create(name + tempSuffix)
	if err != nil {
		return err
	}
	defer f.Close()
	if err = f.writeAt(data, 0); err == nil {
		err = s.publish(f, name)
	}
	if err == nil {
		err = s.settle()
	}
	if err != nil {
		_ = s.disk.remove(name + tempSuffix)
	}
	return err
}

// Name of the file of the pseudonym key, and how long its line is: 32 random bytes and their CRC-32C,
// in hexadecimal signs, as text. The whole line is the key, so that the file can be given to another
// agent as PSEUDONYM_KEY_FILE.
const (
	keyName  = "pseudonym.key"
	keyBytes = 32
	keySigns = 2 * (keyBytes + crc32.Size)
)

// Key is the pseudonym key of an installation.
type Key struct {
	Text     []byte // 72 signs 0-9 a-f
	Made     bool   // by this call: names in earlier packs were made with another one, if any
	Replaced bool   // because the one that was there was broken; it is set aside
}

// PseudonymKey reads the key, and makes it when there is none. An error means that there is a key that
// cannot be read now, or no way to write one: what is there is not touched.
func (s *Store) PseudonymKey() (Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return Key{}, ErrClosed
	}
	k, err := s.pseudonymKey()
	if err != nil {
		return Key{}, fmt.Errorf("pseudonym key: %w", err)
	}
	return k, nil
}

func (s *Store) pseudonymKey() (Key, error) {
	var k Key
	data, err := s.readSmall(keyName)
	switch {
	case err == nil && isKey(data):
		return Key{Text: data[:keySigns]}, nil
	case err == nil, errors.Is(err, ErrTooLarge), errors.Is(err, errNotRegular), isLink(err):
		if _, err := s.setAside(entry{name: keyName, size: int64(len(data))}, brokenInfix); err != nil {
			return Key{}, err
		}
		s.boundAsides()
		k.Replaced = true
	case !errors.Is(err, fs.ErrNotExist):
		return Key{}, err
	}
	raw := make([]byte, keyBytes)
	rand.Read(raw) // never fails
	k.Text, k.Made = []byte(keyLine(raw)), true
	if err := s.writeSmall(keyName, append(k.Text[:keySigns:keySigns], '\n')); err != nil {
		return Key{}, err
	}
	return k, nil
}

func keyLine(raw []byte) string { return fmt.Sprintf("%x%08x", raw, checksum(raw)) }

func isKey(data []byte) bool {
	if len(data) != keySigns+1 || data[keySigns] != '\n' {
		return false
	}
	raw, err := hex.DecodeString(string(data[:2*keyBytes]))
	return err == nil && keyLine(raw) == string(data[:keySigns])
}
