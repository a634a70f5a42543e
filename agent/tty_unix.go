//go:build linux || darwin

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetTermios(int(f.Fd()), getTermios)
	return err == nil
}

// terminalSize is 0, 0 where the terminal does not say it.
func terminalSize(f *os.File) (width, height int) {
	ws, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, 0
	}
	return int(ws.Col), int(ws.Row)
}

// quiet stops a terminal from showing what is typed and from waiting for a line; signals stay. restore gives it back
// as it was and drops what was typed, so that a shell does not run it.
func quiet(f *os.File) (restore func(), err error) {
	was, err := unix.IoctlGetTermios(int(f.Fd()), getTermios)
	if err != nil {
		return nil, err
	}
	now := *was
	now.Lflag &^= unix.ECHO | unix.ICANON
	now.Cc[unix.VMIN], now.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(int(f.Fd()), setTermios, &now); err != nil {
		return nil, err
	}
	// What cannot be given back here cannot be told either: the screen is left in any case.
	return func() { _ = unix.IoctlSetTermios(int(f.Fd()), flushInput, was) }, nil
}

// resized is what the system sends when the terminal has another size.
const resized = unix.SIGWINCH
