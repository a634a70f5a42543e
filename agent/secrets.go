package main

import (
	"slices"
	"sync"
)

const (
	maxSecrets  = 64 // values at once; the oldest goes first
	leastSecret = 6  // bytes: shorter ones would be found everywhere
)

// secrets are the values that the agent itself holds or held: its bearers old and new, passwords, keys.
// Redactor and detector know them and let none of them out, whatever its shape.
type secrets struct {
	known func(values [][]byte) error // hands all of them to redactor and detector
	inUse func() [][]byte             // what the configuration and the state folder hold now

	mu     sync.Mutex
	values [][]byte
}

// add notes values from now on. A value that is replaced stays known: it may stand in what was kept. One
// that was known counts as new again, so that what is in use never goes for what comes and goes.
func (s *secrets) add(values ...[]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range values {
		others := slices.DeleteFunc(slices.Clone(s.values), func(old []byte) bool { return string(old) == string(v) })
		s.values = append(others, v)
	}
	s.values = s.values[max(0, len(s.values)-maxSecrets):]
	_ = s.known(s.values) // no value is too short for it, and they are few enough
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
