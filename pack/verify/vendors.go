package verify

import "bytes"

// beginning of values that a vendor made recognisable.
type beginning struct {
	text   string
	least  int  // signs that must follow
	inside bool // it is so peculiar that it also counts in the middle of a word
}

// beginnings are written as their vendors document them; what is public by their word (pk_live_, AC...) is
// not among them.
var beginnings = []beginning{
	{"akab-", 30, false}, {"STS.", 20, false}, {"ucat_", 20, true}, {"APA91b", 80, false}, {"essu_", 40, false}, {"packagist_uut_", 40, true}, {"packagist_ack_", 40, true},
	{"pdl_live_apikey_", 20, true}, {"pdl_sdbx_apikey_", 20, true}, {"xprv", 100, false}, {"yprv", 100, false}, {"zprv", 100, false}, {"tprv", 100, false}, {"RWRTY0Iy", 100, false}, {"1000.", 60, false}, {"t1.", 80, false},
	// payment
	{"sk_live_", 8, true}, {"sk_test_", 8, true}, {"rk_live_", 8, true}, {"rk_test_", 8, true}, {"whsec_", 16, true}, {"sq0atp-", 16, true}, {"sq0csp-", 16, true}, {"EAAA", 40, false},
	{"EZAK", 50, false}, {"EZTK", 50, false}, {"FLWSECK", 20, false}, {"shippo_live_", 20, true}, {"shippo_test_", 20, true}, {"access_token$", 20, true}, {"rzp_live_", 12, true}, {"rzp_test_", 12, true},
	{"duffel_live_", 20, true}, {"duffel_test_", 20, true},
	// models
	{"sk-ant-", 16, false}, {"sk-proj-", 16, false}, {"sk-svcacct-", 16, false}, {"sk-admin-", 16, false}, {"sk-or-v1-", 32, false}, {"sk-", 32, false}, {"hf_", 24, false}, {"api_org_", 24, false},
	{"pplx-", 32, false}, {"gsk_", 32, false}, {"xai-", 32, false}, {"r8_", 30, false}, {"nvapi-", 32, false}, {"tgp_v1_", 24, false}, {"fw_", 20, false}, {"esecret_", 20, true}, {"lsv2_", 30, true}, {"pcsk_", 40, false},
	// code and packages
	{"ghp_", 20, true}, {"gho_", 20, true}, {"ghu_", 20, true}, {"ghs_", 20, true}, {"ghr_", 20, true}, {"github_pat_", 20, true},
	{"glpat-", 16, true}, {"gldt-", 16, true}, {"glrt-", 16, true}, {"glcbt-", 16, true}, {"glptt-", 16, true}, {"glft-", 16, true}, {"glsoat-", 16, true}, {"glimt-", 16, true}, {"glagent-", 16, true},
	{"gloas-", 16, true}, {"glwt-", 16, true}, {"glffct-", 16, true}, {"ATBB", 28, false}, {"ATCTT3x", 20, false}, {"ATATT3x", 20, false}, {"ATSTT3x", 20, false},
	{"npm_", 30, false}, {"pypi-", 30, false}, {"rubygems_", 32, true}, {"oy2", 40, false}, {"cio", 32, false}, {"CLOJARS_", 50, true}, {"dckr_pat_", 16, true}, {"dckr_oat_", 16, true}, {"sgp_", 32, true},
	{"AKCp", 60, false}, {"sm_pat_", 12, true}, {"ico-", 32, false}, {"API-", 26, false}, {"pat.", 50, false}, {"sat.", 50, false}, {"A3-", 28, false}, {"SWMTKN-1-", 40, true}, {"GR1348941", 16, false}, {"cmVmdGtu", 50, false}, {"bkua_", 32, true}, {"CCIPAT_", 32, true}, {"CCIPRJ_", 32, true},
	// clouds and hosting
	{"AKIA", 16, false}, {"ASIA", 16, false}, {"AGPA", 16, false}, {"ANVA", 16, false}, {"ANPA", 16, false}, {"AROA", 16, false}, {"AIDA", 16, false}, {"da2-", 26, false}, {"amzn.mws.", 30, false},
	{"vault:v1:", 16, false}, {"ddapp_", 28, false}, {"bedrock-api-key-", 28, true}, {"rk_prod_", 32, true}, {"sk_prod_", 32, true}, {"s-s4t2ud-", 40, false}, {"s-s4t2af-", 40, false}, {"ajkey_", 24, true}, {"apify_api_", 28, true},
	{"odt_", 32, false}, {"fc-", 32, false}, {"hawk.", 40, false}, {"e2b_", 40, false}, {"retool_", 20, true}, {"signkey-prod-", 32, true}, {"signkey-test-", 32, true}, {"tr_dev_", 20, true}, {"tr_prod_", 20, true}, {"ABIA", 16, false}, {"ACCA", 16, false}, {"A3T", 17, false}, {"ABSK", 100, false}, {"AIza", 30, false}, {"ya29.", 20, false}, {"GOCSPX-", 20, true}, {"GOOG1E", 50, false}, {"GOOG", 16, false},
	{"LTAI", 16, false}, {"AKID", 28, false}, {"dop_v1_", 32, true}, {"doo_v1_", 32, true}, {"dor_v1_", 32, true}, {"HRKU-", 32, true}, {"FlyV1", 20, false}, {"fo1_", 40, false}, {"fm2_", 40, false},
	{"v1.0-", 100, false}, {"pul-", 36, false}, {"tskey-", 20, true}, {"ops_eyJ", 40, false}, {"rnd_", 24, false}, {"nfp_", 30, false}, {"vercel_blob_rw_", 20, true}, {"dp.pt.", 30, false}, {"dp.st.", 30, false}, {"dp.ct.", 30, false}, {"dp.sa.", 30, false}, {"dp.scim.", 30, false}, {"dp.audit.", 30, false},
	{"hvs.", 20, false}, {"hvb.", 20, false}, {"hvr.", 20, false}, {"AGE-SECRET-KEY-1", 20, true}, {"AGE-PLUGIN-", 20, true}, {"ngrok_", 30, false}, {"cfut_", 30, false}, {"cfat_", 30, false},
	// data
	{"pscale_tkn_", 20, true}, {"pscale_pw_", 20, true}, {"pscale_oauth_", 20, true}, {"sbp_", 32, true}, {"sb_secret_", 16, true}, {"dapi", 32, false}, {"napi_", 32, false}, {"mdb_sa_sk_", 20, true}, {"figd_", 20, true}, {"AstraCS", 40, false}, {"xau_", 24, false},
	{"rdme_", 32, true}, {"CFPAT-", 32, true}, {"pat-na1-", 24, true}, {"pat-eu1-", 24, true}, {"ntn_", 32, false}, {"secret_", 24, true}, {"lin_api_", 20, true}, {"lin_oauth_", 20, true}, {"tfp_", 30, false}, {"fio-u-", 32, true},
	{"shpat_", 24, true}, {"shpss_", 24, true}, {"shpca_", 24, true}, {"shppa_", 24, true}, {"PMAK-", 20, false}, {"PMAT-", 20, false}, {"dG9rO", 30, false},
	// messages
	{"xoxb-", 10, true}, {"xoxp-", 10, true}, {"xoxa-", 10, true}, {"xoxr-", 10, true}, {"xoxs-", 10, true}, {"xoxo-", 10, true}, {"xoxc-", 10, true}, {"xoxd-", 10, true}, {"xoxe-", 10, true}, {"xoxe.xox", 20, false}, {"xapp-", 10, true},
	{"SG.", 30, false}, {"key-", 32, false}, {"xkeysib-", 40, true}, {"xsmtpsib-", 40, true}, {"mfa.", 40, false}, {"re_", 24, false}, {"EAAC", 24, false}, {"EAAG", 24, false}, {"EAAB", 24, false}, {"EAA", 60, false}, {"mlsn.", 40, false},
	// monitoring
	{"NRAK-", 20, false}, {"NRJS-", 12, false}, {"NRII-", 20, false}, {"NRRA-", 20, false}, {"NRSP-", 20, false}, {"glsa_", 20, true}, {"glc_", 32, false}, {"eyJrIjoi", 30, false}, {"sntrys_", 20, true}, {"sntryu_", 20, true}, {"sntrya_", 20, true},
	{"dt0c01.", 40, false}, {"dt0s01.", 40, false}, {"dt0s16.", 40, false}, {"squ_", 32, true}, {"sqp_", 32, true}, {"sqa_", 32, true}, {"lip_", 32, false}, {"hcaik_", 20, true}, {"hcxik_", 20, true}, {"phx_", 30, false}, {"bu-", 60, false},
	{"LDAPI-", 30, false}, {"ddp_", 30, true}, {"pnu_", 32, false}, {"p8e-", 32, false}, {"IQoJb3JpZ2lu", 40, false}, {"FwoGZXIvYXdz", 40, false}, {"FQoGZXIvYXdz", 40, false},
}

// dashed and plainly have the beginnings by their first sign, for the start of a word or of a part of
// one: dashed those with a - or _ of their own, plainly the others.
var dashed, plainly = func() (dashed, plainly [256][]beginning) {
	for _, b := range beginnings {
		if separator(b.text) < len(b.text) {
			dashed[b.text[0]] = append(dashed[b.text[0]], b)
		} else {
			plainly[b.text[0]] = append(plainly[b.text[0]], b)
		}
	}
	return dashed, plainly
}()

// secondSigns has a bit for each sign that a beginning has behind its first one.
var secondSigns = func() (t [256][4]uint64) {
	for _, b := range beginnings {
		t[b.text[0]][b.text[1]>>6] |= 1 << (b.text[1] & 63)
	}
	return t
}()

// insideBeginning is one that counts inside a word, with the place of its first separator.
type insideBeginning struct {
	beginning
	separator int
}

// insides has those that count inside a word by the sign in front of their first separator.
var insides = func() (t [256][]insideBeginning) {
	for _, b := range beginnings {
		if n := separator(b.text); b.inside {
			t[b.text[n-1]] = append(t[b.text[n-1]], insideBeginning{b, n})
		}
	}
	return t
}()

// separator gives the place of the first - or _.
func separator(text string) int {
	for n := range len(text) {
		if classes[text[n]]&isWordChar == 0 {
			break
		}
		if text[n] == '-' || text[n] == '_' {
			return n
		}
	}
	return len(text)
}

// vendor finds a value with a well-known beginning in the word from i to j.
func (s *scan) vendor(t []byte, i, j int, features uint16) bool {
	begins := i+1 < len(t) && secondSigns[t[i]][t[i+1]>>6]>>(t[i+1]&63)&1 != 0
	if begins && s.beginsAny(t, i, plainly[t[i]]) {
		return true
	}
	if features&(hasDash|hasBar) == 0 {
		c := t[i]
		return (c == 'h' || c == 'w' || c == 'b' || c == 'o' || c <= '9') && j-i >= 4 && j-i <= 16 && s.webhook(t, i, j)
	}
	if begins && s.beginsAny(t, i, dashed[t[i]]) {
		return true
	}
	for k := i + 1; k < j; k++ {
		if c := t[k]; c != '-' && c != '_' {
			continue
		}
		for _, b := range insides[t[k-1]] {
			if at := k - b.separator; at > i && t[at] == b.text[0] && s.begins(t, at, b.beginning) {
				return true
			}
		}
		if k+1 < j && (s.beginsAny(t, k+1, plainly[t[k+1]]) || s.beginsAny(t, k+1, dashed[t[k+1]])) {
			return true
		}
	}
	return false
}

func (s *scan) beginsAny(t []byte, i int, list []beginning) bool {
	for _, b := range list {
		if i+1 < len(t) && t[i+1] == b.text[1] && s.begins(t, i, b) {
			return true
		}
	}
	return false
}

func (s *scan) begins(t []byte, i int, b beginning) bool {
	if len(t)-i < len(b.text)+b.least || string(t[i:i+len(b.text)]) != b.text {
		return false
	}
	rest := run(t, i+len(b.text))
	whole := t[i : i+len(b.text)+len(rest)]
	if len(rest) < b.least || b.isWords(rest) || b.text[:2] == "xo" && countDigits(rest) < 3 {
		return false
	}
	s.report(KindVendor, whole, i)
	if b.text[1:] == "KIA" || b.text[1:] == "SIA" {
		s.awsID(i)
	}
	return true
}

// isWords says whether what stands behind a beginning is no random value, but words or what fills space.
func (b beginning) isWords(rest []byte) bool {
	switch {
	case filler(rest), countDigits(rest) == 0 && humps(rest) > 1 && !scrambled(rest, 8):
		return true
	case wordy(rest):
		return len(rest) < leastStrange || !scrambled(rest, 7)
	case b.inside || b.least < 20:
		return false
	case b.least > 50 && ordered(rest):
		return true
	}
	return (turns(rest) < 3 || countDigits(rest) == 0) && !scrambled(rest, 7)
}

// webhook finds addresses that let whoever knows them write, and what bots log in with.
func (s *scan) webhook(t []byte, i, j int) bool {
	switch w := t[i:j]; {
	case string(w) == "hooks" && isHook(run(t, i)):
	case string(w) == "webhook" && len(run(t, i)) > 60 && bytes.HasPrefix(t[i:], []byte("webhook.office.com/webhookb2/")):
	case string(w) == "outlook" && len(t)-i > 90 && bytes.HasPrefix(t[i:], []byte("outlook.office.com/webhook/")):
	case string(w) == "webhooks" && len(run(t, i)) > 40 && isDiscord(t[:i]):
	case (string(w) == "hook" || string(w) == "hooks") && isBotHook(t, i, j):
	case len(w) >= 8 && len(t)-j > 33 && t[j] == ':' && t[j+1] == 'A' && t[j+2] == 'A' &&
		countDigits(bytes.TrimPrefix(w, []byte("bot"))) == len(bytes.TrimPrefix(w, []byte("bot"))) && len(run(t, j+1)) >= 33: // Telegram
	default:
		return false
	}
	s.report(KindVendor, t[i:min(len(t), i+64)], i)
	return true
}

// isDiscord: /api/webhooks and /api/v10/webhooks.
func isDiscord(before []byte) bool {
	before = bytes.TrimSuffix(before, []byte("/"))
	if n := bytes.LastIndexByte(before, '/'); n >= 0 && len(before)-n <= 4 && before[min(n+1, len(before)-1)] == 'v' {
		before = before[:n]
	}
	return bytes.HasSuffix(before, []byte("/api"))
}

// isBotHook: hooks.zapier.com/hooks/catch/n/x, .../bot/v2/hook/x of Feishu, host/hooks/ID/x of Rocket.Chat.
func isBotHook(t []byte, i, j int) bool {
	if i == 0 || t[i-1] != '/' || j == len(t) || t[j] != '/' {
		return false
	}
	path := run(t, j+1)
	switch {
	case bytes.HasSuffix(t[:i], []byte("hooks.zapier.com/")):
		return bytes.HasPrefix(path, []byte("catch/")) && countDigits(path) > 4 && len(path) > 16
	case bytes.HasSuffix(t[:i], []byte("/bot/v2/")):
		return len(path) >= 36 && uuidSigns.are(path[:36])
	}
	id, value, ok := bytes.Cut(path, []byte("/"))
	return ok && len(id) >= 17 && len(id) <= 24 && len(value) >= 32 && random(value[:32]) && turns(id) > 4
}

// isHook: hooks.slack.com/services/T/B/x, .../workflows/T/A/n/x, .../triggers/T/n/x.
func isHook(address []byte) bool {
	path, ok := bytes.CutPrefix(address, []byte("hooks.slack.com/"))
	if !ok {
		path, ok = bytes.CutPrefix(address, []byte("hooks.slack-gov.com/"))
	}
	return ok && bytes.Count(path, []byte("/")) >= 3 && len(path) > 36
}
