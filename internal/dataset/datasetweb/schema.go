package datasetweb

import (
	"net/http"
	"slices"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A schemaView says which schema a table follows, and proposes others.
type schemaView struct {
	Current    string // title of the schema, "" for none
	Href       string // its page
	Result     *ui.Notice
	Action     string         // address of the POST; "" for who may not
	Known      *knownView     // what the organisation decided for files like this one; nil for nothing
	MapChosen  string         // address of the POST that leads to the mapping to the schema chosen in the list
	Map        *ui.LinkButton // to the mapping of the columns; nil where there is none to make
	Candidates []candidateView
	Choice     ui.Choice
}

// A candidateView is a schema the table looks like.
type candidateView struct {
	Name, Title, Href string
	Map               string // address of the mapping
	Share             string // how alike, as a share
	Reasons           []string
}

// schemaPage is the tab of a dataset.
type schemaPage struct {
	Frame    frame
	Schema   schemaView
	Findings []reasonSection // what breaks the schema
}

var schemaTemplate = ui.Page[schemaPage](pages, "pages/schema.tmpl", "pages/frame.tmpl", "pages/schema-choice.tmpl", "pages/known.tmpl", "pages/reason.tmpl", "pages/part.tmpl")

// schema shows the schema of a dataset and what breaks it.
func (d Desk) schema(w http.ResponseWriter, r *http.Request, s subject) error {
	head := headOf(r, s, "datasetweb.tab_schema")
	page := schemaPage{Frame: d.frameOf(r, s, "datasetweb.tab_schema", true)}
	if page.Frame.Progress != nil {
		head.Refresh, s.mayChange = refresh, false // one change at a time
	}
	var err error
	if page.Schema, err = d.newSchema(r, s, nil); err != nil {
		return err
	}
	for _, sec := range d.newQuality(r, s, nil).Sections {
		sec.Reasons = slices.DeleteFunc(sec.Reasons, func(v reasonView) bool { return !strings.HasPrefix(v.Reason, "schema.") })
		if len(sec.Reasons) > 0 {
			sec.More, sec.Closed = ui.Table{}, false
			page.Findings = append(page.Findings, sec)
		}
	}
	return schemaTemplate.Render(w, r, http.StatusOK, head, page)
}

// follows says which schema the table was held against, and how that went.
func (v *schemaView) follows(p *i18n.Printer, s subject, title string) {
	v.Current, v.Result = title, &ui.Notice{Kind: ui.Success, Text: p.T("datasetweb.schema_valid", title)}
	if n := schemaFindings(s.outcome.Report); n > 0 {
		v.Result = &ui.Notice{Kind: ui.Warning, Text: p.T("datasetweb.schema_broken", n, title)}
	}
}

// sampleRows is how many rows are compared with the schemas.
const sampleRows = 100

// candidatesShown is how many schemas are proposed.
const candidatesShown = 3

func (d Desk) newSchema(r *http.Request, s subject, errs ui.FormErrors) (schemaView, error) {
	p := web.VisitOf(r).P
	v := schemaView{Choice: ui.Choice{Name: "schema", Label: p.T("datasetweb.schema_all"), Empty: p.T("datasetweb.schema_none"),
		Options: d.schemaOptions(p, s), Error: errs.For("schema")}}
	if s.mayChange {
		v.Action, v.MapChosen = s.base+"/schema", mappingPath(s)
	}
	var err error
	if v.Known, err = d.newKnown(r, s); err != nil {
		return v, err
	}
	if e, err := d.Schemas.Find(s.source.Schema); s.source.Schema != "" && err == nil {
		v.Href = ui.Link("/schemas", strings.Split(e.Name, "/")...)
		v.follows(p, s, e.Title)
		if s.mayChange && e.Kind == schema.KindTable && s.outcome.Table != "" {
			v.Map = &ui.LinkButton{Label: p.T("datasetweb.mapping_title"), Href: mappingPath(s), Icon: "columns-3"}
		}
		return v, nil
	}
	if report := s.outcome.Report; s.source.Schema == "" && report.Checked { // a Data Package brought its own
		v.follows(p, s, report.Schema)
		return v, nil
	}
	if !s.mayChange || s.outcome.Table == "" {
		return v, nil
	}
	var header []string
	for _, c := range s.outcome.Report.Profile.Columns {
		header = append(header, c.Source)
	}
	sample, err := d.sample(r, s)
	if err != nil {
		return v, err
	}
	for _, c := range d.Schemas.Rank(header, sample) {
		if len(v.Candidates) < candidatesShown && c.Score >= leastLikeness {
			v.Candidates = append(v.Candidates, newCandidate(p, s, c))
		}
	}
	return v, nil
}

// leastLikeness is the score under which a proposal would only distract.
const leastLikeness = 0.3

func schemaFindings(r dataset.Report) int {
	n := 0
	for _, g := range r.Groups {
		if strings.HasPrefix(g.Reason, "schema.") && severityKind(g.Severity) != ui.Info {
			n += g.Count
		}
	}
	return n
}

func newCandidate(p *i18n.Printer, s subject, c schema.Candidate) candidateView {
	v := candidateView{Name: c.Entry.Name, Title: c.Entry.Title, Share: p.Percent(float64(int(c.Score*100)) / 100), Href: ui.Link("/schemas", strings.Split(c.Entry.Name, "/")...)}
	v.Map, _ = ui.Query(mappingPath(s), "schema", c.Entry.Name) // pairs: cannot fail
	for _, reason := range c.Reasons {
		v.Reasons = append(v.Reasons, p.T(reason.Key, words(reason.Args)...))
	}
	return v
}

// sample reads the first rows as files write them.
func (d Desk) sample(r *http.Request, s subject) ([][]string, error) {
	page, err := d.Dataset.Rows(r.Context(), s.outcome, dataset.Query{Limit: sampleRows})
	if err != nil {
		return nil, err
	}
	out := make([][]string, len(page.Rows))
	for i, row := range page.Rows {
		for j, c := range row.Cells {
			out[i] = append(out[i], dataset.Plain(page.Columns[j].Type, c))
		}
	}
	return out, nil
}

// fitting lists the schemas that may judge the file: those of tables, those of JSON for a JSON file, and the one chosen,
// which may be an earlier version.
func (d Desk) fitting(s subject) []*schema.Entry {
	var list []*schema.Entry
	json := strings.Contains(s.outcome.Report.Reading.Format, "json")
	for _, e := range d.Schemas.All() {
		if e.Kind == schema.KindTable || e.Kind == schema.KindDocument && json {
			list = append(list, e)
		}
	}
	if e, err := d.Schemas.Find(s.source.Schema); err == nil && !slices.Contains(list, e) {
		list = append(list, e)
	}
	return list
}

// schemaOptions lists the schemas that may judge the file, the common base of local data first.
func (d Desk) schemaOptions(p *i18n.Printer, s subject) []ui.Option {
	var out []ui.Option
	for _, e := range d.fitting(s) {
		o := ui.Option{Value: e.Name, Label: shorten(strings.TrimSpace(e.Title), 90), Group: p.T("datasetweb.schemas_other"), Selected: e.Name == s.source.Schema}
		if _, version, older := strings.Cut(e.Name, "@"); older {
			o.Label += " " + version
		}
		if e.SCDL {
			o.Group = p.T("datasetweb.schemas_scdl")
		}
		out = append(out, o)
	}
	first := p.T("datasetweb.schemas_scdl")
	slices.SortStableFunc(out, func(a, b ui.Option) int {
		if a.Group != b.Group {
			if a.Group == first {
				return -1
			}
			return 1
		}
		return french.Compare(a.Label, b.Label)
	})
	return out
}
