package pack

import (
	"slices"
	"time"
)

// StateNumbers say how the folder stands in which the agent keeps what outlives it, supportBundle.state.
type StateNumbers struct {
	Kept       bool      // there is a folder, and it can be written
	Why        string    // of a closed set of the agent's own words, "" while it is kept
	RestoredAt time.Time // last look of the agent before, as it was restored; zero: none
	Restored   int       // events that were restored
	Refused    int       // entries that could not be used
	Torn       int64     // records cut off at the end of what was found
	Missing    int64     // batches known to be missing in it
	SetAside   int64     // files that were broken and set aside
	Newer      int64     // files of a later version, set aside
	Dropped    int64     // records that the folder's bounds pushed out
	Failures   int64     // writes that failed
	Bytes      int64
}

// DeliveryNumbers say how packs reach the object storage, supportBundle.delivery.
type DeliveryNumbers struct {
	Configured bool
	Waiting    int // packs
	Bytes      int64
	OldestAt   time.Time // of the oldest pack that waits; zero: none
	Since      time.Time // what follows is counted from here on, over all agents on one state folder
	Delivered  int64
	Retried    int64
	Dropped    map[string]int64 // packs by reason
	SetAside   int64            // broken files of the spool
	LastOK     time.Time
	LastError  string // in the agent's own words, "" after a success
}

func encodeState(n StateNumbers) []byte {
	var o object
	o.raw("kept", encodeBool(n.Kept))
	o.textOrNull("why", n.Why)
	o.instant("restoredAt", n.RestoredAt)
	o.number("restoredEvents", int64(n.Restored))
	o.number("refused", int64(n.Refused))
	o.number("torn", n.Torn)
	o.number("missing", n.Missing)
	o.number("setAside", n.SetAside)
	o.number("newer", n.Newer)
	o.number("dropped", n.Dropped)
	o.number("failures", n.Failures)
	o.number("bytes", n.Bytes)
	return o.done()
}

func encodeDelivery(n DeliveryNumbers) []byte {
	if !n.Configured {
		return nil
	}
	var o, dropped object
	o.number("waiting", int64(n.Waiting))
	o.number("waitingBytes", n.Bytes)
	o.instant("oldestAt", n.OldestAt)
	o.instant("countedSince", n.Since)
	o.number("delivered", n.Delivered)
	o.number("retried", n.Retried)
	reasons := make([]string, 0, len(n.Dropped))
	for reason := range n.Dropped {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		dropped.number(reason, n.Dropped[reason])
	}
	o.raw("dropped", dropped.done())
	o.number("setAside", n.SetAside)
	o.instant("lastOkAt", n.LastOK)
	o.textOrNull("lastError", n.LastError)
	return o.done()
}

func encodeBool(b bool) []byte {
	if b {
		return []byte("true")
	}
	return []byte("false")
}
