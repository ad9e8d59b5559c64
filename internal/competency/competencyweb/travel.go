package competencyweb

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// fileBytes bounds a framework's file: the largest published ones weigh a few megabytes.
const fileBytes = 20_000_000

type importPage struct {
	Head ui.PageHead
	Drop ui.FileDrop
}

var importTemplate = ui.Page[importPage](pages, "pages/import.tmpl")

func showImport(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	p := web.VisitOf(r).P
	page := importPage{Head: ui.PageHead{Title: p.T("competencyweb.import"), Lead: p.T("competencyweb.import_lead")},
		Drop: ui.FileDrop{Name: "file", Label: p.T("competencyweb.import_file"), Hint: p.T("competencyweb.import_hint"), Error: errs.For("file"),
			Accept: ".csv,.xlsx,.ods,.zip,.json,.jsonld", Limit: fileBytes, Required: true, Submit: p.T("competencyweb.import_send")}}
	return importTemplate.Render(w, r, status, ui.Head{Title: p.T("competencyweb.import"), Section: "/competencies", Errors: errs,
		Crumbs: []ui.Crumb{{Label: p.T("competencyweb.title"), Href: "/competencies?all=1"}}}, page)
}

// mayEdit is nil for those who edit. Faults: SignIn "competency.sign_in_first"; Denied "competency.steward_only".
func mayEdit(r *http.Request) error {
	by := web.Actor(r)
	switch {
	case !by.Known():
		return fault.New(fault.SignIn, "competency.sign_in_first")
	case !competency.MayEdit(by, by.Organisation):
		return fault.New(fault.Denied, "competency.steward_only")
	}
	return nil
}

// importForm asks for a file.
func importForm(w http.ResponseWriter, r *http.Request) error {
	if err := mayEdit(r); err != nil {
		return err
	}
	return showImport(w, r, http.StatusOK, nil)
}

// bring reads a framework from a file into a working copy, and leads to what had to be decided.
func bring(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := mayEdit(r); err != nil {
			return err
		}
		file, err := receive(w, r)
		var id competency.ID
		if err == nil {
			id, err = d.Competency.Import(r.Context(), web.Actor(r), file, addressOf(r), d.Reader)
		}
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return showImport(w, r, http.StatusRequestEntityTooLarge, ui.FormErrors{{Field: "file", Text: web.VisitOf(r).P.T("competencyweb.import_large", fileBytes/1_000_000)}})
		}
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			for i := range errs {
				errs[i].Field = "file"
			}
			return showImport(w, r, web.StatusOf(err), errs)
		}
		return web.Redirect(w, r, frameworkPath(id, "arrival"), web.Said{Kind: "success", Key: "competencyweb.imported"})
	}
}

// receive takes the file of the form. Faults: Invalid "competencyweb.import_none"; *http.MaxBytesError.
func receive(w http.ResponseWriter, r *http.Request) (competency.File, error) {
	none := fault.Field("file", "competencyweb.import_none")
	web.LimitBody(w, r, fileBytes+1<<20)
	form, err := r.MultipartReader()
	if err != nil {
		return competency.File{}, none
	}
	for {
		part, err := form.NextPart()
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return competency.File{}, err
		}
		if err != nil {
			return competency.File{}, none // the end, or no form a browser sends
		}
		if part.FormName() != "file" || part.FileName() == "" {
			continue
		}
		raw, err := io.ReadAll(io.LimitReader(part, fileBytes+1))
		if err != nil {
			return competency.File{}, err
		}
		if len(raw) > fileBytes {
			return competency.File{}, &http.MaxBytesError{Limit: fileBytes}
		}
		return competency.File{Name: part.FileName(), Raw: raw}, nil
	}
}

func addressOf(r *http.Request) competency.Address {
	return competency.Address{Base: web.VisitOf(r).Site.BaseURL}
}

type arrivalPage struct {
	Head    ui.PageHead
	Facts   ui.Facts
	Remarks *ui.Table
	Next    ui.Steps
}

var arrivalTemplate = ui.Page[arrivalPage](pages, "pages/arrival.tmpl")

// arrival says how a framework came in: what was read, what had to give way, what to do next.
func arrival(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		if v.Arrival == nil {
			return fault.New(fault.NotFound, "competencyweb.never_imported")
		}
		p, f := web.VisitOf(r).P, v.Framework
		page := arrivalPage{Head: ui.PageHead{Title: p.T("competencyweb.arrival_title", say(p, f, f.Title).Text), Lead: p.T("competencyweb.arrival_lead")},
			Facts: ui.Facts{Items: []ui.Fact{{Label: p.T("competencyweb.file"), Value: v.Arrival.File}, {Label: p.T("competencyweb.format"), Value: p.T("competencyweb.format_" + v.Arrival.Format)},
				{Label: p.T("competencyweb.when"), Value: p.DateTime(v.Arrival.At)}, {Label: p.T("competencyweb.families"), Value: p.Number(f.Count(competency.Family))},
				{Label: p.T("competencyweb.competences"), Value: p.Number(f.Count(competency.Competence))}}},
			Next: ui.Steps{Title: p.T("competencyweb.arrival_next"), Items: []ui.Step{
				{Label: p.T("competencyweb.arrival_read"), Href: frameworkPath(f.ID), Icon: "book-open"},
				{Label: p.T("competencyweb.publish"), Href: frameworkPath(f.ID, "publish"), Text: p.T("competencyweb.arrival_publish"), Icon: "globe"}}},
			Remarks: remarkTable(p, v.Arrival.Remarks)}
		return arrivalTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: "/competencies", Crumbs: crumbs(p, f)}, page)
	}
}

// remarkTable says what the reader of a file had to decide; nil when nothing.
func remarkTable(p *i18n.Printer, remarks []competency.Remark) *ui.Table {
	if len(remarks) == 0 {
		return nil
	}
	t := ui.Table{ID: "remarks", Caption: p.T("competencyweb.remarks", len(remarks)), Columns: []ui.Column{
		{Label: p.T("competencyweb.remark_where")}, {Label: p.T("competencyweb.remark_what")}, {Label: p.T("competencyweb.remark_mend")}}}
	for _, m := range remarks {
		var args []any
		if m.Count > 0 {
			args = append(args, m.Count)
		}
		for _, a := range m.Args {
			args = append(args, a)
		}
		where, mend := m.Where, ""
		if where == "" {
			where = p.T("competencyweb.whole_file")
		}
		if p.Has(m.Key + "_mend") {
			mend = p.T(m.Key + "_mend")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: where}, {Text: p.T(m.Key, args...)}, {Text: mend}}})
	}
	return &t
}

// export gives the framework as it stands for the visitor: items.csv, framework.zip, case.json or skos.jsonld.
func export(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := look(r, d)
		if err != nil {
			return err
		}
		body, mediaType, err := write(r, d, v.Framework, r.PathValue("file"))
		if err != nil {
			return err
		}
		web.Attachment(w, mediaType, fileName(v, r.PathValue("file")))
		_, err = w.Write(body)
		return err
	}
}

func fileName(v competency.View, file string) string {
	title := v.Framework.Title.In(v.Framework.Main())
	switch file {
	case "items.csv":
		return title + ".csv"
	case "framework.zip":
		return title + ".zip"
	case "case.json":
		return title + ".case.json"
	}
	return title + ".skos.jsonld"
}

// write makes a file of a framework. Fault: NotFound "competencyweb.no_file".
func write(r *http.Request, d Desk, f competency.Framework, file string) (body []byte, mediaType string, err error) {
	a, visit := addressOf(r), web.VisitOf(r)
	sheets := a.Sheets(f)
	var out bytes.Buffer
	switch file {
	case "items.csv":
		for _, s := range sheets {
			if s.Name == file {
				err = s.WriteCSV(&out)
			}
		}
		return out.Bytes(), "text/csv; charset=utf-8; header=present", err
	case "framework.zip":
		err = competency.Pack(&out, append(sheets, competency.Dictionary(sheets, visit.P.T)), d.Now())
		return out.Bytes(), "application/zip", err
	case "case.json":
		body, err = a.CASE(f, visit.Site.Name, d.Now())
		return body, "application/json", err
	case "skos.jsonld":
		body, err = a.SKOS(f, d.Now())
		return body, "application/ld+json", err
	}
	return nil, "", fault.New(fault.NotFound, "competencyweb.no_file")
}
