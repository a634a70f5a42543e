package page

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/pack"
)

var holdForm = regexp.MustCompile(`data-hold="(\w+)" data-pack="(pack-[^"]+)" data-sum="(\w{64})"`)

// holdOf is the id under which a preview is held.
func holdOf(t *testing.T, html []byte) string {
	t.Helper()
	m := holdForm.FindSubmatch(html)
	if m == nil {
		t.Fatalf("no preview: %.300s", html)
	}
	return string(m[1])
}

func TestPreviewIsWhatLeaves(t *testing.T) {
	r := beside(t)
	one, other := r.session("a"), r.session("b")
	html, err := r.page.Build(t.Context(), r.builder, one, pack.Request{IncludeConfig: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	id := holdOf(t, html)
	for _, part := range []string{`data-part="summary"`, `data-part="recentEvents.error"`, `data-leave="recentEvents.error"`, `data-part="config"`, "nothing found"} {
		if !bytes.Contains(html, []byte(part)) {
			t.Errorf("the preview does not have %s", part)
		}
	}
	if bytes.Contains(html, []byte(`data-leave="packId"`)) {
		t.Error("what every pack has can be left out")
	}
	made, err := r.page.Pack(one, id)
	if err != nil || !bytes.Contains(html, []byte(made.ID())) {
		t.Errorf("the pack that is held is another one: %v", err)
	}
	if _, err := r.page.Pack(other, id); !errors.Is(err, ErrNoHold) {
		t.Errorf("another session has it: %v", err)
	}
	text, err := r.page.Part(one, id, "summary")
	if err != nil || !strings.Contains(string(text), "  \"activeSessions\": ") {
		t.Errorf("the part is %q, %v", text, err)
	}
	if _, err := r.page.Part(one, id, "nobody"); !errors.Is(err, ErrNoPart) {
		t.Errorf("a part that is none: %v", err)
	}

	html, err = r.page.Without(one, id, []string{"recentEvents.error"})
	if err != nil {
		t.Fatal(err)
	}
	less, err := r.page.Pack(one, holdOf(t, html))
	if err != nil || len(less.Bytes()) >= len(made.Bytes()) || !bytes.Contains(less.Bytes(), []byte(`"leftOut":["recentEvents.error"]`)) {
		t.Errorf("%d of %d bytes, %v", len(less.Bytes()), len(made.Bytes()), err)
	}
	html, err = r.page.Without(one, holdOf(t, html), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := r.page.Pack(one, holdOf(t, html))
	if err != nil || !bytes.Equal(again.Bytes(), made.Bytes()) {
		t.Errorf("with nothing left out any more it is another pack, %v", err)
	}
	if _, err := r.page.Without(one, holdOf(t, html), []string{"packId"}); !errors.Is(err, pack.ErrNoPart) {
		t.Errorf("the id was left out: %v", err)
	}
	r.page.SignOut(one)
	if _, err := r.page.Pack(one, holdOf(t, html)); !errors.Is(err, ErrNoHold) {
		t.Errorf("after the end of the session: %v", err)
	}
}

func (r *relayed) session(bearer string) *Session {
	s, _ := r.page.Sessions.Find(r.page.Sessions.Open(bearer), []string{"a", "b"})
	return s
}

// Packs that nobody fetches go by themselves, and no session holds more than it looks at.
func TestHoldsAreBounded(t *testing.T) {
	r := beside(t)
	synctest.Test(t, func(t *testing.T) {
		made, err := r.builder.Preview(t.Context(), pack.Request{})
		if err != nil {
			t.Fatal(err)
		}
		h := &holds{now: time.Now}
		held := func() int {
			h.mu.Lock()
			defer h.mu.Unlock()
			return len(h.list)
		}
		one := &Session{id: hash{1}}
		first := h.keep(one, made, made)
		for range perSession {
			h.keep(one, made, made)
		}
		if _, err := h.find(one, first); err == nil || held() != perSession {
			t.Errorf("%d held for a session, the first: %v", held(), err)
		}
		for i := range 2 * maxHolds {
			h.keep(&Session{id: hash{2, byte(i)}}, made, made)
		}
		if held() != maxHolds {
			t.Errorf("%d held", held())
		}
		last := h.list[len(h.list)-1]
		time.Sleep(holdLife - time.Second) // on the bubble's clock
		synctest.Wait()
		if held() != maxHolds {
			t.Errorf("%d held before their time is over", held())
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if _, err := h.find(&Session{id: last.of}, last.id); err == nil || held() != 0 {
			t.Errorf("%d held after their time", held())
		}
	})
}

func TestSearchFindsWhatAnEditorFinds(t *testing.T) {
	r := beside(t)
	made, err := r.builder.Preview(t.Context(), pack.Request{})
	if err != nil {
		t.Fatal(err)
	}
	body := bytes.ToLower(made.Pack().Bytes())
	f := search(made, wordsOf("DB_error  generatedAt\tnobody-says-this"))
	if len(f.Words) != 3 || f.Words[0].N != bytes.Count(body, []byte("db_error")) || f.Words[1].N != bytes.Count(body, []byte("generatedat")) || f.Words[2].N != 0 || f.Words[0].N == 0 {
		t.Errorf("found %+v", f.Words)
	}
	if len(f.Hits) != maxHits {
		t.Errorf("%d hits", len(f.Hits))
	}
	for _, h := range f.Hits {
		if !strings.EqualFold(h.Text, "db_error") || !strings.HasPrefix(h.Pointer, "/") {
			t.Errorf("hit %+v", h)
		}
	}
	if one := search(made, []string{"generatedAtIso"}); len(one.Hits) != 1 || one.Hits[0].Pointer != "/generatedAtIso" {
		t.Errorf("found %+v", one)
	}
	if n := len(wordsOf(strings.Repeat("word ", 50))); n != maxWords {
		t.Errorf("%d words", n)
	}
}
