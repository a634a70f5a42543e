package ship

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"
)

// Cause is the class of a fault. The texts may stand in a pack.
type Cause string

// The causes.
const (
	Unreachable   Cause = "unreachable"          // nothing was sent
	Unsure        Cause = "no answer"            // sent, and no answer came: it may be there
	Busy          Cause = "busy"                 // 429 or 503: later, with RetryAfter if the store said when
	Broken        Cause = "broken"               // any other 5xx: it may be there
	Forbidden     Cause = "forbidden"            // 401, 403, a folder without the right to write
	NoLogin       Cause = "no credentials"       // the usual chain gave none
	ClockOff      Cause = "clock off"            // refused, and the clocks differ by more than skewLimit
	NoBucket      Cause = "no bucket"            // the bucket, container or folder is missing
	Full          Cause = "store full"           // no space, or over its quota
	Exists        Cause = "exists"               // the name is taken; by what is not known yet
	ExistsOther   Cause = "exists, other bytes"  // the name is taken by something else
	ExistsUnknown Cause = "exists, hash unknown" // the name is taken by what nobody can tell
	Refused       Cause = "refused"              // 400 and the like: this object, asked like this, never
)

// Fault is why a store did not do what was asked. Error gives our own words alone.
type Fault struct {
	Cause      Cause
	Step       string        // what was tried: "put", "look", "log in"
	Status     int           // HTTP status, 0 when there was none
	RetryAfter time.Duration // what a busy store asked for, at most retryAfterMax; 0 when it asked for nothing
	Detail     string        // more words of our own, or ""
	err        error
}

// Error is the step, the cause and the detail.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Step + ": " + string(f.Cause))
	if f.Status != 0 {
		fmt.Fprintf(&b, " (status %d)", f.Status)
	}
	if f.Detail != "" {
		b.WriteString(": " + f.Detail)
	}
	return b.String()
}

// Unwrap gives the error below, whose text may quote anything.
func (f *Fault) Unwrap() error { return f.err }

// Hint says what an operator can do, or "".
func (f *Fault) Hint() string {
	switch f.Cause {
	case Unreachable:
		return "check the endpoint, the network policy, the proxy variables and PUSH_CA_FILE"
	case Forbidden:
		return "the agent needs the rights to create and to read objects below the prefix"
	case NoLogin:
		return "give the pod an identity of the cloud, or set the cloud's usual variables"
	case ClockOff:
		return "set the node's clock"
	case NoBucket:
		return "create the bucket, or correct PUSH_URL"
	case Full:
		return "make room in the store"
	case ExistsOther, ExistsUnknown:
		return "look at the object; remove it to let the pack through"
	case Refused:
		return "check PUSH_URL: region, endpoint, encryption options"
	}
	return ""
}

// ofStore says that the fault would have met every pack, not this one only.
func (f *Fault) ofStore() bool {
	switch f.Cause {
	case Exists, ExistsOther, ExistsUnknown, Refused:
		return false
	}
	return true
}

// mayBeThere says that the object may have been stored all the same.
func (f *Fault) mayBeThere() bool { return f.Cause == Unsure || f.Cause == Broken }

// faultOf gives the Fault in an error; what is none is a defect in a Bucket, and is told as unsure.
func faultOf(step string, err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Cause: Unsure, Step: step, err: err}
}

// wordsFor says in our own words why a call broke: texts of the layers below quote addresses.
func wordsFor(err error) string {
	var unknownCA x509.UnknownAuthorityError
	var wrongHost x509.HostnameError
	var invalid x509.CertificateInvalidError
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "stopped"
	case errors.As(err, &unknownCA):
		return "its certificate is of an unknown authority"
	case errors.As(err, &wrongHost):
		return "its certificate is for another host"
	case errors.As(err, &invalid):
		return "its certificate is not valid now, or not for this"
	case errors.As(err, &dns):
		return "its name could not be resolved"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "connection reset"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "no route"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timed out"
	}
	return "connection broken"
}
