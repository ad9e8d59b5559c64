package schema

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isURI says whether v is an absolute address: a scheme, a colon, something after, no space. Accented letters are
// accepted, as in an IRI; http, https and ftp need a host.
func isURI(v string) bool {
	scheme, rest, ok := strings.Cut(v, ":")
	if !ok || scheme == "" || rest == "" || !isLetter(scheme[0]) {
		return false
	}
	for i := range len(scheme) {
		if c := scheme[i]; !isLetter(c) && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	for _, r := range rest {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == '<' || r == '>' || r == '"' {
			return false
		}
	}
	if strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "ftp") {
		host, ok := strings.CutPrefix(rest, "//")
		if i := strings.IndexAny(host, "/?#"); i >= 0 {
			host = host[:i]
		}
		return ok && host != "" && host[0] != ':' && host[0] != '.'
	}
	return true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// isBase64 says whether v is padded base64.
func isBase64(v string) bool {
	body := strings.TrimRight(v, "=")
	if len(v)%4 != 0 || len(v)-len(body) > 2 {
		return false
	}
	for i := range len(body) {
		if c := body[i]; !isLetter(c) && (c < '0' || c > '9') && c != '+' && c != '/' {
			return false
		}
	}
	return true
}

// readDuration reads an ISO 8601 duration and orders it in seconds, months counted as 30.436875 days.
func readDuration(v string) (seconds float64, ok bool) {
	rest, negative := strings.CutPrefix(v, "-")
	rest, ok = strings.CutPrefix(rest, "P")
	if !ok {
		return 0, false
	}
	inTime, parts, last := false, 0, -1
	for rest != "" {
		if rest[0] == 'T' {
			if inTime || len(rest) == 1 {
				return 0, false
			}
			inTime, last, rest = true, -1, rest[1:]
			continue
		}
		n := 0
		for n < len(rest) && (rest[n] >= '0' && rest[n] <= '9' || rest[n] == '.' || rest[n] == ',') {
			n++
		}
		if n == 0 || n == len(rest) {
			return 0, false
		}
		value, okNumber := plainValue(strings.Replace(rest[:n], ",", ".", 1))
		rank, scale := durationUnit(rest[n], inTime)
		if !okNumber || rank <= last {
			return 0, false
		}
		seconds += value * scale
		last, rest, parts = rank, rest[n+1:], parts+1
	}
	if negative {
		seconds = -seconds
	}
	return seconds, parts > 0
}

// durationUnit returns the rank of a unit letter in its part, -1 if it is none, and its seconds.
func durationUnit(c byte, inTime bool) (rank int, seconds float64) {
	const day, month = 86_400, 86_400 * 30.436875
	if inTime {
		rank = strings.IndexByte("HMS", c)
		return rank, [...]float64{0, 3600, 60, 1}[rank+1]
	}
	rank = strings.IndexByte("YMWD", c)
	return rank, [...]float64{0, 12 * month, month, 7 * day, day}[rank+1]
}

// cut shortens a text to 200 runes.
func cut(v string) string {
	if len(v) <= 200 || utf8.RuneCountInString(v) <= 200 {
		return v
	}
	n := 0
	for i := range v {
		if n++; n == 200 {
			return v[:i] + "…"
		}
	}
	return v
}
