package mission

import (
	"slices"
	"strings"
	"unicode"

	"cultured/internal/finding"
	"cultured/internal/form"
	"cultured/internal/french"
)

// What makes a form readable by everybody, as far as a program sees it. Source: RGAA 4.1.2, theme 11.

// labelLeast is how many letters a label has that says something.
const labelLeast = 4

// judgeFormLabels wants labels that are read well, also aloud: no two alike, none in capitals alone or of a few letters, no abbreviation with a point.
func judgeFormLabels(c *answered, _ Check) (r Result, _ error) {
	seen, asked := map[string]bool{}, 0
	for _, b := range c.answer.Form.Blocks {
		if !b.Kind.Asks() {
			continue
		}
		asked++
		key := french.Fold(b.Label)
		switch letters := strings.Map(letter, b.Label); {
		case seen[key]:
			r.Findings = append(r.Findings, formLead(b.Label, "mission.lead_form_twice"))
		case len([]rune(letters)) < labelLeast:
			r.Findings = append(r.Findings, formLead(b.Label, "mission.lead_form_short"))
		case letters == strings.ToUpper(letters):
			r.Findings = append(r.Findings, formLead(b.Label, "mission.lead_form_capitals"))
		case shortened(b.Label):
			r.Findings = append(r.Findings, formLead(b.Label, "mission.lead_form_abbreviation"))
		}
		seen[key] = true
	}
	return formCounted(r, asked), nil
}

func letter(r rune) rune {
	if unicode.IsLetter(r) {
		return r
	}
	return -1
}

// shortened reports whether a text holds a word cut by a point: "tél.", "n. de rue".
func shortened(s string) bool {
	return slices.ContainsFunc(strings.Fields(s), func(w string) bool { return strings.HasSuffix(w, ".") && len([]rune(w)) <= 6 })
}

// formCounted is the result of a rule that each question follows or breaks.
func formCounted(r Result, asked int) Result {
	r.Passed, r.Args = asked > 0 && len(r.Findings) == 0, []any{asked - len(r.Findings), asked}
	return r
}

// judgeFormHints wants, under each question whose answer is written in one way only, a word on how.
func judgeFormHints(c *answered, _ Check) (Result, error) {
	var found []finding.Finding
	asked := 0
	for _, b := range c.answer.Form.Blocks {
		if !slices.Contains([]form.Kind{form.Number, form.Date, form.Phone, form.Email, form.File}, b.Kind) && b.Max == "" {
			continue
		}
		if asked++; len(french.Words(b.Hint)) < 2 {
			found = append(found, formLead(b.Label, "mission.lead_form_hint"))
		}
	}
	return formCounted(Result{Findings: found}, asked), nil
}

// judgeFormParts wants no more than Points questions in a row without a heading that says what they are about.
func judgeFormParts(c *answered, check Check) (r Result, _ error) {
	row, longest := 0, 0
	for _, b := range c.answer.Form.Blocks {
		if b.Kind == form.Heading {
			row = 0
		} else if b.Kind.Asks() {
			row++
		}
		longest = max(longest, row)
	}
	return Result{Passed: longest > 0 && longest <= check.Points, Args: []any{longest, check.Points}}, nil
}
