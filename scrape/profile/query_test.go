package profile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

var instant = time.UnixMilli(1795424776478)

func compileQuery(t *testing.T, text string) *Query {
	t.Helper()
	q, err := Compile(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return q
}

func TestQueryRun(t *testing.T) {
	doc, _, err := Document([]byte(`{"n":12345678901234567890,"z":0,"f":false,"x":2.5,"t":"abc","l":[1,2,3],"o":{"b":1,"a":2}}`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]any{
		".n":                                    json.Number("12345678901234567890"),
		".z":                                    json.Number("0"),
		".f":                                    false,
		".none":                                 nil,
		"empty":                                 nil,
		".l[]":                                  json.Number("1"),
		".none.deeper[0]":                       nil,
		"$now":                                  1795424776478,
		"$now - 1000":                           1795424775478,
		".l[1] * 3":                             6,
		"3 * .l[1] * .l[2]":                     18,
		".x * 2":                                5.0,
		".n * 10":                               bigInt("123456789012345678900"),
		"[.l[] * 2] | add":                      12,
		"9007199254740993 * 9007199254740993":   bigInt("81129638414606699710187514626049"),
		"[.l[]] | add":                          6,
		`"\(.x | round)MB"`:                     "3MB",
		`.o | map_values(. * 2)`:                map[string]any{"a": 4, "b": 2},
		`def f: . * 2; .x | f`:                  5.0,
		`if .z * 1 == 0 then "zero" else 1 end`: "zero",
		`reduce .l[] as $i (1; . * $i)`:         6,
	} {
		got, err := compileQuery(t, text).Run(t.Context(), doc, instant)
		if err != nil || !same(got, want) {
			t.Errorf("%s: %T %v, %v; want %T %v", text, got, got, err, want, want)
		}
	}
}

func bigInt(s string) *big.Int {
	n, _ := new(big.Int).SetString(s, 10)
	return n
}

func same(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, okX := a.(*big.Int)
	y, okY := b.(*big.Int)
	return okX && okY && x.Cmp(y) == 0
}

func TestQueryErrorsAreOurWords(t *testing.T) {
	type odd struct{ A int }
	doc := map[string]any{"t": "hunter2 password", "n": 1, "i64": int64(1), "typed": map[string]string{"a": "b"}, "odd": odd{1}}
	for _, text := range []string{
		".t + 1", ".t.a", ".n | keys", `error("hunter2")`, `.t | error`, "error(null)", ".t * 1000", "1000 * .t", ".t * .t",
		`.t | tonumber`, "{} * 2", ".i64 | type", ".i64 | tojson", ".i64 + 1", ".i64", ".typed", ".typed.a", ".odd", "infinite", "nan", "[infinite]", `{a: [nan]}`,
		"1e308 * 10", ".t | test(\"(\")",
	} {
		v, err := compileQuery(t, text).Run(t.Context(), doc, instant)
		if err != nil && (!errors.Is(err, ErrQueryType) || err.Error() != "query: type error" || v != nil) {
			t.Errorf("%s: %v, %v", text, v, err)
		}
		if err == nil && !strings.HasPrefix(text, ".i64") && !strings.HasPrefix(text, ".typed") && text != ".odd" {
			t.Errorf("%s gives %v", text, v)
		}
	}
	var none *Query
	if _, err := none.Run(t.Context(), nil, instant); !errors.Is(err, ErrQueryType) {
		t.Error(err)
	}
	if _, err := (&Query{Text: "."}).Run(t.Context(), nil, instant); !errors.Is(err, ErrQueryType) {
		t.Error(err)
	}
}

func TestQueryTimeLimit(t *testing.T) {
	before := time.Now()
	for _, text := range []string{"[range(1e18)]", "def f: f; f", "last(repeat(1))", `[limit(1e9; repeat("x"))] | length`} {
		if _, err := compileQuery(t, text).Run(t.Context(), nil, instant); !errors.Is(err, ErrQuerySlow) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if took := time.Since(before); took > 20*runLimit {
		t.Errorf("took %s", took)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compileQuery(t, "last(repeat(1))").Run(ctx, nil, instant); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestQueryLeavesItsDocumentAlone: documents are shared between the queries of a look.
func TestQueryLeavesItsDocumentAlone(t *testing.T) {
	body := []byte(`{"a":{"b":[3,1,2]},"c":[{"d":1}]}`)
	doc, _, _ := Document(body)
	want, _, _ := Document(body)
	texts := []string{
		".a.b |= sort", ".a.b[0] = 9", "del(.a)", ".c[0].d += 1", "[.. | numbers] | add", ".a * {x: 1}", ".a.b[1] |= empty", "map_values(empty)",
		".c[0] | map_values(empty)", `delpaths([["a", "b", 0]])`, "walk(numbers |= . + 1)", "with_entries(.value = 1)", ".c[0].d = empty", ".c[0].e //= 1",
		"def f: del(.c[0]); f", "[.c[] | to_entries[]]", ".a.b | sort, reverse, unique", "reduce .a.b[] as $i (.; .c[$i] = 1)", "[limit(2; .a.b[])]",
	}
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			q, err := Compile(texts[i%len(texts)])
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = q.Run(t.Context(), doc, instant) // `*` of objects is refused; the rest gives something
		})
	}
	wait.Wait()
	if !reflect.DeepEqual(doc, want) {
		t.Errorf("changed to %v", doc)
	}
}

// TestMultiplyCannotFillMemory: a relay that answers with a text where a number was gets an error,
// wherever in an expression the product stands.
func TestMultiplyCannotFillMemory(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for _, text := range []string{
		". * 10000", "10000 * .", "[. * 10000]", "{a: (. * 10000)}", "if true then . * 10000 else 1 end", `"\(. * 10000)"`,
		"try (. * 10000) catch error", ". as $x | $x * 10000", "[.] | map(. * 10000)", "def f: . * 10000; f", "reduce 1 as $i (.; . * 10000)",
		"foreach 1 as $i (.; . * 10000)", "[.][0] * 10000", "{a: .}.a * 10000", "label $out | . * 10000", "[., 1][:(. * 10000)]",
		"[limit(1; . * 10000)]", ". |= . * 10000", "-(. * 10000)", "(. * 10000)?", "{(. * 10000): 1}", ".[(. * 10000)]?",
		"try error(. * 10000) catch .", ". as [$a] ?// $a | $a * 10000",
	} {
		v, err := compileQuery(t, text).Run(t.Context(), long, instant)
		if size := len(fmt.Sprint(v)); size > 2*len(long) {
			t.Errorf("%s made %d bytes, %v", text, size, err)
		}
	}
}

func TestMultiplyIsCompiledOnce(t *testing.T) {
	text := "2" + strings.Repeat(" * 1", 500) // would take 2^500 steps if each side were walked twice
	if v, err := compileQuery(t, text).Run(t.Context(), nil, instant); v != 2 || err != nil {
		t.Error(v, err)
	}
}

func TestFamilies(t *testing.T) {
	p, err := Load("okboxbox")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(captures, "tapped", "metrics.txt"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for name := range p.Families {
		if !strings.HasPrefix(name, "controlbox_") {
			continue
		}
		n++
		if !strings.Contains(string(page), "# TYPE "+name+" ") {
			t.Errorf("the relay has no family %s", name)
		}
	}
	if n < 15 {
		t.Errorf("%d families of the relay in %v", n, p.Families)
	}
	if p.Families["value"] || p.Families["samples"] {
		t.Error("members of the metrics document count as families")
	}
	got := map[string]bool{}
	addFamilies(got, `."ns:rule" | . as $x | .go_goroutines.samples[0].value + .["b_total"].samples[0].rate`)
	if !reflect.DeepEqual(got, map[string]bool{"ns:rule": true, "go_goroutines": true, "b_total": true}) {
		t.Error(got)
	}
}

func BenchmarkQueryRun(b *testing.B) {
	q, err := Compile(`.controlbox_nodejs_heap_size_used_bytes.samples[0].value | select(.) | "\(. / 1048576 | round)MB"`)
	if err != nil {
		b.Fatal(err)
	}
	doc := map[string]any{"controlbox_nodejs_heap_size_used_bytes": map[string]any{"samples": []any{map[string]any{"value": 52014224.0}}}}
	b.ReportAllocs()
	for b.Loop() {
		if v, err := q.Run(b.Context(), doc, instant); v != "50MB" || err != nil {
			b.Fatal(v, err)
		}
	}
}
