package verify_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"relaypack/pack/verify"
)

// A stream gives what the whole document gives, wherever its windows end.
func TestStreamFindsWhatScanFinds(t *testing.T) {
	filler := func(n int) string { return strings.Repeat("all is well on lap 12 ", n/22) }
	for name, doc := range map[string]string{
		"json":        `{"events":[` + strings.Repeat(`{"message":"`+filler(300)+`","n":12},`, 3000) + `{"context":{"password":"hunter2x"}}]}`,
		"indented":    "{\n \"events\": [\n" + strings.Repeat("  {\"message\": \"fine\", \"n\": 12},\n", 30_000) + "  {\"context\": {\"password\": \"hunter2x\"}}\n ]\n}\n",
		"long string": `{"first":"ok","message":"` + filler(700_000) + ` password=hunter2x ` + filler(700_000) + `","last":{"token":"abc12345"}}`,
		"escapes":     `{"first":"ok","message":"` + strings.Repeat(`\\\"\n`, 200_000) + ` password=hunter2x","last":{"token":"abc12345"}}`,
		"text":        strings.Repeat(filler(80)+"\n", 20_000) + "password=hunter2x\n" + strings.Repeat(filler(80)+"\n", 4000) + "password:\n  hunter2x\n",
		"one line":    filler(1_000_000) + " password=hunter2x " + filler(600_000),
		"lines":       strings.Repeat(`{"message":"fine","n":[1,2]}`+"\n", 40_000) + `{"password":"hunter2x"}` + "\n",
		"mixed":       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + `{"counts":{"bearer":123456},"events":[` + strings.Repeat(`{"n":12},`, 60_000) + `{"password":"hunter2x"}]}`,
		"cut":         `{"events":[` + strings.Repeat(`{"message":"fine"},`, 40_000) + `{"password":"hunter2x"},{"mess`,
		"held":        `{"value":"hunter2x","filler":"` + filler(600_000) + `","name":"password"}`,
		"pairs":       `{"a":{"value":"hunter2x",` + "\n\n" + `"filler":[` + strings.Repeat("12,", 200_000) + `1],"name":"password"}}`,
	} {
		d := verify.New(verify.Options{})
		whole := d.Scan([]byte(doc))
		if len(whole) == 0 {
			t.Fatalf("%s: nothing was found", name)
		}
		for how, r := range map[string]io.Reader{"whole": strings.NewReader(doc), "halves": iotest.HalfReader(strings.NewReader(doc))} {
			got, err := d.ScanReader(r)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, whole) {
				t.Errorf("%s, %s: %+v, want %+v", name, how, got, whole)
			}
		}
	}
}

func TestKnownValueAcrossWindows(t *testing.T) {
	d := verify.New(verify.Options{Values: [][]byte{[]byte(`left":"right`)}})
	doc := `{"a":[` + strings.Repeat(`"fine",`, 37_000) + `{"xleft":"rightx"}` + strings.Repeat(`,"fine"`, 90_000) + `]}`
	got, err := d.ScanReader(strings.NewReader(doc))
	if err != nil || len(got) != 1 || got[0].Offset != strings.Index(doc, "left") {
		t.Errorf("%+v, %v", got, err)
	}
}

// What a reader gave before it failed is told, with the failure.
func TestStreamTellsFailures(t *testing.T) {
	broken := errors.New("broken")
	got, err := detector().ScanReader(io.MultiReader(strings.NewReader("password=hunter2x\n"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || len(got) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := detector().ScanReader(strings.NewReader("\x1f\x8b\x08 and nothing else")); err == nil {
		t.Error("a damaged gzip file was read")
	}
}

func wide(s string, order binary.AppendByteOrder, mark bool) []byte {
	var out []byte
	if mark {
		s = "\ufeff" + s
	}
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

// UTF-16 and gzip are read as what they stand for.
func TestWrappedDocuments(t *testing.T) {
	d := detector()
	for _, text := range []string{"first line\npassword=hunter2x\n", `{"a":{"🏁 password":"hunter2x"},"padding":"all is well"}`} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, mark := range []bool{true, false} {
				doc := wide(text, order, mark)
				if !mark && strings.ContainsRune(text, '🏁') {
					continue
				}
				found, err := d.ScanReader(bytes.NewReader(doc))
				if err != nil || len(found) != 1 {
					t.Errorf("%T %v %q: %+v, %v", order, mark, text, found, err)
				}
				if whole := d.Scan(doc); !slices.Equal(whole, found) {
					t.Errorf("%T %v %q: scan gave %+v, want %+v", order, mark, text, whole, found)
				}
			}
		}
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		io.WriteString(w, text)
		w.Close()
		if found, err := d.ScanReader(&b); err != nil || len(found) != 1 {
			t.Errorf("gzip of %q: %+v, %v", text, found, err)
		}
	}
}

// rows gives JSON of any length without holding it.
type rows struct {
	left int
	row  string
	rest string
}

func (r *rows) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if r.rest == "" {
			if r.left == 0 {
				return n, io.EOF
			}
			r.left--
			r.rest = r.row
		}
		k := copy(p[n:], r.rest)
		r.rest, n = r.rest[k:], n+k
	}
	return n, nil
}

// A stream of any length is read in memory of a fixed size.
func TestStreamMemory(t *testing.T) {
	d := detector()
	for _, row := range []string{`{"message":"all is well on this lap","n":12,"list":["one","two"]}` + "\n", "all is well on this lap and on the next\n", "x"} {
		r := io.MultiReader(strings.NewReader(`["`), &rows{left: 24 << 20 / len(row), row: row})
		if row != "x" {
			r = &rows{left: 24 << 20 / len(row), row: row}
		}
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		if found, err := d.ScanReader(r); err != nil || len(found) > 0 {
			t.Fatalf("%.20q: %d findings, %v", row, len(found), err)
		}
		runtime.ReadMemStats(&after)
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 8<<20 {
			t.Errorf("%.20q: the heap grew by %d bytes", row, grown)
		}
	}
}

// What lies across the border of two pieces or windows is found as a whole, in text and in strings.
func TestPiecesOverlap(t *testing.T) {
	d := detector()
	for _, border := range []int{64 << 10, 256 << 10} {
		for back := -40; back <= 5; back += 3 {
			filler := strings.Repeat("lap ", border/4+4)[:border+back]
			for name, doc := range map[string]string{
				"text":   filler + " password is Hunter2x9 " + strings.Repeat("lap ", 80_000),
				"string": `"` + filler[:len(filler)-1] + ` password is Hunter2x9 ` + strings.Repeat("lap ", 80_000) + `"`,
			} {
				at := strings.Index(doc, "Hunter2x9")
				found, err := d.ScanReader(strings.NewReader(doc))
				if err != nil || len(found) != 1 || found[0].Offset != at {
					t.Fatalf("%s, %d back from %d: %+v, want one at %d", name, back, border, found, at)
				}
			}
		}
	}
}

// A document whose packed parts grow beyond the bound is looked at as far as that goes.
func TestUnpackingIsBounded(t *testing.T) {
	one := zipped("password=hunter2x")
	if len(detector().Scan([]byte(one))) == 0 {
		t.Fatal("a packed text was not looked at")
	}
	bombs := strings.Repeat(zipped(strings.Repeat("x", 1<<20))+"\n", 100)
	if found := detector().Scan([]byte(bombs + one)); len(found) > 0 {
		t.Errorf("6 MiB and more were unpacked: %+v", found)
	}
}

func ExampleDetector_ScanReader() {
	d := verify.New(verify.Options{})
	found, err := d.ScanReader(strings.NewReader("level=error msg=refused\npassword=hunter2\n"))
	fmt.Println(err)
	for _, f := range found {
		fmt.Println(f.Line, f.Kind, f.Excerpt)
	}
	// Output:
	// <nil>
	// 2 assignment aaaaaa9
}

// FuzzStream: a stream gives what the whole document gives, in windows of any size that the reader makes.
func FuzzStream(f *testing.F) {
	for _, row := range documents {
		f.Add([]byte(row.find), uint16(1))
		f.Add([]byte(row.pass+"\n"+row.find), uint16(9000))
	}
	d := detector()
	f.Fuzz(func(t *testing.T, doc []byte, repeat uint16) {
		doc = bytes.Repeat(doc, 1+int(repeat)%min(500, 1+400_000/(1+len(doc))))
		whole := d.Scan(doc)
		got, err := d.ScanReader(iotest.HalfReader(bytes.NewReader(doc)))
		if bytes.HasPrefix(doc, []byte("\x1f\x8b\x08")) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(doc) < 200_000 && !slices.Equal(got, whole) {
			t.Fatalf("%+v, want %+v", got, whole)
		}
		if (len(got) == 0) != (len(whole) == 0) {
			t.Fatalf("%d findings, want %d", len(got), len(whole))
		}
	})
}

// FuzzMasks: what redaction leaves in the place of anything gives no alarm, wherever it stands.
func FuzzMasks(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	d := detector()
	names := []string{"password", "message", "sessionId", "userId", "api_key", "room", "email", "cookie", "list", "phone", "Authorization"}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := roll(seed)
		const signs = "0123456789abcdfghjkmnpqrstuvwxyz"
		masks := []string{"[id-" + r.from(signs, 10) + "]", "[ip-" + r.from(signs, 10) + "]", "[removed-" + r.from(letters, 7) + "]", "[removed-jwt,HS256,expired-3h]",
			"[removed-" + r.from(letters, 4) + "-" + r.from(letters, 5) + ",eu-west-1.x]", r.from(alphanum, 4) + "..." + r.from(alphanum, 4), "..." + r.from(alphanum, 6)}
		frames := []string{"%s", "refused: %s", "password=%s next", "Bearer %s", "postgres://%s@db.internal:5432/x", "session %s is gone", "user:%s", "%s,%s", "(%s)", "key=\"%s\"", "Authorization: Basic %s",
			"curl -u %s https://h/", "mysql -p%s db", "map[token:%s user:x]", "{'password': '%s'}", "<password>%s</password>", "https://h/a?token=%s&x=1", "AUTH %s", "password for bob: %s"}
		mask := r.pick(masks...)
		if name := r.pick(names...); strings.HasPrefix(mask, "[") {
			text := strings.ReplaceAll(r.pick(frames...), "%s", mask)
			for _, doc := range []string{text, fmt.Sprintf(`{%q:%q}`, name, mask), fmt.Sprintf(`{"message":%q}`, text), fmt.Sprintf(`{"body":%q}`, fmt.Sprintf(`{%q:%q}`, name, mask))} {
				if found := d.Scan([]byte(doc)); len(found) > 0 {
					t.Fatalf("%s gave %+v", doc, found)
				}
			}
		} else if doc := fmt.Sprintf(`{"sessionId":%q,"message":"session %s is gone"}`, mask, mask); len(d.Scan([]byte(doc))) > 0 {
			t.Fatalf("%s gave %+v", doc, d.Scan([]byte(doc)))
		}
	})
}

// What is packed to grow, encoded again and again, or nested deeply is looked at in bounded time and memory.
func TestBombs(t *testing.T) {
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	w.Write(make([]byte, 64<<20))
	w.Close()
	once := base64.StdEncoding.EncodeToString(bomb.Bytes())
	nested := `{"password":1}`
	for range 12 {
		b, _ := json.Marshal(map[string]string{"a": nested})
		nested = string(b)
	}
	again := "password=hunter2x"
	for range 20 {
		again = b64(again)
	}
	d := detector()
	for name, doc := range map[string]string{
		"gzip":        strings.Repeat(once+" ", 40),
		"nested":      nested,
		"encoded":     again,
		"huge base64": b64(strings.Repeat("all is well on this lap ", 400_000)),
		"percent":     strings.Repeat("%25", 1<<18) + "41",
		"mixed":       strings.Repeat(`{"a":"%7B&quot;\\u0022`, 1<<15),
		"entities":    strings.Repeat("&amp;", 1<<17),
		"all at once": strings.Repeat(`%25&amp;amp;\\\\u0025+é `, 1<<12),
	} {
		begun := time.Now()
		d.Scan([]byte(doc))
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("%s: %d bytes took %s", name, len(doc), took)
		} else if took > time.Second {
			t.Logf("%s: %d bytes took %s", name, len(doc), took)
		}
	}
}
