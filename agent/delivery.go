package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"relaypack/pack/ship"
)

// delivery reads where packs are kept and where they go.
func (c *checker) delivery(s *settings, v variables) {
	s.stateDir = v.StateDir
	s.spoolBytes = c.bytes("SpoolBytes", v.SpoolBytes, c.defaults.SpoolBytes, 1<<20, 1<<40)
	s.spoolAge = c.duration("SpoolAge", v.SpoolAge, c.defaults.SpoolAge, time.Minute, 366*24*time.Hour)
	s.pushInterval = c.interval("PushInterval", v.PushInterval, c.defaults.PushInterval)
	ca := c.certificates("PushCAFile", v.PushCAFile)
	if v.PushURL == "" {
		return
	}
	s.store, _, _ = strings.Cut(v.PushURL, "://")
	bucket, err := ship.Open(v.PushURL, ship.OpenOptions{CAFile: ca})
	if err != nil {
		c.fault("PushURL", "%v", err)
		return
	}
	s.bucket = bucket
}

// interval reads a duration of which 0 means never.
func (c *checker) interval(field, text, fallback string) time.Duration {
	if d, err := time.ParseDuration(text); err == nil && d == 0 {
		return 0
	}
	return c.duration(field, text, fallback, time.Minute, 7*24*time.Hour)
}

// folderFault says why nothing can be written into the folder of a path, "" for nothing. It makes the folder,
// or something in it, and takes it away again. It is no fault of the configuration: a disk that went bad is
// no typing error, and packs are wanted all the same.
func folderFault(path string) string {
	if path == "" {
		return ""
	}
	st, err := os.Stat(path)
	switch {
	case err == nil && !st.IsDir():
		return "is no directory"
	case err != nil && !os.IsNotExist(err):
		return fmt.Sprintf("cannot be used: %v", withoutPath(err))
	}
	trial := path
	if err == nil {
		trial, err = os.MkdirTemp(path, ".relaypack-trial-")
	} else {
		err = os.Mkdir(path, 0o700)
	}
	if err != nil {
		return fmt.Sprintf("cannot be written: %v", withoutPath(err))
	}
	_ = os.Remove(trial) // made a moment ago, and empty unless another agent has begun in it
	return ""
}
