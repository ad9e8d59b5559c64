package datasetweb

import (
	"net/http"

	"cultured/internal/dataset"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A refreshView is where a dataset is fetched again from.
type refreshView struct {
	Out     bool   // files may be fetched at all
	Now     string // address of the POST that fetches, "" while there is nowhere to
	State   string // when it was last asked, and when it will be
	Notice  *ui.Notice
	Save    string // address of the POST that keeps address and rhythm
	Address ui.Field
	Every   ui.Choice
}

// newRefresh says what a dataset's address is and what came of asking it; versions are the dataset's, the latest first.
func (d Desk) newRefresh(r *http.Request, s subject, versions []dataset.Version, errs ui.FormErrors) (*refreshView, error) {
	sub, err := d.Dataset.Subscription(r.Context(), web.Actor(r), s.kept.ID)
	if err != nil {
		return nil, err
	}
	p := web.VisitOf(r).P
	v := &refreshView{Out: d.Outgoing, Save: s.base + "/address",
		Address: ui.Field{Name: "address", Label: p.T("datasetweb.address"), Type: "url", Mode: "url", Hint: p.T("datasetweb.refresh_hint"),
			Value: sub.Origin.Address, Error: errs.For("address"), Optional: true},
		Every: ui.Choice{Name: "every", Label: p.T("datasetweb.refresh_every"), Error: errs.For("every")}}
	if r.PostForm.Has("address") {
		v.Address.Value = r.PostFormValue("address")
	}
	for _, e := range dataset.Rhythms() {
		v.Every.Options = append(v.Every.Options, ui.Option{Value: string(e), Label: p.T("dataset.rhythm_" + e.Word()), Selected: e == sub.Every})
	}
	if sub.Origin.Address == "" {
		return v, nil
	}
	v.Now = s.base + "/refresh"
	if !sub.Looked.IsZero() {
		v.State = p.T("datasetweb.refresh_looked", p.DateTime(sub.Looked))
		if since, ok := fetchedSince(versions, sub); ok && sub.Fault == nil {
			v.State = p.T("datasetweb.refresh_unchanged", p.DateTime(since.At), p.DateTime(sub.Looked))
		}
	}
	if !sub.Due.IsZero() {
		v.State += " " + p.T("datasetweb.refresh_due", p.DateTime(sub.Due))
	}
	if sub.Fault != nil {
		v.Notice = &ui.Notice{Kind: ui.Warning, Title: p.T("datasetweb.refresh_failed"), Text: p.T(sub.Fault.Key, sub.Fault.Args...)}
	}
	return v, nil
}

// fetchedSince finds the version that brought the file an address still gives.
func fetchedSince(versions []dataset.Version, sub dataset.Subscription) (since dataset.Version, ok bool) {
	for _, v := range versions {
		if sub.Blob == "" || v.Source.Blob != sub.Blob {
			break
		}
		since, ok = v, true
	}
	return since, ok
}

// importing has the file of an address fetched for a check.
func (d Desk) importing(w http.ResponseWriter, r *http.Request) error {
	ref := r.PostFormValue("schema")
	if e, err := d.Schemas.Find(ref); ref != "" && err == nil {
		ref = e.Name
	}
	c, err := d.Dataset.Import(r.Context(), web.Actor(r), dataset.ImportForm{Address: r.PostFormValue("address"), Schema: ref})
	if err != nil {
		errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
		if !ok {
			return err
		}
		return d.showStart(w, r, web.StatusOf(err), ref, errs)
	}
	if came := d.waitCheck(r, c); came.Package != "" { // it was an archive of several tables
		return d.toTables(w, r, came)
	}
	return web.Redirect(w, r, checkPath(c.ID), web.Said{})
}

// waitCheck gives a check a moment, while its file comes and while it is read, and returns it as it is once that has come.
func (d Desk) waitCheck(r *http.Request, c dataset.Check) dataset.Check {
	if !d.wait(r, c.Job) {
		return c
	}
	again, err := d.Dataset.Check(r.Context(), web.Actor(r), c.ID)
	if err != nil {
		return c
	}
	if again.State == dataset.Running && again.Job != c.Job {
		d.wait(r, again.Job)
	}
	return again
}

// waitAll gives a change of a dataset a moment, whether it is one job or two.
func (d Desk) waitAll(r *http.Request, job string, of dataset.ID) {
	if !d.wait(r, job) {
		return
	}
	if ds, err := d.Dataset.Find(r.Context(), web.Actor(r), of); err == nil && ds.Pending != nil && ds.Pending.State == dataset.Running && ds.Pending.Job != job {
		d.wait(r, ds.Pending.Job)
	}
}

// waitingFor is the key of what a check waits for.
func waitingFor(c dataset.Check) string {
	if c.Source.Blob == "" {
		return "datasetweb.fetching_file"
	}
	return "datasetweb.reading_file"
}

// checkRetry fetches the file of a check again.
func (d Desk) checkRetry(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Dataset.Retry(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
	if err != nil {
		return err
	}
	d.waitCheck(r, c)
	return web.Redirect(w, r, checkPath(c.ID), web.Said{})
}

// subscribe keeps a dataset's address and rhythm.
func (d Desk) subscribe(w http.ResponseWriter, r *http.Request) error {
	id := dataset.ID(r.PathValue("id"))
	err := d.Dataset.Subscribe(r.Context(), web.Actor(r), id, r.PostFormValue("address"), dataset.Rhythm(r.PostFormValue("every")))
	if err == nil {
		return web.Redirect(w, r, datasetPath(id)+"/history#address-title", web.Said{Kind: "success", Key: "datasetweb.refresh_saved"})
	}
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok {
		return err
	}
	return d.showHistory(w, r, web.StatusOf(err), errs)
}

// refresh fetches a dataset again: a new version when its file has changed, else a sentence that says since when it has not.
func (d Desk) refresh(w http.ResponseWriter, r *http.Request) error {
	ds, err := d.Dataset.ForChange(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	c, err := d.Dataset.Refresh(r.Context(), web.Actor(r), ds.ID)
	if err != nil {
		errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
		if !ok {
			return err
		}
		return d.showHistory(w, r, web.StatusOf(err), errs)
	}
	said, err := d.saidOf(r, ds, c.Job, web.Said{Kind: "success", Key: "datasetweb.refreshed"})
	if err != nil {
		return err
	}
	if said.Key != "" {
		return web.Redirect(w, r, datasetPath(ds.ID)+"/quality", said)
	}
	after, err := d.Dataset.Find(r.Context(), web.Actor(r), ds.ID)
	if err != nil {
		return err
	}
	if after.Pending == nil {
		return web.Redirect(w, r, datasetPath(ds.ID)+"/history#address-title", web.Said{Kind: "info", Key: "datasetweb.unchanged"})
	}
	return web.Redirect(w, r, datasetPath(ds.ID), web.Said{})
}
