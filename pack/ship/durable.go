package ship

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
)

const tempPrefix = ".relaypack-temp-"

// Modes of files: what waits is the agent's own, what is in a store is for whoever reads it.
const (
	ownFile   = 0o600
	storeFile = 0o644
)

// writeTemp writes a new file in a folder and syncs it. On an error nothing is left.
func writeTemp(folder string, mode os.FileMode, parts ...[]byte) (string, error) {
	path := filepath.Join(folder, tempPrefix+strings.ToLower(rand.Text()))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", err
	}
	for _, part := range parts {
		if err == nil {
			_, err = f.Write(part)
		}
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(path)
		return "", err
	}
	return path, nil
}

// replaceFile gives a file new content, whole or not at all.
func replaceFile(path string, content []byte) error {
	temp, err := writeTemp(filepath.Dir(path), storeFile, content)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
}

// syncFolder makes the names in a folder last.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}
