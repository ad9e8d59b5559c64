package formweb

import (
	"strings"

	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// columns asks what the owner's files call the question and its options, and locks what a model says.
func (page *blockPage) columns(p *i18n.Printer, in blockDraft) {
	b := in.block
	if at := in.form.Find(b.Name); at >= 0 && in.form.Blocks[at].Common && in.form.Model != nil {
		page.Locked = &ui.Notice{Title: p.T("formweb.locked", in.form.Model.Title), Text: p.T("formweb.locked_text")}
		page.Required, page.Options, page.Min, page.Max, page.About, page.Formula, page.Within, page.Tests, page.Area = nil, nil, nil, nil, nil, nil, nil, nil, nil
		page.Initial, page.InitialText, page.Today, page.Narrow, page.With = nil, nil, nil, nil, nil
		if !in.form.Blocks[at].Personal() {
			page.Purpose, page.Retention = nil, nil
		}
	}
	if !b.Kind.Asks() {
		return
	}
	page.Column = &ui.Field{Name: "column", Label: p.T("formweb.column"), Hint: p.T("formweb.column_hint", columnName(b)), Value: b.Column, Error: in.errs.For("column"), MaxLength: form.ColumnMost, Optional: true, Autocomplete: "off"}
	if b.Kind.Chooses() && len(b.Options) > 0 {
		page.Codes = &ui.Textarea{Name: "codes", Label: p.T("formweb.codes"), Hint: p.T("formweb.codes_hint"), Value: codesText(b), Error: in.errs.For("codes"), Rows: min(len(b.Options)+1, 8), Optional: true}
	}
}

func columnName(b form.Block) string {
	if b.Name == "" {
		return form.Slug(b.Label)
	}
	return b.Name
}

// codesText writes a line for each option: what is asked, what files write.
func codesText(b form.Block) string {
	var lines []string
	for _, o := range b.Options {
		lines = append(lines, strings.TrimSpace(o+" = "+b.Codes[o]))
	}
	for o, code := range b.Codes {
		if !strings.Contains("\n"+strings.Join(b.Options, "\n")+"\n", "\n"+o+"\n") {
			lines = append(lines, o+" = "+code) // refused, and shown as typed
		}
	}
	return strings.Join(lines, "\n")
}

// readCodes reads such lines; a line without the sign names itself.
func readCodes(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		option, code := line, line
		if at := strings.LastIndexByte(line, '='); at >= 0 {
			option, code = strings.TrimSpace(line[:at]), strings.TrimSpace(line[at+1:])
		}
		if option != "" {
			out[option] = code
		}
	}
	return out
}
