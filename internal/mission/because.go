package mission

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"cultured/internal/finding"
	"cultured/internal/french"
)

// A Because is what is written beside each decision of a mission of choices, and stays with it: its reason, or the figure the data gives.
type Because struct {
	Label  Words `json:"label"`
	Hint   Words `json:"hint,omitzero"`
	Length int   `json:"length,omitempty"` // characters at least, for reasons
	Figure bool  `json:"figure,omitempty"` // the figure that is true, for claims about data
}

// The mistakes of reasons: what the page says is copied, one reason serves for all, another figure is written.
const (
	copied    Mistake = "copied"
	sameWords Mistake = "same words"
	oneMore   Mistake = "one more"
)

// reasons are those somebody who knows would write, for the cases of a variant.
func (m Mission) reasons(v Variant) (list []string, err error) {
	if m.Because == nil {
		return nil, nil
	}
	for _, at := range v.Cases {
		written := m.Cases[at].Good
		if m.Because.Figure {
			n, err := m.Cases[at].Question.answer(v.Truth)
			if err != nil {
				return nil, err
			}
			written = figure(n)
		}
		list = append(list, written)
	}
	return list, nil
}

// badChoices is the good answer with one option for all, or with reasons somebody might write who thinks of none.
func (m Mission) badChoices(v Variant, good Answer, b Bad) (Answer, error) {
	if b.Mistake == "always" {
		good.Choices = slices.Repeat([]string{b.Column}, len(v.Cases))
		return good, nil
	}
	if !slices.Contains([]Mistake{"left blank", copied, sameWords, oneMore}, b.Mistake) || len(good.Reasons) < len(v.Cases) {
		return good, fmt.Errorf("no mistake %q of such choices", b.Mistake)
	}
	for i, at := range v.Cases {
		switch b.Mistake {
		case "left blank":
			good.Reasons[i] = ""
		case copied:
			good.Reasons[i] = m.Cases[at].Text.FR + " " + m.Cases[at].Lead.FR
		case sameWords:
			good.Reasons[i] = good.Reasons[0]
		case oneMore:
			n, _ := french.Number(good.Reasons[i]) // written by reasons
			good.Reasons[i] = figure(n + 1)
		}
	}
	return good, nil
}

// judgeReasons says which decisions lack a reason that holds: long enough, not what the page says already, not another decision's, and with a word of the matter
// where the case names some; or which figures are not those of the data. Row of a finding is the case's place in the mission, from 1.
func judgeReasons(c *answered, check Check) (r Result, _ error) {
	seen := map[string]bool{}
	for i, at := range c.Variant.Cases {
		written := ""
		if i < len(c.answer.Reasons) {
			written = strings.Join(strings.Fields(c.answer.Reasons[i]), " ")
		}
		lead := ""
		if c.Because != nil && c.Because.Figure {
			want, err := c.Mission.Cases[at].Question.answer(c.Truth)
			if err != nil {
				return r, err
			}
			if n, ok := french.Number(written); !ok || math.Abs(n-want) > 0.06 { // a mean is written with one decimal, cut or rounded
				lead = "mission.lead_figure"
			}
		} else {
			lead = c.unreasoned(c.Mission.Cases[at], written, seen)
		}
		if lead != "" {
			r.Findings = append(r.Findings, finding.Finding{Row: at + 1, Column: -1, Value: written, Reason: lead, Severity: finding.Error})
		}
	}
	held := len(c.Variant.Cases) - len(r.Findings)
	r.Passed, r.Args = float64(held) >= check.Least*float64(len(c.Variant.Cases)), []any{held, len(c.Variant.Cases)}
	return r, nil
}

// unreasoned is what a reason lacks, "" for nothing; seen are those of the cases before.
func (c *answered) unreasoned(of Case, written string, seen map[string]bool) string {
	said := french.Fold(written) + " "
	repeated := seen[said]
	seen[said] = true
	switch {
	case utf8.RuneCountInString(written) < max(1, c.Because.length()):
		return "mission.lead_reason_short"
	case repeated:
		return "mission.lead_reason_repeated"
	case adds(written, of.Text.FR+" "+of.Text.EN+" "+of.Lead.FR+" "+of.Lead.EN) == 0:
		return "mission.lead_reason_copied"
	case len(of.Tells) > 0 && !slices.ContainsFunc(of.Tells, func(w string) bool { return strings.Contains(said, french.Fold(w)) }):
		return "mission.lead_reason_beside"
	}
	return ""
}

func (b *Because) length() int {
	if b == nil {
		return 0
	}
	return b.Length
}

// A Decision is one line of the sheet that stays of a mission of choices.
type Decision struct{ Case, Choice, Reason string }

// Decisions are those of an answer, in the words of a language; number writes a figure.
func (m Mission) Decisions(v Variant, a Answer, lang string, number func(any) string) (list []Decision) {
	for i, at := range v.Cases {
		d := Decision{Case: m.Text(v, at, lang, number)}
		if i < len(a.Choices) {
			d.Choice = a.Choices[i]
			if o := slices.IndexFunc(m.Options, func(o Option) bool { return o.Value == a.Choices[i] }); o >= 0 {
				d.Choice = m.Options[o].Label.In(lang)
			}
		}
		if i < len(a.Reasons) {
			d.Reason = a.Reasons[i]
		}
		list = append(list, d)
	}
	return list
}

// proveOptions returns the options that pass when they are chosen for every case, with reasons somebody who knows would write: each once.
func (m Mission) proveOptions(source Table, seeds int, b Bench) (problems []error) {
	if m.Answer != AnswerChoices {
		return nil
	}
	for _, o := range m.Options {
		for seed := range uint64(seeds) {
			v, err := m.Draw(source, seed)
			if err != nil {
				break // Prove says so
			}
			a, err := m.bad(v, Bad{Mistake: "always", Column: o.Value})
			if err != nil {
				break
			}
			if verdict, err := m.Judge(v, a, b); err == nil && verdict.Passed {
				problems = append(problems, Doubt{Key: "mission.doubt_always", Args: []any{o.Label.FR}})
				break
			}
		}
	}
	return problems
}

// choiceCandidates are the mistakes that may fail a check of choices.
func (m Mission) choiceCandidates(check Check) (list []Bad) {
	if check.Kind == "reasons" {
		for _, one := range []Mistake{"left blank", copied, sameWords} {
			list = append(list, Bad{Mistake: one, Fails: check.Kind})
		}
		return list
	}
	for _, o := range m.Options {
		list = append(list, Bad{Mistake: "always", Column: o.Value, Fails: check.Kind})
	}
	return list
}

// fieldCandidates are the mistakes that may fail a check of one field, or of the record all make.
func (m Mission) fieldCandidates(v Variant, check Check) (list []Bad) {
	switch check.Kind {
	case "score":
		for _, f := range m.Fields {
			list = append(list, Bad{Mistake: "left blank", Column: f.Name, Fails: check.Kind})
		}
		return list
	case "differs":
		list = append(list, Bad{Mistake: "written", Column: check.Column, Text: m.filled(v)[check.Is], Fails: check.Kind})
	case "fact":
		list = append(list, Bad{Mistake: "otherwise", Column: check.Column, Fails: check.Kind})
	}
	return append(list, Bad{Mistake: "left blank", Column: check.Column, Fails: check.Kind}, Bad{Mistake: "written", Column: check.Column, Text: "…", Fails: check.Kind})
}

// unwritten is what a mission of decisions, or of a sheet to fill in, lacks before it can be drawn: a sentence of the catalogue, "" for nothing.
func (m Mission) unwritten() string {
	switch {
	case m.Answer == AnswerFields && (len(m.Fields) == 0 || len(m.Subjects) == 0):
		return "mission.doubt_no_fields"
	case m.Answer == AnswerChoices && (len(m.Options) < 2 || len(m.Cases) < 2):
		return "mission.doubt_no_cases"
	case m.Answer == AnswerChoices && slices.ContainsFunc(m.Cases, func(c Case) bool {
		return c.Question == nil && !slices.ContainsFunc(m.Options, func(o Option) bool { return o.Value == c.Right })
	}):
		return "mission.doubt_no_right"
	}
	return ""
}
