// Package ship brings finished packs to object storage: each of them once, whole, and also when the
// agent or the store dies in the middle.
//
//	bucket, err := ship.Open("s3://evidence/relay?region=eu-central-1", ship.OpenOptions{})
//	spool, err := ship.OpenSpool(ship.SpoolOptions{Dir: stateDir + "/spool"})
//	shipper := ship.NewShipper(bucket, spool, ship.ShipperOptions{Log: log})
//	go shipper.Run(ctx)
//	receipt, err := spool.Add(ship.Pack{ID: id, Kind: ship.Incident, Namespace: ns, Pod: pod, JSON: pack})
//	...
//	shipper.Drain(graceCtx) // at shutdown
//
// A Spool keeps what waits, on disk or in memory; a Shipper takes the most urgent pack from it and
// brings it to the Bucket; a Bucket is a folder, S3, Google Cloud Storage or Azure Blob Storage.
//
// Where to look: object.go makes the bytes and the name of an object; spool.go, room.go and
// spoolfile.go keep packs; deliver.go decides what an answer of a store means; shipper.go and wait.go
// decide what is tried when. dir.go, s3.go, gcs.go and azblob.go are the stores, client.go is their
// HTTP, s3auth.go, gcsauth.go and azauth.go are their credentials, fault.go what can go wrong.
//
// Promised: when Add says Durable, the pack is on disk, and comes back after a crash; an object in the
// bucket is whole and is never overwritten; an answer that did not arrive is followed by a look, never
// by a delete; everything has a bound, and each pack that a bound takes is counted with its reason; no
// error and no log line quotes an address's user or query, a credential, or what a store answered.
// Not promised: that a pack which the store took is known to be there when the agent dies before it
// noted so. It is then put again, and the store says that it has it.
package ship

import (
	"context"
	"errors"
)

// Kind says why a pack was built; the kinds have the names of the pack's own triggers.
type Kind string

// The kinds, from the one that is given up first to the one that is given up last.
const (
	Periodic Kind = "periodic"
	Manual   Kind = "manual"
	Final    Kind = "final"
	Incident Kind = "incident"
)

// worth is the order of the kinds: a pack may take room from packs of the same or a lower worth, and
// of those that wait the one of the highest worth is delivered first. 0 is no kind.
func (k Kind) worth() int {
	switch k {
	case Periodic:
		return 1
	case Manual:
		return 2
	case Final:
		return 3
	case Incident:
		return 4
	}
	return 0
}

// Pack is a finished pack on its way out.
type Pack struct {
	ID        string // pack-<13 digits of epoch ms>-<6 of a-z0-9>
	Kind      Kind
	Namespace string // of the agent's pod, "" when there is none
	Pod       string // the agent's pod, or its host
	JSON      []byte // one line of compact JSON
}

// Object is what is put: bytes that are sent exactly as they are.
type Object struct {
	Body        []byte
	SHA256      string // of Body, 64 hex digits
	ContentType string
}

// Entry is what a store knows of an object that it holds.
type Entry struct {
	Size   int64
	SHA256 string // as its metadata say; "" when they say nothing
}

// ErrAbsent is a Look's answer when the bucket holds no such object.
var ErrAbsent = errors.New("not there")

// Bucket is a place for objects. Its errors are a *Fault, but for ErrAbsent.
type Bucket interface {
	// Put stores an object under a name that nothing has yet, whole or not at all. A Fault of cause
	// Exists says that the name is taken, one of cause Unsure or Broken that the object may or may
	// not be there now.
	Put(ctx context.Context, name string, o Object) error
	// Look says what stands under a name, or ErrAbsent.
	Look(ctx context.Context, name string) (Entry, error)
	// String is the address for people: scheme, bucket and prefix, without user and query.
	String() string
}
