package catalogue

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/french"
)

// titled is what a file name says.
type titled struct {
	subject string // in French sentence case; "" if nothing meaningful is left
	from    Date   // earliest year or month named, if any
	to      Date
	place   bool // the subject names one of the territories
}

var (
	extension = regexp.MustCompile(`(?i)(\.(csv|tsv|txt|xlsx?|xlsm|ods|json|geojson|parquet|zip|gz|xml|gpkg|shp|kml))+$`)
	copies    = regexp.MustCompile(`(?i)\s*(\(\d+\)|- ?(copie|copy)( \(\d+\))?)\s*$`)
	uuid      = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	stamp     = regexp.MustCompile(`\b((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?:[-_T ]?\d{2}[-_h:]?\d{2}(?:[-_:]?\d{2})?)?\b`)
	frStamp   = regexp.MustCompile(`\b(0[1-9]|[12]\d|3[01])[-_.]?(0[1-9]|1[0-2])[-_.]?((?:19|20)\d\d)\b`)
	yearMonth = regexp.MustCompile(`\b((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])\b`)
	years     = regexp.MustCompile(`\b((?:19|20)\d\d)[-_. ](?:a[-_ ])?((?:19|20)\d\d)\b`)
	glued     = regexp.MustCompile(`((?:19|20)\d\d)([A-Za-z])`)
	digits    = regexp.MustCompile(`^\d+$`)
)

// readTitle makes a subject out of a file name: separators, extensions, export dates, copies and codes go; years,
// months and territories stay.
func readTitle(fileName string, places []Territory) titled {
	fileName = clip(fileName, 300)
	places = places[:min(len(places), 20)] // the most frequent: a file of all communes is named after none
	name := fileName[strings.LastIndexAny(fileName, `/\`)+1:]
	name = extension.ReplaceAllString(strings.TrimSpace(name), "")
	name = uuid.ReplaceAllString(copies.ReplaceAllString(name, ""), " ")
	name = strings.ReplaceAll(name, "_", " ") // "_" is a letter to regular expressions, and a space to people
	var t titled
	if m := years.FindStringSubmatch(name); m != nil && m[1] < m[2] {
		t.from, t.to = Date(m[1]), Date(m[2])
		name = years.ReplaceAllString(name, " ")
	}
	name = stamp.ReplaceAllString(name, " ")
	name = frStamp.ReplaceAllString(name, " ")
	if m := yearMonth.FindStringSubmatch(name); m != nil && t.from == "" {
		t.from = Date(m[1] + "-" + m[2])
		t.to = t.from
		name = yearMonth.ReplaceAllString(name, " ")
	}
	t.subject = sentenceCase(trimSmall(t.spelled(tokens(glued.ReplaceAllString(name, "$1 $2")), places)))
	return t
}

// spelled writes each token, and keeps years and territories apart.
func (t *titled) spelled(tokens []string, places []Territory) []string {
	var out []string
	mixed := slices.ContainsFunc(tokens[min(1, len(tokens)):], func(s string) bool { return s == strings.ToLower(s) && len(s) > 3 && !isYear(s) })
	for i := 0; i < len(tokens); i++ {
		if n, place := placeAt(tokens[i:], places); n > 0 {
			if !slices.Contains(out, place) {
				out = append(out, place)
			}
			t.place = true
			i += n - 1
			continue
		}
		if y := tokens[i]; isYear(y) {
			t.year(Date(y))
			continue
		}
		w := spell(tokens[i])
		if words().noise[french.Fold(tokens[i])] {
			w = ""
		}
		if name := words().departements[tokens[i]]; name != "" && i > 0 && i == len(tokens)-1 {
			w, t.place = name, true
		}
		if i > 0 && mixed && w == strings.ToLower(tokens[i]) && w != tokens[i] && words().spelling[french.Fold(w)] == "" {
			w = tokens[i] // a capital among small letters: a name
		}
		if first, _, expanded := strings.Cut(w, " "); w != "" && !(expanded && slices.Contains(out, first)) {
			out = append(out, w)
		}
	}
	return out
}

func (t *titled) year(y Date) {
	if t.from == "" || y < t.from {
		t.from = y
	}
	if t.to == "" || y > t.to {
		t.to = y
	}
}

func isYear(s string) bool {
	return len(s) == 4 && digits.MatchString(s) && (s[:2] == "19" || s[:2] == "20")
}

// tokens cuts at separators and where a capital follows a small letter.
func tokens(s string) []string {
	var b strings.Builder
	before := ' '
	for _, r := range s {
		if unicode.IsUpper(r) && unicode.IsLower(before) || unicode.IsDigit(r) != unicode.IsDigit(before) && unicode.IsLower(before) && unicode.IsDigit(r) && before != 'v' {
			b.WriteByte(' ')
		}
		if strings.ContainsRune("-_.,;+()[]{}#&=~", r) {
			r = ' '
		}
		b.WriteRune(r)
		before = r
	}
	return strings.Fields(b.String())
}

// placeAt tells whether the tokens start with the name or the code of a territory, and how many tokens that takes.
func placeAt(tokens []string, places []Territory) (int, string) {
	for _, p := range places {
		if p.Code != "" && len(p.Code) >= 5 && tokens[0] == p.Code {
			return 1, p.Name
		}
		name := french.Words(p.Name)
		if len(name) == 0 {
			continue
		}
		name = without(name, "d", "l")
		n, said := 0, []string(nil)
		for n < len(tokens) && len(said) < len(name) {
			said = append(said, without(french.Words(tokens[n]), "d", "l")...)
			n++
		}
		if slices.Equal(said, name) {
			return n, p.Name
		}
	}
	return 0, ""
}

func without(list []string, drop ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(drop, s) })
}

// spell writes one token as French does; "" for codes.
func spell(token string) string {
	l, w := words(), french.Fold(token)
	switch {
	case digits.MatchString(w) && len(w) >= 5:
		return ""
	case l.upper[w] != "":
		return l.upper[w]
	case l.expand[w] != "":
		return l.expand[w]
	case l.spelling[w] != "":
		return l.spelling[w]
	}
	if s, ok := strings.CutSuffix(w, "s"); ok && l.spelling[s] != "" {
		return l.spelling[s] + "s"
	}
	if !strings.ContainsFunc(token, unicode.IsLower) && utf8.RuneCountInString(token) <= 4 && strings.ContainsFunc(token, unicode.IsUpper) {
		return token // an acronym
	}
	return strings.ToLower(strings.ReplaceAll(token, "'", "’"))
}

// trimSmall removes small words left alone at both ends, and elides "d" and "l".
func trimSmall(list []string) []string {
	small := words().small
	for len(list) > 0 && small[list[len(list)-1]] {
		list = list[:len(list)-1]
	}
	for len(list) > 0 && small[list[0]] {
		list = list[1:]
	}
	var out []string
	for i := 0; i < len(list); i++ {
		if (list[i] == "d" || list[i] == "l") && i+1 < len(list) {
			out = append(out, list[i]+"’"+list[i+1])
			i++
			continue
		}
		out = append(out, list[i])
	}
	return out
}

func sentenceCase(list []string) string {
	s := strings.Join(list, " ")
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || !strings.ContainsFunc(s, unicode.IsLetter) {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// nameColumn makes a column name readable: "nb_places_PMR" → "nombre places PMR".
func nameColumn(c ColumnFact) string {
	if c.Label != "" {
		return c.Label
	}
	var out []string
	for _, t := range tokens(c.Name) {
		if w := spell(t); w != "" {
			out = append(out, w)
		}
	}
	return orElse(strings.Join(trimSmall(out), " "), c.Name)
}

// SlugOf makes the part of a public address out of a title: lower case, no accents, words joined by "-", at most 80
// characters. It is "fiche" when nothing is left. Uniqueness is the store's to ensure.
func SlugOf(title string) string {
	var b strings.Builder
	for _, w := range french.Words(title) {
		w = strings.Map(func(r rune) rune {
			if r < utf8.RuneSelf {
				return r
			}
			return -1
		}, w)
		if w == "" || b.Len() > 0 && b.Len()+1+len(w) > 80 {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(w[:min(len(w), 80)])
	}
	return orElse(b.String(), "fiche")
}

// sayDate writes a day, a month or a year in French: "1er mars 2024".
func sayDate(d Date) string {
	t, ok := d.First()
	if !ok {
		return string(d)
	}
	year := strconv.Itoa(t.Year())
	if len(d) == len("2006") {
		return year
	}
	month := words().months[t.Month()-1] + " " + year
	switch {
	case len(d) == len("2006-01"):
		return month
	case t.Day() == 1:
		return "1er " + month
	}
	return strconv.Itoa(t.Day()) + " " + month
}
