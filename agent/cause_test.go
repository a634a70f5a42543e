package main

import (
	"context"
	"testing"
	"time"

	"relaypack/pack"
	"relaypack/scrape"
	"relaypack/scrape/demorelay"
)

// The pack of a death says what became known of its cause while it waited, of the life that ended and of no
// other, and brings the pod that said so; a pack asked for meanwhile tells the death.
func TestDeathWaitsForItsCause(t *testing.T) {
	for name, again := range map[string]bool{"it stays down": false, "the next life is there": true} {
		t.Run(name, func(t *testing.T) {
			inFalseTime(t, demorelay.DemoOptions(9), func(t *testing.T, relay *demorelay.Relay) {
				b := box(t, relay, t.TempDir())
				waiting := make(chan int)
				b.cause = func(_ context.Context, n int) (scrape.Life, *scrape.Result) {
					waiting <- n
					time.Sleep(2 * time.Second)
					ending := scrape.Ending{Known: true, Code: 137, Signal: 9, Name: "SIGKILL", OOM: scrape.OOMCertain}
					pod := &scrape.Pod{Phase: "Running", Relay: "relay"}
					return scrape.Life{N: n, Ending: ending}, &scrape.Result{Source: scrape.KubernetesSource, State: scrape.State{Status: scrape.OK}, At: time.Now(), Pod: pod}
				}
				time.Sleep(25 * time.Second)
				relay.Kill()
				if again {
					if err := relay.Restart(); err != nil {
						t.Fatal(err)
					}
				}
				died := time.Now()
				n := <-waiting
				if end := lastLife(b.pack(t))["end"]; end == nil || n != 1 {
					t.Errorf("life %d is asked for, a pack meanwhile says %v", n, end)
				}
				time.Sleep(10 * time.Second)
				var final *made
				for _, p := range b.end() {
					if p.kind == pack.Final && final == nil {
						final = &p
					}
				}
				if final == nil {
					t.Fatal("no final pack")
				}
				if took := final.at.Sub(died); took < 2*time.Second {
					t.Errorf("the final pack came after %v", took)
				}
				if dead := lastLife(final.doc); dead["oomKill"] != "certain" || dead["signal"] != "SIGKILL" || dead["exitCode"] != 137.0 {
					t.Errorf("the final pack says %v", dead)
				}
				if at(final.doc, "supportBundle", "kubernetes", "relayContainer") != "relay" {
					t.Errorf("the final pack has the pod %v", at(final.doc, "supportBundle", "kubernetes"))
				}
			})
		})
	}
}

func lastLife(doc map[string]any) map[string]any {
	lives := at(doc, "supportBundle", "lives").([]any)
	return lives[len(lives)-1].(map[string]any)
}

// An agent that is stopped in the second in which the relay ended says so in its last pack.
func TestLastPackSaysThatTheRelayEnded(t *testing.T) {
	inFalseTime(t, demorelay.DemoOptions(9), func(t *testing.T, relay *demorelay.Relay) {
		b := box(t, relay, t.TempDir())
		time.Sleep(25*time.Second + 100*time.Millisecond)
		b.stop()
		b.loops.Wait()
		relay.Kill()
		b.finish()
		packs := b.end()
		if len(packs) != 1 || packs[0].kind != pack.Final || lastLife(packs[0].doc)["end"] == nil {
			t.Fatalf("%d packs, %v", len(packs), packs)
		}
	})
}
