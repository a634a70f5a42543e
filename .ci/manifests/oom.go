package main

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// oomKill is a process that the kernel killed because the memory of its control group was used up.
type oomKill struct {
	at    time.Time
	group string
}

// An entry of /dev/kmsg is "LEVEL,NUMBER,MICROSECONDS,FLAGS;TEXT", and this is the text of a kill, as the node's agent
// of Kubernetes reads it, too: podman 4.3 does not tell it.
var oomLine = regexp.MustCompile(`^\d+,\d+,(\d+),[^;]*;oom-kill:constraint=CONSTRAINT_MEMCG,.*task_memcg=([^,]+),task=`)

// oomKills reads all kills that the kernel's log still has.
func oomKills() ([]oomKill, error) {
	fd, err := syscall.Open("/dev/kmsg", syscall.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("open the kernel's log: %w", err)
	}
	defer syscall.Close(fd)
	up, err := sinceBoot()
	if err != nil {
		return nil, err
	}
	var kills []oomKill
	for entry := make([]byte, 16<<10); ; {
		n, err := syscall.Read(fd, entry)
		switch {
		case err == syscall.EAGAIN:
			return kills, nil
		case err == syscall.EPIPE: // what was to be read next has been overwritten
			continue
		case err != nil:
			return nil, fmt.Errorf("read the kernel's log: %w", err)
		}
		line, _, _ := bytes.Cut(entry[:n], []byte("\n"))
		if m := oomLine.FindSubmatch(line); m != nil {
			micros, err := strconv.ParseInt(string(m[1]), 10, 64)
			if err != nil {
				return nil, err
			}
			kills = append(kills, oomKill{at: time.Now().Add(time.Duration(micros)*time.Microsecond - up), group: string(m[2])})
		}
	}
}

func sinceBoot() (time.Duration, error) {
	text, err := os.ReadFile("/proc/uptime")
	if err != nil {
		return 0, err
	}
	secs, _, _ := strings.Cut(string(text), " ")
	up, err := strconv.ParseFloat(secs, 64)
	return time.Duration(up * float64(time.Second)), err
}
