package redact_test

import (
	"bytes"
	"strings"
	"testing"

	"relaypack/pack/redact"
)

// What stands in a column that is named like a credential goes, whatever it looks like; other columns, and texts that only
// look like such a table, stay.
func TestColumns(t *testing.T) {
	r := redactor(t)
	for _, c := range []struct{ in, want string }{
		{"at,user,password,lap\n1,bob,lagoonmaple,7\n2,amy,\"x, \"\"y\"\"\",8\n", "at,user,password,lap\n1,bob,[removed-pair],7\n2,amy,\"[removed-pair]\",8\n"},
		{"lap;apiKey\r\n7;908473\r\n8;\r\n", "lap;apiKey\r\n7;[removed-pair]\r\n8;\r\n"},
		{"email\tlap\nmateo.rossini\t7\n", "email\tlap\n[removed-pair]\t7\n"},
		{"lap,API_TOKEN\n1741631731581,SKmFdc3h7gDSdvdpCsz9b4ciu5Ak\n", "lap,API_TOKEN\n1741631731581,[removed-pair]\n"},
		{"lap,password_min_length\n7,12\n", "lap,password_min_length\n7,12\n"},
		{"lap,password\n7,lagoon,extra\n8\n", "lap,password\n7,lagoon,extra\n8\n"},
		{"lap, password was wrong\n7, lagoonmaple\n", "lap, password was wrong\n7, lagoonmaple\n"},
		{"user,lap\nbob,lagoonmaple\n", "user,lap\nbob,lagoonmaple\n"},
	} {
		got := apply(t, r, c.in, redact.Text)
		if got != c.want {
			t.Errorf("%q gave %q, want %q", c.in, got, c.want)
		}
		if again := apply(t, r, got, redact.Text); again != got {
			t.Errorf("once %q, twice %q", got, again)
		}
	}
}

// Columns hold over all segments of a stream, and not in the next text.
func TestColumnsOfStreams(t *testing.T) {
	r := redactor(t)
	in := "lap,password,note\n" + strings.Repeat("7,lagoonmaple,the lap is over and the tank is full\n", 6000)
	var out bytes.Buffer
	if err := r.Copy(&out, strings.NewReader(in), redact.Text, nil); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "lagoonmaple"); n > 0 {
		t.Errorf("%d of 6000 cells are left", n)
	}
	if got := apply(t, r, in, redact.Text); got != out.String() {
		t.Error("Append gives another text than Copy")
	}
	if in = "7,lagoonmaple,x\n8,lagoonmaple,y\n"; apply(t, r, in, redact.Text) != in {
		t.Error("the columns of one text hold in the next")
	}
}
