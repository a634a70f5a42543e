package scrape

import (
	"testing"

	"relaypack/scrape/profile"
)

// An answer without the list that is read from it is not one with an empty list.
func TestAnswerWithoutItsListIsInvalid(t *testing.T) {
	p := parseProfile(t, testProfile+`
lists:
  sockets: [{from: data, path: '.list[]'}]
events:
  socket: [{from: data, each: '.events[]', id: .id, time: .t}]
`)
	for body, want := range map[string]verdict{
		`{"data":{"list":[]}}`:               {status: OK},
		`{"data":{"events":[],"list":1}}`:    {status: OK}, // one of the two
		`{"data":{"items":[]}}`:              {status: Invalid, why: becauseNoList},
		`{"data":{"list":{"a":1}}}`:          {status: Invalid, why: becauseNoList},
		`{"data":"nope"}`:                    {status: Invalid, why: becauseNoList},
		`{"data":[]}`:                        {status: Invalid, why: becauseNoList},
		`{"data":null}`:                      {status: Invalid, why: becauseNoList},
		`{"success":true}`:                   {status: Invalid, why: becauseNoData},
		`{"data":{"list":null,"events":""}}`: {status: Invalid, why: becauseNoList},
	} {
		if got, _ := judgeJSON(p.Source("data"), []byte(body)); got != want {
			t.Errorf("%s: %+v, want %+v", body, got, want)
		}
	}
	if !(&profile.Source{}).Unwrap.HasList(nil) {
		t.Error("a path without a list asks for one")
	}
}
