package formweb

import (
	"net/http"
	"slices"
	"strings"

	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// initial asks what stands in the field before anybody types.
func (page *blockPage) initial(p *i18n.Printer, in blockDraft) {
	b := in.block
	if !b.Kind.Proposes() {
		return
	}
	wrong, said := in.errs.For("initial"), strings.Join(b.Initial, "\n")
	if b.Kind == form.Many || b.Kind == form.LongText {
		page.InitialText = &ui.Textarea{Name: "initial", Label: p.T("formweb.initial"), Hint: p.T("formweb.initial_hint"), Value: said, Error: wrong, Rows: 2, Optional: true}
		if b.Kind == form.Many {
			page.InitialText.Label, page.InitialText.Hint = p.T("formweb.initial_many"), p.T("formweb.initial_many_hint")
		}
		return
	}
	page.Initial = &ui.Field{Name: "initial", Label: p.T("formweb.initial"), Hint: p.T("formweb.initial_hint"), Value: said, Error: wrong, Optional: true, Autocomplete: "off", MaxLength: form.LineMost, Suggestions: b.Options}
	switch b.Kind {
	case form.Number:
		page.Initial.Size, page.Initial.Mode = "short", "decimal"
	case form.Date:
		page.Initial.Type, page.Initial.Size, page.Initial.MaxLength = "date", "short", 0
		page.Today = &ui.Checkbox{Name: "initial-today", Label: p.T("formweb.initial_today"), Checked: said == form.Today}
		if page.Today.Checked {
			page.Initial.Value = ""
		}
	}
}

// readInitial reads them: one a line of what may have several, a text as it is of others.
func readInitial(r *http.Request, kind form.Kind) []string {
	text := r.PostFormValue("initial")
	switch {
	case kind == form.Date && r.PostFormValue("initial-today") != "":
		return []string{form.Today}
	case strings.TrimSpace(text) == "":
		return nil
	case kind == form.Many:
		return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	}
	return []string{text}
}

// unseen reports whether a question was not on the page before: all of a new page, and those whose condition was not met.
func (in answering) unseen(b form.Block) bool {
	if in.fresh {
		return true
	}
	return (b.When != nil || b.Narrow != nil) && !slices.ContainsFunc(in.shown, func(mark string) bool {
		name, _, _ := strings.Cut(mark, "=")
		return name == b.Name
	})
}

// todays are the fields that begin with the day of the answer: a page kept for want of a network is opened on another one.
func todays(f form.Form) string {
	var fields []string
	for _, b := range f.Blocks {
		if slices.Equal(b.Initial, []string{form.Today}) {
			fields = append(fields, b.Field())
		}
	}
	return strings.Join(fields, " ")
}

// initialText says in the builder what is proposed.
func initialText(p *i18n.Printer, b form.Block) string {
	switch {
	case len(b.Initial) == 0:
		return ""
	case b.Kind == form.Date && b.Initial[0] == form.Today:
		return p.T("formweb.begins_today")
	case b.Kind == form.Date:
		return p.T("formweb.begins", dayText(p, b.Initial[0]))
	}
	return p.T("formweb.begins", strings.Join(b.Initial, p.T("formweb.begins_between")))
}
