package redact_test

import (
	"strings"
	"testing"

	"relaypack/pack/redact"
)

// Vendors' credentials by prefix, and the kind of placeholder that takes their place.
var vendorRows = []struct{ prefix, kind string }{
	{"AKIA", "aws"}, {"ASIA", "aws"}, {"ABIA", "aws"}, {"ACCA", "aws"}, {"AROA", "aws"}, {"AIDA", "aws"},
	{"AIza", "gcp"}, {"ya29.", "gcp"}, {"GOCSPX-", "gcp"},
	{"ghp_", "github"}, {"gho_", "github"}, {"ghu_", "github"}, {"ghs_", "github"}, {"ghr_", "github"}, {"github_pat_", "github"},
	{"glpat-", "gitlab"}, {"gldt-", "gitlab"}, {"glrt-", "gitlab"}, {"glptt-", "gitlab"}, {"glcbt-", "gitlab"}, {"glsoat-", "gitlab"},
	{"xoxb-", "slack"}, {"xoxp-", "slack"}, {"xoxa-", "slack"}, {"xoxr-", "slack"}, {"xoxs-", "slack"}, {"xoxe-", "slack"}, {"xapp-", "slack"},
	{"sk_live_", "stripe"}, {"sk_test_", "stripe"}, {"rk_live_", "stripe"}, {"rk_test_", "stripe"}, {"whsec_", "stripe"},
	{"npm_", "vendor"}, {"pypi-", "vendor"}, {"sk-ant-", "vendor"}, {"sk-proj-", "vendor"}, {"sk-", "vendor"}, {"SG.", "vendor"},
	{"hvs.", "vendor"}, {"hvb.", "vendor"}, {"AGE-SECRET-KEY-1", "vendor"}, {"NRAK-", "vendor"}, {"glsa_", "vendor"}, {"glc_", "vendor"},
	{"dckr_pat_", "vendor"}, {"hf_", "vendor"}, {"dop_v1_", "vendor"}, {"doo_v1_", "vendor"}, {"dor_v1_", "vendor"}, {"shpat_", "vendor"},
	{"shpss_", "vendor"}, {"shpca_", "vendor"}, {"shppa_", "vendor"}, {"sq0atp-", "vendor"}, {"sq0csp-", "vendor"}, {"PMAK-", "vendor"},
	{"lin_api_", "vendor"}, {"xkeysib-", "vendor"}, {"gsk_", "vendor"},
}

func TestVendors(t *testing.T) {
	r := redactor(t)
	for _, v := range vendorRows {
		body := strings.Repeat("Q7wE9rT1yU3", 4)
		in := "call with " + v.prefix + body + " refused"
		if got, want := apply(t, r, in, redact.Text), "call with [removed-"+v.kind+"] refused"; got != want {
			t.Errorf("%s became %s", in, got)
		}
		for _, miss := range []string{"call with " + v.prefix + "a1 refused", "call with x" + v.prefix + "a1b refused"} {
			if got := apply(t, r, miss, redact.Text); got != miss {
				t.Errorf("%s became %s", miss, got)
			}
		}
	}
}

func TestSchemesCardsAndPhones(t *testing.T) {
	r := redactor(t)
	for in, want := range map[string]string{
		"401 for Basic aHVudGVyMjpodW50ZXIy, sorry":              "401 for [removed-basic], sorry",
		"basic authentication, Basic training":                   "basic authentication, Basic training",
		"401 for Token 9944b09199c62bcf9418ad846dd0e4bb":         "401 for [removed-auth-scheme]",
		`{"cvv":"123","creditCard":"x","n":1}`:                   `{"creditCard":"x","n":1}`,
		`{"cardNumber":4111111111111112,"n":1}`:                  `{"n":1}`,
		`{"mobile":true,"phone":null,"fax":"none"}`:              `{"mobile":true,"phone":null,"fax":"none"}`,
		`{"n":4111111111111111,"m":"x4111111111111111"}`:         `{"n":4111111111111111,"m":"x4111111111111111"}`,
		"5500 0000 0000 0004 and 3782-822463-10005":              "[removed-card] and [removed-card]",
		"a@b and root@localhost and pkg@1.2.3 and x@y.z":         "a@b and root@localhost and pkg@1.2.3 and x@y.z",
		"https://[2a02:8d7f:97df::a36d]:443/ from 8.8.8.8:53":    "https://[[ip-NAME]]:443/ from [ip-NAME]:53",
		"v6 2a02:8D7F:97DF:0:0:0:0:A36D is 2a02:8d7f:97df::a36d": "v6 [ip-NAME] is [ip-NAME]",
	} {
		if got := maskNames(apply(t, r, in, redact.Auto)); got != want {
			t.Errorf("%s\n gave %s\n want %s", in, got, want)
		}
	}
	a := apply(t, r, "2a02:8D7F:97DF:0:0:0:0:A36D", redact.Text)
	if b := apply(t, r, "2a02:8d7f:97df::a36d", redact.Text); a != b {
		t.Errorf("two spellings of one address: %s and %s", a, b)
	}
}
