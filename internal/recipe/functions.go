package recipe

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"cultured/internal/french"
	"cultured/internal/identifier"
)

// A function of formulas takes between least and most texts.
type function struct {
	least, most int
	do          func(a []string) (string, bool)
}

// functions bear their French names; English ones are other words for them.
var functions = map[string]function{
	"MAJUSCULE":   {1, 1, func(a []string) (string, bool) { return strings.ToUpper(a[0]), true }},
	"MINUSCULE":   {1, 1, func(a []string) (string, bool) { return strings.ToLower(a[0]), true }},
	"SUPPRESPACE": {1, 1, func(a []string) (string, bool) { return trimmed(a[0]), true }},
	"GAUCHE":      {2, 2, func(a []string) (string, bool) { return part(a[0], "1", a[1]) }},
	"DROITE": {2, 2, func(a []string) (string, bool) {
		n, ok := whole(a[1])
		runes := []rune(a[0])
		if !ok {
			return "", false
		}
		return string(runes[max(0, len(runes)-n):]), true
	}},
	"STXT":  {3, 3, func(a []string) (string, bool) { return part(a[0], a[1], a[2]) }},
	"NBCAR": {1, 1, func(a []string) (string, bool) { return big.NewInt(int64(len([]rune(a[0])))).String(), true }},
	"SUBSTITUE": {3, 3, func(a []string) (string, bool) {
		return strings.ReplaceAll(a[0], a[1], a[2]), a[1] != "" && len(a[0])*(1+len(a[2])) < 1<<20
	}},
	"ET": {1, 20, func(a []string) (string, bool) {
		return truth(!slices.ContainsFunc(a, func(v string) bool { return v != yes })), true
	}},
	"OU":  {1, 20, func(a []string) (string, bool) { return truth(slices.Contains(a, yes)), true }},
	"NON": {1, 1, func(a []string) (string, bool) { return truth(a[0] != yes), true }},
	"ARRONDI": {2, 2, func(a []string) (string, bool) {
		x, ok := exact(a[0])
		n, ok2 := whole(a[1])
		if !ok || !ok2 || n > 20 {
			return "", false
		}
		rounded, _ := new(big.Rat).SetString(x.FloatString(n))
		return decimal(rounded), true
	}},
	"ANNEE": {1, 1, func(a []string) (string, bool) { return moment(a[0], "2006") }},
	"MOIS":  {1, 1, func(a []string) (string, bool) { return moment(a[0], "1") }},
	"JOUR":  {1, 1, func(a []string) (string, bool) { return moment(a[0], "2") }},
	"ABS": {1, 1, func(a []string) (string, bool) {
		x, ok := exact(a[0])
		if !ok {
			return "", false
		}
		return decimal(x.Abs(x)), true
	}},
	"SOMME": {1, 60, func(a []string) (string, bool) {
		return gathered(a, func(x, y *big.Rat) *big.Rat { return x.Add(x, y) })
	}},
	"MIN": {1, 60, func(a []string) (string, bool) {
		return gathered(a, func(x, y *big.Rat) *big.Rat { return pick(x, y, -1) })
	}},
	"MAX": {1, 60, func(a []string) (string, bool) {
		return gathered(a, func(x, y *big.Rat) *big.Rat { return pick(x, y, 1) })
	}},
	"NBVAL":  {1, 60, func(a []string) (string, bool) { return strconv.Itoa(len(present(a))), true }},
	"ESTNUM": {1, 1, func(a []string) (string, bool) { _, ok := exact(a[0]); return truth(ok), true }},
	"CONTIENT": {2, 2, func(a []string) (string, bool) {
		return truth(strings.Contains(french.Fold(a[0]), french.Fold(a[1]))), true
	}},
	"MOYENNE": {1, 60, func(a []string) (string, bool) {
		sum, ok := gathered(a, func(x, y *big.Rat) *big.Rat { return x.Add(x, y) })
		n := len(present(a))
		total, ok2 := exact(sum)
		if !ok || !ok2 || n == 0 {
			return "", false
		}
		return decimal(total.Quo(total, big.NewRat(int64(n), 1))), true
	}},
	"NB": {1, 60, func(a []string) (string, bool) {
		n := 0
		for _, v := range a {
			if _, ok := exact(v); ok {
				n++
			}
		}
		return strconv.Itoa(n), true
	}},
	"CONCATENER":  {1, 60, func(a []string) (string, bool) { return glued(a...) }},
	"NOMPROPRE":   {1, 1, func(a []string) (string, bool) { return proper(a[0]), true }},
	"ENT":         {1, 1, func(a []string) (string, bool) { return rounded(a[0], "0", -1) }},
	"ARRONDI.INF": {2, 2, func(a []string) (string, bool) { return rounded(a[0], a[1], 0) }},
	"ARRONDI.SUP": {2, 2, func(a []string) (string, bool) { return rounded(a[0], a[1], 1) }},
	"MOD":         {2, 2, func(a []string) (string, bool) { return remainder(a[0], a[1]) }},
	"DATE":        {3, 3, func(a []string) (string, bool) { return dated(a[0], a[1], a[2]) }},
	"JOURSEM":     {1, 2, weekday},
	"MOIS.DECALER": {2, 2, func(a []string) (string, bool) {
		at, ok := fullDate(a[0])
		n, ok2 := signedWhole(a[1])
		if !ok || !ok2 {
			return "", false
		}
		first := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
		last := first.AddDate(0, 1, -1).Day() // as spreadsheets do: a month after the 31st of January is the end of February
		return writtenDate(first.AddDate(0, 0, min(at.Day(), last)-1))
	}},
	"JOURS": {2, 2, func(a []string) (string, bool) {
		end, ok := fullDate(a[0])
		start, ok2 := fullDate(a[1])
		return strconv.Itoa(days(end, start)), ok && ok2
	}},
	"ESTVIDE": {1, 1, func(a []string) (string, bool) { return truth(strings.TrimSpace(a[0]) == ""), true }},
	"CNUM": {1, 1, func(a []string) (string, bool) {
		x, ok := exact(a[0])
		if !ok {
			return "", false
		}
		return decimal(x), true
	}},
	"CHERCHE": {2, 2, func(a []string) (string, bool) { return placeOf(french.Fold(a[1]), french.Fold(a[0])) }},
	"TROUVE":  {2, 2, func(a []string) (string, bool) { return placeOf(a[1], a[0]) }},
	"REMPLACER": {4, 4, func(a []string) (string, bool) {
		before, ok := part(a[0], "1", less(a[1]))
		cut, ok2 := part(a[0], a[1], a[2])
		if !ok || !ok2 {
			return "", false
		}
		return glued(before, a[3], strings.TrimPrefix(a[0][len(before):], cut))
	}},
	"SI.MULTIPLE": {3, 60, func(a []string) (string, bool) {
		for i := 1; i+1 < len(a); i += 2 {
			if compare(a[0], a[i]) == 0 {
				return a[i+1], true
			}
		}
		if len(a)%2 == 0 {
			return a[len(a)-1], true
		}
		return "", false
	}},
	"VALIDE": {2, 3, func(a []string) (string, bool) { // the third is what stands between several
		kind, parts := identifier.Kind(strings.ReplaceAll(french.Fold(a[1]), " ", "_")), a[:1]
		if len(a) == 3 && a[2] != "" {
			parts = strings.Split(a[0], a[2])
		}
		bad := slices.ContainsFunc(parts, func(v string) bool { return !identifier.Check(kind, strings.TrimSpace(v)) })
		return truth(!bad), slices.Contains(identifier.Kinds, kind)
	}},
}

// english are other words for the same functions.
var english = map[string]string{"UPPER": "MAJUSCULE", "LOWER": "MINUSCULE", "TRIM": "SUPPRESPACE", "LEFT": "GAUCHE", "RIGHT": "DROITE", "MID": "STXT",
	"LEN": "NBCAR", "SUBSTITUTE": "SUBSTITUE", "AND": "ET", "OR": "OU", "NOT": "NON", "ROUND": "ARRONDI", "YEAR": "ANNEE", "MONTH": "MOIS", "DAY": "JOUR", "IF": "SI",
	"SUM": "SOMME", "COUNTA": "NBVAL", "ISNUMBER": "ESTNUM", "CONTAINS": "CONTIENT", "VALID": "VALIDE", "TRUE": "VRAI", "FALSE": "FAUX",
	"AVERAGE": "MOYENNE", "COUNT": "NB", "CONCATENATE": "CONCATENER", "CONCAT": "CONCATENER", "PROPER": "NOMPROPRE", "INT": "ENT", "ROUNDDOWN": "ARRONDI.INF",
	"ROUNDUP": "ARRONDI.SUP", "WEEKDAY": "JOURSEM", "EDATE": "MOIS.DECALER", "DAYS": "JOURS", "ISBLANK": "ESTVIDE", "VALUE": "CNUM", "SEARCH": "CHERCHE", "FIND": "TROUVE",
	"REPLACE": "REMPLACER", "SWITCH": "SI.MULTIPLE", "IFERROR": "SIERREUR"}

// A FunctionName is a function of formulas, as the two languages call it.
type FunctionName struct{ French, English string }

// FunctionNames lists the functions of formulas, by their French names. What each does is "recipe.fn_" and the French name in small letters,
// with low lines for points.
func FunctionNames() (out []FunctionName) {
	for name := range functions {
		out = append(out, FunctionName{French: name})
	}
	out = append(out, FunctionName{French: "SI"}, FunctionName{French: "SIERREUR"})
	for i := range out {
		out[i].English = out[i].French
		for word, to := range english {
			if to == out[i].French && word != "CONCAT" {
				out[i].English = word
			}
		}
	}
	slices.SortFunc(out, func(a, b FunctionName) int { return strings.Compare(a.French, b.French) })
	return out
}

// textMost bounds what formulas write, in bytes.
const textMost = 1 << 20

// glued puts texts one after the other.
func glued(parts ...string) (string, bool) {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n > textMost {
		return "", false
	}
	return strings.Join(parts, ""), true
}

// proper begins each word with a capital.
func proper(v string) string {
	runes, inside := []rune(strings.ToLower(v)), false
	for i, r := range runes {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if letter && !inside {
			runes[i] = unicode.ToUpper(r)
		}
		inside = letter
	}
	return string(runes)
}

// rounded cuts a number to some decimals: towards nothing (0), away from it (1), down (-1).
func rounded(v, decimals string, way int) (string, bool) {
	x, ok := exact(v)
	n, ok2 := whole(decimals)
	if !ok || !ok2 || n > 20 {
		return "", false
	}
	scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
	x.Mul(x, scale)
	cut := new(big.Int).Quo(x.Num(), x.Denom())
	if !x.IsInt() && (way == 1 || way == -1 && x.Sign() < 0) {
		cut.Add(cut, big.NewInt(int64(x.Sign())))
	}
	return decimal(new(big.Rat).Quo(new(big.Rat).SetInt(cut), scale)), true
}

// remainder is what is left of a division, of the sign of what one divides by, as in spreadsheets.
func remainder(v, by string) (string, bool) {
	x, ok := exact(v)
	y, ok2 := exact(by)
	if !ok || !ok2 || y.Sign() == 0 {
		return "", false
	}
	q := new(big.Rat).Quo(x, y)
	down, _ := rounded(decimal(q), "0", -1)
	n, ok := exact(down)
	if !ok {
		return "", false
	}
	return decimal(x.Sub(x, n.Mul(n, y))), true
}

// dated is a day; there is no 31st of February.
func dated(year, month, day string) (string, bool) {
	y, ok := whole(year)
	m, ok2 := whole(month)
	d, ok3 := whole(day)
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if !ok || !ok2 || !ok3 || y < 1 || at.Year() != y || at.Month() != time.Month(m) || at.Day() != d {
		return "", false
	}
	return writtenDate(at)
}

func writtenDate(at time.Time) (string, bool) {
	return at.Format(time.DateOnly), at.Year() >= 1 && at.Year() <= 9999
}

// weekday counts from Sunday, 1, or with 2 from Monday.
func weekday(a []string) (string, bool) {
	at, ok := fullDate(a[0])
	n := int(at.Weekday()) + 1
	if len(a) == 2 && a[1] != "1" {
		if n, ok = (n+5)%7+1, ok && a[1] == "2"; !ok {
			return "", false
		}
	}
	return strconv.Itoa(n), ok
}

// fullDate reads a date with its day: a month or a year alone is none.
func fullDate(v string) (time.Time, bool) {
	at, layout, ok := french.Date(strings.TrimSpace(v))
	return at, ok && strings.Contains(strings.ReplaceAll(layout, "2006", ""), "2")
}

// days is how many days one date is after another.
func days(end, start time.Time) int {
	day := func(t time.Time) int64 {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	return int(day(end) - day(start))
}

// placeOf is where a text begins in another, counted in letters from 1.
func placeOf(v, of string) (string, bool) {
	at := strings.Index(v, of)
	if at < 0 {
		return "", false
	}
	return strconv.Itoa(len([]rune(v[:at])) + 1), true
}

// less is a whole number less one, for what comes before a place.
func less(v string) string {
	n, ok := whole(v)
	if !ok || n < 1 {
		return "?"
	}
	return strconv.Itoa(n - 1)
}

func signedWhole(v string) (int, bool) {
	if rest, minus := strings.CutPrefix(strings.TrimSpace(v), "-"); minus {
		n, ok := whole(rest)
		return -n, ok
	}
	return whole(v)
}

// gathered joins the numbers among some values, the empty ones aside, as spreadsheets do; "0" for none.
func gathered(values []string, join func(x, y *big.Rat) *big.Rat) (string, bool) {
	var sum *big.Rat
	for _, v := range present(values) {
		x, ok := exact(v)
		switch {
		case !ok:
			return "", false
		case sum == nil:
			sum = x
		default:
			sum = join(sum, x)
		}
	}
	if sum == nil {
		return "0", true
	}
	return decimal(sum), true
}

func pick(x, y *big.Rat, sign int) *big.Rat {
	if y.Cmp(x) == sign {
		return y
	}
	return x
}

// present leaves out the values that hold nothing.
func present(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.TrimSpace(v) == "" })
}

func moment(v, layout string) (string, bool) {
	at, _, ok := french.Date(strings.TrimSpace(v))
	return at.Format(layout), ok
}

func whole(v string) (int, bool) {
	x, ok := exact(v)
	if !ok || !x.IsInt() || x.Sign() < 0 || x.Cmp(big.NewRat(1_000_000, 1)) > 0 {
		return 0, false
	}
	return int(x.Num().Int64()), true
}

// part is length letters of a text from the one numbered from, counted from 1.
func part(v, from, length string) (string, bool) {
	start, ok := whole(from)
	n, ok2 := whole(length)
	if !ok || !ok2 || start < 1 {
		return "", false
	}
	runes := []rune(v)
	start = min(start-1, len(runes))
	return string(runes[start:min(start+n, len(runes))]), true
}
