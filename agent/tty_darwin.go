package main

import "golang.org/x/sys/unix"

const getTermios, setTermios, flushInput = unix.TIOCGETA, unix.TIOCSETA, unix.TIOCSETAF
