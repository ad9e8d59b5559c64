package schema

import "strings"

// isOpeningHours says whether v follows the opening_hours grammar of OpenStreetMap, as far as directories use it:
// rules separated by ";" , "," or "||", each with months and days, weeks, weekdays with ranges and ordinals, public
// and school holidays, times with sunrise and sunset, open ends, "24/7", "off", "closed", "unknown" and comments.
// Years, Easter and the arithmetic of holidays are read as tokens, without checking that they make sense together.
// Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification.
func isOpeningHours(v string) bool {
	if strings.TrimSpace(v) == "" || len(v) > 2048 {
		return false
	}
	for rule := range strings.SplitSeq(strings.ReplaceAll(v, "||", ";"), ";") {
		if rule = strings.TrimSpace(rule); rule != "" && !isHoursRule(rule) {
			return false
		}
	}
	return strings.Trim(v, "; |") != ""
}

// isHoursRule reads one rule: selectors, then times, then a state or a comment. At least one of them is there.
func isHoursRule(rule string) bool {
	rest, parts := rule, 0
	if allDigits(strings.TrimLeft(rule, " -,+")) {
		return false // a number alone says no hour
	}
	for rest != "" {
		if rest[0] == '"' {
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 {
				return false
			}
			rest = strings.TrimSpace(rest[end+2:])
			parts++
			continue
		}
		token, after := rest, ""
		if i := strings.IndexAny(rest, " \t\u00A0"); i >= 0 {
			token, after = rest[:i], strings.TrimLeft(rest[i:], " \t\u00A0")
		}
		if quote := strings.IndexByte(token, '"'); quote > 0 {
			token, after = rest[:quote], rest[quote:]
		}
		token = strings.TrimSuffix(token, ",")
		if token == "" || !isHoursToken(token) {
			return false
		}
		rest, parts = after, parts+1
	}
	return parts > 0
}

func isHoursToken(token string) bool {
	switch strings.ToLower(token) {
	case "24/7", "off", "closed", "open", "unknown", "week", "easter", "-", "+":
		return true
	}
	for item := range strings.SplitSeq(strings.TrimSuffix(token, ":"), ",") {
		if !isDays(item) && !isTimes(item) && !isDates(item) {
			return false
		}
	}
	return true
}

var hoursDays = map[string]bool{"Mo": true, "Tu": true, "We": true, "Th": true, "Fr": true, "Sa": true, "Su": true,
	"PH": true, "SH": true}

var hoursMonths = map[string]bool{"Jan": true, "Feb": true, "Mar": true, "Apr": true, "May": true, "Jun": true,
	"Jul": true, "Aug": true, "Sep": true, "Oct": true, "Nov": true, "Dec": true}

// isDays reads Mo, Mo-Fr, Mo[1], Mo[1,3], PH.
func isDays(item string) bool {
	from, to, ranged := strings.Cut(item, "-")
	if open := strings.IndexByte(item, '['); open >= 0 {
		if inside, ok := strings.CutSuffix(item[open+1:], "]"); ok {
			inside = strings.TrimPrefix(inside, "-")
			return hoursDays[item[:open]] && inside != "" && strings.Trim(inside, "12345-") == ""
		}
		return hoursDays[item[:open]] && strings.Trim(item[open+1:], "12345-") == ""
	}
	if closing, ok := strings.CutSuffix(item, "]"); ok { // the end of "Mo[1,3]", cut at its comma
		return closing != "" && strings.Trim(closing, "12345-") == ""
	}
	return hoursDays[from] && (!ranged || hoursDays[to])
}

// isTimes reads 08:00-12:30, 08:00+, 08:00, sunrise-sunset, (sunset-01:00); hours go to 48 past midnight.
func isTimes(item string) bool {
	if i := strings.IndexByte(item, '/'); i > 0 { // a repetition: 08:00-18:00/90
		if n := item[i+1:]; n == "" || !allDigits(n) && !isClock(n) {
			return false
		}
		item = item[:i]
	}
	from, rest, ok := cutTime(item)
	if !ok || from == "" {
		return false
	}
	switch {
	case rest == "", rest == "+":
		return true
	case rest[0] != '-':
		return false
	}
	_, rest, ok = cutTime(rest[1:])
	return ok && (rest == "" || rest == "+")
}

// cutTime reads one time at the start of s.
func cutTime(s string) (time, rest string, ok bool) {
	if s != "" && s[0] == '(' {
		end := strings.IndexByte(s, ')')
		if end < 0 {
			return "", s, false
		}
		_, rest, found := cutEvent(s[1:end])
		return s[:end+1], s[end+1:], found && len(rest) == 6 && (rest[0] == '+' || rest[0] == '-') && isClock(rest[1:])
	}
	if event, rest, found := cutEvent(s); found {
		return event, rest, true
	}
	n := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != ':' })
	if n < 0 {
		n = len(s)
	}
	return s[:n], s[n:], isClock(s[:n])
}

func cutEvent(s string) (event, rest string, ok bool) {
	for _, e := range [...]string{"sunrise", "sunset", "dawn", "dusk"} {
		if rest, ok := strings.CutPrefix(s, e); ok {
			return e, rest, true
		}
	}
	return "", s, false
}

// isClock reads 8:00 to 48:00.
func isClock(s string) bool {
	h, m, ok := strings.Cut(s, ":")
	if !ok || len(h) == 0 || len(h) > 2 || len(m) != 2 || !allDigits(h) || !allDigits(m) || m > "59" {
		return false
	}
	hour, _ := plainValue(h)
	return hour < 48 || hour == 48 && m == "00"
}

// isDates reads Jan, Jan-Mar, 15, 01-15, 2024, 2024-2026, 01-53, 2024+ and months joined to days by the space already cut.
func isDates(item string) bool {
	from, to, ranged := strings.Cut(strings.TrimSuffix(item, "+"), "-")
	word := func(s string) bool {
		return hoursMonths[s] || s == "easter" || len(s) > 0 && len(s) <= 4 && allDigits(s)
	}
	return word(from) && (!ranged || word(to))
}
