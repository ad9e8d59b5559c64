package datasetweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type historyPage struct {
	Frame    frame
	Versions []versionView
	Restore  string // address of the POST; "" for who may not
	Upload   string
	Drop     ui.FileDrop
	Refresh  *refreshView // nil for who may not
	Delete   *ui.Confirm
}

// A versionView is one version of a dataset.
type versionView struct {
	Number         int
	Title, At, By  string
	Why            string
	Changes        []string // beside the version before
	Rows, Problems string
	Current        bool
	Original       string // address, "" for whom it is withheld from
	Data           string
	Compare        string // address of what changed row by row, "" for the first and for whom the others are withheld from
}

var historyTemplate = ui.Page[historyPage](pages, "pages/history.tmpl", "pages/frame.tmpl")

// history shows the versions of a dataset, the latest first.
func (d Desk) history(w http.ResponseWriter, r *http.Request) error {
	return d.showHistory(w, r, http.StatusOK, nil)
}

func (d Desk) showHistory(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	ds, versions, err := d.Dataset.Versions(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	s := subjectOfDataset(r, ds, dataset.Version{Number: ds.Current})
	page := historyPage{Frame: d.frameOf(r, s, "datasetweb.tab_history", false)}
	for i, v := range versions {
		shown := newVersion(p, s.base, v, ds.Current)
		if v.Withheld() && !ds.MaySee(web.Actor(r)) {
			shown.Original = ""
		}
		if i+1 < len(versions) {
			shown.Compare = s.base + "/grid/compare?from=" + strconv.Itoa(versions[i+1].Number) + "&to=" + strconv.Itoa(v.Number)
			shown.Changes = changes(p, dataset.Differ(versions[i+1], v))
		}
		page.Versions = append(page.Versions, shown)
	}
	if s.mayChange {
		page.Restore, page.Upload, page.Drop = s.base+"/restore", s.base+"/upload", d.drop(p, "datasetweb.upload_drop", "datasetweb.upload_submit", errs)
		if page.Refresh, err = d.newRefresh(r, s, versions, errs); err != nil {
			return err
		}
		page.Delete = &ui.Confirm{Title: p.T("datasetweb.delete"), Text: p.T("datasetweb.delete_text"), Action: s.base + "/delete", Submit: p.T("datasetweb.delete_submit"),
			Name: "title", Expected: ds.Title}
		if e := errs.For("title"); e != "" {
			page.Delete.Errors = errs
		}
	}
	head := headOf(r, s, "datasetweb.tab_history")
	head.Errors = errs
	return historyTemplate.Render(w, r, status, head, page)
}

func newVersion(p *i18n.Printer, base string, v dataset.Version, current int) versionView {
	n := strconv.Itoa(v.Number)
	out := versionView{Number: v.Number, Title: p.T("datasetweb.version_number", v.Number), At: p.DateTime(v.At), By: v.ByName, Why: p.T(v.Why),
		Rows: p.T("datasetweb.row_count", v.Outcome.Report.Rows), Problems: p.T("datasetweb.problem_count", v.Outcome.Report.Problems()), Current: v.Number == current,
		Original: base + "/versions/" + n + "/original", Data: base + "/versions/" + n + "/data?format=csv"}
	if v.Outcome.Report.Problems() == 0 {
		out.Problems = p.T("datasetweb.no_problem")
	}
	return out
}

// changes says what tells a version from the one before.
func changes(p *i18n.Printer, d dataset.Difference) (out []string) {
	if d.None() {
		return []string{p.T("datasetweb.change_none")}
	}
	count := func(n int64, more, less string) {
		switch {
		case n > 0:
			out = append(out, p.T(more, n))
		case n < 0:
			out = append(out, p.T(less, -n))
		}
	}
	named := func(columns []string, key string) {
		if n := len(columns); n > 0 {
			list := strings.Join(columns[:min(n, namesShown)], ", ")
			if n > namesShown {
				list += ", …"
			}
			out = append(out, p.T(key, n, list))
		}
	}
	count(d.Rows, "datasetweb.change_rows_more", "datasetweb.change_rows_less")
	named(d.Added, "datasetweb.change_columns_more")
	named(d.Gone, "datasetweb.change_columns_less")
	named(d.Values, "datasetweb.change_values")
	count(int64(d.Problems), "datasetweb.change_problems_more", "datasetweb.change_problems_less")
	return out
}

// restore makes an earlier version current again.
func (d Desk) restore(w http.ResponseWriter, r *http.Request) error {
	id, n := dataset.ID(r.PathValue("id")), whole(r.PostFormValue("number"), 0)
	ds, err := d.Dataset.ForChange(r.Context(), web.Actor(r), id)
	if err == nil {
		err = d.Dataset.Restore(r.Context(), web.Actor(r), id, n)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, datasetPath(id)+"/history", web.Said{Kind: "success", Key: "datasetweb.restored", Args: []string{strconv.Itoa(n)},
		Undo: &web.SaidUndo{Key: "datasetweb.undo", Action: datasetPath(id) + "/undo", Name: "to", Value: strconv.Itoa(ds.Current)}})
}

// upload receives a new file for a dataset: its next version once it has been read.
func (d Desk) upload(w http.ResponseWriter, r *http.Request) error {
	ds, err := d.Dataset.ForChange(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	c, _, err := d.receive(w, r, ds.ID)
	if err != nil {
		errs, status := uploadErrors(r, err)
		if status == 0 {
			return err
		}
		return d.showHistory(w, r, status, errs)
	}
	said, err := d.saidOf(r, ds, c.Job, web.Said{Kind: "success", Key: "datasetweb.uploaded"})
	if err != nil {
		return err
	}
	to := datasetPath(ds.ID)
	if said.Key != "" { // the new file is there: what the organisation decided about its columns is offered at once
		now, v, err := d.Dataset.Current(r.Context(), web.Actor(r), ds.ID)
		if err != nil {
			return err
		}
		s := subjectOfDataset(r, now, v)
		known, err := d.newKnown(r, s)
		if err != nil {
			return err
		}
		if known != nil {
			to, said.Key = schemaPath(s), "datasetweb.uploaded_known"
		}
	}
	return web.Redirect(w, r, to, said)
}

// remove deletes a dataset whose title was typed.
func (d Desk) remove(w http.ResponseWriter, r *http.Request) error {
	err := d.Dataset.Delete(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")), r.PostFormValue("title"))
	if err == nil {
		return web.Redirect(w, r, "/datasets", web.Said{Kind: "success", Key: "datasetweb.deleted"})
	}
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok {
		return err
	}
	return d.showHistory(w, r, web.StatusOf(err), errs)
}
