package catalogueweb

import (
	"net/url"
	"slices"
	"strings"

	"cultured/internal/catalogue"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// A recordForm is the record as a form: first what only people know, then what is already filled.
type recordForm struct {
	Version int
	// the human questions
	Purpose, Limits, Origin ui.Textarea
	Owner, Contact          ui.Field
	Frequency, Licence      ui.Choice
	Confidentiality         ui.Group
	// prefilled
	Title                    ui.Field
	Description              ui.Textarea
	Keywords                 ui.Field
	Themes                   ui.Group
	SpatialName, SpatialCode ui.Field
	TemporalStart            ui.Field
	TemporalEnd              ui.Field
}

// A question is one of the six things only people know.
type question struct {
	Text     string
	Answered bool
	Field    string
}

func newRecordForm(p *i18n.Printer, r catalogue.Record, errs ui.FormErrors) recordForm {
	field := func(name, value string) ui.Field {
		return ui.Field{Name: name, Label: p.T(label(name)), Value: value, Hint: p.T("catalogueweb.hint_" + name), Error: errs.For(name)}
	}
	area := func(name, value string, rows int) ui.Textarea {
		return ui.Textarea{Name: name, Label: p.T("catalogue.field_" + name), Value: value, Hint: p.T("catalogueweb.hint_" + name), Error: errs.For(name), Rows: rows}
	}
	f := recordForm{Version: r.Version,
		Purpose: area("purpose", r.Purpose, 3), Limits: area("limits", r.Limits, 3), Origin: area("origin", r.Origin, 3),
		Owner: field("owner", r.Owner), Contact: field("contact", r.Contact),
		Title: field("title", r.Title), Description: area("description", r.Description, 6), Keywords: field("keywords", strings.Join(r.Keywords, ", ")),
		SpatialName: field("spatial_name", r.Spatial.Name), SpatialCode: field("spatial_code", r.Spatial.Code),
		TemporalStart: field("temporal_start", writeDate(r.Temporal.Start)), TemporalEnd: field("temporal_end", writeDate(r.Temporal.End))}
	f.Title.Required = true
	f.Contact.Type, f.Contact.Autocomplete, f.Owner.Autocomplete = "email", "off", "name"
	f.SpatialCode.Size, f.TemporalStart.Size, f.TemporalEnd.Size = "short", "short", "short"
	f.SpatialName.Error, f.TemporalStart.Error = firstOf(errs, "spatial_name", "spatial"), firstOf(errs, "temporal_start", "temporal")
	f.Frequency = ui.Choice{Name: "frequency", Label: p.T("catalogue.field_frequency"), Hint: p.T("catalogueweb.hint_frequency"), Empty: p.T("catalogueweb.choose"), Error: errs.For("frequency")}
	for _, one := range catalogue.Frequencies() {
		f.Frequency.Options = append(f.Frequency.Options, ui.Option{Value: one.Code, Label: p.T(one.Key()), Selected: one.Code == r.Frequency})
	}
	f.Licence = ui.Choice{Name: "licence", Label: p.T("catalogue.field_licence"), Hint: p.T("catalogueweb.hint_licence"), Empty: p.T("catalogueweb.choose"), Error: errs.For("licence")}
	for _, one := range catalogue.Licences() {
		group := p.T("catalogueweb.licence_other")
		if one.Decree {
			group = p.T("catalogueweb.licence_decree")
		}
		f.Licence.Options = append(f.Licence.Options, ui.Option{Value: one.ID, Label: one.Title, Group: group, Selected: one.ID == r.Licence})
	}
	f.Confidentiality = ui.Group{Name: "confidentiality", Label: p.T("catalogue.field_confidentiality"), Error: errs.For("confidentiality")}
	for _, c := range catalogue.Confidentialities() {
		f.Confidentiality.Options = append(f.Confidentiality.Options, ui.Option{Value: string(c), Label: p.T(c.Key()), Hint: p.T("catalogueweb.confidentiality_" + string(c)), Selected: c == r.Confidentiality})
	}
	f.Themes = ui.Group{Name: "themes", Label: p.T("catalogue.field_themes"), Hint: p.T("catalogueweb.hint_themes"), Many: true, Error: errs.For("themes")}
	for _, t := range catalogue.Themes() {
		f.Themes.Options = append(f.Themes.Options, ui.Option{Value: string(t), Label: p.T(t.Key()), Selected: slices.Contains(r.Themes, t)})
	}
	return f
}

// label is the key of a form field's name: the record's own field, or its half where the form splits one.
func label(name string) string {
	if strings.HasPrefix(name, "spatial_") || strings.HasPrefix(name, "temporal_") {
		return "catalogueweb.label_" + name
	}
	return "catalogue.field_" + name
}

func firstOf(errs ui.FormErrors, names ...string) string {
	for _, n := range names {
		if e := errs.For(n); e != "" {
			return e
		}
	}
	return ""
}

// readForm takes into r what the form carries; fields it does not carry stay as they are.
func readForm(form url.Values, r *catalogue.Record) (wrong fault.List) {
	text := func(name string, to *string) {
		if form.Has(name) {
			*to = strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n"))
		}
	}
	text("title", &r.Title)
	text("description", &r.Description)
	text("purpose", &r.Purpose)
	text("limits", &r.Limits)
	text("origin", &r.Origin)
	text("owner", &r.Owner)
	text("contact", &r.Contact)
	text("frequency", &r.Frequency)
	text("licence", &r.Licence)
	name, code := r.Spatial.Name, r.Spatial.Code
	text("spatial_name", &r.Spatial.Name)
	text("spatial_code", &r.Spatial.Code)
	if name != r.Spatial.Name || code != r.Spatial.Code {
		r.Spatial.Kind = catalogue.TerritoryKind(r.Spatial.Code)
	}
	if form.Has("confidentiality") {
		r.Confidentiality = catalogue.Confidentiality(form.Get("confidentiality"))
	}
	if form.Has("keywords") {
		r.Keywords = words(form.Get("keywords"))
	}
	if form.Has("title") { // an unticked box sends nothing: the form as a whole says that it was there
		r.Themes = nil
		for _, t := range form["themes"] {
			r.Themes = append(r.Themes, catalogue.Theme(t))
		}
		r.Version = version(form.Get("version"))
	}
	for field, to := range map[string]*catalogue.Date{"temporal_start": &r.Temporal.Start, "temporal_end": &r.Temporal.End} {
		if form.Has(field) {
			d, ok := readDate(form.Get(field))
			if !ok {
				wrong.Add(field, "catalogueweb.date_wrong", form.Get(field))
				continue
			}
			*to = d
		}
	}
	return wrong
}

// words splits keywords at commas and semicolons.
func words(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if w = strings.Join(strings.Fields(w), " "); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func urlQuery(s string) string { return url.QueryEscape(s) }
