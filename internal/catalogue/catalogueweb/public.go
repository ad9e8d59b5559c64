package catalogueweb

import (
	"context"
	"encoding/csv"
	"html/template"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"

	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type publicPage struct {
	Head        ui.PageHead
	Description []string
	Sections    []section
	Downloads   []ui.LinkButton
	Preview     ui.Table
	Columns     ui.Table
	Facts       ui.Facts
	Score       ui.Score
	Call        ui.Code
	Formats     []ui.LinkButton
	Keywords    []ui.Badge
	Edit        string
	Structured  template.JS // schema.org, for search engines; written by us, safe inside a script element
}

// A section is a titled text in paragraphs.
type section struct {
	Title string
	Texts []string
}

var publicTemplate = ui.Page[publicPage](pages, "pages/public.tmpl")

// previewRows is how many rows a public page shows.
const previewRows = 10

// public shows a published dataset to everybody.
func public(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, ver, err := published(r, d)
		if err != nil {
			return err
		}
		sieve, err := d.sieve(r.Context(), rec)
		if err != nil {
			return err
		}
		var rows dataset.Page
		if sieve == nil {
			if rows, err = d.Data.Rows(r.Context(), ver.Outcome, dataset.Query{Limit: previewRows}); err != nil {
				return err
			}
		}
		v := web.VisitOf(r)
		page := newPublicPage(v, rec, catalogue.ScoreOf(rec, d.Now()), rows)
		if rec.MayEdit(v.Actor) {
			page.Edit = "/datasets/" + rec.Dataset
		}
		site, err := siteOf(r, d)
		if err != nil {
			return err
		}
		if described, ok := site.SchemaOrg(rec); ok {
			page.Structured = template.JS(described)
		}
		base := "/catalogue/" + rec.Slug + "/record/dcat"
		return publicTemplate.Render(w, r, http.StatusOK, ui.Head{Title: rec.Title, Description: shorten(rec.Description, 160), Section: "/catalogue",
			Crumbs: []ui.Crumb{{Label: v.P.T("catalogueweb.title"), Href: "/catalogue"}},
			Alternates: []ui.Alternate{{Type: catalogue.TurtleType, Title: "DCAT", Href: base + ".ttl"}, {Type: catalogue.RDFXMLType, Title: "DCAT", Href: base + ".rdf"},
				{Type: catalogue.JSONLDType, Title: "DCAT", Href: base + ".jsonld"}}}, page)
	}
}

// published returns what is public at the address, and the version of the table that was published with it.
func published(r *http.Request, d Desk) (catalogue.Record, dataset.Version, error) {
	rec, err := d.Catalogue.Public(r.Context(), r.PathValue("slug"))
	if err != nil {
		return rec, dataset.Version{}, err
	}
	ver, err := d.Data.Version(r.Context(), dataset.ID(rec.Dataset), rec.DataVersion)
	return rec, ver, err
}

func newPublicPage(v *web.Visit, rec catalogue.Record, s catalogue.Score, rows dataset.Page) publicPage {
	p, base := v.P, "/catalogue/"+rec.Slug
	page := publicPage{Head: ui.PageHead{Title: rec.Title, Eyebrow: rec.ServiceName}, Description: paragraphs(rec.Description),
		Facts: publicFacts(p, rec), Score: scoreOf(p, s, ""), Preview: preview(p, rows), Columns: columnTable(p, rec.Columns)}
	for _, t := range rec.Themes {
		page.Head.Badges = append(page.Head.Badges, ui.Badge{Label: p.T(t.Key()), Kind: ui.Info, Href: "/catalogue?theme=" + string(t)})
	}
	for _, k := range rec.Keywords {
		page.Keywords = append(page.Keywords, ui.Badge{Label: k, Href: "/catalogue?q=" + urlQuery(k)})
	}
	for _, s := range []struct{ key, text string }{{"purpose", rec.Purpose}, {"limits", rec.Limits}, {"origin", rec.Origin}} {
		if s.text != "" {
			page.Sections = append(page.Sections, section{p.T("catalogue.field_" + s.key), paragraphs(s.text)})
		}
	}
	for _, f := range dataset.Formats() {
		page.Downloads = append(page.Downloads, ui.LinkButton{Label: strings.ToUpper(string(f)), Href: base + "/data/" + rec.Slug + "." + string(f), Icon: "download", Download: true})
	}
	if rec.Offers(catalogue.Original) {
		page.Downloads = append(page.Downloads, ui.LinkButton{Label: p.T("catalogueweb.original"), Href: base + "/original", Icon: "file-text", Download: true})
	}
	page.Call = ui.Code{Label: p.T("catalogueweb.call"), Text: "curl '" + v.Site.BaseURL + "/api/v1/datasets/" + rec.Slug + "/rows?page_size=5'"}
	for _, f := range [][2]string{{"Turtle", "ttl"}, {"RDF/XML", "rdf"}, {"JSON-LD", "jsonld"}} {
		page.Formats = append(page.Formats, ui.LinkButton{Label: f[0], Href: base + "/record/dcat." + f[1], Small: true, Look: ui.Quiet})
	}
	return page
}

func publicFacts(p *i18n.Printer, rec catalogue.Record) ui.Facts {
	f := ui.Facts{Items: []ui.Fact{
		{Label: p.T("catalogueweb.updated"), Value: p.Date(rec.Updated()), Icon: "calendar"},
		{Label: p.T("catalogue.field_frequency"), Value: frequencyName(p, rec.Frequency), Icon: "rotate-cw"},
		{Label: p.T("catalogue.field_temporal"), Value: temporal(p, rec.Temporal), Icon: "clock"},
		{Label: p.T("catalogue.field_spatial"), Value: rec.Spatial.Name, Icon: "map-pin"},
		licenceFact(p, rec.Licence),
		{Label: p.T("catalogue.field_contact"), Value: rec.Contact, Icon: "mail"},
	}}
	if rec.Contact != "" {
		f.Items[5].Href = "mailto:" + rec.Contact
	}
	if rec.Schema.Name != "" {
		f.Items = append(f.Items, ui.Fact{Label: p.T("catalogue.field_schema"), Value: rec.Schema.Title, Href: "/schemas/" + rec.Schema.Name, Icon: "file-check"})
	}
	return f
}

func licenceFact(p *i18n.Printer, id string) ui.Fact {
	f := ui.Fact{Label: p.T("catalogue.field_licence"), Icon: "scale"}
	if l, ok := catalogue.LicenceOf(id); ok {
		f.Value, f.Href, f.Hint = l.Title, l.URI, p.T(l.Key())
	}
	return f
}

func frequencyName(p *i18n.Printer, code string) string {
	if f, ok := catalogue.FrequencyOf(code); ok {
		return p.T(f.Key())
	}
	return ""
}

// temporal says a span of time: its ends as dates as precise as they are known.
func temporal(p *i18n.Printer, t catalogue.Temporal) string {
	switch {
	case t.Empty():
		return ""
	case t.Start == "":
		return p.T("catalogueweb.until", dateName(p, t.End))
	case t.End == "":
		return p.T("catalogueweb.since", dateName(p, t.Start))
	case t.Start == t.End:
		return dateName(p, t.Start)
	}
	return p.T("catalogueweb.span", dateName(p, t.Start), dateName(p, t.End))
}

func dateName(p *i18n.Printer, d catalogue.Date) string {
	day, ok := d.First()
	if !ok || len(d) == len("2006") {
		return string(d)
	}
	if len(d) == len("2006-01") {
		return day.Format("01/2006")
	}
	return p.Date(day)
}

// paragraphs splits a text at its empty lines.
func paragraphs(s string) []string {
	var out []string
	for _, part := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func columnTable(p *i18n.Printer, columns []catalogue.Column) ui.Table {
	t := ui.Table{ID: "columns", Caption: p.T("catalogueweb.dictionary"), CaptionHidden: true, FirstIsHeader: true,
		Columns: []ui.Column{{Label: p.T("catalogueweb.column")}, {Label: p.T("catalogueweb.meaning")}, {Label: p.T("catalogueweb.type")}}}
	for _, c := range columns {
		meaning := c.Description
		if meaning == "" {
			meaning = c.Title
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Name, Fixed: true}, {Text: meaning, Missing: meaning == ""}, {Text: p.T("catalogueweb.type_" + c.Type)}}})
	}
	return t
}

// preview shows the first rows as they are read by people.
func preview(p *i18n.Printer, rows dataset.Page) ui.Table {
	t := ui.Table{ID: "preview", Caption: p.T("catalogueweb.preview"), CaptionHidden: true, Compact: true}
	for _, c := range rows.Columns {
		t.Columns = append(t.Columns, ui.Column{Label: c.Name, Numeric: c.Type == dataset.TypeInteger || c.Type == dataset.TypeNumber})
	}
	for _, row := range rows.Rows {
		var cells []ui.Cell
		for i, c := range row.Cells {
			text := dataset.Show(p, rows.Columns[i].Type, c)
			cells = append(cells, ui.Cell{Text: shorten(text, 60), Missing: c == nil})
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// readable is [published] for who reads rows one by one, where none may be left out. Faults: those of published; Denied "catalogueweb.rows_withheld"
// of a table some rows of which must not leave.
func (d Desk) readable(r *http.Request) (dataset.Version, error) {
	rec, ver, err := published(r, d)
	if err != nil {
		return ver, err
	}
	sieve, err := d.sieve(r.Context(), rec)
	if err == nil && sieve != nil {
		err = fault.New(fault.Denied, "catalogueweb.rows_withheld")
	}
	return ver, err
}

// sieve says which rows of a record's dataset must not leave, nil when all may.
func (d Desk) sieve(ctx context.Context, rec catalogue.Record) (dataset.Sieve, error) {
	if d.Sieve == nil {
		return nil, nil
	}
	return d.Sieve(ctx, rec.Organisation, dataset.ID(rec.Dataset))
}

// download gives the published table in a format, without the rows that must not leave.
func download(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, ver, err := published(r, d)
		if err != nil {
			return err
		}
		format := dataset.Format(strings.TrimPrefix(path.Ext(r.PathValue("file")), "."))
		sieve, err := d.sieve(r.Context(), rec)
		if err != nil {
			return err
		}
		for _, f := range dataset.Formats() {
			if f == format {
				web.Attachment(w, f.MediaType(), rec.Slug+"."+string(f))
				if sieve != nil {
					return d.Data.Sift(r.Context(), ver.Outcome, dataset.Sifting{Sieve: sieve}, f, w)
				}
				return d.Data.Export(r.Context(), ver.Outcome, f, w)
			}
		}
		return fault.New(fault.NotFound, "web.not_found")
	}
}

// original gives the file as it came, unless it is withheld. Its media type is never one a browser would run. Fault: NotFound
// "catalogueweb.original_withheld".
func original(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, ver, err := published(r, d)
		if err != nil {
			return err
		}
		sieve, err := d.sieve(r.Context(), rec)
		if err != nil {
			return err
		}
		if ver.Withheld() || sieve != nil {
			return fault.New(fault.NotFound, "catalogueweb.original_withheld")
		}
		f, err := d.Data.Original(ver.Source)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // read only
		kind := mime.TypeByExtension(path.Ext(ver.Source.Name))
		if kind == "" || strings.Contains(kind, "html") || strings.Contains(kind, "xml") || strings.Contains(kind, "script") {
			kind = "application/octet-stream"
		}
		web.Attachment(w, kind, ver.Source.Name)
		http.ServeContent(w, r, "", ver.At, io.NewSectionReader(f, 0, f.Size()))
		return nil
	}
}

// dictionary gives the columns of a published table as a table.
func dictionary(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, err := d.Catalogue.Public(r.Context(), r.PathValue("slug"))
		if err != nil {
			return err
		}
		web.Attachment(w, "text/csv; charset=utf-8", rec.Slug+"-dictionary.csv")
		out := csv.NewWriter(w)
		lines := [][]string{{"name", "title", "description", "type"}}
		for _, c := range rec.Columns {
			lines = append(lines, []string{tabular.CSVCell(c.Name), tabular.CSVCell(c.Title), tabular.CSVCell(c.Description), c.Type})
		}
		return out.WriteAll(lines)
	}
}
