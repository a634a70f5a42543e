package score

import (
	"html"
	"strings"

	"relaypack/pack/redact/scoreboard/corpus"
)

// Kept says for each look-alike whether it stands in the output unchanged.
// Blanks and the spelling of escapes may differ, where a tool has written the
// same JSON, HTML or base64 anew.
func Kept(out []byte, alikes []corpus.Plant) []bool {
	kept := make([]bool, len(alikes))
	plain := string(out)
	var loose []string
	for i, a := range alikes {
		if kept[i] = strings.Contains(plain, a.Text); kept[i] {
			continue
		}
		if loose == nil {
			for _, v := range views(plain) {
				loose = append(loose, loosen(v))
			}
		}
		for _, v := range loose {
			if kept[i] = strings.Contains(v, loosen(a.Plain)); kept[i] {
				break
			}
		}
	}
	return kept
}

var noBlanks = strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "")

// loosen takes out escapes and blanks.
func loosen(s string) string {
	return noBlanks.Replace(unescapeJSON(html.UnescapeString(s)))
}
