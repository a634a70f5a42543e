package main

import (
	"bytes"
	"slices"
	"sync"

	"relaypack/agent/internal/known"
)

const (
	maxSecrets  = 64 // own values at once; the oldest goes first
	leastSecret = 6  // bytes: shorter ones would be found everywhere
)

// secrets are the values that the agent itself holds or held: its bearers old and new, passwords, keys; and
// those that stand around it, in its environment and in mounted files. Redactor and detector know them and let
// none of them out, whatever its shape.
type secrets struct {
	known func(values [][]byte) error // hands all of them to redactor and detector
	inUse func() [][]byte             // what the configuration and the state folder hold now

	mu     sync.Mutex
	values [][]byte
	found  [][]byte // around the agent; the oldest goes first, not before known.MaxValues are there
}

// add notes values from now on. A value that is replaced stays known: it may stand in what was kept. One
// that was known counts as new again, so that what is in use never goes for what comes and goes.
func (s *secrets) add(values ...[]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values, _ = renewed(s.values, values, maxSecrets)
	_ = s.known(slices.Concat(s.values, s.found)) // no value is too short for it, and they are few enough
}

// around notes what a look around the agent found, in the same way. It says whether anything is new.
func (s *secrets) around(values [][]byte) (changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found, changed = renewed(s.found, values, known.MaxValues); changed {
		_ = s.known(slices.Concat(s.values, s.found))
	}
	return changed
}

// renewed puts values behind those of a list, each once, and takes away what is too much from its beginning.
// changed: one of them was not in the list.
func renewed(list, values [][]byte, most int) (out [][]byte, changed bool) {
	has := func(list [][]byte, v []byte) bool {
		return slices.ContainsFunc(list, func(o []byte) bool { return bytes.Equal(o, v) })
	}
	for _, v := range list {
		if !has(values, v) {
			out = append(out, v)
		}
	}
	for i, v := range values {
		changed = changed || !has(list, v)
		if !has(values[i+1:], v) {
			out = append(out, v)
		}
	}
	return out[max(0, len(out)-most):], changed
}

// obtained notes what a login gave, or Kubernetes mounted: that changes every hour, and what the
// configuration holds must outlast it.
func (s *secrets) obtained(bearer, renewal string) {
	s.add(s.inUse()...)
	for _, v := range []string{bearer, renewal} {
		if len(v) >= leastSecret {
			s.add([]byte(v))
		}
	}
}

// allKnown are the values of the configuration and of what stands around the agent, as they are now.
func (s *settings) allKnown() [][]byte {
	values, _ := s.lookAround()
	return append(values, s.knownValues()...)
}

// knownValues are those of the configuration as it is now.
func (s *settings) knownValues() [][]byte {
	var out [][]byte
	for _, c := range []credential{s.bearer, s.admin} {
		for _, v := range c.values() {
			out = append(out, []byte(v.reveal()))
		}
	}
	if s.login != nil {
		if _, password, err := parseLogin(s.login.get()); err == nil {
			out = append(out, []byte(password))
		}
	}
	out = append(out, s.pseudonymKey)
	return slices.DeleteFunc(out, func(v []byte) bool { return len(v) < leastSecret })
}
