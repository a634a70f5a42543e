package main

import (
	"crypto/x509"
	"errors"

	"relaypack/agent/internal/web"
)

// tls checks the three files of TLS as the API's listener will use them. One that is faulty takes TLS off: a
// server without its certificate would be of no use, and one that lets everybody in would be worse.
func (c *checker) tls(s *settings, v variables) {
	before := len(c.faults)
	for _, f := range []struct{ field, path string }{{"TLSCertFile", v.TLSCertFile}, {"TLSKeyFile", v.TLSKeyFile}} {
		if f.path != "" {
			if _, err := readBounded(f.path, maxPEMSize); err != nil {
				c.fault(f.field, "%v", err)
			}
		}
	}
	clientCA := c.certificates("TLSClientCAFile", v.TLSClientCAFile)
	switch {
	case (v.TLSCertFile == "") != (v.TLSKeyFile == ""):
		c.fault("TLSCertFile", "goes with %s: set both or neither", variableName("TLSKeyFile"))
	case v.TLSClientCAFile != "" && v.TLSCertFile == "":
		c.fault("TLSClientCAFile", "needs %s and %s", variableName("TLSCertFile"), variableName("TLSKeyFile"))
	case len(c.faults) == before && v.TLSCertFile != "":
		if _, err := web.TLSConfig(v.TLSCertFile, v.TLSKeyFile, clientCA); err != nil {
			c.fault("TLSCertFile", "%v", errors.Unwrap(err))
			return
		}
		s.tlsCert, s.tlsKey, s.tlsClientCA = v.TLSCertFile, v.TLSKeyFile, clientCA
	}
}

// certificates checks a file of CA certificates that others will read; "" when it cannot be used.
func (c *checker) certificates(field, path string) string {
	if path == "" {
		return ""
	}
	pem, err := readBounded(path, maxPEMSize)
	if err == nil && !x509.NewCertPool().AppendCertsFromPEM(pem) {
		err = errors.New("holds no certificate in PEM")
	}
	if err != nil {
		c.fault(field, "%v", err)
		return ""
	}
	return path
}
