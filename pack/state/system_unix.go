//go:build unix

package state

import (
	"errors"
	"os"
	"syscall"
)

// noFollow makes an open of a symbolic link an error: whoever could put one here must not choose
// what is read or overwritten.
const noFollow = syscall.O_NOFOLLOW

// nonBlock keeps an open of a pipe from waiting for its other end.
const nonBlock = syscall.O_NONBLOCK

// lockFile takes the whole file for this process. The lock goes with the process, however that ends.
func lockFile(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrLocked
		default:
			return err
		}
	}
}

// isLink says whether an open stopped at a symbolic link.
func isLink(err error) bool { return errors.Is(err, syscall.ELOOP) }
