package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"relaypack/scrape/demorelay"
)

// killRounds is how often the agent is killed; RELAYPACK_TEST_KILLS has another number.
func killRounds(t *testing.T) int {
	if text := os.Getenv("RELAYPACK_TEST_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 12
}

// The agent is killed at random instants while it looks every second, is asked for packs, pushes them and
// the relay tells of ever new things: every start succeeds, each pack that was promised arrives, whole and
// once, and no event that a pack told, so that its look was written, is lost or told twice.
func TestKilledAgentKeepsWhatItPromised(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(31))
	dir, bucket := t.TempDir(), t.TempDir()
	var program *running
	t.Cleanup(func() { // it has ended by then
		if t.Failed() && program != nil {
			t.Logf("the last agent said %.4000s", program.stderr.String())
		}
	})
	env := []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(), "RELAYPACK_PROCESS=off",
		"RELAYPACK_ADMIN_TOKEN=" + testAdmin, "RELAYPACK_METRICS_INTERVAL=1s", "RELAYPACK_DEBUG_INTERVAL=1s", "RELAYPACK_LISTEN=" + lastingPort(t),
		"RELAYPACK_PROBE_LISTEN=" + lastingPort(t), "RELAYPACK_STATE_DIR=" + filepath.Join(dir, "state"), "RELAYPACK_PUSH_URL=file://" + bucket}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	promised := map[string]bool{}
	told := map[string]bool{} // events that a pack told before the last kill
	for round := range killRounds(t) {
		dead := round%3 == 2
		if dead {
			relay.Kill() // what is told now can only come from the disk
		}
		program = startProgram(t, "serve", env...)
		s := &serving{t: t, api: program.variable("RELAYPACK_LISTEN"), bear: testAdmin}
		program.listening(t, s.api)
		now := eventsOf(t, s)
		for id, young := range told {
			if _, there := now[id]; dead && young && !there { // else newer ones may have pushed it out
				t.Errorf("event %s is lost", id)
			}
		}
		if dead {
			if err := relay.Restart(); err != nil {
				t.Fatal(err)
			}
		}
		kill := time.After(time.Duration(random.Int64N(int64(900 * time.Millisecond))))
		for alive := true; alive; {
			relay.Raise("gateway", "made up", nil)
			if id := pushed(s); id != "" {
				promised[id] = true
			}
			select {
			case <-kill:
				told = eventsOf(t, s)
				program.cmd.Process.Kill()
				<-program.ended
				alive = false
			default:
			}
		}
		if text := program.stderr.String(); strings.Contains(text, "panic") || strings.Contains(text, `"level":"ERROR"`) {
			t.Errorf("log: %.2000s", text)
		}
	}
	program = startProgram(t, "serve", env...)
	program.listening(t, program.variable("RELAYPACK_LISTEN"))
	eventually(t, "all packs in the bucket", func() bool { return len(missingIn(bucket, promised)) == 0 })
	wholeObjects(t, bucket)
	if len(promised) == 0 {
		t.Error("no pack was promised")
	}
	holdsNothingOf(t, relay, dir)
	holdsNothingOf(t, relay, bucket)
}

// lastingPort is an address that is free, and that no connection of another program is given while nobody
// listens there.
func lastingPort(t *testing.T) string {
	t.Helper()
	for {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 15000+rand.IntN(15000)))
		if err != nil {
			continue
		}
		defer l.Close()
		return l.Addr().String()
	}
}

// eventsOf asks for a pack and gives its events by class, id and time, true for the newest of each
// class; none may be there twice.
func eventsOf(t *testing.T, s *serving) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	noteEvents(t, s.pack(""), ids)
	return ids
}

func noteEvents(t *testing.T, doc map[string]any, ids map[string]bool) {
	t.Helper()
	for class, list := range doc["recentEvents"].(map[string]any) {
		for i, e := range list.([]any) {
			id := fmt.Sprint(class, " ", e.(map[string]any)["id"], " ", e.(map[string]any)["timestamp"])
			if _, twice := ids[id]; twice {
				t.Errorf("%s is told twice", id)
			}
			ids[id] = i < 300 // a look between this pack and the kill may push out the oldest
		}
	}
}

// pushed asks for a push and gives the id of the pack that was promised, "" when nothing was.
func pushed(s *serving) string {
	req, err := http.NewRequest(http.MethodPost, "http://"+s.api+"/api/ops/push", nil)
	if err != nil {
		return ""
	}
	req.Header.Set("Authorization", "Bearer "+s.bear)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	var made struct{ PackID string }
	if res.StatusCode != http.StatusAccepted || json.NewDecoder(res.Body).Decode(&made) != nil {
		return ""
	}
	return made.PackID
}

var objectForm = regexp.MustCompile(`/(pack-\d{13}-[a-z0-9]{6})\.json\.gz$`)

func objectsIn(bucket string) map[string]string {
	found := map[string]string{}
	_ = filepath.WalkDir(bucket, func(path string, _ os.DirEntry, _ error) error {
		if m := objectForm.FindStringSubmatch(path); m != nil {
			found[m[1]] = path
		}
		return nil
	})
	return found
}

func missingIn(bucket string, ids map[string]bool) (missing []string) {
	found := objectsIn(bucket)
	for id := range ids {
		if found[id] == "" {
			missing = append(missing, id)
		}
	}
	return missing
}

// wholeObjects holds that every object is one line of JSON with the hash beside it, and no two are one pack.
func wholeObjects(t *testing.T, bucket string) {
	t.Helper()
	for id, path := range objectsIn(bucket) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		side, err := os.ReadFile(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".sha256"))
		if err != nil || strings.TrimSpace(string(side)) != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: hash beside it %q, %v", id, side, err)
		}
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		text, err := io.ReadAll(z)
		if err != nil || bytes.Count(text, []byte("\n")) > 1 {
			t.Fatalf("%s: %v", id, err)
		}
		if doc := validPack(t, text); doc["packId"] != id {
			t.Errorf("%s holds %v", id, doc["packId"])
		}
	}
}

// The agent is killed while it writes what the relay's end brought, or makes the pack of it: with the next
// agent, which finds no relay, that one death has one final pack, and all events up to the last look.
func TestKilledOverADeath(t *testing.T) {
	relay, address := liveRelay(t, demorelay.DemoOptions(32))
	for round := range max(6, killRounds(t)/10) {
		dir, bucket := t.TempDir(), t.TempDir()
		env := []string{"RELAYPACK_RELAY_URL=http://" + address, "RELAYPACK_RELAY_TOKEN=" + relay.Bearer(), "RELAYPACK_PROCESS=off",
			"RELAYPACK_ADMIN_TOKEN=" + testAdmin, "RELAYPACK_METRICS_INTERVAL=1m", "RELAYPACK_DEBUG_INTERVAL=1m", "RELAYPACK_LISTEN=" + lastingPort(t),
			"RELAYPACK_PROBE_LISTEN=" + lastingPort(t), "RELAYPACK_STATE_DIR=" + dir, "RELAYPACK_PUSH_URL=file://" + bucket,
			"RELAYPACK_PUSH_INTERVAL=0"} // the time of a periodic pack is at random, and it may be now
		program := startProgram(t, "serve", env...)
		s := &serving{t: t, api: program.variable("RELAYPACK_LISTEN"), bear: testAdmin}
		program.listening(t, s.api)
		told := map[string]bool{}
		eventually(t, "the first look is written", func() bool {
			told = eventsOf(t, s)
			return len(told) > 20 && stateSize(dir) > 40<<10 // a relay that just began has not told much
		})
		before := stateSize(dir)
		relay.Kill()
		eventually(t, "the death is written", func() bool {
			for range 15 * 1000 { // as soon as it is, not in 20 ms
				if stateSize(dir) != before {
					return true
				}
			}
			return false
		})
		<-time.After(time.Duration(rand.Int64N(int64(25 * time.Millisecond))))
		program.cmd.Process.Kill()
		<-program.ended
		program = startProgram(t, "serve", env...)
		program.listening(t, s.api)
		eventually(t, "a pack in the bucket", func() bool { return len(objectsIn(bucket)) > 0 })
		if err := program.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		<-program.ended
		for id, path := range objectsIn(bucket) {
			doc := unpacked(t, path)
			trigger := at(doc, "supportBundle", "trigger").(map[string]any)
			if trigger["kind"] != "final" || !strings.Contains(fmt.Sprint(trigger["rules"]), "relay-down") || lastLife(doc)["endedAt"] == nil {
				t.Errorf("round %d: %s: %v, %v", round, id, trigger, lastLife(doc))
			}
			now := map[string]bool{}
			noteEvents(t, doc, now)
			for event := range told {
				if _, there := now[event]; !there {
					t.Errorf("round %d: event %s is lost", round, event)
				}
			}
		}
		if n := len(objectsIn(bucket)); n != 1 {
			t.Errorf("round %d: %d packs of one death", round, n)
		}
		if err := relay.Restart(); err != nil {
			t.Fatal(err)
		}
	}
}

// stateSize is how many bytes the log has.
func stateSize(dir string) (size int64) {
	list, _ := filepath.Glob(filepath.Join(dir, "log-*.seg")) // the pattern is well formed
	for _, path := range list {
		if info, err := os.Stat(path); err == nil {
			size += info.Size()
		}
	}
	return size
}

// unpacked is the pack of an object.
func unpacked(t *testing.T, path string) map[string]any {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return validPack(t, text)
}
