//go:build !unix

package state

import (
	"errors"
	"os"
)

const (
	noFollow = 0
	nonBlock = 0
)

// lockFile refuses: without a lock two agents could write one folder.
func lockFile(*os.File) error { return errors.ErrUnsupported }

func isLink(error) bool { return false }
