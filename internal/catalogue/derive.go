package catalogue

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/french"
)

// Facts is what is known of a file once it is read and profiled. Everything may be missing.
type Facts struct {
	FileName    string
	Sheet       string // name of the sheet read, if any
	Format      string // "csv", …
	MediaType   string
	Bytes       int64
	Withheld    bool  // the file as it came holds what its table does not, and is not given out
	Rows        int64 // -1 or 0 = not known
	URL         string
	Columns     []ColumnFact
	DateMin     time.Time   // earliest date in the data
	DateMax     time.Time   // latest
	Dates       []time.Time // a sample of the dates of the main date column, in any order, at most some thousands
	Territories []Territory // found in the data, the most frequent first
	BBox        *BBox
	Schema      Schema // detected
	Modified    time.Time
}

// A ColumnFact is what is known of one column.
type ColumnFact struct {
	Name  string
	Label string // human label, from a schema or a dictionary
	Type  string
	Top   []string // most frequent texts
}

// A Territory is a place the data names.
type Territory struct {
	Code  string // as [Spatial.Code]
	Name  string
	Kind  string // as [Spatial.Kind]
	Count int64  // rows
}

// A Prefill is a record written from the facts, and which of its fields that concerns (JSON names).
type Prefill struct {
	Record  Record
	Derived []string
}

// Derive writes what can be written without asking anybody: title, slug, description, keywords, themes, temporal and
// spatial coverage, frequency, schema, columns, main resource, date of the last update. Each is a proposal, in French,
// for a person to read again; nothing is invented: without a fact, the field stays empty.
func Derive(f Facts) Prefill {
	t := readTitle(f.FileName, f.Territories)
	if t.subject == "" && f.Sheet != "" {
		if s := readTitle(f.Sheet, f.Territories); s.subject != "" {
			t.subject, t.place = s.subject, s.place
		}
	}
	var r Record
	r.Schema = f.Schema
	r.Spatial = guessSpatial(f)
	r.Temporal = guessTemporal(f, t)
	r.Title = guessTitle(f, t, r)
	r.Slug = SlugOf(r.Title)
	r.Frequency = guessFrequency(f.Dates)
	var seen []string
	r.Themes, seen = guessThemes(f, t)
	r.Keywords = guessKeywords(f, t, seen, r.Spatial)
	r.Description = draft(f, r)
	r.LastUpdate = f.Modified
	r.Language = "fr"
	for _, c := range f.Columns {
		r.Columns = append(r.Columns, Column{Name: c.Name, Title: orElse(c.Label, nameColumn(c)), Type: c.Type})
	}
	if f.URL != "" {
		format := FormatOf(f.Format)
		r.Resources = []Resource{{ID: "main", Title: r.Title, Type: Main, Format: format.Name,
			MediaType: orElse(f.MediaType, format.MediaType), Bytes: f.Bytes, Rows: f.Rows, URL: f.URL, Available: true,
			Modified: f.Modified}}
	}
	p := Prefill{Record: r}
	for _, field := range fields {
		if v := field.read(r); v != "" && field.name != "language" {
			p.Derived = append(p.Derived, field.name)
		}
	}
	return p
}

// Into fills what is empty in r, and says which fields that was. What somebody wrote stays.
func (p Prefill) Into(r Record) (Record, []string) {
	out := r.Clone()
	var filled []string
	for _, f := range fields {
		if f.read(out) == "" && f.read(p.Record) != "" {
			f.take(&out, p.Record)
			filled = append(filled, f.name)
		}
	}
	if len(out.Columns) == 0 {
		out.Columns = slices.Clone(p.Record.Columns)
	}
	if len(out.Resources) == 0 {
		out.Resources = slices.Clone(p.Record.Resources)
	}
	if out.LastUpdate.IsZero() {
		out.LastUpdate = p.Record.LastUpdate
	}
	return out, filled
}

// A Question is one of the things only a person knows.
type Question struct {
	Key      string   // catalogue key of the question
	Fields   []string // JSON names of the fields that answer it
	Answered bool
}

// Hint is the catalogue key of the help under the question.
func (q Question) Hint() string { return q.Key + "_hint" }

// Questions lists the six things only people know, in the order to ask them.
func Questions(r Record) []Question {
	said := func(texts ...string) bool {
		return !slices.ContainsFunc(texts, func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	const ask = "catalogue.question_"
	return []Question{
		{ask + "purpose", []string{"purpose"}, said(r.Purpose)},
		{ask + "limits", []string{"limits", "origin"}, said(r.Limits, r.Origin)},
		{ask + "owner", []string{"owner", "contact"}, said(r.Owner, r.Contact)},
		{ask + "frequency", []string{"frequency"}, frequencySet(r)},
		{ask + "confidentiality", []string{"confidentiality"}, r.Confidentiality != ""},
		{ask + "licence", []string{"licence"}, said(r.Licence)},
	}
}

// guessTitle carries the territory and the year: a title is read far from its file.
func guessTitle(f Facts, t titled, r Record) string {
	title := t.subject
	if title == "" {
		title = orElse(f.Schema.Title, sentence("untitled"))
	}
	if r.Spatial.Name != "" && !t.place {
		title += " – " + r.Spatial.Name
	}
	start, end := r.Temporal.Start, r.Temporal.End
	switch {
	case t.from != "" && t.from != t.to:
		title += " – " + string(t.from) + "-" + string(t.to)
	case t.from != "":
		title += " – " + sayDate(t.from)
	case len(start) >= 4 && len(end) >= 4 && start[:4] == end[:4]:
		title += " – " + string(start[:4])
	}
	return clip(title, titleLongest)
}

func guessTemporal(f Facts, t titled) Temporal {
	if f.DateMin.IsZero() || f.DateMax.IsZero() || f.DateMax.Before(f.DateMin) {
		return Temporal{t.from, t.to}
	}
	first, last := f.DateMin, f.DateMax
	if first.Month() == 1 && first.Day() == 1 && last.Month() == 12 && last.Day() == 31 {
		return Temporal{Date(first.Format("2006")), Date(last.Format("2006"))}
	}
	return Temporal{Day(first), Day(last)}
}

// guessSpatial takes the one territory nearly all rows speak of, else the département all communes are in.
func guessSpatial(f Facts) Spatial {
	s := Spatial{BBox: f.BBox}
	if s.BBox != nil && !s.BBox.Valid() {
		s.BBox = nil
	}
	var all int64
	prefix, same := "", true
	for i, t := range f.Territories {
		all += max(1, t.Count)
		p := departementOf(t)
		if i == 0 {
			prefix = p
		}
		same = same && p != "" && p == prefix
	}
	if len(f.Territories) == 0 {
		return s
	}
	top := slices.MaxFunc(f.Territories, func(a, b Territory) int { return cmp.Compare(a.Count, b.Count) })
	switch {
	case max(1, top.Count)*5 >= all*4:
		s.Name, s.Code, s.Kind = top.Name, top.Code, top.Kind
	case same:
		s.Name, s.Code, s.Kind = words().departements[prefix], prefix, "departement"
	}
	return s
}

func departementOf(t Territory) string {
	if t.Kind != "commune" || len(t.Code) != 5 {
		return ""
	}
	for _, n := range []int{3, 2} {
		if _, ok := words().departements[t.Code[:n]]; ok {
			return t.Code[:n]
		}
	}
	return ""
}

// spacings maps the usual number of days between two dates to a frequency. Bounds are inclusive.
var spacings = []struct {
	from, to float64
	code     string
}{
	{0.03, 0.05, "HOURLY"}, {0.9, 1.1, "DAILY"}, {6.5, 7.5, "WEEKLY"}, {13, 15, "BIWEEKLY"}, {27, 32, "MONTHLY"},
	{58, 63, "BIMONTHLY"}, {88, 94, "QUARTERLY"}, {178, 186, "ANNUAL_2"}, {360, 371, "ANNUAL"}, {725, 737, "BIENNIAL"},
	{1090, 1100, "TRIENNIAL"}, {1820, 1832, "QUINQUENNIAL"},
}

// guessFrequency looks at how far apart the dates are: regular when four gaps in five are of one kind. It needs four
// different dates; "" if it cannot tell.
func guessFrequency(dates []time.Time) string {
	sorted := slices.Clone(dates)
	slices.SortFunc(sorted, time.Time.Compare)
	sorted = slices.CompactFunc(sorted, time.Time.Equal)
	if len(sorted) < 4 {
		return ""
	}
	counts := map[string]int{}
	for i := 1; i < len(sorted); i++ {
		gap := sorted[i].Sub(sorted[i-1]).Hours() / 24
		for _, s := range spacings {
			if gap >= s.from && gap <= s.to {
				counts[s.code]++
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(counts)) {
		if counts[code]*5 >= (len(sorted)-1)*4 {
			return code
		}
	}
	return ""
}

// guessThemes weighs the words of title, schema, columns and values; it also returns the theme words seen, heaviest first.
func guessThemes(f Facts, t titled) ([]Theme, []string) {
	score, seen := map[Theme]int{}, map[string]int{}
	look := func(s string, weight int) {
		for _, w := range french.Words(s) {
			if themes := words().themes[french.Stem(w)]; len(themes) > 0 {
				seen[orElse(words().spelling[w], w)] += weight
				for _, theme := range themes {
					score[theme] += weight
				}
			}
		}
	}
	look(t.subject, 5)
	look(f.Schema.Name+" "+f.Schema.Title, 4)
	for _, c := range f.Columns {
		look(strings.Join(tokens(c.Name+" "+c.Label), " "), 2)
		for _, v := range c.Top[:min(len(c.Top), 5)] {
			look(v, 1)
		}
	}
	themes := slices.SortedFunc(maps.Keys(score), func(a, b Theme) int {
		return cmp.Or(cmp.Compare(score[b], score[a]), strings.Compare(string(a), string(b)))
	})
	if len(themes) == 0 || score[themes[0]] < 4 {
		themes = nil
	} else if len(themes) > 1 && score[themes[1]]*10 >= score[themes[0]]*7 {
		themes = themes[:2]
	} else {
		themes = themes[:1]
	}
	list := slices.SortedFunc(maps.Keys(seen), func(a, b string) int {
		return cmp.Or(cmp.Compare(seen[b], seen[a]), strings.Compare(a, b))
	})
	return themes, slices.DeleteFunc(list, func(w string) bool { return seen[w] < 2 })
}

// keywordsDerived is how many keywords are proposed.
const keywordsDerived = 8

func guessKeywords(f Facts, t titled, seen []string, s Spatial) []string {
	var list []string
	stems := map[string]bool{}
	add := func(w string) {
		stem := french.Stem(w)
		if len(list) < keywordsDerived && w != "" && !stems[stem] {
			stems[stem] = true
			list = append(list, w)
		}
	}
	for _, w := range strings.FieldsFunc(t.subject, func(r rune) bool { return r == ' ' || r == '’' || r == '–' }) {
		if folded := french.Fold(w); len(folded) > 3 && !french.Stop(folded) && !words().small[folded] && !strings.Contains(s.Name, w) {
			add(orElse(words().upper[folded], strings.ToLower(w)))
		}
	}
	for _, w := range seen {
		add(w)
	}
	if s.Name != "" {
		list = append(list[:min(len(list), keywordsDerived-1)], s.Name)
	}
	return list
}

// draft describes the file in a few sentences, more than the hundred characters that earn a point when there is
// anything to say.
func draft(f Facts, r Record) string {
	var parts []string
	if n := len(f.Columns); n > 0 {
		columns := sentence("columns_other", strconv.Itoa(n))
		if n == 1 {
			columns = sentence("columns_one")
		}
		switch {
		case f.Rows == 1:
			parts = append(parts, sentence("rows_one", "1", columns))
		case f.Rows > 1:
			parts = append(parts, sentence("rows_other", thousands(f.Rows), columns))
		default:
			parts = append(parts, sentence("no_rows", "", columns))
		}
		var names []string
		for _, c := range f.Columns[:min(n, 6)] {
			names = append(names, nameColumn(c))
		}
		parts = append(parts, sentence("columns", strings.Join(names, ", ")))
	}
	start, end := r.Temporal.Start, r.Temporal.End
	switch {
	case start == "" || end == "":
	case start == end && len(start) == 4:
		parts = append(parts, sentence("year", string(start)))
	case start == end && len(start) == len("2006-01-02"):
		parts = append(parts, sentence("one_day", sayDate(start)))
	default:
		from, _ := start.First()
		to, _ := end.Last()
		parts = append(parts, sentence("period", sayDate(Day(from)), sayDate(Day(to))))
	}
	if r.Spatial.Name != "" {
		parts = append(parts, sentence("place", r.Spatial.Name))
	}
	if s := orElse(r.Schema.Title, r.Schema.Name); s != "" {
		parts = append(parts, sentence("schema", s))
	}
	return strings.Join(parts, " ")
}

// thousands groups digits by three with narrow no-break spaces, as French does.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}
