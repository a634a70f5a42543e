package corpus

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
)

// heldGenerators are the words that only templates of the hold-out hold in braces.
var heldGenerators = map[string]func(*gen) string{
	"pw64":    func(g *gen) string { return std64(g.password()) },
	"user64":  func(g *gen) string { return std64(pick(g, users...)) },
	"plain64": func(g *gen) string { return std64("\x00" + pick(g, users...) + "\x00" + g.password()) },
	"xoauth64": func(g *gen) string {
		return std64("user=relay\x01auth=Bearer ya29." + g.from(alphabets["u"], 80) + "\x01\x01")
	},
	"dsn64": func(g *gen) string {
		return std64("postgres://" + pick(g, users...) + ":" + g.password() + "@" + pick(g, hosts...) + ":5432/app")
	},
	"dockercfg64": func(g *gen) string {
		return std64(`{"auths":{"registry.example.com":{"username":"ci","password":"` + g.password() + `","auth":"` + std64("ci:"+g.password()) + `"}}}`)
	},
	"cert64": func(g *gen) string {
		return std64("-----BEGIN CERTIFICATE-----\n" + g.pemLines(4, "\n") + "\n-----END CERTIFICATE-----\n")
	},
	"laravel": func(g *gen) string {
		return url.QueryEscape(std64(fmt.Sprintf(`{"iv":"%s","value":"%s","mac":"%s","tag":""}`, g.base64(16), g.base64(64), g.from(hexes, 64))))
	},
	"saml64":     func(g *gen) string { return std64(g.saml()) },
	"saml64pct":  func(g *gen) string { return url.QueryEscape(std64(g.saml())) },
	"saml64url":  func(g *gen) string { return rawURL(g.saml()) },
	"b20pct":     func(g *gen) string { return url.QueryEscape(g.base64(20)) },
	"b80pct":     func(g *gen) string { return url.QueryEscape(g.base64(80)) },
	"b128pct":    func(g *gen) string { return url.QueryEscape(g.base64(128)) },
	"hexbytes":   func(g *gen) string { return g.each(g.password(), "%02x", " ") },
	"decbytes":   func(g *gen) string { return g.each(g.password(), "%d", ",") },
	"bech58":     func(g *gen) string { return strings.ToLower(g.from(bech32, 58)) },
	"MAC":        func(g *gen) string { return strings.ToUpper(g.mac(":")) },
	"colonhex16": func(g *gen) string { return g.each(string(g.bytes(16)), "%02X", ":") },
	"colonhex20": func(g *gen) string { return g.each(string(g.bytes(20)), "%02X", ":") },
	"colonhex32": func(g *gen) string { return g.each(string(g.bytes(32)), "%02X", ":") },
	"lat":        func(g *gen) string { return fmt.Sprintf("%.6f", g.Float64()*180-90) },
	"lon":        func(g *gen) string { return fmt.Sprintf("%.6f", g.Float64()*360-180) },
	"win4":       func(g *gen) string { return fmt.Sprintf("10.0.%d.%d", 17763+g.IntN(9000), 1+g.IntN(6000)) },
	"four": func(g *gen) string {
		return fmt.Sprintf("%d.%d.%d.%d", 1+g.IntN(20), g.IntN(30), g.IntN(100), 1+g.IntN(200))
	},
}

func std64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// each writes the bytes of s one by one.
func (g *gen) each(s, form, between string) string {
	bs := make([]string, len(s))
	for i := range len(s) {
		bs[i] = fmt.Sprintf(form, s[i])
	}
	return strings.Join(bs, between)
}

// saml is a response of an identity provider, cut to the parts that matter.
func (g *gen) saml() string {
	return fmt.Sprintf(`<samlp:Response ID="_%s" Version="2.0"><saml:Assertion><ds:SignatureValue>%s</ds:SignatureValue><saml:NameID>u%s</saml:NameID></saml:Assertion></samlp:Response>`,
		g.from(hexes, 32), g.base64(128), g.from(digits, 6))
}
