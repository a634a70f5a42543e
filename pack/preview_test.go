package pack

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

// A part that is left out goes from the very pack that was looked at: all else stays as it was.
func TestWithoutLeavesOutOnePart(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	whole, err := b.builder.Preview(t.Context(), Request{})
	if err != nil {
		t.Fatal(err)
	}
	b.record(emptyLook(p, looked)) // what comes later is not in the pack
	less, err := whole.Without("recentEvents.error", "supportBundle.metrics")
	if err != nil {
		t.Fatal(err)
	}
	doc := decode(t, less.Pack().Bytes())
	want(t, doc, map[string]string{
		"recentEvents.error": `[]`, "supportBundle.metrics": `null`, "recentEvents.socket.length": `500`,
		"supportBundle.size.leftOut":               `["recentEvents.error","supportBundle.metrics"]`,
		"supportBundle.redaction.verifier.verdict": `"clean"`,
		"packId":                               `"` + less.Pack().ID() + `"`,
		"supportBundle.sources.summary.status": `"ok"`,
		"generatedAt":                          at(decode(t, whole.Pack().Bytes()), "generatedAt"),
		"eventBufferStats.error.count":         `500`,
	})
	counted := `"recentEvents.error"`
	if strings.Contains(at(doc, "supportBundle.redaction.sections"), counted) || !strings.Contains(at(decode(t, whole.Pack().Bytes()), "supportBundle.redaction.sections"), counted) {
		t.Error("the account of what was removed is not that of what is left")
	}
	if less.Pack().ID() == whole.Pack().ID() {
		t.Error("two packs have one id")
	}
	holdToSchema(t, less.Pack().Bytes())
	want(t, decode(t, whole.Pack().Bytes()), map[string]string{"recentEvents.error.length": `500`, "supportBundle.size.leftOut": `[]`})
	again, err := less.Without("recentEvents.socket")
	if err != nil {
		t.Fatal(err)
	}
	if left := at(decode(t, again.Pack().Bytes()), "supportBundle.size.leftOut"); strings.Count(left, ",") != 2 {
		t.Errorf("left out %s", left)
	}
	same, err := whole.Without()
	if err != nil {
		t.Fatal(err)
	}
	one := bytes.ReplaceAll(same.Pack().Bytes(), []byte(same.Pack().ID()), []byte(whole.Pack().ID()))
	if !bytes.Equal(one, whole.Pack().Bytes()) {
		t.Error("a pack of which nothing is left out is another one")
	}
}

func TestWithoutRefusesWhatEveryPackHas(t *testing.T) {
	b := setup(t, okboxbox(t), megabytes)
	p, err := b.builder.Preview(t.Context(), Request{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"packId", "supportBundle.size", "supportBundle.redaction", "supportBundle", "nobody", ""} {
		if _, err := p.Without(name); !errors.Is(err, ErrNoPart) {
			t.Errorf("%q: %v", name, err)
		}
	}
	parts := p.Parts()
	i := slices.IndexFunc(parts, func(p Part) bool { return p.Name == "recentEvents.error" })
	if i < 0 || parts[i].Fixed || parts[0].Name != "packId" || !parts[0].Fixed {
		t.Errorf("parts %v", parts)
	}
}

// Every part but the fixed ones can be left out, and the pack still has its form.
func TestWithoutKeepsTheForm(t *testing.T) {
	p := okboxbox(t)
	b := setup(t, p, megabytes)
	b.record(look(t, p, "tapped", looked, all...))
	whole, err := b.builder.Preview(t.Context(), Request{SessionID: "sess_09e18fd43c2d", IncludeConfig: true})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range whole.Parts() {
		if !one.Fixed {
			names = append(names, one.Name)
		}
	}
	none, err := whole.Without(names...)
	if err != nil {
		t.Fatal(err)
	}
	holdToSchema(t, none.Pack().Bytes())
	if len(none.Pack().Bytes()) > 16<<10 {
		t.Errorf("%d bytes of nothing", len(none.Pack().Bytes()))
	}
}

func holdToSchema(t *testing.T, body []byte) {
	t.Helper()
	if err := packSchema(t).Validate(decode(t, body)); err != nil {
		t.Errorf("pack against schema.json: %v", err)
	}
}
