package pack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"relaypack/scrape"
)

// log is what an agent wrote, as a folder of state keeps it.
type log struct{ entries []Entry }

func (l *log) write(r *Recorder) {
	list, rewrite := r.Entries()
	l.entries = append(append(l.entries, list...), r.Values()...)
	if rewrite {
		l.entries = r.Everything()
	}
}

func (l *log) each(take func(Entry) error) error {
	for _, e := range l.entries {
		if err := take(e); err != nil {
			return err
		}
	}
	return nil
}

// next is the agent that starts on what was written.
func (l *log) next(t *testing.T, now time.Time) (*bench, Restored) {
	t.Helper()
	b := setup(t, okboxbox(t), megabytes)
	b.now = now
	done, err := b.recorder.Restore(l.each)
	if err != nil {
		t.Fatal(err)
	}
	return b, done
}

// comparable is a pack without what two packs of one state differ in.
func comparable(doc map[string]any) map[string]any {
	doc = maps.Clone(doc)
	for _, name := range []string{"packId", "generatedAt", "generatedAtIso"} {
		delete(doc, name)
	}
	bundle := maps.Clone(doc["supportBundle"].(map[string]any))
	for _, name := range []string{"self", "trigger", "sources", "redaction", "size"} {
		delete(bundle, name)
	}
	doc["supportBundle"] = bundle
	return doc
}

func TestNextAgentHasThePackOfTheOneBefore(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	var written log
	for i, s := range []*scrape.Snapshot{look(t, p, "tapped-early", looked.Add(-time.Minute), early...), look(t, p, "tapped", looked, all...)} {
		s.Life.Pid = 7
		s.Results = append(s.Results, &scrape.Result{Source: scrape.ProcessSource, At: s.At, State: okState(s.At), Process: &scrape.Process{Pid: 7, RSS: uint64(1000 + i), Container: &scrape.Container{Version: 2}}})
		b.now = s.At
		b.record(s)
		written.write(b.recorder)
	}
	before, _ := b.build(Request{})

	for name, from := range map[string]*log{"look by look": &written, "at once": whole(b)} {
		t.Run(name, func(t *testing.T) {
			n, done := from.next(t, looked)
			n.recorder.opts.States = func() map[string]scrape.State { // of a scraper that has not looked yet
				states := make(map[string]scrape.State)
				for _, src := range n.profile.Sources {
					states[src.Name] = scrape.State{Status: scrape.Skipped, Reason: "not asked yet"}
				}
				return states
			}
			if done.Refused != 0 || done.Entries != len(from.entries) || done.Life.Pid != 7 || done.Life.N != 1 || !done.At.Equal(looked) {
				t.Errorf("restored %+v", done)
			}
			after, _ := n.build(Request{})
			got, want := comparable(after), comparable(before)
			for name := range want {
				if name != "supportBundle" && !reflect.DeepEqual(got[name], want[name]) {
					t.Errorf("%s is %.400s\nwas %.400s", name, at(got, name), at(want, name))
				}
			}
			for name, was := range want["supportBundle"].(map[string]any) {
				if is := got["supportBundle"].(map[string]any)[name]; !reflect.DeepEqual(is, was) {
					t.Errorf("supportBundle.%s is %.400s\nwas %.400s", name, fmt.Sprint(is), fmt.Sprint(was))
				}
			}
			wantAges(t, after, before)
			n.recorder.opts.States = nil

			// The relay still lists all that the agent before has recorded.
			n.now = looked.Add(time.Second)
			again := look(t, p, "tapped", n.now, all...)
			again.Life.Pid = 7
			n.record(again)
			after, _ = n.build(Request{})
			for _, part := range []string{"recentEvents", "eventBufferStats"} {
				if !reflect.DeepEqual(after[part], before[part]) {
					t.Errorf("%s changed by a look at the same events: %.300s", part, at(after, part))
				}
			}
		})
	}
}

func whole(b *bench) *log {
	return &log{b.recorder.Everything()}
}

// wantAges holds that values which no source of this agent gave are told with their age.
func wantAges(t *testing.T, after, before map[string]any) {
	t.Helper()
	for _, source := range []string{"metrics", "summary", "evSocket"} {
		path := "supportBundle.sources." + source + ".lastOkAt"
		if is, was := at(after, path), at(before, path); is != was || was == "null" {
			t.Errorf("%s: %s, was %s", path, is, was)
		}
	}
}

func TestWhatHappenedWhileNoAgentRanIsAGap(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	var written log
	b.now = looked.Add(-time.Minute)
	b.record(look(t, p, "tapped-early", b.now, early...))
	written.write(b.recorder)
	n, _ := written.next(t, looked)
	n.record(look(t, p, "tapped", looked, all...))
	doc, _ := n.build(Request{})
	want(t, doc, map[string]string{
		"supportBundle.gaps.0":           `{"at":1795424858000,"class":"socket","from":137,"life":1,"missed":3187,"to":3323,"why":"no agent ran"}`,
		"eventBufferStats.socket.missed": `3187`, "supportBundle.lives.length": `1`,
	})
	if !strings.Contains(at(doc, "supportBundle.gaps"), whyNoAgent) {
		t.Error(at(doc, "supportBundle.gaps"))
	}
}

func TestRelayThatRestartedWhileNoAgentRanHasANewLife(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	b.give(looked, 1, "evRelay", ring(1, 5, mask))
	n, done := whole(b).next(t, looked.Add(time.Minute))
	if done.Events != 5 {
		t.Fatalf("%+v", done)
	}
	n.give(looked.Add(time.Minute), 2, "evRelay", ring(3, 4, mask))
	n.give(looked.Add(2*time.Minute), 2, "evRelay", ring(3, 6, mask))
	doc, _ := n.build(Request{})
	want(t, doc, map[string]string{
		"recentEvents.relay.length": `9`, "supportBundle.lives.length": `2`, "supportBundle.lives.1.life": `2`,
		"supportBundle.gaps.0.why": `"no agent ran"`, "supportBundle.gaps.0.life": `2`, "supportBundle.gaps.0.missed": `2`, "supportBundle.gaps.1": `absent`,
	})
}

// The rules of the next agent may know more than those that a value on disk was written under.
func TestWhatIsRestoredIsRedactedAgain(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	b.give(looked, 1, "evRelay", ring(1, 2, mask))
	l := whole(b)
	for i := range l.entries {
		l.entries[i].Data = bytes.ReplaceAll(l.entries[i].Data, []byte(`"timestamp":1`), []byte(`"detail":"hunter password=hunter2secret","timestamp":1`))
	}
	n, _ := l.next(t, looked)
	doc, made := n.build(Request{})
	if at(doc, "recentEvents.relay.length") != "2" || bytes.Contains(made.Bytes(), []byte("hunter2secret")) || !bytes.Contains(made.Bytes(), []byte(`"detail":"hunter [removed-`)) {
		t.Errorf("%.600s", at(doc, "recentEvents.relay"))
	}
	if list, rewrite := n.recorder.Entries(); !rewrite || strings.Contains(allText(list)+allText(n.recorder.Everything()), "hunter2secret") {
		t.Error("it stays on disk")
	}
	n, _ = whole(n).next(t, looked)
	if list, rewrite := n.recorder.Entries(); rewrite {
		t.Errorf("written anew without a reason: %.300s", allText(list))
	}
}

// An id that is seen for the first time sweeps what was handed out before, too.
func TestSweepReplacesWhatWasWritten(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	body := []byte(`{"events":[{"type":"exception","message":"lost peer-77aa88bb99 today","id":"rb-1","timestamp":1}]}`)
	var written log
	b.give(looked, 1, "evError", body)
	written.write(b.recorder)
	if !strings.Contains(allText(written.entries), "peer-77aa88bb99") {
		t.Fatal("not written")
	}
	b.known["peer-77aa88bb99"] = true
	s := emptyLook(b.profile, looked.Add(time.Second))
	s.NewIDs = [][]byte{[]byte("peer-77aa88bb99")}
	b.record(s)
	written.write(b.recorder)
	if got := allText(written.entries); strings.Contains(got, "peer-77aa88bb99") || !strings.Contains(got, "lost peer...bb99 today") {
		t.Errorf("%.500s", got)
	}
}

func allText(entries []Entry) string {
	var all strings.Builder
	for _, e := range entries {
		all.Write(e.Data)
	}
	return all.String()
}

func TestRestoreTakesNoHarmFromWhatItReads(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	b.record(look(t, b.profile, "tapped", looked, all...))
	l := whole(b)
	var bad log
	for _, e := range l.entries {
		var doc map[string]any
		if json.Unmarshal(e.Data, &doc) != nil {
			t.Fatalf("%c is no JSON", e.Kind)
		}
		bad.entries = append(bad.entries, Entry{e.Kind, e.Data[:len(e.Data)/2]}, Entry{'?', e.Data}, Entry{e.Kind, nil}, Entry{e.Kind, []byte(`{}`)}, Entry{e.Kind, []byte(`[]`)})
		if len(bad.entries) > 2000 {
			break
		}
	}
	n, done := bad.next(t, looked)
	if done.Refused < len(bad.entries)/2 {
		t.Errorf("%+v", done)
	}
	n.build(Request{})
	n.record(look(t, n.profile, "tapped", looked, all...))
	n.build(Request{})
	if _, err := n.recorder.Restore(l.each); err == nil {
		t.Error("restored into a recorder that has taken looks")
	}
}

// Looks that give nothing new write little; a death writes its small things, and then, apart, the values.
func TestUnchangedLookWritesLittle(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	b.record(look(t, b.profile, "tapped", looked, all...))
	first, _ := b.recorder.Entries()
	if values := b.recorder.Values(); len(allText(values)) < 100_000 {
		t.Errorf("%d bytes of values at first", len(allText(values)))
	}
	b.now = looked.Add(time.Second)
	b.record(look(t, b.profile, "tapped", b.now, all...))
	second, rewrite := b.recorder.Entries()
	if n := len(allText(second)); n > 8000 || rewrite {
		t.Errorf("%d bytes after %d, rewrite %v", n, len(allText(first)), rewrite)
	}
	if values := b.recorder.Values(); values != nil {
		t.Errorf("%d bytes of values after a second", len(allText(values)))
	}
	b.now = looked.Add(2 * time.Second)
	s := emptyLook(b.profile, b.now)
	s.Life.EndedAt, s.Life.End = b.now, "gone"
	b.record(s)
	if third, _ := b.recorder.Entries(); len(allText(third)) > 8000 || !strings.Contains(allText(third), `"gone"`) {
		t.Errorf("a death wrote %.300s", allText(third))
	}
	if values := b.recorder.Values(); len(allText(values)) < 100_000 {
		t.Errorf("a death wrote %d bytes of values", len(allText(values)))
	}
}

// Whose values are shown changes when a life first answers, which may be long after it began.
func TestNextAgentKnowsWhoseValuesAreShown(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	var written log
	record := func(at time.Time, life int, sources ...string) {
		b.now = at
		s := look(t, b.profile, "tapped", at, sources...)
		s.Life = scrape.Life{N: life, StartedAt: looked.Add(time.Duration(life) * time.Minute), Source: "process", FirstSeen: looked.Add(time.Duration(life) * time.Minute), Pid: int32(life)}
		b.record(s)
		written.write(b.recorder)
	}
	record(looked, 1, "metrics", "summary")
	record(looked.Add(2*time.Minute), 2)
	record(looked.Add(3*time.Minute), 2, "metrics", "summary")
	n, _ := written.next(t, looked.Add(4*time.Minute))
	doc, _ := n.build(Request{})
	want(t, doc, map[string]string{"supportBundle.lives.0.shown": `false`, "supportBundle.lives.1.shown": `true`, "summary.activeSessions": `24`})
}
