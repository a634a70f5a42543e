package main

import (
	"errors"
	"fmt"
	"slices"

	"relaypack/agent/internal/known"
	"relaypack/pack/redact"
)

const (
	maxPolicySize   = 256 << 10                                     // bytes of a policy file, as package redact takes them
	maxKnownValues  = 512                                           // of the redactor
	maxPolicyValues = maxKnownValues - maxSecrets - known.MaxValues // texts that a policy may remove, so that the agent's own secrets find room
)

var errWithheld = errors.New("the redaction policy is faulty")

// policy reads REDACTION_POLICY_FILE. What it says at the start counts. While it is faulty nobody knows what
// should be removed or kept beside the built-in rules: then no pack leaves the agent (see settings.withhold).
func (c *checker) policy(s *settings, path string) {
	if path == "" {
		return
	}
	parse := func(content []byte) error {
		p, err := redact.ParsePolicy(path, content)
		if err != nil {
			return err
		}
		if n := len(p.Values()); n > maxPolicyValues {
			return fmt.Errorf("has %d values, at most %d can be known", n, maxPolicyValues)
		}
		s.policy = p
		return nil
	}
	f := &watchedFile{variable: variableName("RedactionPolicyFile"), path: path, most: maxPolicySize, usable: parse, atStart: true}
	if _, err := f.poll(); err != nil {
		c.faultsOf("RedactionPolicyFile", err)
		s.withhold = true
		return
	}
	f.usable = func(content []byte) error { // from now on it is only looked at
		_, err := redact.ParsePolicy(path, content)
		if err != nil {
			return oneLine(err)
		}
		return nil
	}
	s.policyFile = f
}

// detectable are the values that the detector is to know: the redactor knows those of the policy by itself.
func (s *settings) detectable(own [][]byte) [][]byte { return slices.Concat(own, s.policy.Values()) }
