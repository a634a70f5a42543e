package main

import "golang.org/x/sys/unix"

const getTermios, setTermios, flushInput = unix.TCGETS, unix.TCSETS, unix.TCSETSF
