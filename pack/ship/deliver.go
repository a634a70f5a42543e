package ship

import (
	"context"
	"errors"
)

// Arrival says how a pack came to be in the bucket.
type Arrival string

// The arrivals.
const (
	Stored       Arrival = "stored"        // by this put
	AlreadyThere Arrival = "already there" // by an earlier one, with the same hash
)

// deliver puts an object, and finds out what an answer means that does not say. With nil the object is
// there, with these bytes. Put and look have times of their own: a put that used up all of its is the
// one that most needs the look.
func deliver(ctx context.Context, b Bucket, name string, o Object) (Arrival, error) {
	putting, cancel := context.WithTimeout(ctx, attemptTime(int64(len(o.Body))))
	defer cancel()
	err := b.Put(putting, name, o)
	if err == nil {
		return Stored, nil
	}
	put := faultOf("put", err)
	if put.Cause != Exists && !put.mayBeThere() {
		return "", put
	}
	looking, stop := context.WithTimeout(ctx, lookTime)
	defer stop()
	there, err := b.Look(looking, name)
	switch {
	case errors.Is(err, ErrAbsent) && put.Cause == Exists:
		// Somebody removed it between the two, or the store hides what is being written.
		return "", &Fault{Cause: Unsure, Step: "put", Detail: "the name is taken, yet nothing stands there"}
	case errors.Is(err, ErrAbsent):
		return "", put
	case err != nil && put.Cause == Exists && faultOf("look", err).Cause == Forbidden:
		return "", &Fault{Cause: ExistsUnknown, Step: "put", Detail: "no right to look at it", err: err}
	case err != nil && put.Cause == Exists:
		return "", faultOf("look", err)
	case err != nil:
		return "", put
	case there.SHA256 == o.SHA256 && there.Size == int64(len(o.Body)):
		return AlreadyThere, nil
	case there.SHA256 == "":
		return "", &Fault{Cause: ExistsUnknown, Step: "put", Detail: "it carries no hash"}
	}
	return "", &Fault{Cause: ExistsOther, Step: "put"}
}
