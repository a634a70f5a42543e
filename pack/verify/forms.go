package verify

import "bytes"

// Values of vendors that are known by the lengths and signs of their parts, having no beginning.

// formed finds one of them at the word from i to j.
func (s *scan) formed(t []byte, i, j int) bool {
	n := j - i
	end := j
	switch w := t[i:j]; {
	case n == 1 && w[0] == '1' && j+2 < len(t) && t[j] == '/' && t[j+1] == '/' && t[j+2] == '0': // a refresh value of Google
		if end = runEnd(t, j+2); end-i < 40 {
			return false
		}
	case n == 34 && w[0] == 'A' && w[1] == 'C' && allHex(w[2:]) && j+32 < len(t) && t[j] == ':' && wordEnd(t, j+1) == j+33 && allHex(t[j+1:j+33]): // Twilio's account with its other half
		end = j + 33
	case n == 34 && w[0] == 'S' && w[1] == 'K' && allHex(w[2:]): // Twilio
	case n > 34 && n <= 37 && w[32] == '-' && w[33] == 'u' && w[34] == 's' && allHex(w[:32]): // Mailchimp
	case n == 50 && w[32] == '-' && w[41] == '-' && allHex(w[:32]) && allHex(w[33:41]) && allHex(w[42:]): // Mailgun
	case n == 17 && string(w[:3]) == "pat" && j+64 < len(t) && t[j] == '.' && wordEnd(t, j+1) == j+65 && allHex(t[j+1:j+65]): // Airtable
		end = j + 65
	case n == 15 && w[0] == '0' && w[1] == '0' && j+64 < len(t) && t[j] == '!' && len(run(t, j+1)) > 64 && turns(run(t, j+1)) > 20: // Salesforce
		end = runEnd(t, j+1)
	case n >= 66 && n <= 68 && w[n-65] == '-' && countDigits(w[:n-65]) == n-65 && bytes.IndexByte(w[n-64:], '-') < 0 && random(w[n-64:]): // TrueNAS
	case n == 40 && string(w[n-4:]) == "_mmk" && turns(w) > 9: // MaxMind
	case n >= 36 && n <= 48 && string(w[n-4:]) == "NRAL" && countDigits(w) > 7, n >= 45 && n <= 50 && string(w[n-5:]) == "-NRMA" && allHex(w[:n-5]): // New Relic
	case n == 24 && i > 1 && t[i-1] == '.' && (t[i-2] == 's' || t[i-2] == 'r' || t[i-2] == 'b') && (i == 2 || classes[t[i-3]]&isRunChar == 0 || t[i-3] == '=') && random(w): // Vault before 1.10
	case n >= 84 && n <= 90 && bytes.Contains(w, []byte("JQQJ99")) && turns(w) > 12: // Azure
	case n == 19 && string(w) == "b3BlbnNzaC1rZXktdjE" || n > 60 && bytes.HasPrefix(w, []byte("b3BlbnNzaC1rZXktdjE")): // OpenSSH
		end = runEnd(t, i)
	case n == 30 && i >= 6 && string(t[i-6:i]) == "oauth:" && smallSigns.are(w): // Twitch
	case n >= 14 && n <= 20 && w[0] == 'B' && i > 0 && t[i-1] == '%' && j < len(t) && t[j] == '^' && cardNumber(w[1:]): // the first track of a card
	case n == 32 && i > 1 && t[i-1] == ':' && t[i-2] == 's' && j < len(t) && t[j] == '.' && len(run(t, j+1)) >= 40 && random(w): // a signed cookie of Express
		end = runEnd(t, j+1)
	case n >= 48 && i > 2 && string(t[i-3:i]) == "/p/" && bytes.HasPrefix(t[j:], []byte("/n/")) && random(w): // an object of Oracle
	case n == 17 && string(w) == "otpauth-migration" && bytes.HasPrefix(t[j:], []byte("://offline?data=")):
		end = runEnd(t, j+16)
	case n > 40 && bytes.HasPrefix(w, []byte("AAAAAAAAAAAAAAAAAAAA")) && (n > 60 || j < len(t) && t[j] == '%') && countDigits(w[20:]) > 2 && turns(w[20:]) > 8: // X
	case n > 48 && w[0] == 'P' && isAssertion(run(t, i)):
		end = runEnd(t, i)
	case n == 37 && bytes.HasPrefix(w, []byte("KEY")) && allHex(w[3:35]), n > 50 && bytes.HasPrefix(w, []byte("KEY01")) && w[35] == '_' && allHex(w[3:35]): // Telnyx
	case n >= 5 && isDump(t, i): // WireGuard
		end = i + curveLength
	case n == 14 && j < len(t) && bytes.HasPrefix(t[j:], []byte(".atlasv1.")): // Terraform Cloud
		end = runEnd(t, j)
	case n == 6 && string(w) == "sha256" && j+43 < len(t) && t[j] == '~' && wordEnd(t, j+1)-j >= 40: // OpenShift
		end = wordEnd(t, j+1)
	case n == 2 && i > 2 && t[i-1] == '.' && j < len(t) && t[j] == '~' && w[1] == 'Q' && classes[w[0]]&hasDigit != 0: // the same with a point among its first three
		if end = runEnd(t, j); end-j < 30 {
			return false
		}
	case n >= 5 && j < len(t) && t[j] == '~' && w[n-1] == 'Q' && classes[w[n-2]]&hasDigit != 0: // Azure, a client's
		if end = runEnd(t, j); end-j < 30 {
			return false
		}
	case n >= 23 && n <= 30 && j+7 < len(t) && t[j] == '.' && t[j+7] == '.' && turns(w) >= 5: // a bot of Discord
		if end = wordEnd(t, j+1); end != j+7 {
			return false
		}
		if end = wordEnd(t, j+8); end-j-8 < 27 || end-j-8 > 40 {
			return false
		}
	default:
		return false
	}
	s.report(KindVendor, t[i:end], i)
	return true
}

func runEnd(t []byte, i int) int { return i + len(run(t, i)) }

func wordEnd(t []byte, i int) int {
	for i < len(t) && classes[t[i]]&isWordChar != 0 {
		i++
	}
	return i
}

func allHex(v []byte) bool {
	for _, c := range v {
		if hexValue[c] < 0 {
			return false
		}
	}
	return true
}
