package redact

import (
	"crypto/sha256"
	"hash"
	"slices"
	"strings"
	"sync"
)

// version counts changes of the code that the tables do not show.
const version = "1"

// The words that decide what a name says (design 7). Names are matched by whole words, so tokenizer,
// author, monkey or compass need no exception. They are data so that the rule set's hash covers them.
const (
	// strongWords say credential wherever they stand in a name.
	strongWords = `password passwords passwd passwds pwd pwds passphrase passphrases passcode passcodes
		secret secrets apikey apikeys credential credentials creds jwt jwts authorization dsn otp totp
		authtoken accesstoken refreshtoken idtoken identitytoken sessiontoken bearertoken csrftoken xsrftoken apitoken usertoken
		devicetoken logintoken clientsecret appsecret apisecret sharedsecret userpass userpassword dbpass dbpassword
		adminpassword rootpassword mypassword newpassword oldpassword pgpassword mysqlpassword redispassword sshpass
		connectionstring connstring connstr privatekey secretkey accesskey signingkey encryptionkey masterkey sshkey
		accountkey sharedkey authkey appkey licensekey webhookkey secretaccesskey accesskeyid setcookie
		jsessionid phpsessid sessid mnemonic csrf xsrf pw passw passwort storepass keypass
		requirepass masterauth masterpass psk presharedkey apptoken webpass pgpass ftppass smtppass deststorepass srcstorepass destkeypass srckeypass`
	// weakWords say credential in a name, but stand in prose too: "auth: user logged in".
	weakWords = `pass token tokens bearer cookie cookies auth pin pins salt salts`
	// keyWords say credential behind one of keyLeads.
	keyWords = `key keys`
	keyLeads = `api access private secret signing encryption decryption account shared master ssh role license licence webhook
		app application client subscription functions storage deploy hmac aes rsa crypto cipher tls ssl pgp gpg wallet
		session auth service admin root symmetric recovery preshared authentication privacy priv consumer partner rapidapi pac ibm iam cloud softlayer cloudant snyk hubspot alibaba bitbucket dropbox heroku sonar vonage nexmo trello asana okta zendesk
		aws amazon azure gcp google github gitlab slack stripe twilio sendgrid openai anthropic datadog newrelic sentry
		mailgun mailchimp shopify heroku digitalocean cloudflare npm pypi docker vault telegram discord paypal square
		algolia firebase supabase grafana huggingface okta auth0 segment mapbox dd`
	emailWords   = `email emails mailaddress emailaddress useremail`
	mailWords    = `mail mails`
	addressWords = `address addresses addr`
	phoneWords   = `phone phones telephone tel mobile fax msisdn phonenumber cellphone cell whatsapp`
	cardWords    = `creditcard cardnumber ccnumber cvv cvc ccn iban ssn`
	// measureWords let a number or boolean stay, however credential the rest of its name is.
	measureWords = `total totals count counts counter rate rates per fails fail failed failures failure errors error ms
		seconds secs minutes hours days bytes size length len limit ttl age expires expiry expired expiration expire
		index version enabled disabled required valid invalid active max min avg mean sum used usage remaining num number
		duration timeout interval attempts retries hits misses percent ratio at has is set present supported verified
		revoked rotated`
	// tailWords end a name in prose that speaks about a credential without giving one: TokenExpiredError: ...
	tailWords = `error errors exception failure failures fail fails failed warning handler gate service manager middleware
		module provider controller test tests type types mode method policy scheme expired invalid required missing
		format check header field name names`
	idWords    = `id ids uuid uuids guid guids`
	roomWords  = `room rooms`
	nameRoles  = `name key k label header field param parameter attribute property option variable setting`
	valueRoles = `value values val v`
	looseRoles = `data content contents text plain plaintext raw current literal` // values, too, but also much else
	// wholeNames say credential as a whole, their words one after the other; none of these does by itself. wholeEnds are the
	// words with which they end. A pat is a personal access token, a crumb what Jenkins wants of a form.
	wholeNames = `adopat azuredevopspat azurepat ghpat gitpat githubpat gitlabpat vstspat snmpcommunity snmpcommunities jenkinscrumb addmask sonarlogin dsonarlogin cloudfrontsignature xjfrogartapi
		samlresponse samlrequest samlassertion clientassertion devicecode codeverifier xamzsignature xgoogsignature tempurlsig`
	wholeEnds = `pat community communities crumb login signature api response request mask assertion code verifier sig`
	// codeWords say credential behind one of codeLeads.
	codeWords = `code codes phrase phrases`
	codeLeads = `mfa otp totp 2fa pin verification recovery backup security auth access activation confirmation confirm invite
		invitation login reset sms factor twofactor passwordless seed magic unlock onetime time authorization`
	// kindWords end a name whose value may be the name of a kind: token_type=bearer.
	kindWords  = `type method mode scheme`
	kindValues = `bearer basic digest jwt jwe mac none oauth oauth2 ntlm saml apikey api_key access refresh id opaque password
		access_token refresh_token id_token client_credentials`
	// harmlessValues stand behind a credential name in prose without being one: "token: expired".
	harmlessValues = `expired invalid missing required failed null nil none undefined true false unknown ok empty not is was
		must should cannot can has have and or the a an no wrong incorrect mismatch mismatched rejected denied too expected
		rotated revoked refreshed unset set present absent string number boolean bool any void object bytes int integer
		flag option parameter argument for from in on of with without at by to did does do will be been are changed updated
		reset unauthorized forbidden error failure yes optional disabled enabled malformed`
)

// idNouns are the built-in kinds in the order of their numbers; 0 is no kind.
var idNouns = [...]string{"", "session", "socket", "user", "driver", "account", "customer"}

// formatNames are the names of the owner's format document that hold a credential word: they are never
// removed, whatever their value (totalAuthFails: null).
var formatNames = [...]string{"totalAuthFails"}

// wordFlag is what one word can say.
type wordFlag uint64

const (
	wStrong wordFlag = 1 << iota
	wWeak
	wKey
	wKeyLead
	wEmail
	wMail
	wAddress
	wPhone
	wCard
	wMeasure
	wTail
	wID
	wRoom
	wConnection
	wString
	wE
	wNameRole
	wValueRole
	wHarmless // as a value
	wScheme   // Bearer, Basic ...: what may follow is a credential
	wNoun     // session, user ...: what may follow is an id; the kind is in the top byte
	wIDWord   // sessionid: noun and id in one word
	wCardLead // card number, cc no
	wNumber
	wCode // code, phrase: credential behind one of codeLeads
	wCodeLead
	wMild   // pass, pin, auth: a small number or a boolean behind it is none
	wPlural // tokens: a number of them is none
	wKind   // type, method ...: a credential's kind, when the value is the name of one
	wKindOf // such a value
	wLooseRole
	wNobody    // a home folder that is nobody's
	wSegment   // names a segment of a path in front of a credential
	wSkipped   // may stand between the two
	wCardOf    // credit: a card is one to pay with
	wCall      // a telephone number may follow
	wSASL      // a mechanism of RFC 4422 behind AUTH
	wSuffix    // tells which of several values one is: password.confirm
	wFiller    // may stand between a credential's name and its value in prose
	wAnnounces // is, to: a value follows
	wOwner     // for: whose credential it is follows
	wFolder    // home, users: the next folder is a person's
	wValues    // VALUES of SQL
	wPlace     // a credential has its place by it
	wOpenKey   // a key of this kind is none: public, cache
	wUnfused   // ends like a credential's name and is none
	wRoot      // a dotted reference begins with it
	wVersion   // four numbers behind it are no address
	wEnds      // may end one of wholeNames

	kindShift = 56
)

// tables are built once and never changed.
type tables struct {
	class    [256]charFlag
	words    map[string]wordFlag
	known    [1 << 9]uint64  // bit: first byte, last byte and length of any of words
	ends     [1 << 9]uint64  // bit: first byte, last byte and length of a word that scanning looks up
	segments [1 << 9]uint64  // likewise, of one that may stand before a credential in a path
	begin    [1 << 7]uint64  // bit: beginOf one of the words of ends and segments, or of a vendor's credential
	marks    [1 << 10]uint64 // bit: four bytes of this hash begin a vendor's credential
	prefixes [256][]prefix
	commands map[string]commandFlags
	calls    map[string]int  // place of the argument that is a credential
	named    map[string]bool // names that say credential as a whole
	ruleSet  string
}

var sharedTables = sync.OnceValue(buildTables)

func buildTables() *tables {
	t := &tables{class: charFlags(), words: make(map[string]wordFlag, 512)}
	h := sha256.New()
	t.addWords(h)
	t.index()
	t.addCalls(h)
	t.addVendors(h)
	t.ruleSet = version + "-" + string(appendSigns(nil, h.Sum(nil), nameSigns))
	return t
}

// addWords fills in what each word says; h hashes what stands in the tables.
func (t *tables) addWords(h hash.Hash) {
	add := func(list string, f wordFlag) {
		h.Write([]byte(list))
		h.Write([]byte{0})
		for _, w := range strings.Fields(list) {
			t.words[w] |= f
		}
	}
	for _, l := range []struct {
		list string
		flag wordFlag
	}{
		{strongWords, wStrong}, {weakWords, wWeak}, {keyWords, wKey}, {keyLeads, wKeyLead}, {emailWords, wEmail},
		{mailWords, wMail}, {addressWords, wAddress}, {phoneWords, wPhone}, {cardWords, wCard}, {measureWords, wMeasure},
		{tailWords, wTail}, {idWords, wID}, {roomWords, wRoom}, {"connection conn community", wConnection}, {"string strings str", wString},
		{"call", wCall}, {"credit debit payment", wCardOf}, {codeWords, wCode}, {codeLeads, wCodeLead}, {"pass pin pins auth", wMild}, {"tokens", wPlural}, {kindWords, wKind},
		{kindValues, wKindOf}, {"home users settings", wFolder}, {fillerWords, wFiller},
		{folderNames, wNobody}, {segmentWords, wSegment}, {skippedSegments, wSkipped},
		{"confirm confirmation value current new old repeat plain raw text default primary secondary number pem " +
			"content contents answer string literal", wSuffix}, {"plain login xoauth2", wSASL}, {announcers, wAnnounces}, {owners, wOwner}, {"values", wValues}, {"version ver build firmware release revision", wVersion}, {placeWords, wPlace}, {wholeEnds, wEnds}, {referenceRoots, wRoot}, {unfused, wUnfused}, {openKeys, wOpenKey},
		{"e", wE}, {"card cc", wCardLead}, {"number num no nr", wNumber}, {nameRoles, wNameRole}, {valueRoles, wValueRole}, {looseRoles, wLooseRole}, {harmlessValues, wHarmless}, {schemeWords, wScheme},
	} {
		add(l.list, l.flag)
	}
	for k, noun := range idNouns[1:] {
		flag := wNoun | wordFlag(k+1)<<kindShift
		add(noun+" "+noun+"s", flag)
		add(noun+"id "+noun+"ids", wIDWord|wordFlag(k+1)<<kindShift)
	}
	add("sid", wIDWord|1<<kindShift)
}

// index sets the bits by which most words of a text are passed over.
func (t *tables) index() {
	for w, f := range t.words {
		if len(w) < 32 {
			e := endsOf([]byte(w))
			t.known[e>>6] |= 1 << (e & 63)
		}
		if f&(wStrong|wWeak|wKey|wCode|wSegment) != 0 && len(w) < 32 {
			e := endsOf([]byte(w))
			t.segments[e>>6] |= 1 << (e & 63)
			t.addBegin(w)
		}
		if f&(wScheme|wNoun|wStrong|wWeak|wKey|wCode|wValues|wFolder|wPhone|wCall|wSASL|wPlace) != 0 && len(w) < 32 {
			e := endsOf([]byte(w))
			t.ends[e>>6] |= 1 << (e & 63)
			t.addBegin(w)
		}
	}
}

// addCalls fills in the commands and functions that take a credential, and the names that are one as a whole.
func (t *tables) addCalls(h hash.Hash) {
	t.commands = make(map[string]commandFlags)
	for _, c := range commands {
		h.Write([]byte(c.names + "\x00" + c.flags))
		for _, name := range strings.Fields(c.names) {
			t.commands[name] = commandFlags{c.flags, c.use}
		}
	}
	t.calls = make(map[string]int)
	for _, c := range calls {
		h.Write([]byte(c.names))
		for _, name := range strings.Fields(c.names) {
			t.calls[name] = c.place
			t.addBegin(name)
		}
	}
	for _, m := range plusMarks {
		h.Write([]byte(m))
		t.addBegin(m)
	}
	for _, m := range azureMarks {
		h.Write([]byte(m.mark))
	}
	h.Write([]byte(strings.Join(fusedEnds[:], " ") + wholeNames))
	t.named = make(map[string]bool)
	for _, name := range strings.Fields(wholeNames) {
		t.named[name] = true
	}
}

// addVendors fills in the beginnings of vendors' credentials.
func (t *tables) addVendors(h hash.Hash) {
	for _, f := range fixed {
		h.Write([]byte(f.prefix))
	}
	for _, v := range slices.Concat(vendors[:], moreVendors[:], otherVendors[:], newerVendors[:]) {
		h.Write([]byte(v.prefix + "\x00" + ruleNames[v.rule]))
		t.addPrefix(v)
	}
}

// wordOf gives what a word in lower case says. Most are none of ours, which a look at their ends tells sooner than one
// into the map.
func (t *tables) wordOf(w []byte) wordFlag {
	if len(w) == 0 || len(w) > 31 {
		return t.words[string(w)]
	}
	if e := endsOf(w); t.known[e>>6]&(1<<(e&63)) == 0 {
		return 0
	}
	return t.words[string(w)]
}

// endsOf packs the first byte, the last byte and the length, below 32, of a word of either case.
func endsOf(w []byte) uint {
	return uint(w[0]&31)<<10 | uint(w[len(w)-1]&31)<<5 | uint(len(w))
}

// kindOf gives the kind of id that a word names, 0 for none.
func (f wordFlag) kindOf() uint8 { return uint8(f >> kindShift) }
