package datasetweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A mappingPage says which column of a table is which field of a schema, as a form.
type mappingPage struct {
	Frame    frame
	Schema   string // as the pack names it
	Title    string
	Href     string
	Action   string
	Notices  []ui.Notice
	Groups   []mappingGroup
	Left     []string // columns of no field
	Others   ui.Group // what becomes of them
	Remember *ui.Checkbox
	Back     ui.LinkButton
}

// A mappingGroup is the fields at one point of the work.
type mappingGroup struct {
	ID, Title, Text string
	Closed          bool
	Fields          []mappingField
}

// A mappingField is one field of the schema, and what is taken for it.
type mappingField struct {
	ID, Name, Title string
	Badges          []ui.Badge
	About           string // what it holds
	Was, Of         string // name and value of the hidden input that says which column the rest is about
	Column          ui.Choice
	Constant        ui.Field
	Fixed           bool // it has a value for every row, or needs one
	Convert         *ui.Checkbox
	Values          []mappingValue
	Unlisted        string // how many values are beyond those
	Reasons         []string
	Sum             string
	Samples         []mappingSample
}

// A mappingValue is a value that is not in the list of a field.
type mappingValue struct {
	Name, From string // of the hidden input that carries it
	To         ui.Choice
}

// A mappingSample is a value before and after.
type mappingSample struct {
	Before, After, What string
	Changed, Wrong      bool
}

var mappingTemplate = ui.Page[mappingPage](pages, "pages/mapping.tmpl", "pages/mapping-field.tmpl", "pages/frame.tmpl")

// valuesShown is how many values out of a list are offered for a choice; the others wait for the next look.
const valuesShown = 25

// mapping proposes which column of a table is which field of the schema in the address, that of the table when it says
// none.
func (d Desk) mapping(w http.ResponseWriter, r *http.Request, s subject) error {
	if !s.mayChange {
		return web.Redirect(w, r, s.base, web.Said{})
	}
	ref := r.URL.Query().Get("schema")
	if ref == "" {
		ref = s.source.Schema
	}
	if ref == "" { // one is chosen first
		return web.Redirect(w, r, schemaPath(s), web.Said{})
	}
	draft, err := d.draft(r, s, ref)
	if err != nil {
		return err
	}
	return d.showMapping(w, r, s, draft, mappingState{status: http.StatusOK})
}

// draft proposes a mapping to the schema of a form or an address.
func (d Desk) draft(r *http.Request, s subject, ref string) (dataset.MappingDraft, error) {
	e, err := d.Schemas.Find(ref)
	if err != nil {
		return dataset.MappingDraft{}, err
	}
	return d.Dataset.Draft(r.Context(), web.Actor(r), s.source, e.Name)
}

// mappingPath is where a table is mapped to a schema.
func mappingPath(s subject) string {
	if s.kept != nil {
		return s.base + "/schema/mapping"
	}
	return s.base + "/mapping"
}

// schemaPath is where a schema is chosen for a table.
func schemaPath(s subject) string {
	if s.kept != nil {
		return s.base + "/schema"
	}
	return s.base + "#schema-title"
}

// A mappingState is what a form that is shown again says beside the mapping.
type mappingState struct {
	status int
	errs   ui.FormErrors
	tried  bool // somebody looks at the effect of a choice
}

func (d Desk) showMapping(w http.ResponseWriter, r *http.Request, s subject, draft dataset.MappingDraft, st mappingState) error {
	p := web.VisitOf(r).P
	name := draft.Mapping.Schema
	page := mappingPage{Frame: d.frameOf(r, s, "datasetweb.mapping_title", false), Schema: name, Title: draft.Schema.Title, Href: ui.Link("/schemas", strings.Split(name, "/")...),
		Action: mappingPath(s), Left: draft.Seen.Left(draft.Mapping), Back: ui.LinkButton{Label: p.T("datasetweb.mapping_back"), Href: s.base, Look: ui.Quiet}}
	if absent := draft.Seen.Absent(draft.Schema, draft.Mapping); len(absent) > 0 {
		page.Notices = append(page.Notices, ui.Notice{Kind: ui.Warning, Text: p.T("datasetweb.mapping_absent", len(absent), strings.Join(absent, ", "))})
	} else {
		page.Notices = append(page.Notices, ui.Notice{Kind: ui.Success, Text: p.T("datasetweb.mapping_complete")})
	}
	if st.tried {
		page.Notices = append(page.Notices, ui.Notice{Kind: ui.Info, Text: p.T("datasetweb.mapping_tried")})
	}
	page.Groups = newMappingGroups(p, draft, st.errs)
	page.Others = ui.Group{Name: "others", Label: p.T("datasetweb.mapping_others"), Options: []ui.Option{
		{Value: "keep", Label: p.T("datasetweb.mapping_keep"), Selected: !draft.Mapping.Drop}, {Value: "drop", Label: p.T("datasetweb.mapping_drop"), Selected: draft.Mapping.Drop}}}
	if web.Actor(r).Known() {
		page.Remember = &ui.Checkbox{Name: "remember", Label: p.T("datasetweb.mapping_remember"), Hint: p.T("datasetweb.mapping_remember_hint"), Checked: !st.tried && st.errs == nil || r.PostFormValue("remember") != ""}
	}
	head := headOf(r, s, "datasetweb.mapping_title")
	head.Errors = st.errs
	return mappingTemplate.Render(w, r, st.status, head, page)
}

// newMappingGroups sorts the fields: those that wait for somebody, those that are settled, those nothing is needed for.
func newMappingGroups(p *i18n.Printer, draft dataset.MappingDraft, errs ui.FormErrors) []mappingGroup {
	group := func(word string, closed bool) mappingGroup {
		return mappingGroup{ID: "mapping-" + word, Title: p.T("datasetweb.mapping_" + word), Text: p.T("datasetweb.mapping_" + word + "_text"), Closed: closed}
	}
	open, settled, free := group("open", false), group("settled", false), group("free", true)
	for i, t := range draft.Seen.Try(draft.Schema, draft.Mapping) {
		f := draft.Schema.Fields[i]
		v := newMappingField(p, draft, i, t, errs)
		unsure := draft.Matches != nil && t.Mapped != nil && t.Mapped.Column != "" && draft.Matches[i].Score < schema.Sure
		if unsure {
			v.Badges = append(v.Badges, ui.Badge{Kind: ui.Warning, Icon: "triangle-alert", Label: p.T("datasetweb.mapping_unsure")})
		}
		switch {
		case v.Column.Error != "", unsure, t.Wrong > 0, draft.Schema.Required(f.Name) && t.Right+t.Changed == 0:
			open.Fields = append(open.Fields, v)
		case t.Mapped == nil:
			free.Fields = append(free.Fields, v)
		default:
			settled.Fields = append(settled.Fields, v)
		}
	}
	return slices.DeleteFunc([]mappingGroup{open, settled, free}, func(g mappingGroup) bool { return len(g.Fields) == 0 })
}

func newMappingField(p *i18n.Printer, draft dataset.MappingDraft, i int, t dataset.Trial, errs ui.FormErrors) mappingField {
	f, n := draft.Schema.Fields[i], strconv.Itoa(i)
	v := mappingField{ID: "field-" + n + "-of", Name: f.Name, Title: f.Title, About: aboutField(p, f)}
	if v.Title == "" {
		v.Title = f.Name
	}
	required := draft.Schema.Required(f.Name)
	if required {
		v.Badges = append(v.Badges, ui.Badge{Kind: ui.Info, Label: p.T("datasetweb.mapping_required")})
	}
	m := dataset.Mapped{Convert: true}
	if t.Mapped != nil {
		m = *t.Mapped
	}
	v.Was, v.Of = "was-"+n, m.Column
	v.Column = ui.Choice{Name: "field-" + n, Label: p.T("datasetweb.mapping_column"), Empty: p.T("datasetweb.mapping_no_column"), Error: errs.For("field-" + n)}
	for _, c := range draft.Seen.Columns {
		v.Column.Options = append(v.Column.Options, ui.Option{Value: c.Name, Label: shorten(columnLabel(c), 90), Selected: c.Name == m.Column})
	}
	v.Constant = ui.Field{Name: "constant-" + n, Label: p.T("datasetweb.mapping_constant"), Hint: p.T("datasetweb.mapping_constant_hint"), Value: m.Constant, Optional: true}
	v.Fixed = m.Constant != "" || required && t.Mapped == nil
	if m.Column != "" && !schema.NewConverter(draft.Schema, f).Free() {
		v.Convert = &ui.Checkbox{Name: "convert-" + n, Label: p.T("datasetweb.mapping_convert"), Checked: m.Convert}
	}
	for k, from := range t.Unlisted[:min(len(t.Unlisted), valuesShown)] {
		v.Values = append(v.Values, newMappingValue(p, f, n+"-"+strconv.Itoa(k), from, m.Values))
	}
	if more := len(t.Unlisted) - len(v.Values); more > 0 {
		v.Unlisted = p.T("datasetweb.mapping_unlisted", more)
	}
	if draft.Matches != nil && m.Column != "" {
		for _, reason := range draft.Matches[i].Reasons {
			v.Reasons = append(v.Reasons, p.T(reason.Key, words(reason.Args)...))
		}
	}
	v.show(p, t)
	return v
}

// show says what becomes of the values.
func (v *mappingField) show(p *i18n.Printer, t dataset.Trial) {
	switch {
	case t.Mapped == nil:
		return
	case t.Right+t.Changed+t.Wrong == 0:
		v.Sum = p.T("datasetweb.mapping_no_value")
	case t.Wrong > 0:
		v.Sum = p.T("datasetweb.mapping_wrong", t.Wrong)
	case t.Changed > 0:
		v.Sum = p.T("datasetweb.mapping_changed", t.Changed)
	default:
		v.Sum = p.T("datasetweb.mapping_right")
	}
	for _, s := range t.Samples {
		sample := mappingSample{Before: shorten(s.Before, 80), After: shorten(s.After, 80), Changed: s.Before != s.After, Wrong: !s.OK}
		switch {
		case s.Kind != "" && p.Has("schema.convert_"+s.Kind):
			sample.What = p.T("schema.convert_" + s.Kind)
		case s.Kind != "":
			sample.What = p.T("schema.fix_" + s.Kind)
		}
		v.Samples = append(v.Samples, sample)
	}
}

func newMappingValue(p *i18n.Printer, f schema.Field, n, from string, chosen map[string]string) mappingValue {
	to, decided := chosen[from]
	v := mappingValue{Name: "from-" + n, From: from, To: ui.Choice{Name: "to-" + n, Label: p.T("datasetweb.mapping_value", shorten(from, 60)), Options: []ui.Option{
		{Value: "stay", Label: p.T("datasetweb.mapping_stays"), Selected: !decided}, {Value: "empty", Label: p.T("datasetweb.mapping_empties"), Selected: decided && to == ""}}}}
	for _, e := range f.Constraints.Enum {
		v.To.Options = append(v.To.Options, ui.Option{Value: "=" + e, Label: shorten(e, 90), Selected: decided && to == e})
	}
	return v
}

// columnLabel names a column by its name and a value.
func columnLabel(c schema.Sight) string {
	if len(c.Values) == 0 {
		return c.Name
	}
	return c.Name + " (" + shorten(c.Values[0], 30) + ")"
}

// aboutField says in a few words what a field holds.
func aboutField(p *i18n.Printer, f schema.Field) string {
	var list []string
	for _, phrase := range f.TypeWords() {
		list = append(list, p.T(phrase.Key, words(phrase.Args)...))
	}
	if f.Example != "" {
		list = append(list, p.T("datasetweb.for_example")+" "+shorten(f.Example, 60))
	}
	return strings.Join(list, " · ")
}
