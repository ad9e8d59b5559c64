package mission

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/catalogue"
	"cultured/internal/finding"
	"cultured/internal/french"
)

// MostWritten is the most characters kept of one field of a form.
const MostWritten = 5000

// A Field is one question of an answer that is a form.
type Field struct {
	Name    string   `json:"name"`
	Label   Words    `json:"label"`
	Hint    Words    `json:"hint,omitzero"`
	Kind    string   `json:"kind"` // "line", "text", "date" or "choice"
	Options []Option `json:"options,omitempty"`
	Good    Words    `json:"good,omitzero"` // what somebody who knows would write, unless the subject says it
}

// A Subject is what a form is about: what the person is told of it, and what is true of it by field, for the checks of facts.
type Subject struct {
	Text  Words             `json:"text"`
	Facts map[string]string `json:"facts"`
}

func (a Answer) blank() bool {
	for _, s := range a.Fields {
		if strings.TrimSpace(s) != "" {
			return false
		}
	}
	return true
}

// subject draws what a form is about.
func (m Mission) subject(r *rand.Rand) (Variant, error) {
	if len(m.Fields) == 0 || len(m.Subjects) == 0 {
		return Variant{}, fmt.Errorf("mission %s: a form without fields or without subjects", m.ID)
	}
	return Variant{Subject: r.IntN(len(m.Subjects))}, nil
}

// field is the mission's field of a name, nil without it.
func (m Mission) field(name string) *Field {
	for i := range m.Fields {
		if m.Fields[i].Name == name {
			return &m.Fields[i]
		}
	}
	return nil
}

// filled is the form as somebody who knows would fill it.
func (m Mission) filled(v Variant) map[string]string {
	good := map[string]string{}
	for _, f := range m.Fields {
		good[f.Name] = f.Good.FR
		if fact, ok := m.Subjects[v.Subject].Facts[f.Name]; ok {
			good[f.Name] = fact
		}
	}
	return good
}

// wrongly is what a mistake leaves in a field.
func (m Mission) wrongly(v Variant, b Bad) string {
	f, good := m.field(b.Column), m.filled(v)[b.Column]
	if b.Mistake == "written" {
		return b.Text
	}
	if b.Mistake == "left blank" {
		return ""
	}
	for _, o := range f.Options {
		if o.Value != good {
			return o.Value
		}
	}
	if day, layout, ok := french.Date(good); ok {
		return day.AddDate(1, 0, 1).Format(layout) // a year alone changes too
	}
	if n, ok := french.Number(good); ok {
		return fmt.Sprint(n + 1)
	}
	return good + " ?"
}

func judgeFilled(c *answered, check Check) (Result, error) {
	n := utf8.RuneCountInString(strings.Join(strings.Fields(c.answer.Fields[check.Column]), " "))
	return Result{Passed: n >= max(1, check.Length), Args: []any{n, max(1, check.Length)}}, nil
}

// judgeTells wants a text to hold one of the words, or parts of words, that say something, whatever their case and accents.
func judgeTells(c *answered, check Check) (Result, error) {
	text := french.Fold(c.answer.Fields[check.Column]) + " "
	return Result{Passed: slices.ContainsFunc(check.Columns, func(w string) bool { return strings.Contains(text, french.Fold(w)) })}, nil
}

// leastNew is how many words a text must add to another to say more than it.
const leastNew = 4

func judgeDiffers(c *answered, check Check) (Result, error) {
	more := adds(c.answer.Fields[check.Column], c.answer.Fields[check.Is])
	return Result{Passed: more >= leastNew, Args: []any{more, leastNew}}, nil
}

// adds counts the words of a text that say more than another: neither there nor words of every sentence, each once.
func adds(text, to string) (more int) {
	known := map[string]bool{}
	for _, w := range french.Words(to) {
		known[french.Stem(w)] = true
	}
	for _, w := range french.Words(text) {
		if stem := french.Stem(w); !known[stem] && !french.Stop(w) {
			known[stem] = true
			more++
		}
	}
	return more
}

func judgeFact(c *answered, check Check) (Result, error) {
	want, ok := c.Subjects[c.Variant.Subject].Facts[check.Column]
	if !ok {
		return Result{}, fmt.Errorf("the subject says nothing of %q", check.Column)
	}
	got := strings.TrimSpace(c.answer.Fields[check.Column])
	return Result{Passed: got != "" && (same(got, want) || french.Fold(got) == french.Fold(want))}, nil
}

// spans are the words that measure time, without accents.
var spans = []string{"jour", "semaine", "mois", "an", "ans", "annee", "day", "week", "month", "year"}

// judgeDuration asks for a number beside a word that measures time: "trois ans" is taken, "le temps nécessaire" is not.
func judgeDuration(c *answered, check Check) (Result, error) {
	words := strings.FieldsFunc(french.Fold(c.answer.Fields[check.Column]), func(r rune) bool { return strings.ContainsRune(" ,.;:()\u00a0\u202f\n\r\t'’-/", r) })
	for i, w := range words {
		if i == 0 {
			continue
		}
		for _, s := range spans {
			if (w == s || w == s+"s") && numeral(words[i-1]) {
				return Result{Passed: true}, nil
			}
		}
	}
	return Result{}, nil
}

func numeral(w string) bool {
	_, ok := french.Number(w)
	return ok || strings.Contains(" un une deux trois quatre cinq six sept huit neuf dix douze quinze vingt trente cinquante cent one two three four five eight ten twelve twenty fifty ", " "+w+" ")
}

// judgeScore reckons the record as the catalogue does, with a file that is there and whose data was updated today: what nobody has to write.
func judgeScore(c *answered, check Check) (r Result, _ error) {
	written := c.answer.Fields
	today := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // any day: the data is as old as the judging, so that a verdict never changes
	record := catalogue.Record{Title: written["title"], Description: written["description"], Licence: written["licence"], Frequency: written["frequency"], LastUpdate: today,
		Spatial: catalogue.Spatial{Name: strings.TrimSpace(written["spatial"])}, Temporal: catalogue.Temporal{Start: catalogue.Date(strings.TrimSpace(written["start"]))},
		Resources: []catalogue.Resource{{Format: "csv", Available: true, Description: strings.TrimSpace(written["documentation"])}}}
	s := catalogue.ScoreOf(record, today)
	for _, missing := range s.Missing() {
		r.Findings = append(r.Findings, finding.Finding{Column: -1, Reason: "mission.lead_" + string(missing.Key), Severity: finding.Error})
	}
	r.Passed, r.Args = s.Met >= check.Points, []any{s.Met, s.Total, check.Points}
	return r, nil
}
