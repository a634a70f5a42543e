package redact_test

import (
	"fmt"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

// Each change is told once with its rule, its place and the shape of its value, and never the value.
func TestExplain(t *testing.T) {
	r := redactor(t)
	for _, row := range []struct {
		name, in string
		as       redact.Format
		want     string
	}{
		{"fields", `{"a":[{"password":"Tr0ub4dor","n":1},{"pwd":{"x":1}},{"otp":123456}]}`, redact.JSON,
			"field /a/0 0:0 9 letters+digits\nfield /a/1 0:0 object\nfield /a/2 0:0 number of 6 digits\n"},
		{"strings", `{"a/b":["x","api_key=abc123def, mail a@b.example"],"sessionId":"sess_20997b8d2335"}`, redact.JSON,
			"assignment /a~1b/1 0:0 9 letters+digits\nemail /a~1b/1 0:0 11 letters+signs\nid /sessionId 0:0 17 letters+digits+signs\n"},
		{"pairs", `{"h":[{"name":"X-Api-Key","value":"v1"},{"value":"v1","name":"X-Api-Key"}]}`, redact.JSON,
			"pair /h/0 0:0 2 letters+digits\npair /h/1 0:0 2 letters+digits\n"},
		{"nested", `{"body":"{\"password\":\"x1\",\"m\":\"a@b.example\"}"}`, redact.JSON,
			"field /body 0:0 2 letters+digits\nemail /body 0:0 11 letters+signs\n"},
		{"text", "lap 7\n  password=Tr0ub4dor, mail a@b.example\nlap 8 {\"pwd\":\"x1\"} 203.0.113.9\n", redact.Text,
			"assignment  2:3 9 letters+digits\nemail  2:28 11 letters+signs\nfield  3:7 2 letters+digits\nip  3:20 11 digits+signs\n"},
		{"metrics", "# HELP x of a@b.example\nx{password=\"x1\",peer=\"203.0.113.9\"} 1\n", redact.Metrics,
			"email  1:13 11 letters+signs\nlabel  2:1 2 letters+digits\nip  2:23 11 digits+signs\n"},
		{"entities", "lap &lt;7&gt;\n  &quot;password&quot;: &quot;Tr0ub4dor&quot; and\nmail a@b.example\n", redact.Text,
			"assignment  2:3 9 letters+digits\nemail  3:6 11 letters+signs\n"},
		{"entities behind what was removed", "pwd=Tr0ub4dor &amp;\nmail &#x61;@b.example or\nc@b.example\n", redact.Text,
			"assignment  1:1 9 letters+digits\nemail  2:6 11 letters+signs\nemail  3:1 11 letters+signs\n"},
		{"escapes", "caf\\u00e9\nmail a@b.example \\u0026\n pwd=Tr0ub4dor\n", redact.Text,
			"email  2:6 11 letters+signs\nassignment  3:2 9 letters+digits\n"},
		{"percent", "x\nGET /?a=%C3%A9%26pwd%3DTr0ub4dor and a%40b.example\n", redact.Text,
			"assignment  2:18 9 letters+digits\nemail  2:38 11 letters+signs\n"},
		{"percent in entities", "x &amp;\ny &lt;a%3D%C3%A9%26pwd%3DTr0ub4dor and a%40b.example\n", redact.Text,
			"assignment  2:20 9 letters+digits\nemail  2:40 11 letters+signs\n"},
		{"a document in entities", "x &amp;\n{&quot;a&quot;: {&quot;pwd&quot;: &quot;x1y2z3&quot;}}\n", redact.Text, "field  2:1 6 letters+digits\n"},
		{"names", `{"a@b.example":{"n":1}}`, redact.JSON, "email  0:0 11 letters+signs\n"},
	} {
		var told strings.Builder
		rep := redact.Report{Explain: func(c redact.Change) {
			fmt.Fprintf(&told, "%s %s %d:%d %s\n", c.Rule, c.Pointer, c.Line, c.Column, c.Shape)
		}}
		if _, err := r.Append(nil, []byte(row.in), row.as, &rep); err != nil || told.String() != row.want {
			t.Errorf("%s: %v\n%swant\n%s", row.name, err, told.String(), row.want)
		}
		told.Reset()
		rd := &chunks{b: []byte(row.in), next: func() int { return 7 }}
		if err := r.Copy(&strings.Builder{}, rd, row.as, &rep); err != nil || told.String() != row.want {
			t.Errorf("%s in chunks: %v\n%swant\n%s", row.name, err, told.String(), row.want)
		}
	}
}

// Places far behind the first segment are those of the source, also behind lines that became shorter.
func TestExplainKeepsCount(t *testing.T) {
	line := "token=abc123def and a@b.example\n"
	var last redact.Change
	n := 0
	rep := redact.Report{Explain: func(c redact.Change) { last, n = c, n+1 }}
	if _, err := redactor(t).Append(nil, []byte(strings.Repeat(line, 9000)), redact.Text, &rep); err != nil || n != 18000 || last.Line != 9000 || last.Column != 21 {
		t.Errorf("%d changes, the last %+v, %v", n, last, err)
	}
}
