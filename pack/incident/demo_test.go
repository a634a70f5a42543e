package incident_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/pack/incident"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
	"relaypack/scrape/profile"
)

// watched is a demo relay in false time, looked at by a real Scraper and judged by the built-in rules.
type watched struct {
	*demorelay.Relay
	mu   sync.Mutex
	said []string
}

// say gives what was said since the last call.
func (w *watched) say() (said []string) {
	time.Sleep(2 * time.Second) // a glance sees it within one
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	said, w.said = w.said, nil
	return said
}

func watch(t *testing.T, test func(w *watched)) {
	synctest.Test(t, func(t *testing.T) {
		opt := demorelay.DemoOptions(1)
		opt.Warm = 0
		w := &watched{Relay: demorelay.New(opt)}
		served := make(chan error, 1)
		go func() { served <- w.Serve(w.Listener()) }()
		p, err := profile.Load("okboxbox")
		if err != nil {
			t.Fatal(err)
		}
		s, err := scrape.New(scrape.Options{Profile: p, URL: "http://relay.test:3001", Dial: w.Dial, Bearer: w.Bearer, Process: "off"})
		if err != nil {
			t.Fatal(err)
		}
		e := incident.New(p.Incidents, incident.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() {
			_ = s.Run(ctx, func(snap *scrape.Snapshot) { // ends with ctx
				changes := e.Evaluate(incident.Input{At: snap.At, Life: snap.Life, Port: snap.Port, States: snap.States})
				w.mu.Lock()
				defer w.mu.Unlock()
				for _, c := range changes {
					text := string(c.Kind) + " " + c.Record.Rule
					if c.Kind == incident.Opened && c.Record.Joined {
						text = "joined " + c.Record.Rule
					}
					w.said = append(w.said, text)
				}
			})
		})
		test(w)
		cancel()
		run.Wait()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

// TestScraperSeesDeaths: what the rules make of a relay that dies, comes back, hangs and drains.
func TestScraperSeesDeaths(t *testing.T) {
	watch(t, func(w *watched) {
		want := func(step string, said ...string) {
			t.Helper()
			if got := w.say(); !slices.Equal(got, said) {
				t.Errorf("%s: %v, want %v", step, got, said)
			}
		}
		time.Sleep(5 * time.Minute)
		want("alive")
		w.Kill()
		want("killed", "opened relay-down")
		if err := w.Restart(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(15 * time.Second) // until /metrics tells the new start
		want("restarted", "closed relay-down", "joined relay-restarted", "closed relay-restarted")
		time.Sleep(5 * time.Minute)
		want("long after")
		w.Hang(true)
		time.Sleep(time.Minute)
		want("hung", "opened relay-not-answering")
		w.Hang(false)
		time.Sleep(2 * time.Minute)
		want("it answers again", "closed relay-not-answering")
		w.Drain()
		want("draining", "opened relay-down")
	})
}
