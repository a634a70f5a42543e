package demorelay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
)

// family is one metric family with its samples.
type family struct {
	familyKind
	samples []sample
}

// sample is one line; part is "_bucket", "_sum" or "_count" in a histogram.
type sample struct {
	part   string
	labels [][2]string
	value  float64
}

// exposition is the page under /metrics.
func (l *live) exposition(now int64) reply {
	var b bytes.Buffer
	for i, f := range l.collect(now) {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "# HELP %s%s %s\n# TYPE %[1]s%[2]s %[4]s\n", metricPrefix, f.name, f.help, f.kind)
		for _, s := range f.samples {
			b.WriteString(metricPrefix + f.name + s.part)
			for j, kv := range s.labels {
				b.WriteByte("{,"[min(j, 1)])
				b.WriteString(kv[0] + "=" + strconv.Quote(kv[1]))
			}
			if len(s.labels) > 0 {
				b.WriteByte('}')
			}
			b.WriteString(" " + number(s.value) + "\n")
		}
	}
	return reply{http.StatusOK, kindExposition, b.Bytes()}
}

// number is how the relay spells a value: JavaScript's shortest form, and Nan.
func number(v float64) string {
	if math.IsNaN(v) {
		return "Nan"
	}
	return string(encode(v))
}

// jsonFamily is a family in metrics/snapshot and in bundles. Histograms begin with their name, all
// others with their help.
type jsonFamily struct{ family }

func jsonFamilies(list []family) []jsonFamily {
	out := make([]jsonFamily, len(list))
	for i, f := range list {
		out[i] = jsonFamily{f}
	}
	return out
}

// MarshalJSON writes members and label values as the relay does: numeric labels are numbers.
func (f jsonFamily) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	name, help := encode(metricPrefix+f.name), encode(f.help)
	if f.kind == "histogram" {
		fmt.Fprintf(&b, `{"name":%s,"help":%s`, name, help)
	} else {
		fmt.Fprintf(&b, `{"help":%s,"name":%s`, help, name)
	}
	fmt.Fprintf(&b, `,"type":%q,"values":[`, f.kind)
	for i, s := range f.samples {
		if i > 0 {
			b.WriteByte(',')
		}
		value := number(s.value)
		if math.IsNaN(s.value) {
			value = "null"
		}
		fmt.Fprintf(&b, `{"value":%s`, value)
		if s.part != "" {
			fmt.Fprintf(&b, `,"metricName":%q`, metricPrefix+f.name+s.part)
		}
		if s.part == "_bucket" {
			b.WriteString(`,"exemplar":null`)
		}
		b.WriteString(`,"labels":{`)
		for j, kv := range s.labels {
			if j > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `%q:%s`, kv[0], labelValue(kv[1]))
		}
		b.WriteString("}}")
	}
	fmt.Fprintf(&b, `],"aggregator":%q}`, f.aggregator)
	return b.Bytes(), nil
}

func labelValue(v string) []byte {
	if json.Valid([]byte(v)) && v[0] >= '0' && v[0] <= '9' {
		return []byte(v)
	}
	return encode(v)
}
