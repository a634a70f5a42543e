package corpus

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// generators are the words that a template may hold in braces.
var generators = map[string]func(*gen) string{
	"pw":      (*gen).password,
	"pwplain": (*gen).plainPassword,
	"pwhard":  (*gen).hardPassword,
	"pwat":    func(g *gen) string { return g.from(lower, 4) + pick(g, "@", ":", "/", "#") + g.from(lower+digits, 6) },
	"pwpct": func(g *gen) string {
		return url.QueryEscape(g.from(lower, 4) + pick(g, "@", ":", "/", "#", "%") + g.from(lower+upper+digits, 7))
	},
	"pwword": func(g *gen) string { return pick(g, secretWords...) + pick(g, secretWords...) },
	"pin":    func(g *gen) string { return g.from("123456789", 1) + g.from(digits, 5+g.IntN(3)) },
	"userpw": func(g *gen) string {
		return base64.StdEncoding.EncodeToString([]byte(pick(g, users...) + ":" + g.password()))
	},
	"jwtbody": func(g *gen) string { return g.jwtBody() + "." + g.from(lower+upper+digits+"-_", 43) },
	"jwtnone": func(g *gen) string { return g.jwtBody() + "." },
	"jwthead": func(g *gen) string {
		return rawURL(fmt.Sprintf(`{"alg":"%s","typ":"JWT"%s}`, pick(g, "HS256", "RS256", "ES256", "HS512", "EdDSA", "PS256"), pick(g, "", fmt.Sprintf(`,"kid":"%s"`, g.from(hexes, 8)))))
	},
	"jwt64": func(g *gen) string {
		return base64.StdEncoding.EncodeToString([]byte(rawURL(`{"alg":"HS256","typ":"JWT"}`) + "." + g.jwtBody() + "." + g.from(lower+upper+digits, 43)))
	},
	"jwtnonehead": func(*gen) string { return rawURL(`{"alg":"none"}`) },
	"jwehead":     func(*gen) string { return rawURL(`{"alg":"RSA-OAEP","enc":"A256GCM"}`) },
	"pembody":     func(g *gen) string { return g.pemLines(4+g.IntN(10), "\n") },
	"pemesc":      func(g *gen) string { return g.pemLines(4+g.IntN(10), `\n`) },
	"pemesc2":     func(g *gen) string { return g.pemLines(4+g.IntN(10), `\\n`) },
	"pemcrlf":     func(g *gen) string { return g.pemLines(4+g.IntN(10), "\r\n") },
	"pemblank":    func(g *gen) string { return g.pemLines(4+g.IntN(6), " ") },
	"pemflat":     func(g *gen) string { return g.pemLines(4+g.IntN(6), "") },
	"pemindent":   func(g *gen) string { return g.pemLines(4+g.IntN(6), "\n    ") },
	"pem64":       func(g *gen) string { return base64.StdEncoding.EncodeToString([]byte(g.privatePEM())) },
	"pub64":       func(g *gen) string { return g.base64(32) },
	"b32":         func(g *gen) string { return g.base64(32) },
	"b64":         func(g *gen) string { return g.base64(64) },
	"b16":         func(g *gen) string { return g.base64(16) },
	"b20":         func(g *gen) string { return g.base64(20) },
	"b48":         func(g *gen) string { return g.base64(48) },
	"b32pct":      func(g *gen) string { return url.QueryEscape(g.base64(32)) },
	"word":        func(g *gen) string { return pick(g, words...) },
	"user":        func(g *gen) string { return pick(g, users...) },
	"first":       func(g *gen) string { return pick(g, firstNames...) },
	"last":        func(g *gen) string { return pick(g, lastNames...) },
	"host":        func(g *gen) string { return pick(g, hosts...) },
	"site":        func(g *gen) string { return pick(g, sites...) },
	"mailhost":    func(g *gen) string { return pick(g, mailHosts...) },
	"db":          func(g *gen) string { return pick(g, "app", "relay", "telemetry", "laps", "billing") },
	"port":        func(g *gen) string { return strconv.Itoa(1024 + g.IntN(60000)) },
	"uuid":        (*gen).uuid,
	"n":           func(g *gen) string { return strconv.Itoa(2 + g.IntN(98)) },
	"k":           func(g *gen) string { return strconv.Itoa(100 + g.IntN(99900)) },
	"ms":          func(g *gen) string { return strconv.FormatInt(g.when().UnixMilli(), 10) },
	"iso":         func(g *gen) string { return g.when().Format("2006-01-02T15:04:05.000Z") },
	"day":         func(g *gen) string { return g.when().Format("20060102") },
	"ver":         func(g *gen) string { return fmt.Sprintf("%d.%d.%d", g.IntN(12), g.IntN(30), g.IntN(40)) },
	"private4":    (*gen).private4,
	"public4":     (*gen).public4,
	"public6":     (*gen).public6,
	"public6long": func(g *gen) string { return "2a01:" + g.hextets(7) },
	"card":        func(g *gen) string { return g.card("") },
	"cardblank":   func(g *gen) string { return g.card(" ") },
	"carddash":    func(g *gen) string { return g.card("-") },
	"noluhn":      (*gen).noLuhn,
	"mac":         func(g *gen) string { return g.mac(":") },
	"macdash":     func(g *gen) string { return strings.ToUpper(g.mac("-")) },
	"macdots":     func(g *gen) string { s := g.mac(""); return s[:4] + "." + s[4:8] + "." + s[8:] },
}

func rawURL(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func (g *gen) when() time.Time {
	return time.UnixMilli(1735654800000 + g.Int64N(60_000_000_000)).UTC()
}

func (g *gen) uuid() string {
	h := g.from(hexes, 32)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-" + pick(g, "8", "9", "a", "b") + h[17:20] + "-" + h[20:]
}

// password is one that is safe in a URL and a shell, and never a mere word.
func (g *gen) password() string {
	w := pick(g, secretWords...)
	switch g.IntN(6) {
	case 5:
		return w + g.from(digits, 1)
	case 0:
		return strings.ToUpper(w[:1]) + w[1:] + g.from(digits, 4) + pick(g, "!", "_", "-", "~")
	case 1:
		return g.from(lower+upper+digits, 10+g.IntN(14))
	case 2:
		return w + "-" + pick(g, secretWords...) + "-" + pick(g, secretWords...) + g.from(digits, 2)
	case 3:
		return g.from(upper, 2) + g.from(lower, 4) + g.from(digits, 3) + "_" + g.from(lower, 3)
	default:
		return leet.Replace(w+pick(g, secretWords...)) + g.from(digits, 2)
	}
}

var leet = strings.NewReplacer("a", "4", "e", "3", "o", "0", "i", "1")

// plainPassword may be a mere word, for fields that are named.
func (g *gen) plainPassword() string {
	if g.chance(0.3) {
		return pick(g, secretWords...) + pick(g, secretWords...)
	}
	return g.password()
}

// hardPassword holds signs that carriers must escape.
func (g *gen) hardPassword() string {
	return g.from(lower+upper, 4) + pick(g, `"`, `\`, "&", "<", "'", ">", " ", ";", ",", "%", "$", "é", "}") + g.from(lower+upper+digits, 8) + pick(g, "!", "#", "*", "=", "?")
}

func (g *gen) jwtBody() string {
	return rawURL(fmt.Sprintf(`{"sub":"%s","iat":%d,"exp":%d,"role":"%s"}`, g.from(digits, 10), 1735654800+g.IntN(9999999), 1735658400+g.IntN(99999999), pick(g, "admin", "driver", "viewer")))
}

// pemLines gives the body of a PEM block: full lines of 64 and a short last one.
func (g *gen) pemLines(lines int, end string) string {
	var b strings.Builder
	for range lines {
		b.WriteString(g.from(alphabets["b"], 64) + end)
	}
	return b.String() + g.from(alphabets["b"], 30) + "=="
}

func (g *gen) privatePEM() string {
	label := pick(g, "RSA ", "EC ", "") + "PRIVATE KEY"
	return "-----BEGIN " + label + "-----\n" + g.pemLines(6, "\n") + "\n-----END " + label + "-----\n"
}

func (g *gen) private4() string {
	return pick(g,
		fmt.Sprintf("10.%d.%d.%d", g.IntN(256), g.IntN(256), 1+g.IntN(254)),
		fmt.Sprintf("192.168.%d.%d", g.IntN(256), 1+g.IntN(254)),
		fmt.Sprintf("172.%d.%d.%d", 16+g.IntN(16), g.IntN(256), 1+g.IntN(254)),
		fmt.Sprintf("127.0.0.%d", 1+g.IntN(9)))
}

func (g *gen) public4() string {
	return fmt.Sprintf("%d.%d.%d.%d", pick(g, 23, 34, 45, 52, 78, 81, 93, 104, 151, 185, 213), 20+g.IntN(230), g.IntN(256), 1+g.IntN(254))
}

func (g *gen) hextets(n int) string {
	hs := make([]string, n)
	for i := range hs {
		hs[i] = fmt.Sprintf("%04x", 4096+g.IntN(61000))
	}
	return strings.Join(hs, ":")
}

func (g *gen) public6() string {
	return pick(g, "2a01:4f8:", "2001:41d0:", "2600:1f18:", "2a02:26f0:") + g.hextets(2) + "::" + g.hextets(1+g.IntN(2))
}

func (g *gen) mac(sep string) string {
	hs := make([]string, 6)
	for i := range hs {
		hs[i] = fmt.Sprintf("%02x", g.IntN(256))
	}
	hs[0] = pick(g, "00", "3c", "a4", "b8", "f0")
	return strings.Join(hs, sep)
}
