package ship

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
)

// line is a pack's JSON, n bytes long or a little more, and not compressible to nothing.
func line(id string, n int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `{"packId":%q,"fill":"`, id)
	for i := 0; b.Len() < n; i++ {
		b.WriteString(hashOf(fmt.Appendf(nil, "%s-%d", id, i)))
	}
	b.WriteString(`"}`)
	return []byte(b.String())
}

func packOf(id string, kind Kind, n int) Pack {
	return Pack{ID: id, Kind: kind, Namespace: "shop", Pod: "relay-0", JSON: line(id, n)}
}

func object(t *testing.T, id string, n int) (string, Object) {
	t.Helper()
	name, err := Name(id, "a b/ü=%", "relay-0")
	if err != nil {
		t.Fatal(err)
	}
	body, err := compress(line(id, n))
	if err != nil {
		t.Fatal(err)
	}
	return name, objectOf(body)
}

const oneID = "pack-1764000000000-abc123"

func TestBucket(t *testing.T) {
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			b := s.bucket(t, "")
			for name, test := range map[string]func(*testing.T, store, Bucket){
				"whole":            putsWhole,
				"never overwrites": neverOverwrites,
				"one of many":      oneOfMany,
				"absent":           absent,
				"foreign":          foreign,
				"spares the rest":  sparesTheRest,
				"no bucket":        noBucket,
				"cancelled":        cancelled,
			} {
				t.Run(name, func(t *testing.T) { test(t, s, b) })
			}
		})
	}
}

func putsWhole(t *testing.T, s store, b Bucket) {
	for _, n := range []int{10, 40_000} {
		name, o := object(t, fmt.Sprintf("pack-1764000000001-%06d", n), n)
		if err := b.Put(t.Context(), name, o); err != nil {
			t.Fatalf("%v (%v)", err, unwrapped(err))
		}
		e, err := b.Look(t.Context(), name)
		if err != nil || e.Size != int64(len(o.Body)) || e.SHA256 != o.SHA256 {
			t.Errorf("looks like %+v, %v", e, err)
		}
		g := s.get(t, b, name)
		if !g.there || !bytes.Equal(g.body, o.Body) || g.typ != "application/gzip" || g.encoding != "" {
			t.Errorf("the store hands out %d bytes for %d, type %q, encoding %q", len(g.body), len(o.Body), g.typ, g.encoding)
		}
		z, err := gzip.NewReader(bytes.NewReader(g.body))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(z)
		if err != nil || bytes.Count(text, []byte("\n")) != 1 || text[len(text)-1] != '\n' {
			t.Errorf("not one line: %v", err)
		}
	}
}

func neverOverwrites(t *testing.T, s store, b Bucket) {
	name, o := object(t, "pack-1764000000002-abc123", 100)
	other := o // of the same size: the hash alone tells them apart
	other.Body = bytes.Clone(o.Body)
	other.Body[len(other.Body)-1] ^= 1
	other.SHA256 = hashOf(other.Body)
	if err := b.Put(t.Context(), name, o); err != nil {
		t.Fatal(err)
	}
	for _, again := range []Object{o, other} {
		if err := b.Put(t.Context(), name, again); err == nil || faultOf("put", err).Cause != Exists {
			t.Errorf("a second put says %v", err)
		}
	}
	if how, err := deliver(t.Context(), b, name, o); err != nil || how != AlreadyThere {
		t.Errorf("the same bytes: %q, %v", how, err)
	}
	if _, err := deliver(t.Context(), b, name, other); err == nil || faultOf("put", err).Cause != ExistsOther {
		t.Errorf("other bytes: %v", err)
	}
	if g := s.get(t, b, name); !bytes.Equal(g.body, o.Body) {
		t.Error("the first object was changed")
	}
}

func oneOfMany(t *testing.T, s store, b Bucket) {
	name, _ := object(t, "pack-1764000000004-abc123", 100)
	var mu sync.Mutex
	var won []Object
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			_, o := object(t, fmt.Sprintf("pack-1764000000004-abc12%d", i), 5000)
			err := b.Put(t.Context(), name, o)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won = append(won, o)
			} else if c := faultOf("put", err).Cause; c != Exists && c != Broken {
				t.Errorf("a loser hears %v (%v)", err, unwrapped(err))
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Fatalf("%d puts of one name won", len(won))
	}
	if g := s.get(t, b, name); !bytes.Equal(g.body, won[0].Body) {
		t.Error("what stands there is not what the winner put")
	}
}

func absent(t *testing.T, _ store, b Bucket) {
	name, _ := object(t, "pack-1764000000005-abc123", 100)
	if _, err := b.Look(t.Context(), name); !errors.Is(err, ErrAbsent) {
		t.Errorf("a look at nothing says %v", err)
	}
}

func foreign(t *testing.T, s store, b Bucket) {
	name, o := object(t, "pack-1764000000006-abc123", 100)
	if status, err := s.plant(t.Context(), b, name, []byte("of somebody else")); err != nil || status >= 300 {
		t.Fatalf("plant: status %d, %v", status, err)
	}
	if _, err := deliver(t.Context(), b, name, o); err == nil || faultOf("put", err).Cause != ExistsUnknown {
		t.Errorf("an object without a hash: %v", err)
	}
	if g := s.get(t, b, name); string(g.body) != "of somebody else" {
		t.Errorf("it was changed: %q", g.body)
	}
}

// What others have in the bucket, also under names like our own, is as it was after all that is done to
// an object.
func sparesTheRest(t *testing.T, s store, b Bucket) {
	name, o := object(t, "pack-1764000000008-abc123", 100)
	folder := name[:strings.LastIndex(name, "/")+1]
	others := []string{folder + "README", folder + "pack-1764000000008-abc124.json.gz", folder + ".relaypack-temp-", folder + ".relaypack-temp-abc",
		folder + "_pack-1764000000008-abc123.html", "date=2020-01-01/namespace=other/pod=p/pack-1577836800000-abc123.json.gz", "elsewhere/file"}
	for _, other := range others {
		if status, err := s.plant(t.Context(), b, other, []byte("of "+other)); err != nil || status >= 300 {
			t.Fatalf("plant %s: status %d, %v", other, status, err)
		}
	}
	for range 2 {
		if _, err := deliver(t.Context(), b, name, o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := deliver(t.Context(), b, folder+"pack-1764000000008-abc124.json.gz", o); err == nil {
		t.Error("delivered over another one's object")
	}
	for _, other := range others {
		if g := s.get(t, b, other); !g.there || string(g.body) != "of "+other {
			t.Errorf("%s: there %v, %q", other, g.there, g.body)
		}
	}
}

func noBucket(t *testing.T, s store, _ Bucket) {
	b := s.opened(t, "", s.newName(t))
	name, o := object(t, oneID, 100)
	if err := b.Put(t.Context(), name, o); err == nil || faultOf("put", err).Cause != NoBucket {
		t.Errorf("a missing bucket: %v", err)
	}
}

func cancelled(t *testing.T, s store, b Bucket) {
	name, o := object(t, "pack-1764000000007-abc123", 100)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Put(ctx, name, o); err == nil || !errors.Is(err, context.Canceled) {
		t.Errorf("a put that was called off: %v", err)
	}
	if g := s.get(t, b, name); g.there {
		t.Error("it was put all the same")
	}
}
