package verify_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"relaypack/pack/verify"
)

const (
	letters  = "abcdefghijklmnopqrstuvwxyz"
	alphanum = letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

type dice struct{ *rand.Rand }

func roll(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 3))} }

func (r dice) from(signs string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = signs[r.IntN(len(signs))]
	}
	return string(b)
}

func (r dice) pick(list ...string) string { return list[r.IntN(len(list))] }

// secrets make up one secret of each kind, as it would stand in a text. Each has a digit.
var secrets = map[string]func(dice) string{
	"assignment": func(r dice) string {
		return r.pick("password", "DB_PASSWORD", "api_key", "x-api-key", "clientSecret", "auth.token", "passwd") + r.pick("=", ": ", " = ", `="`) + r.from(alphanum, 9) + "7q"
	},
	"bearer": func(r dice) string { return r.pick("Bearer ", "bearer ") + r.from(alphanum, 20) + "4" },
	"basic":  func(r dice) string { return "Basic " + b64("svc1:"+r.from(alphanum, 11)) },
	"jwt": func(r dice) string {
		enc := base64.RawURLEncoding.EncodeToString
		return enc([]byte(`{"alg":"`+r.pick("HS256", "none", "RS256")+`"}`)) + "." + enc([]byte(`{"sub":"`+r.from(alphanum, 9)+`"}`)) + "." + r.from(alphanum, 43)
	},
	"pem": func(r dice) string {
		return "-----BEGIN " + r.pick("", "RSA ", "EC ", "OPENSSH ") + "PRIVATE KEY-----\n" + r.from(alphanum, 64)
	},
	"vendor": func(r dice) string {
		return r.pick("sk_live_", "sk_test_", "ghp_", "glpat-", "xoxb-", "dop_v1_", "github_pat_", "npm_") + r.from(alphanum, 36) + "3b"
	},
	"aws": func(r dice) string { return "AKIA" + r.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16) },
	"userinfo": func(r dice) string {
		return "postgres://" + r.from(letters, 5) + ":" + r.from(alphanum, 9) + "@db.internal/x"
	},
	"mail": func(r dice) string {
		return r.from(letters, 6) + "." + r.from(letters, 4) + "@example." + r.pick("com", "org", "co.uk")
	},
	"ip": func(r dice) string { return fmt.Sprintf("81.%d.%d.%d", r.IntN(256), r.IntN(256), 1+r.IntN(255)) },
	"id": func(r dice) string {
		return r.pick("user ", "session=", "driver#", "sessionId: ") + r.from(alphanum, 11) + "5"
	},
	"session": func(r dice) string { return "sess_" + r.from("0123456789abcdef", 11) + "1" },
	"known":   func(dice) string { return "kn0wn/Value+x1" },
}

// wraps carry a secret in an encoding.
var wraps = map[string]func(string) string{
	"plain":   func(s string) string { return s },
	"percent": url.QueryEscape,
	"base64":  b64,
	"url64":   func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"hex":     func(s string) string { return hex.EncodeToString([]byte(s)) },
	"json":    func(s string) string { b, _ := json.Marshal(map[string]string{"m": s}); return string(b) },
}

// plant makes a random document with one text in it at a random place, and gives the way there.
func plant(r dice, depth int, text string) (doc any, way string) {
	if depth == 0 {
		before, after := r.pick("", "said ", "(", "\n", "ключ "), r.pick("", " twice", ")", "\n", ".")
		return before + text + after, ""
	}
	inner, rest := plant(r, depth-1, text)
	filler := func() any {
		switch r.IntN(5) {
		case 0:
			return r.Float64() * 1e6
		case 1:
			return nil
		case 2:
			return map[string]any{r.from(letters, 5): "join"}
		}
		return r.pick("sess...1f20", "payload_too_large", "GET /api/x 200", "[id-0123456789]", "line\n\"two\"")
	}
	if r.IntN(2) == 0 {
		list := make([]any, 1+r.IntN(4))
		for i := range list {
			list[i] = filler()
		}
		at := r.IntN(len(list))
		list[at] = inner
		return list, "/" + strconv.Itoa(at) + rest
	}
	name := "p" + r.from(letters, 3) + r.pick("", "~", "/", "é", " x")
	object := map[string]any{name: inner}
	for range r.IntN(4) {
		object["f"+r.from(letters, 4)] = filler()
	}
	return object, "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name) + rest
}

// FuzzPlanted: a secret of a random kind, in a random encoding, at a random place of a random document is
// found there, two scans agree, and no excerpt holds what was found.
func FuzzPlanted(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	kindNames, wrapNames := sortedNames(secrets), sortedNames(wraps)
	d := detector()
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := roll(seed)
		kind, wrap := r.pick(kindNames...), r.pick(wrapNames...)
		secret := secrets[kind](r)
		tree, way := plant(r, 1+r.IntN(6), wraps[wrap](secret))
		doc, err := json.MarshalIndent(tree, "", r.pick("", " "))
		if err != nil {
			t.Fatal(err)
		}
		found := d.Scan(doc)
		if !slices.Equal(found, d.Scan(doc)) {
			t.Fatal("two scans differ")
		}
		if !slices.ContainsFunc(found, func(g verify.Finding) bool { return g.Pointer == way }) {
			t.Fatalf("seed %d: %s as %s: %q at %q gave %+v", seed, kind, wrap, secret, way, found)
		}
		for _, g := range found {
			if g.Pointer != way {
				t.Fatalf("seed %d: a false alarm beside it: %+v", seed, g)
			}
			if strings.Contains(g.Excerpt, secret) {
				t.Fatalf("excerpt %q shows %q", g.Excerpt, secret)
			}
		}
	})
}

// FuzzPointers: whatever the bytes, pointers lead into a document that parses, and places lie inside it.
func FuzzPointers(f *testing.F) {
	for _, row := range documents {
		f.Add([]byte(row.find))
		f.Add([]byte(`[` + row.find[:len(row.find)-1]))
	}
	d := detector()
	f.Fuzz(func(t *testing.T, doc []byte) {
		begun := time.Now()
		found := d.Scan(doc)
		if took := time.Since(begun); took > 2*time.Second+time.Duration(len(doc))*10*time.Microsecond {
			t.Fatalf("%d bytes took %s", len(doc), took)
		}
		var tree any
		parses := json.Unmarshal(doc, &tree) == nil
		for i, g := range found {
			if g.Offset < 0 || g.Offset > len(doc) || g.Line != 1+bytes.Count(doc[:g.Offset], []byte("\n")) {
				t.Fatalf("%+v", g)
			}
			if i > 0 && g.Offset < found[i-1].Offset {
				t.Fatal("not in order")
			}
			if len(g.Excerpt) > 24 {
				t.Fatalf("excerpt of %d signs", len(g.Excerpt))
			}
			if parses && bytes.IndexByte(doc, '\\') < 0 && strings.ToValidUTF8(string(doc), "") == string(doc) && !resolves(tree, g.Pointer) {
				t.Fatalf("%q leads nowhere in %q", g.Pointer, doc)
			}
		}
	})
}

// resolves follows a pointer. Of members of the same name encoding/json keeps one: then it may end early.
func resolves(tree any, pointer string) bool {
	if pointer == "" {
		return true
	}
	for part := range strings.SplitSeq(pointer[1:], "/") {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch node := tree.(type) {
		case map[string]any:
			next, ok := node[part]
			if !ok {
				return false
			}
			tree = next
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 {
				return false
			}
			if i >= len(node) {
				return true
			}
			tree = node[i]
		default:
			return true
		}
	}
	return true
}

func sortedNames[V any](m map[string]V) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
