package datasetweb

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type startPage struct {
	Head    ui.PageHead
	Drop    ui.FileDrop
	Address ui.Field
	Out     bool   // files may be fetched from their address
	Schema  string // name of the schema to check against, "" for none
	Notice  *ui.Notice
	Promise string
	Points  []string
}

var startTemplate = ui.Page[startPage](pages, "pages/start.tmpl")

// Accepted is what the window of the browser proposes; anything may be dropped, the reader decides.
func Accepted(s *dataset.Service) string { return strings.Join(s.Reader.Extensions(), ",") }

// start shows where a file is dropped.
func (d Desk) start(w http.ResponseWriter, r *http.Request) error {
	return d.showStart(w, r, http.StatusOK, r.URL.Query().Get("schema"), nil)
}

func (d Desk) showStart(w http.ResponseWriter, r *http.Request, status int, ref string, errs ui.FormErrors) error {
	p := web.VisitOf(r).P
	page := startPage{Head: ui.PageHead{Title: p.T("ui.check_mine"), Lead: p.T("datasetweb.start_lead")},
		Drop:    d.drop(p, "datasetweb.start_drop", "datasetweb.start_submit", errs),
		Address: ui.Field{Name: "address", Label: p.T("datasetweb.address"), Type: "url", Mode: "url", Hint: p.T("datasetweb.address_hint"), Value: r.PostFormValue("address"), Error: errs.For("address")},
		Out:     d.Outgoing,
		Promise: p.T("datasetweb.start_promise", ui.Span(p, d.KeepFor)),
		Points:  []string{p.T("datasetweb.start_point_verdict"), p.T("datasetweb.start_point_cell"), p.T("datasetweb.start_point_mend"), p.T("datasetweb.start_point_columns")}}
	if web.Actor(r).Known() {
		page.Promise = p.T("datasetweb.start_promise_known", ui.Span(p, d.KeepFor))
	}
	if e, err := d.Schemas.Find(ref); ref != "" && err == nil {
		page.Schema, page.Notice = e.Name, &ui.Notice{Text: p.T("datasetweb.start_schema", e.Title)}
	}
	return startTemplate.Render(w, r, status, ui.Head{Title: p.T("ui.check_mine"), Description: p.T("datasetweb.start_lead"), Section: "/check", Errors: errs}, page)
}

// drop is the place where a file is dropped; the keys are of its label and its button.
func (d Desk) drop(p *i18n.Printer, label, submit string, errs ui.FormErrors) ui.FileDrop {
	return ui.FileDrop{Name: "file", Label: p.T(label), Hint: p.T("datasetweb.start_formats"), Accept: Accepted(d.Dataset), Limit: d.Limit,
		Submit: p.T(submit), Error: errs.For("file")}
}

// submit receives a file for a check. Nothing is written to disk but the file itself, and nothing at all when it is cut.
func (d Desk) submit(w http.ResponseWriter, r *http.Request) error {
	c, ref, err := d.receive(w, r, "")
	if err != nil {
		errs, status := uploadErrors(r, err)
		if status == 0 {
			return err
		}
		return d.showStart(w, r, status, ref, errs)
	}
	if c.Package != "" {
		return d.toTables(w, r, c)
	}
	d.wait(r, c.Job)
	return web.Redirect(w, r, checkPath(c.ID), web.Said{})
}

// receive streams the form of an upload: the optional fields "schema" and "member", also taken from the
// address, then the field "file".
func (d Desk) receive(w http.ResponseWriter, r *http.Request, of dataset.ID) (_ dataset.Check, ref string, err error) {
	web.LimitBody(w, r, d.Limit+1<<20)
	ref = d.schemaName(r.URL.Query().Get("schema"))
	member := r.URL.Query().Get("member")
	form, err := r.MultipartReader()
	if err != nil {
		return dataset.Check{}, "", fault.Field("file", "dataset.no_file")
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return dataset.Check{}, ref, fault.Field("file", "dataset.no_file")
		}
		if err != nil {
			if _, large := errors.AsType[*http.MaxBytesError](err); !large && !errors.Is(err, io.ErrUnexpectedEOF) {
				err = fault.Field("file", "dataset.no_file") // no form a browser sends
			}
			return dataset.Check{}, ref, err
		}
		switch part.FormName() {
		case "schema":
			if ref, err = d.schemaField(part); err != nil {
				return dataset.Check{}, "", err
			}
		case "member":
			b, err := io.ReadAll(io.LimitReader(part, 4096))
			if err != nil {
				return dataset.Check{}, ref, err
			}
			member = string(b)
		case "file":
			c, err := d.Dataset.Submit(r.Context(), web.Actor(r), dataset.SubmitForm{Body: part, Name: part.FileName(), Of: of, Schema: ref, Member: member})
			return c, ref, err
		}
	}
}

// schemaField reads the name of a schema.
func (d Desk) schemaField(part *multipart.Part) (string, error) {
	b, err := io.ReadAll(io.LimitReader(part, 300))
	if err != nil {
		return "", err
	}
	return d.schemaName(string(b)), nil
}

// schemaName is the whole name of a schema. One that does not exist is left to the room, which refuses it.
func (d Desk) schemaName(ref string) string {
	if ref == "" {
		return ""
	}
	if e, err := d.Schemas.Find(ref); err == nil {
		return e.Name
	}
	return ref
}

// uploadErrors says at the field what went wrong with an upload, and the status to answer: 0 for what a person cannot mend.
func uploadErrors(r *http.Request, err error) (_ ui.FormErrors, status int) {
	p := web.VisitOf(r).P
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return ui.FormErrors{{Field: "file", Text: p.T("web.body_too_large")}}, http.StatusRequestEntityTooLarge
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return ui.FormErrors{{Field: "file", Text: p.T("datasetweb.upload_cut")}}, http.StatusUnprocessableEntity
	}
	errs, ok := ui.FormErrorsOf(p, err)
	if !ok {
		return nil, 0
	}
	for i := range errs {
		errs[i].Field = "file"
	}
	return errs, web.StatusOf(err)
}
