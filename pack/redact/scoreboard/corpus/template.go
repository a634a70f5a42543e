package corpus

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
)

// gen draws everything from one source.
type gen struct{ *rand.Rand }

func (g *gen) chance(p float64) bool { return g.Float64() < p }

func pick[T any](g *gen, xs ...T) T { return xs[g.IntN(len(xs))] }

// from draws n characters of an alphabet.
func (g *gen) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[g.IntN(len(alphabet))]
	}
	return string(b)
}

func (g *gen) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.IntN(256))
	}
	return b
}

// prose puts a value that is known by its form somewhere: alone, in a sentence, in quotes.
func (g *gen) prose(v string) string {
	if strings.Contains(v, "\n") || g.chance(0.3) {
		return v
	}
	return fmt.Sprintf(pick(g,
		"request with %s was refused", "using %s for upstream", "got %s, retrying in 5s", "(%s)", "[%s]",
		"unexpected value \"%s\" at line 3", "unexpected value '%s'", "rejected: %s", "first=%s second=none",
		"see %s.", "%s is not valid here", "step 4 -> %s", "a;%s;b", "<%s>", "value:%s", "{%s}", "echo %s | base64 -d", "`%s`",
		"Wert „%s“ ungültig", "令牌%s无效", "→%s←", "\x1b[31m%s\x1b[0m", "col1\t%s\tcol3", "%s…", "*%s*", "was: %s, is: none", "<b>%s</b>"), v)
}

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexes  = digits + "abcdef"
	bech32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
)

// alphabets are the one-letter signs of templates: {A36} is 36 letters and digits.
var alphabets = map[string]string{
	"A": lower + upper + digits, "a": lower + digits, "U": upper + digits, "L": upper, "l": lower, "d": digits,
	"h": hexes, "H": digits + "ABCDEF", "u": lower + upper + digits + "-_", "b": lower + upper + digits + "+/",
	"t": upper + "234567", "z": bech32,
}

// fill fills a template: {X12} and {X12-40} draw from an alphabet, {word} calls
// a generator (generators.go), «...» marks a part that must not be left. Braces
// that hold neither stay as they are.
func (g *gen) fill(tmpl string) (text string, secrets []string) {
	var b strings.Builder
	start := 0
	for len(tmpl) > 0 {
		switch {
		case strings.HasPrefix(tmpl, "«"):
			start = b.Len()
			tmpl = tmpl[len("«"):]
		case strings.HasPrefix(tmpl, "»"):
			secrets = append(secrets, b.String()[start:])
			tmpl = tmpl[len("»"):]
		case tmpl[0] == '{':
			sign, rest, ok := strings.Cut(tmpl[1:], "}")
			if ok {
				if s, known := g.sign(sign); known {
					b.WriteString(s)
					tmpl = rest
					continue
				}
			}
			fallthrough
		default:
			b.WriteByte(tmpl[0])
			tmpl = tmpl[1:]
		}
	}
	return b.String(), secrets
}

// sign draws what stands for one sign of a template.
func (g *gen) sign(sign string) (string, bool) {
	f, ok := generators[sign]
	if !ok {
		f, ok = heldGenerators[sign]
	}
	if ok {
		return f(g), true
	}
	if sign == "" {
		return "", false
	}
	alphabet, ok := alphabets[sign[:1]]
	var from, to int
	if n, _ := fmt.Sscanf(sign[1:], "%d-%d", &from, &to); n == 1 {
		to = from
	}
	if !ok || from == 0 || strings.Trim(sign[1:], digits+"-") != "" {
		return "", false
	}
	return g.from(alphabet, from+g.IntN(to-from+1)), true
}

func (g *gen) base64(n int) string { return base64.StdEncoding.EncodeToString(g.bytes(n)) }

// style joins the words of a name in one of the usual styles; a name without a blank stays.
func (g *gen) style(name string) string {
	if !strings.Contains(name, " ") {
		return name
	}
	ws := strings.Fields(name)
	return pick(g, camel, pascal, snake, kebab, dotted, upperSnake)(ws)
}

func camel(ws []string) string {
	s := pascal(ws)
	return strings.ToLower(s[:1]) + s[1:]
}

func pascal(ws []string) string {
	var b strings.Builder
	for _, w := range ws {
		b.WriteString(strings.ToUpper(w[:1]) + strings.ToLower(w[1:]))
	}
	return b.String()
}

func snake(ws []string) string      { return strings.ToLower(strings.Join(ws, "_")) }
func kebab(ws []string) string      { return strings.ToLower(strings.Join(ws, "-")) }
func dotted(ws []string) string     { return strings.ToLower(strings.Join(ws, ".")) }
func upperSnake(ws []string) string { return strings.ToUpper(strings.Join(ws, "_")) }

func titleKebab(ws []string) string {
	out := make([]string, len(ws))
	for i, w := range ws {
		out[i] = strings.ToUpper(w[:1]) + strings.ToLower(w[1:])
	}
	return strings.Join(out, "-")
}

// split gives the words of a name of any style.
func split(name string) []string {
	var ws []string
	start, before := 0, rune(0)
	for i, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			ws = append(ws, name[start:i])
			start = i + len(string(r))
		case unicode.IsUpper(r) && unicode.IsLower(before):
			ws = append(ws, name[start:i])
			start = i
		}
		before = r
	}
	ws = append(ws, name[start:])
	out := ws[:0]
	for _, w := range ws {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}
