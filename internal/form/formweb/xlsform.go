package formweb

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"cultured/internal/fault"
	"cultured/internal/filetype"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type importPage struct {
	Head ui.PageHead
	File ui.FileDrop
}

type importedPage struct {
	Head   ui.PageHead
	Notice ui.Notice
	Table  ui.Table
	Form   ui.LinkButton
}

var (
	importTemplate   = ui.Page[importPage](pages, "pages/import.tmpl")
	importedTemplate = ui.Page[importedPage](pages, "pages/imported.tmpl")
)

// importMost is the size of a workbook that describes a form, in bytes.
const importMost = 5_000_000

// importing asks for an XLSForm workbook.
func (d Desk) importing(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.Form.List(r.Context(), web.Actor(r)); err != nil {
		return err
	}
	return d.showImport(w, r, http.StatusOK, nil)
}

func (d Desk) showImport(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	p := web.VisitOf(r).P
	page := importPage{Head: ui.PageHead{Title: p.T("formweb.import"), Lead: p.T("formweb.import_lead")},
		File: ui.FileDrop{Name: "file", Label: p.T("formweb.import_file"), Hint: p.T("formweb.import_hint"), Error: errs.For("file"), Accept: ".xlsx,.xls,.ods", Limit: importMost, Required: true, Submit: p.T("formweb.import_do")}}
	return importTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: errs}, page)
}

// takeImport makes a form of a workbook, and says row by row what it could not take.
func (d Desk) takeImport(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.Form.List(r.Context(), web.Actor(r)); err != nil { // before anything is read
		return err
	}
	f, told, err := readImport(w, r)
	if err == nil {
		f, err = d.Form.Create(r.Context(), web.Actor(r), f)
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		for i := range errs {
			errs[i].Field = "file"
		}
		return d.showImport(w, r, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	if len(told) == 0 {
		return web.Redirect(w, r, path(f.ID), web.Said{Kind: "success", Key: "formweb.imported_whole"})
	}
	p := web.VisitOf(r).P
	page := importedPage{Head: ui.PageHead{Title: p.T("formweb.imported", f.Title)}, Notice: ui.Notice{Kind: ui.Warning, Text: p.T("formweb.imported_told", len(told))}, Table: toldTable(p, told),
		Form: ui.LinkButton{Label: p.T("formweb.imported_open"), Href: path(f.ID), Icon: "arrow-right", Look: ui.Primary}}
	return importedTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p)}, page)
}

func readImport(w http.ResponseWriter, r *http.Request) (f form.Form, told []form.Told, err error) {
	web.LimitBody(w, r, importMost+slack)
	file, header, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return f, nil, fault.Field("file", "formweb.import_none")
	}
	if err != nil {
		return f, nil, err
	}
	if header.Size > importMost {
		return f, nil, errors.Join(fault.Field("file", "formweb.import_large", int64(importMost/1_000_000)), file.Close())
	}
	f, told, err = form.ReadXLSForm(file, header.Size, header.Filename)
	if f.Title == "" {
		f.Title = filetype.Name(header.Filename)
	}
	return f, told, errors.Join(err, file.Close())
}

func toldTable(p *i18n.Printer, told []form.Told) ui.Table {
	t := ui.Table{ID: "told", Caption: p.T("formweb.told"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("formweb.told_row"), Numeric: true}, {Label: p.T("formweb.told_what")}}}
	for _, one := range told {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.Number(one.Row)}, {Text: p.T(one.Key, one.Args...)}}})
	}
	return t
}

// xlsform gives the form as it is edited as an XLSForm workbook.
func (d Desk) xlsform(w http.ResponseWriter, r *http.Request) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := form.WriteXLSForm(&b, f); err != nil {
		return err
	}
	web.Attachment(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", form.Slug(f.Title)+".xlsx")
	_, err = b.WriteTo(w)
	return err
}

// leaving lists what other tools will not have of the form's workbook.
func leaving(p *i18n.Printer, f form.Form) (out []string, err error) {
	told, err := form.WriteXLSForm(io.Discard, f)
	for _, one := range told {
		out = append(out, p.T(one.Key, one.Args...))
	}
	return out, err
}
