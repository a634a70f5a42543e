package main

import (
	"os"
	"time"

	"relaypack/pack/ship"
)

// delivery reads where packs are kept and where they go.
func (c *checker) delivery(s *settings, v variables) {
	s.stateDir = c.folder("StateDir", v.StateDir)
	s.spoolBytes = c.bytes("SpoolBytes", v.SpoolBytes, c.defaults.SpoolBytes, 1<<20, 1<<40)
	s.spoolAge = c.duration("SpoolAge", v.SpoolAge, c.defaults.SpoolAge, time.Minute, 366*24*time.Hour)
	s.pushInterval = c.interval("PushInterval", v.PushInterval, c.defaults.PushInterval)
	ca := c.certificates("PushCAFile", v.PushCAFile)
	if v.PushURL == "" {
		return
	}
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

// folder checks the path of a folder that is made when it is not there: that something can be written, by
// trying it.
func (c *checker) folder(field, path string) string {
	if path == "" {
		return ""
	}
	st, err := os.Stat(path)
	switch {
	case err == nil && !st.IsDir():
		c.fault(field, "is no directory")
		return ""
	case err != nil && !os.IsNotExist(err):
		c.fault(field, "cannot be used: %v", withoutPath(err))
		return ""
	}
	trial := path
	if err == nil {
		trial, err = os.MkdirTemp(path, ".relaypack-trial-")
	} else {
		err = os.Mkdir(path, 0o700)
	}
	if err != nil {
		c.fault(field, "cannot be written: %v", withoutPath(err))
		return ""
	}
	_ = os.Remove(trial) // made a moment ago, and empty unless another agent has begun in it
	return path
}
