package pack

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
)

// shape is the JSON type that a field of the format has, beside null.
type shape uint8

const (
	anything shape = iota
	number
	text
	flag
	numbers // an object of numbers
	objects // an object
	streams // an object of {framesIn, acked} by stream
)

// Bounds of a section's value.
const (
	maxText    = 200      // bytes of a text field
	maxNumbers = 100      // members of byRole and the like
	maxValue   = 64 << 10 // bytes of any value
)

// field is one leaf of the owner's format. The order is the format's.
type field struct {
	section, name string
	shape         shape
}

var formatFields = []field{
	{"summary", "environment", text},
	{"summary", "uptime", number},
	{"summary", "activeSessions", number},
	{"summary", "activeConnections", number},
	{"socketStats", "totalConnections", number},
	{"socketStats", "activeConnections", number},
	{"socketStats", "totalConnects", number},
	{"socketStats", "totalDisconnects", number},
	{"socketStats", "totalAuthFails", number},
	{"socketStats", "totalJoins", number},
	{"socketStats", "totalLeaves", number},
	{"socketStats", "byRole", numbers},
	{"socketStats", "bySurface", numbers},
	{"relayStats", "totalFrames", number},
	{"relayStats", "totalDrops", number},
	{"relayStats", "totalDriftWarnings", number},
	{"relayStats", "activeSessions", number},
	{"relayStats", "ingestRate", number},
	{"runtimeStats.memory", "heapUsed", text},
	{"runtimeStats.memory", "heapTotal", text},
	{"runtimeStats.memory", "external", text},
	{"runtimeStats.cpu", "user", number},
	{"runtimeStats.cpu", "system", number},
	{"config", "nodeEnv", text},
	{"config", "port", number},
	{"config", "logLevel", text},
	{"config", "metricsEnabled", flag},
	{"config", "diagnosticsEnabled", flag},
	{"config", "opsUiEnabled", flag},
}

// formatClasses are the event classes of the owner's format, in its order.
var formatClasses = []string{"socket", "relay", "session", "error"}

// shapeOf is the shape of a field by its dotted name.
func shapeOf(name string) shape {
	for _, f := range formatFields {
		if f.section+"."+f.name == name {
			return f.shape
		}
	}
	switch name {
	case "sessionParity", "trace", "windows":
		return objects
	case "errorCounts":
		return numbers
	}
	return anything
}

// encode gives the JSON of what an expression gave, nil where it has not the field's shape: a relay
// that answers "many" for a number has not answered.
func (s shape) encode(v any) []byte {
	switch s {
	case number:
		if _, ok := toFloat(v); !ok {
			return nil
		}
	case text:
		if t, ok := v.(string); !ok || len(t) > maxText {
			return nil
		}
	case flag:
		if _, ok := v.(bool); !ok {
			return nil
		}
	case numbers:
		m, ok := v.(map[string]any)
		if !ok || len(m) > maxNumbers {
			return nil
		}
		for _, n := range m {
			if _, ok := toFloat(n); n != nil && !ok {
				return nil
			}
		}
	case objects:
		if _, ok := v.(map[string]any); !ok {
			return nil
		}
	case streams:
		return encodeStreams(v)
	}
	if v == nil {
		return nil
	}
	if f, ok := v.(float64); ok {
		return appendFloat(nil, f)
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return nil
	}
	return bytes.TrimRight(buf.Bytes(), "\n")
}

// encodeStreams writes the members of a stream in the format's order, which a query does not keep.
func encodeStreams(v any) []byte {
	byName, ok := v.(map[string]any)
	if !ok || len(byName) > maxNumbers {
		return nil
	}
	var out object
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		stream, _ := byName[name].(map[string]any)
		var o object
		for _, member := range []string{"framesIn", "acked"} {
			o.raw(member, number.encode(stream[member]))
		}
		out.raw(name, o.done())
	}
	return out.done()
}

// toFloat reads the numbers that a query gives. False: no number, or one that JSON cannot say.
func toFloat(v any) (float64, bool) {
	var f float64
	switch n := v.(type) {
	case json.Number:
		parsed, err := strconv.ParseFloat(string(n), 64)
		if err != nil {
			return 0, false
		}
		f = parsed
	case int:
		f = float64(n)
	case float64:
		f = n
	case *big.Int:
		f, _ = new(big.Float).SetInt(n).Float64()
	default:
		return 0, false
	}
	return f, !math.IsNaN(f) && !math.IsInf(f, 0)
}
