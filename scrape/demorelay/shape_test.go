package demorelay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// shape describes a JSON text by its members, their order and their types. Members whose names are
// data (counts by role, labels) become one entry; texts of "type" stand for themselves, because they
// decide which members follow.
func shape(t *testing.T, raw string) string {
	t.Helper()
	s := shaper{dec: json.NewDecoder(strings.NewReader(raw))}
	s.dec.UseNumber()
	out := s.value("")
	if s.err != nil || s.dec.More() {
		t.Fatalf("answer is not one JSON value: %v: %.200s", s.err, raw)
	}
	return out
}

type shaper struct {
	dec *json.Decoder
	err error
}

var byName = []string{"byRole", "bySurface", "bySubsystem", "byStream", "countsBySubsystem", "frameCountByStream", "labels", "tableCounts", "context", "metadata"}

var nullable = []string{"lastError", "buildTime", "lastWriteMs", "value"}

func (s *shaper) value(name string) string {
	tok, err := s.dec.Token()
	if err != nil {
		s.err = err
		return "broken"
	}
	switch v := tok.(type) {
	case json.Delim:
		if v == '[' {
			return s.array()
		}
		return s.object(name)
	case string:
		if name == "type" {
			return v
		}
		if slices.Contains(nullable, name) {
			return "nullable"
		}
		return "string"
	case json.Number:
		if slices.Contains(nullable, name) {
			return "nullable"
		}
		return "number"
	case nil:
		if slices.Contains(nullable, name) {
			return "nullable"
		}
		return "null"
	}
	return fmt.Sprintf("%T", tok)
}

func (s *shaper) object(name string) string {
	var members []string
	for s.err == nil && s.dec.More() {
		key, err := s.dec.Token()
		if err != nil {
			s.err = err
			break
		}
		members = append(members, fmt.Sprintf("%v:%s", key, s.value(key.(string))))
	}
	s.end()
	if slices.Contains(byName, name) {
		return "{...}"
	}
	return "{" + strings.Join(members, ",") + "}"
}

// array is the set of its elements' shapes.
func (s *shaper) array() string {
	kinds := map[string]bool{}
	for s.err == nil && s.dec.More() {
		kinds[s.value("")] = true
	}
	s.end()
	var list []string
	for k := range kinds {
		list = append(list, k)
	}
	slices.Sort(list)
	return "[" + strings.Join(list, " | ") + "]"
}

func (s *shaper) end() {
	if s.err == nil {
		_, s.err = s.dec.Token()
	}
}

func TestShapeTellsOrderTypesAndMembers(t *testing.T) {
	base := shape(t, `{"a":1,"type":"x","list":[{"b":"s"},{"b":"t"}],"byRole":{"d":1}}`)
	for _, other := range []string{
		`{"type":"x","a":1,"list":[{"b":"s"}],"byRole":{}}`,
		`{"a":"1","type":"x","list":[{"b":"s"}],"byRole":{}}`,
		`{"a":1,"type":"y","list":[{"b":"s"}],"byRole":{}}`,
		`{"a":1,"type":"x","list":[{"b":"s"},{"c":2}],"byRole":{}}`,
		`{"a":1,"type":"x","list":[{"b":"s"}]}`,
		`{"a":null,"type":"x","list":[{"b":"s"}],"byRole":{}}`,
	} {
		if shape(t, other) == base {
			t.Errorf("%s has the same shape", other)
		}
	}
	if same := shape(t, `{"a":2.5,"type":"x","list":[{"b":"u"}],"byRole":{"e":3,"f":4}}`); same != base {
		t.Errorf("other values: %s, want %s", same, base)
	}
}

// captured reads a copy of a capture.
func captured(t *testing.T, folder, name string) string {
	t.Helper()
	body, err := readCapture(folder, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(body, []byte("\n")))
}
