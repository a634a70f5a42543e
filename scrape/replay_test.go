package scrape

import (
	"context"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/scrape/demorelay"
	"relaypack/scrape/profile"
)

// onCaptures runs a test against captured answers of the real relay, on the captures' own clock.
func onCaptures(t *testing.T, folder string, rights demorelay.Rights, run func(ctx context.Context, s *Scraper, relay *demorelay.Relay)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		relay, err := demorelay.NewReplay(os.DirFS("demorelay/testdata/"+folder), demorelay.ReplayOptions{Rights: rights})
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan error, 1)
		go func() { served <- relay.Serve(relay.Listener()) }()
		p, err := profile.Load("okboxbox")
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(Options{Profile: p, URL: "http://relay.test:3001", Dial: relay.Dial, Bearer: relay.Bearer, Now: relay.Clock()})
		if err != nil {
			t.Fatal(err)
		}
		run(t.Context(), s, relay)
		relay.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}

func TestCapturesAreReadWhole(t *testing.T) {
	for folder, start := range map[string]int64{"stock": 1795424604, "tapped": 0} {
		onCaptures(t, folder, demorelay.RightsOps, func(ctx context.Context, s *Scraper, relay *demorelay.Relay) {
			snap := s.Look(ctx)
			for name, st := range snap.States {
				src := s.opt.Profile.Source(name)
				if src != nil && src.InsteadOf == "" && src.Every != profile.EveryAsk && st.Status != OK {
					t.Errorf("%s %s: %+v", folder, name, st)
				}
			}
			if start != 0 && snap.Life.StartedAt.Unix() != start || snap.Life.StartedAt.After(snap.At) {
				t.Errorf("%s: life %+v", folder, snap.Life)
			}
			if len(snap.NewIDs) == 0 {
				t.Errorf("%s: no raw ids", folder)
			}
			ids, complete := s.Sessions(ctx)
			if len(ids) == 0 || !complete {
				t.Errorf("%s: %d sessions, complete %v", folder, len(ids), complete)
			}
		})
	}
}

func TestTwoCapturesOfOneLife(t *testing.T) {
	onCaptures(t, "tapped-early", demorelay.RightsOps, func(ctx context.Context, s *Scraper, relay *demorelay.Relay) {
		first := s.Look(ctx)
		wait(15 * time.Second)
		if err := relay.SwitchTo(os.DirFS("demorelay/testdata/tapped")); err != nil {
			t.Fatal(err)
		}
		second := s.Look(ctx)
		if first.Life.N != 1 || second.Life.N != 1 {
			t.Errorf("lives %d, %d, want one", first.Life.N, second.Life.N)
		}
		for _, r := range second.Results { // the captures' clock jumped by minutes, ours did not
			if r.Metrics == nil {
				continue
			}
			for _, f := range r.Metrics.Families {
				if strings.HasSuffix(f.Name, "frames_in_total") && (len(f.Samples) == 0 || !(f.Samples[0].Rate > 0)) {
					t.Errorf("%s: %+v", f.Name, f.Samples)
				}
			}
		}
	})
}

func TestCapturesWithoutRights(t *testing.T) {
	for rights, want := range map[demorelay.Rights]Status{demorelay.RightsPlain: Forbidden, demorelay.RightsNone: Unauthorized} {
		onCaptures(t, "tapped", rights, func(ctx context.Context, s *Scraper, _ *demorelay.Relay) {
			states := s.Look(ctx).States
			if states["summary"].Status != want || states["active"].Status != want || states["telemetry"].Status != OK || states["metrics"].Status != OK {
				t.Errorf("%s: %v", rights, statuses(states))
			}
		})
	}
}
