package score

import "strings"

// Kept says for each text whether it stands in the output unchanged. Blanks and
// escapes may differ where a tool has written the same JSON anew.
func Kept(out []byte, texts []string) []bool {
	kept := make([]bool, len(texts))
	plain := string(out)
	var loose string
	for i, t := range texts {
		if kept[i] = strings.Contains(plain, t); kept[i] {
			continue
		}
		if loose == "" {
			loose = loosen(plain)
		}
		kept[i] = strings.Contains(loose, loosen(t))
	}
	return kept
}

// loosen takes out escapes and blanks.
func loosen(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "").Replace(unescapeJSON(s))
}
