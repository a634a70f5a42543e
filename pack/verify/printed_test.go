package verify_test

import (
	"testing"

	"relaypack/pack/verify"
)

// What programs print, as whole documents: a table or an array tells by the lines around.
func TestPrinted(t *testing.T) {
	d := verify.New(verify.Options{})
	for _, doc := range []string{
		`a:2:{s:4:"note";s:2:"ok";s:8:"password";s:11:"ivorycinder";}`, `a:1:{s:3:"pin";d:897038;}`, `a:1:{s:8:"password";s:14:"miNu'UTw71ei6?";}`,
		"[\"password\"]=>\n  string(11) \"ivorycinder\"\n", "array(1) {\n  [\"otp\"]=>\n  int(286907)\n}\n",
		`{db_password,<<"nyed<tIApKF41#">>}`, `{pass,"ivorycinder"}`, `{user_pin,6048418}`, `[{<<"password">>,<<"ivorycinder">>}]`,
		`1735654800.123 [0 10.0.0.7:51422] "HSET" "user:1" "name" "bob" "password" "ivorycinder"`,
		"-[ RECORD 1 ]---\nid                     | 7721\npasscode               | saddlekettle\n", "| pwd | mosaicscarlet |\n", "│ 0 │ 'password' │ 'ivorycinder' │\n", "│ 1 │ 'otp' │ 286907 │\n",
		"port                3001\nsecret              hJbv>TsKCeG55?\n", "pwd                 ivorycinder\nport                3001\n",
		"id,password,at\n1,ivorycinder,2\n", "a,secretAccessKey\n\"x, y\",6nZPINNlA3GcVVVuR8OfTC49Q6v4hTRVW6vNWd8Q\n", "name,phone\nbob,0782 2113749\n",
		"<name>relay.passphrase</name>\n    <value>badger-yonder-maple35</value>", "set $password \"bosM;2gcLPi?\";", "proxy_set_header User-Pin 60359055;",
		"password = null -> \"ivorycinder\"", `detail=auth_token \=> ffe2025dd9186b92fe78604ee29769bd8ff6fc0d`,
	} {
		if len(d.Scan([]byte(doc))) == 0 {
			t.Errorf("%q passed", doc)
		}
	}
	for _, doc := range []string{
		`a:2:{s:5:"error";s:13:"invalid_token";s:5:"state";s:7:"waiting";}`, `a:1:{s:8:"password";N;}`, `a:1:{s:8:"password";s:0:"";}`, "[\"password\"]=>\n  NULL\n", "[\"tokens\"]=>\n  int(4096)\n",
		`{password,undefined}`, `{tokens,4096}`, `1735654800.123 [0 10.0.0.7:51422] "GET" "password" `, " username | password \n----------+----------\n", "token        | lap", "| password | email |\n|---|---|\n",
		"NAME        TYPE\ndb-password   Opaque\n", "token               required\nport                3001\n", "MaxTokens       : 4096\nTotalTokens     : 4096\n",
		"id,password,at\n1,,2\n", "id,tokens\n1,4096\n", "Error: token, please\nat x, y\n", "user,password\nno row of this table\n", "<name>relay.surname</name>\n    <value>hunter</value>", "set $surname hunter;", "proxy_set_header Host db-1.internal;",
		"password = null -> null", `detail=lap \=> 17`,
	} {
		if got := d.Scan([]byte(doc)); len(got) > 0 {
			t.Errorf("%q must pass, gave %v", doc, got)
		}
	}
}
