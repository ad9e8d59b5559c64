package datasetweb

import (
	"net/http"
	"net/url"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// waitingPage is a check that runs.
type waitingPage struct {
	Head     ui.PageHead
	Progress ui.Progress
	Text     string
}

// failedPage is a check that could not be read.
type failedPage struct {
	Head    ui.PageHead
	Notice  ui.Notice
	Undo    string // address of the POST that goes back to the reading before, "" for none
	Retry   string // address of the POST that fetches the file again, "" for none
	Address string // where the file was to come from
	Forget  string
	Other   ui.LinkButton
}

// checkPage is a check that is done.
type checkPage struct {
	Package packageNav
	Quality qualityView
	Schema  schemaView
	Columns ui.Table // at a glance
	First   ui.Table // its first rows
	Next    ui.Steps
	Keep    ui.Button
	KeepTo  string // address of the POST that keeps it
	Forget  string
	Promise string

	ColumnsPath, RowsPath string
}

var (
	waitingTemplate = ui.Page[waitingPage](pages, "pages/waiting.tmpl")
	failedTemplate  = ui.Page[failedPage](pages, "pages/failed.tmpl")
	checkTemplate   = ui.Page[checkPage](pages, "pages/check.tmpl", "pages/quality-body.tmpl", "pages/reason.tmpl", "pages/part.tmpl", "pages/schema-choice.tmpl", "pages/known.tmpl", "pages/reading.tmpl")
	keepTemplate    = ui.Page[keepPage](pages, "pages/keep.tmpl")
)

// check shows a check, whatever its state.
func (d Desk) check(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Dataset.Check(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if c.State == dataset.Running {
		b := d.progress(r, c.Job, 0)
		if !b.final {
			return d.showWaiting(w, r, c, b)
		}
		job := c.Job
		if c, err = d.Dataset.Check(r.Context(), web.Actor(r), c.ID); err != nil {
			return err
		}
		if c.State == dataset.Running && c.Job != job { // its file has come, and is being read
			if c.Package != "" {
				return web.Redirect(w, r, tablesPath(c), web.Said{})
			}
			return d.showWaiting(w, r, c, d.progress(r, c.Job, 0))
		}
	}
	switch {
	case c.For != "" && c.State != dataset.Done:
		return web.Redirect(w, r, datasetPath(c.For), web.Said{})
	case c.State == dataset.Done:
		return d.showCheck(w, r, c, http.StatusOK, nil)
	}
	return d.showFailed(w, r, c)
}

func (d Desk) showWaiting(w http.ResponseWriter, r *http.Request, c dataset.Check, b bar) error {
	p := web.VisitOf(r).P
	b.Label, b.Poll, b.Cancel = p.T(waitingFor(c), c.Source.Name), checkPath(c.ID)+"/progress", checkPath(c.ID)+"/cancel"
	head := ui.Head{Title: p.T("datasetweb.waiting_title"), Section: "/check", Refresh: refresh, NoIndex: true, Crumbs: []ui.Crumb{{Label: p.T("ui.check_mine"), Href: "/check"}}}
	return waitingTemplate.Render(w, r, http.StatusOK, head, waitingPage{Head: ui.PageHead{Title: p.T("datasetweb.waiting_title"), Eyebrow: c.Source.Name},
		Progress: b.Progress, Text: p.T("datasetweb.may_leave")})
}

// showFailed says why a file could not be read. A check whose job ended without an outcome is our fault, and says so.
func (d Desk) showFailed(w http.ResponseWriter, r *http.Request, c dataset.Check) error {
	p, base := web.VisitOf(r).P, checkPath(c.ID)
	page := failedPage{Head: ui.PageHead{Title: p.T("datasetweb.failed_title"), Eyebrow: tableName(c)}, Forget: base + "/forget",
		Notice: ui.Notice{Kind: ui.Error, Text: p.T("datasetweb.broken"), Urgent: true},
		Other:  ui.LinkButton{Label: p.T("datasetweb.other_file"), Href: "/check", Icon: "upload", Look: ui.Primary}}
	if c.Package != "" {
		page.Other = ui.LinkButton{Label: p.T("datasetweb.tables_all"), Href: tablesPath(c), Icon: "arrow-left", Look: ui.Primary}
	}
	if c.Fault != nil {
		page.Notice.Text = p.T(c.Fault.Key, c.Fault.Args...)
	}
	if c.State == dataset.Failed && c.Source.From != nil && c.Source.Blob == "" {
		page.Retry, page.Address = base+"/retry", c.Source.From.Address
	}
	if c.State == dataset.Failed && len(c.Previous) > 0 {
		page.Undo = base + "/undo"
	}
	return failedTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("datasetweb.failed_title"), Section: "/check", NoIndex: true,
		Crumbs: crumbsOf(p, &c)}, page)
}

func (d Desk) showCheck(w http.ResponseWriter, r *http.Request, c dataset.Check, status int, errs ui.FormErrors) error {
	p, s := web.VisitOf(r).P, subjectOfCheck(c)
	q := d.newQuality(r, s, errs)
	sv, err := d.newSchema(r, s, errs)
	if err != nil {
		return err
	}
	first, err := d.firstRows(r, s)
	if err != nil {
		return err
	}
	nav, err := d.packageNav(r, c)
	if err != nil {
		return err
	}
	page := checkPage{Package: nav, Quality: q, Schema: sv, First: first, RowsPath: s.base + "/rows", KeepTo: s.base + "/keep", Keep: ui.Button{Label: p.T("datasetweb.keep_submit"), Icon: "database"}, Forget: s.base + "/forget",
		Columns: glance(p, s), ColumnsPath: s.base + "/columns", Promise: p.T("datasetweb.promise", p.DateTime(c.Expires)), Next: ui.Steps{Title: p.T("datasetweb.next")}}
	if q.MendAll != "" { // one first thing to do on a page
		page.Keep.Look = ui.Secondary
	}
	step := func(key, href, icon string) {
		page.Next.Items = append(page.Next.Items, ui.Step{Label: p.T("datasetweb.next_" + key), Text: p.T("datasetweb.next_" + key + "_text"), Href: href, Icon: icon})
	}
	if download := s.base + "/download?format=csv"; len(s.source.Plan) > 0 {
		step("download", download, "download")
	} else {
		step("csv", download, "download")
	}
	step("columns", s.base+"/columns", "columns-3")
	step("schema", "#schema-title", "file-check")
	head := ui.Head{Title: s.title + " – " + p.T("datasetweb.check"), Errors: errs, Section: "/check", NoIndex: true, Crumbs: crumbsOf(p, &c)}
	return checkTemplate.Render(w, r, status, head, page)
}

// checkProgress answers the island that follows a reading.
func (d Desk) checkProgress(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Dataset.Check(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.answerProgress(w, r, c.State, c.Job, checkPath(c.ID))
}

// answerProgress answers as the c-job island expects; to is where it goes at the end.
func (d Desk) answerProgress(w http.ResponseWriter, r *http.Request, state dataset.State, job, to string) error {
	a := progressAnswer{State: string(state), Percent: 100, URL: to}
	if state == dataset.Running {
		b := d.progress(r, job, 0)
		a.Percent, a.Text = b.Percent, b.Text
		if b.final {
			a.State = string(dataset.Done)
		}
	}
	return web.WriteJSON(w, http.StatusOK, a)
}

// checkCancel stops a reading and says so: the file may be read again or forgotten.
func (d Desk) checkCancel(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Dataset.Check(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if c.State == dataset.Running {
		if err := d.stop(r, c.ID, c.Job); err != nil {
			return err
		}
	}
	return web.Redirect(w, r, checkPath(c.ID), web.Said{})
}

// stop ends a job, then its check.
func (d Desk) stop(r *http.Request, id dataset.CheckID, job string) error {
	if err := d.Jobs.Cancel(r.Context(), job); err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	return d.Dataset.Stop(r.Context(), web.Actor(r), id)
}

// checkForget deletes a check and its file at once.
func (d Desk) checkForget(w http.ResponseWriter, r *http.Request) error {
	if err := d.forget(r); err != nil && !fault.Is(err, "dataset.check_gone") {
		return err
	}
	return web.Redirect(w, r, "/check", web.Said{Kind: "success", Key: "datasetweb.forgotten"})
}

// forget deletes the check of the address, with those of its package; what runs is stopped first.
func (d Desk) forget(r *http.Request) error {
	id := dataset.CheckID(r.PathValue("id"))
	all, err := d.Dataset.Together(r.Context(), web.Actor(r), id)
	for _, c := range all {
		if err == nil && c.State == dataset.Running {
			err = d.stop(r, c.ID, c.Job)
		}
	}
	if err == nil {
		err = d.Dataset.Forget(r.Context(), web.Actor(r), id)
	}
	return err
}

// keepPage asks, with one button, whether to keep a file: where signing in comes back to.
type keepPage struct {
	Head   ui.PageHead
	Action string
	Back   ui.LinkButton
}

func (d Desk) keepPage(w http.ResponseWriter, r *http.Request) error {
	if !web.Actor(r).Known() {
		web.SignIn(w, r)
		return nil
	}
	c, err := d.Dataset.Check(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p, base := web.VisitOf(r).P, checkPath(c.ID)
	return keepTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("datasetweb.keep_title"), Section: "/check", NoIndex: true,
		Crumbs: append(crumbsOf(p, &c), ui.Crumb{Label: tableName(c), Href: base})},
		keepPage{Head: ui.PageHead{Title: p.T("datasetweb.keep_title"), Eyebrow: tableName(c), Lead: p.T("datasetweb.keep_lead")}, Action: base + "/keep",
			Back: ui.LinkButton{Label: p.T("datasetweb.back_to_check"), Href: base, Look: ui.Quiet}})
}

// keep makes a dataset of a check.
func (d Desk) keep(w http.ResponseWriter, r *http.Request) error {
	id := dataset.CheckID(r.PathValue("id"))
	if !web.Actor(r).Known() {
		return web.Redirect(w, r, "/sign-in?next="+url.QueryEscape(checkPath(id)+"/keep"), web.Said{})
	}
	ds, err := d.Dataset.Keep(r.Context(), web.Actor(r), id)
	if fault.Is(err, "dataset.check_gone") { // a double click: the first one has kept it
		return web.Redirect(w, r, "/datasets", web.Said{Kind: "info", Key: "datasetweb.kept_or_gone"})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, datasetPath(ds.ID), web.Said{Kind: "success", Key: "datasetweb.kept", Args: []string{ds.Title}})
}
