package page

import (
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"

	"relaypack/pack/report/plain"
)

// none stands where no source gave a value.
const none = "–"

// words are the functions of the templates.
var words = template.FuncMap{
	"count": count, "size": size, "millis": millis, "span": span, "plain": plain.Text,
	"iso":  func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z") },
	"utc":  func(ms int64) string { return time.UnixMilli(ms).UTC().Format("15:04:05") + " UTC" },
	"text": func(s *string) string { return plain.Text(deref(s)) },
	"pair": pair, "act": act,
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// float takes the numbers that views have: int, int64, uint64, float64, and pointers to some of them.
func float(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case uint64:
		return float64(v), true
	case *int64:
		if v != nil {
			return float64(*v), true
		}
	case *float64:
		if v != nil {
			return float(*v)
		}
	}
	return 0, false
}

// count writes a number with its thousands apart, and at most two decimals below 1,000.
func count(v any) string {
	f, ok := float(v)
	if !ok {
		return none
	}
	if f != math.Trunc(f) && math.Abs(f) < 1000 {
		return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
	}
	if math.Abs(f) >= 1e15 {
		return strconv.FormatFloat(f, 'g', 4, 64)
	}
	digits := strconv.FormatInt(int64(math.Abs(math.Round(f))), 10)
	var out strings.Builder
	if f < 0 {
		out.WriteByte('-')
	}
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// size writes bytes: 512 B, 1.5 KiB, 125 MiB.
func size(v any) string {
	f, ok := float(v)
	if !ok {
		return none
	}
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for f >= 1024 && i < len(units)-1 {
		f /= 1024
		i++
	}
	decimals := 0
	if i > 0 && f < 100 {
		decimals = 1
	}
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', decimals, 64), ".0") + " " + units[i]
}

// millis writes a duration of milliseconds: 0.4 ms, 31 ms, 1.2 s; from a minute on as span does.
func millis(v any) string {
	f, ok := float(v)
	switch {
	case !ok:
		return none
	case f < 10:
		return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) + " ms"
	case f < 1000:
		return strconv.FormatFloat(math.Round(f), 'f', -1, 64) + " ms"
	case f < 60_000:
		return strconv.FormatFloat(math.Round(f/100)/10, 'f', -1, 64) + " s"
	}
	return span(f)
}

// span writes a duration of milliseconds in its two largest units: 12 s, 4 min 5 s, 1 h 4 min, 3 d 2 h.
func span(v any) string {
	f, ok := float(v)
	if !ok {
		return none
	}
	seconds := int64(max(0, f) / 1000)
	units := []struct {
		of   int64
		name string
	}{{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}}
	for i, u := range units {
		if seconds < u.of && u.of > 1 {
			continue
		}
		out := strconv.FormatInt(seconds/u.of, 10) + " " + u.name
		if i+1 < len(units) && seconds%u.of >= units[i+1].of {
			out += " " + strconv.FormatInt(seconds%u.of/units[i+1].of, 10) + " " + units[i+1].name
		}
		return out
	}
	return none
}

// cut shortens a text, with a mark that says so.
func cut(most int, text string) string {
	kept, left := plain.Cut(text, most)
	if left > 0 {
		return lines(kept) + "… (" + count(left) + " more bytes)"
	}
	return lines(kept)
}

// cell is one value of a table of the relay's objects.
type cell struct {
	At   int64 // epoch ms, when the name says that it is one
	Text string
}

// pair makes a cell of a member: instants become times, durations and numbers are written with their units.
func pair(name, value string) cell {
	if inner := membersOf([]byte(value)); len(inner) > 0 {
		var all []string
		for _, m := range inner {
			all = append(all, m.Name+" "+m.Value)
		}
		return cell{Text: cut(400, strings.Join(all, ", "))}
	}
	f, err := strconv.ParseFloat(value, 64)
	switch low := strings.ToLower(name); {
	case err != nil:
		return cell{Text: cut(400, value)}
	case f > 1e12 && f < 1e14:
		return cell{At: int64(f)}
	case strings.HasSuffix(low, "agems") || strings.HasSuffix(low, "durationms") || strings.HasSuffix(low, "uptimems"):
		return cell{Text: millis(f)}
	}
	return cell{Text: count(f)}
}

// lines is a text as plain.Text has it, but for its line ends.
func lines(text string) string {
	all := strings.Split(text, "\n")
	for i, l := range all {
		all[i] = plain.Text(strings.TrimSuffix(l, "\r"))
	}
	return strings.Join(all, "\n")
}

// act is the session of a row of a table, by a masked id that all else takes too; "" for what is no session.
func act(columns, row []string) string {
	if len(row) == 0 || columns[0] != "sessionId" || !strings.Contains(row[0], "...") {
		return ""
	}
	return name(row[0])
}
