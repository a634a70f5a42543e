package scrape

import (
	"golang.org/x/sys/unix"
)

// openHandle gives a handle that stays with this one process when its pid goes to another; it needs no
// rights. -1: the kernel has none.
func openHandle(pid int32) int {
	fd, err := unix.PidfdOpen(int(pid), 0)
	if err != nil {
		return -1
	}
	return fd
}

func closeHandle(fd int) {
	if fd >= 0 {
		_ = unix.Close(fd) // it was only read
	}
}

// signalName is SIGKILL and the like, "" for none.
func signalName(n int) string { return unix.SignalName(unix.Signal(n)) }

// exitStatus is the wait status of a process that has ended; later: it may still come. Kernels before
// 6.15 never tell it.
func exitStatus(fd int) (status int, known, later bool) {
	if fd < 0 {
		return 0, false, false
	}
	info := unix.PidfdInfo{Mask: unix.PIDFD_INFO_EXIT}
	if err := unix.IoctlPidfdInfo(fd, &info); err != nil {
		return 0, false, err == unix.EINTR
	}
	if info.Mask&unix.PIDFD_INFO_EXIT == 0 {
		return 0, false, true
	}
	return int(info.Exit_code), true, false
}
