package verify_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"relaypack/pack/verify"
)

// leaves calls fn for every text of a tree of JSON, with its pointer and the name of its member.
func leaves(node any, pointer, name string, fn func(pointer, name, text string)) {
	switch node := node.(type) {
	case string:
		fn(pointer, name, node)
	case []any:
		for i, n := range node {
			leaves(n, pointer+"/"+strconv.Itoa(i), name, fn)
		}
	case map[string]any:
		for k, n := range node {
			leaves(n, pointer+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(k), k, fn)
		}
	}
}

func readCaptures(t *testing.T, pattern string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(captures, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no captures match %s", pattern)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

var (
	canary = regexp.MustCompile(`planted-pw-001|planted\.driver@example\.com|planted\.bearer\.token-002|sk_test_planted003|planted00004|hunter2`)
	rawID  = regexp.MustCompile(`\bsess_[0-9a-f]{12}\b`)
)

// Every single text of the captures that holds a canary or a raw session id is flagged by its own pointer.
func TestEveryPlantedPlaceIsFlagged(t *testing.T) {
	d := verify.New(verify.Options{})
	places := 0
	for name, doc := range readCaptures(t, "tapped*/*.json") {
		var tree any
		if err := json.Unmarshal(doc, &tree); err != nil {
			t.Fatal(err)
		}
		found := d.Scan(doc)
		flagged := map[string]bool{}
		for _, f := range found {
			flagged[f.Pointer] = true
		}
		leaves(tree, "", "", func(pointer, _, text string) {
			if !canary.MatchString(text) && !rawID.MatchString(text) {
				return
			}
			places++
			if !flagged[pointer] && len(found) < 1000 {
				t.Errorf("%s %s passed: %q", filepath.Base(name), pointer, text)
			} else if !flagged[pointer] {
				one, _ := json.Marshal(text)
				if len(d.Scan(one)) == 0 && len(d.Scan([]byte(`{"sessionId":`+string(one)+`}`))) == 0 {
					t.Errorf("%s %s passed by itself: %q", filepath.Base(name), pointer, text)
				}
			}
		})
	}
	if places < 500 {
		t.Errorf("only %d places were planted", places)
	}
}

// mask redacts a capture by the shapes that are known to be in it: enough for this test, no redactor.
func mask(node any, name string) any {
	switch node := node.(type) {
	case []any:
		for i := range node {
			node[i] = mask(node[i], name)
		}
	case map[string]any:
		for k, n := range node {
			if k == "password" {
				delete(node, k)
			} else {
				node[k] = mask(n, k)
			}
		}
	case string:
		short := func(s string) string { return s[:4] + "..." + s[len(s)-4:] }
		s := rawID.ReplaceAllStringFunc(node, short)
		switch {
		case name == "socketId" && strings.HasSuffix(s, "...") && len(s) > 7:
			s = s[:4] + "..."
		case name == "socketId" && len(s) == 20:
			s = short(s)
		case name == "sessionId" && s == node && !strings.Contains(s, "..."):
			s = "[id-0123456789]"
		}
		s = strings.NewReplacer("relay:planted-pw-001@", "[removed-userinfo]@", "planted.driver@example.com", "[removed-email]",
			"Bearer planted.bearer.token-002", "[removed-bearer]", "api_key=sk_test_planted003", "[removed-assignment]",
			"7f3d9c52-1b7e-4c55-9a40-planted00004", "...d00004").Replace(s)
		return s
	}
	return node
}

// The same captures pass once they are masked, and so do the pages of metrics as they are.
func TestMaskedCapturesPass(t *testing.T) {
	d := verify.New(verify.Options{Known: func(w []byte) bool { return rawID.Match(w) }})
	for name, doc := range readCaptures(t, "*/*.json") {
		var tree any
		if err := json.Unmarshal(doc, &tree); err != nil {
			t.Fatal(err)
		}
		clean, err := json.Marshal(mask(tree, ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range d.Scan(clean) {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for name, page := range readCaptures(t, "*/metrics*.txt") {
		for _, f := range d.Scan(page) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// A large corpus of what packs are full of, made up anew in each run: none of it is a secret.
func TestHarmlessCorpusPasses(t *testing.T) {
	d := verify.New(verify.Options{Known: func(w []byte) bool { return string(w) == "sess_000000000001" }, Values: [][]byte{[]byte("kn0wn/Value+x1")}})
	r := roll(20261123)
	hexes := func(n int) string { return r.from("0123456789abcdef", n) }
	makers := []func() (name string, value any){
		func() (string, any) { return "gitSha", hexes(40) },
		func() (string, any) { return "hash", "sha256:" + hexes(64) },
		func() (string, any) { return "ruleSet", r.from(alphanum, 22) },
		func() (string, any) {
			return "build", fmt.Sprintf("%s-%s-%s-%s-%s", hexes(8), hexes(4), hexes(4), hexes(4), hexes(12))
		},
		func() (string, any) { return "traceId", "trace-" + r.from("123456789", 13) + "-" + r.from(letters, 6) },
		func() (string, any) { return "packId", "pack-" + r.from("123456789", 13) + "-" + r.from(letters, 6) },
		func() (string, any) {
			return "at", fmt.Sprintf("2026-%02d-%02dT%02d:%02d:%02d.%03dZ", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1000))
		},
		func() (string, any) {
			return "version", fmt.Sprintf("v%d.%d.%d-rc.%d", r.IntN(30), r.IntN(30), r.IntN(300), r.IntN(9))
		},
		func() (string, any) {
			return "message", fmt.Sprintf("request took %dms after %d retries (%.3f s, %d%%)", r.IntN(1e6), r.IntN(9), r.Float64(), r.IntN(101))
		},
		func() (string, any) {
			return "stack", fmt.Sprintf("Error: %s\n    at %s.%s (/srv/%s/%s.ts:%d:%d)", r.pick(prose...), r.from(letters, 8), r.from(letters, 5), r.from(letters, 9), r.from(letters, 6), r.IntN(999), r.IntN(99))
		},
		func() (string, any) { return "sessionId", r.from(alphanum, 4) + "..." + r.from(alphanum, 4) },
		func() (string, any) { return "userId", "..." + r.from(alphanum, 6) },
		func() (string, any) { return "socketId", "[id-" + r.from("0123456789abcdfghjkmnpqrstuvwxyz", 10) + "]" },
		func() (string, any) { return "room", "session:" + r.from(alphanum, 4) + "..." + r.from(alphanum, 4) },
		func() (string, any) {
			return "relay_auth_" + r.from(letters, 5) + "_seconds_bucket", map[string]any{"type": "histogram", "samples": []any{map[string]any{"labels": map[string]any{"le": "0.5"}, "value": r.IntN(1e9)}}}
		},
		func() (string, any) { return "total" + r.pick("AuthFails", "Connects", "Joins"), r.IntN(1e9) },
		func() (string, any) { return "value", r.Float64() * 1e12 },
		func() (string, any) {
			return "peer", r.pick("10.", "127.", "192.168.", "172.16.") + fmt.Sprint(r.IntN(256), ".", r.IntN(256)) + "." + fmt.Sprint(r.IntN(256))
		},
		func() (string, any) {
			return "url", "ws://127.0.0.1:" + fmt.Sprint(1024+r.IntN(60000)) + "/a?x=1&page=2"
		},
		func() (string, any) { return "pod", "relay-" + hexes(10) + "-" + r.from(letters, 5) },
	}
	var events []any
	for range 20_000 {
		event := map[string]any{"id": fmt.Sprint("rb-", r.IntN(1e6)), "timestamp": 1795424857101 + r.IntN(1e6)}
		for range 3 {
			name, value := makers[r.IntN(len(makers))]()
			event[name] = value
		}
		events = append(events, event)
	}
	for _, indent := range []string{"", "  "} {
		doc, err := json.MarshalIndent(map[string]any{"recentEvents": events}, "", indent)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range d.Scan(doc) {
			if i < 10 {
				t.Errorf("%+v in %s", f, doc[max(0, f.Offset-60):min(len(doc), f.Offset+60)])
			}
		}
	}
}
