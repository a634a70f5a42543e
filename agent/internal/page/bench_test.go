package page

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// What a first view costs a network: the page's files as they are sent, all parts, and the events that stand in the
// second view. 100 KB are promised.
func TestFirstViewIsSmall(t *testing.T) {
	r := beside(t)
	for range 20 {
		r.look(t)
	}
	total := 0
	for name, a := range r.page.assets {
		n := packed(t, a.Body)
		t.Logf("%-9s %6d bytes, %6d sent", name, len(a.Body), n)
		total += n
	}
	first := encode(r.page.drawn(true)) // sent as it is: a stream is not packed
	events, err := r.page.Events(r.builder, EventQuery{})
	if err != nil {
		t.Fatal(err)
	}
	total += len(first) + packed(t, events)
	t.Logf("live      %6d bytes; events %6d bytes, %6d sent; all %d", len(first), len(events), packed(t, events), total)
	if total > 100_000 {
		t.Errorf("a first view has %d bytes", total)
	}
}

func packed(t *testing.T, body []byte) int {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(body); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// BenchmarkLook is one look at the relay, to compare with: 50 open pages may cost less.
func BenchmarkLook(b *testing.B) {
	r := beside(b)
	for b.Loop() {
		r.rec.Record(r.scraper.Look(b.Context()))
	}
}

// BenchmarkFirstView is what the agent does when somebody opens the page while nobody else has it open; 20 ms are
// promised.
func BenchmarkFirstView(b *testing.B) {
	r := beside(b)
	for b.Loop() {
		r.page.drawn(true)
	}
}

// BenchmarkUpdate is one live update, whoever many pages are open.
func BenchmarkUpdate(b *testing.B) {
	r := beside(b)
	r.page.drawn(true)
	for b.Loop() {
		r.page.drawn(false)
	}
}

// BenchmarkPageBeside is what each further open page adds to an update: its part of the fan-out.
func BenchmarkPageBeside(b *testing.B) {
	r := beside(b)
	s := newStream()
	s.wrote = make(chan struct{}, 1)
	body := encode(r.page.drawn(true))
	for b.Loop() {
		if _, err := s.Write(body); err != nil {
			b.Fatal(err)
		}
		s.Flush()
		<-s.wrote
		s.got.Reset()
	}
}

func BenchmarkEvents(b *testing.B) {
	r := beside(b)
	for b.Loop() {
		if _, err := r.page.Events(r.builder, EventQuery{Text: "db_error"}); err != nil {
			b.Fatal(err)
		}
	}
}
