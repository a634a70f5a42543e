package main

import (
	"strings"
	"testing"
)

func TestTLSVariablesGoTogether(t *testing.T) {
	paths := configurationFiles(t)
	for _, c := range []struct {
		cert, privateKey, clientCA string
		faults                     []string
	}{
		{"CERT", "PRIVATE", "", nil},
		{"CERT", "PRIVATE", "CERT", nil},
		{"CERT", "", "", []string{"TLS_CERT_FILE: goes with"}},
		{"", "PRIVATE", "", []string{"TLS_CERT_FILE: goes with"}},
		{"", "", "CERT", []string{"TLS_CLIENT_CA_FILE: needs"}},
		{"ABSENT", "PRIVATE", "", []string{"TLS_CERT_FILE: cannot be read"}},
		{"CERT", "ABSENT", "ABSENT", []string{"TLS_KEY_FILE: cannot be read", "TLS_CLIENT_CA_FILE: cannot be read"}},
		{"CERT", "OTHER", "", []string{"TLS_CERT_FILE: certificate and key are not PEM, or do not belong together"}},
		{"FILE", "PRIVATE", "", []string{"TLS_CERT_FILE: certificate and key are not PEM, or do not belong together"}},
		{"CERT", "EMPTY", "", []string{"TLS_CERT_FILE: certificate and key are not PEM, or do not belong together"}},
		{"CERT", "PRIVATE", "FILE", []string{"TLS_CLIENT_CA_FILE: holds no certificate"}},
		{"CERT", "BIG", "", []string{"TLS_KEY_FILE: is larger than 1MiB"}},
	} {
		s, faults := checked(t, "RELAYPACK_TLS_CERT_FILE="+paths.Replace(c.cert), "RELAYPACK_TLS_KEY_FILE="+paths.Replace(c.privateKey),
			"RELAYPACK_TLS_CLIENT_CA_FILE="+paths.Replace(c.clientCA))
		if len(faults) != len(c.faults) {
			t.Errorf("%+v: faults %q", c, faults)
			continue
		}
		for i, want := range c.faults {
			if !strings.HasPrefix(faults[i], "RELAYPACK_"+want) {
				t.Errorf("%+v: fault %q, want %q", c, faults[i], want)
			}
		}
		if on := s.tlsCert != ""; on != (c.faults == nil) {
			t.Errorf("%+v: TLS on is %v", c, on)
		}
	}
}
