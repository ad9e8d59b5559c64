package datasetweb

import (
	"net/http"
	"slices"
	"strconv"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// An edit is another way to read the same file.
type edit struct {
	apply func(*dataset.Source) error
	why   string                                                                   // a version exists, when the table is a dataset
	said  web.Said                                                                 // once it is done
	to    string                                                                   // page of a dataset to come back to
	retry func(w http.ResponseWriter, r *http.Request, s subject, err error) error // shows a form with what is wrong; nil for the page of the table
}

// A planner reads a form and says what it asks of a table.
type planner func(r *http.Request, s subject) (edit, error)

// changeCheck reads the file of a check another way, with a way back.
func (d Desk) changeCheck(plan planner) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := d.Dataset.Check(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
		if err != nil {
			return err
		}
		s := subjectOfCheck(c)
		e, err := plan(r, s)
		if err == nil {
			c, err = d.Dataset.Change(r.Context(), web.Actor(r), c.ID, e.apply)
		}
		if err != nil {
			return d.again(w, r, s, e, err)
		}
		d.wait(r, c.Job)
		c, err = d.Dataset.Check(r.Context(), web.Actor(r), c.ID)
		if err != nil {
			return err
		}
		if c.State != dataset.Done { // the page says how far it is, or why it failed
			return web.Redirect(w, r, s.base, web.Said{})
		}
		e.said.Undo = &web.SaidUndo{Key: "datasetweb.undo", Action: s.base + "/undo", Name: "to", Value: "before"}
		return web.Redirect(w, r, s.base, e.said)
	}
}

// again shows the page of a form with what is wrong in it.
func (d Desk) again(w http.ResponseWriter, r *http.Request, s subject, e edit, err error) error {
	if e.retry != nil {
		return e.retry(w, r, s, err)
	}
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok || s.outcome.Table == "" {
		return err
	}
	if s.check != nil {
		return d.showCheck(w, r, *s.check, web.StatusOf(err), errs)
	}
	return d.showQuality(w, r, s, web.StatusOf(err), errs)
}

// changeDataset reads the file of a dataset another way: its next version, with a way back.
func (d Desk) changeDataset(plan planner) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ds, v, err := d.Dataset.Current(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		s := subjectOfDataset(r, ds, v)
		e, err := plan(r, s)
		if err != nil {
			return d.again(w, r, s, e, err)
		}
		c, err := d.Dataset.Revise(r.Context(), web.Actor(r), ds.ID, e.why, e.apply)
		if err != nil {
			return d.again(w, r, s, e, err)
		}
		said, err := d.saidOf(r, ds, c.Job, e.said)
		if err != nil {
			return err
		}
		return web.Redirect(w, r, s.base+e.to, said)
	}
}

// saidOf waits a moment for a change of a dataset and returns what to say of it: nothing while it is on its way or when it
// has failed, since the page says so.
func (d Desk) saidOf(r *http.Request, before dataset.Dataset, job string, said web.Said) (web.Said, error) {
	d.waitAll(r, job, before.ID)
	after, err := d.Dataset.Find(r.Context(), web.Actor(r), before.ID)
	if err != nil || after.Current == before.Current {
		return web.Said{}, err
	}
	said.Undo = &web.SaidUndo{Key: "datasetweb.undo", Action: datasetPath(before.ID) + "/undo", Name: "to", Value: strconv.Itoa(before.Current)}
	return said, nil
}

// checkUndo goes back to the reading before.
func (d Desk) checkUndo(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Dataset.Undo(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
	if err != nil {
		return err
	}
	said := web.Said{}
	if d.wait(r, c.Job) {
		said = web.Said{Kind: "success", Key: "datasetweb.undone"}
	}
	return web.Redirect(w, r, checkPath(c.ID), said)
}

// datasetUndo takes back the version before a change.
func (d Desk) datasetUndo(w http.ResponseWriter, r *http.Request) error {
	id := dataset.ID(r.PathValue("id"))
	if err := d.Dataset.Restore(r.Context(), web.Actor(r), id, whole(r.PostFormValue("to"), 0)); err != nil {
		return err
	}
	return web.Redirect(w, r, datasetPath(id)+"/quality", web.Said{Kind: "success", Key: "datasetweb.undone"})
}

// mending reads which fixes are asked for: all that are safe, those of a reason or of one column, or one to leave out.
func (d Desk) mending(r *http.Request, s subject) (edit, error) {
	e := edit{why: dataset.WhyFixed, to: "/quality"}
	report := s.outcome.Report
	var fixes dataset.Plan
	mended := 0
	switch {
	case r.PostFormValue("drop") != "":
		at := whole(r.PostFormValue("drop"), 0)
		e.apply = func(src *dataset.Source) error { src.Plan = src.Plan.Without(at); return nil }
		e.said = web.Said{Kind: "success", Key: "datasetweb.fix_dropped"}
		return e, nil
	case r.PostFormValue("fix") == "all":
		fixes, mended = report.SafeFixes(), report.Fixable
	default:
		reason, field, one := r.PostFormValue("reason"), r.PostFormValue("field"), r.PostForm.Has("field")
		for _, g := range report.Groups {
			if g.Reason == reason && (!one || g.Field == field) && g.Fix.Kind != "" {
				fixes, mended = append(fixes, g.Fix), mended+g.Fixable
			}
		}
	}
	if len(fixes) == 0 {
		return e, fault.New(fault.Conflict, "datasetweb.nothing_to_mend")
	}
	e.apply = func(src *dataset.Source) error { src.Plan = append(slices.Clone(src.Plan), fixes...); return nil }
	e.said = web.Said{Kind: "success", Key: "datasetweb.mended", Args: []string{web.VisitOf(r).P.Number(mended)}}
	return e, nil
}

// separators are the ways to cut columns, by the words of the form.
var separators = []struct{ name, sign string }{{"semicolon", ";"}, {"comma", ","}, {"tab", "\t"}, {"bar", "|"}}

// rereading reads how the file is to be read: empty answers are left to detection.
func (d Desk) rereading(r *http.Request, s subject) (edit, error) {
	if e, ok := rereadWay(r); ok {
		return e, nil
	}
	var wrong fault.List
	read := s.outcome.Report.Reading
	o := tabular.Options{AsStored: s.source.Options.AsStored, DropTotals: r.PostFormValue("drop_totals") != "", Encoding: r.PostFormValue("encoding"), Member: r.PostFormValue("member"), Sheet: r.PostFormValue("sheet")}
	if s.check != nil && s.check.Package != "" { // the check of one table stays that
		o.Member = s.source.Options.Member
	} else if member := func(m tabular.Member) bool { return m.Name == o.Member }; o.Member != "" && !slices.ContainsFunc(read.Members, member) {
		wrong.Add("member", "datasetweb.bad_choice")
	}
	if o.Member != s.source.Options.Member && o.Member != "" && o.Member != read.Member { // the sheet is one of the file before
		o.Sheet = ""
	}
	if o.Encoding != "" && !slices.Contains(tabular.Encodings, o.Encoding) {
		wrong.Add("encoding", "datasetweb.bad_choice")
	}
	for _, sep := range separators {
		if sep.name == r.PostFormValue("separator") {
			o.Separator = sep.sign
		}
	}
	for _, q := range quotes {
		if q.name == r.PostFormValue("quote") {
			o.Quote = q.sign
		}
	}
	known := func(sheet tabular.Sheet) bool { return sheet.Name == o.Sheet }
	if sheets := read.Sheets; o.Sheet != "" && len(sheets) > 0 && !slices.ContainsFunc(sheets, known) {
		wrong.Add("sheet", "datasetweb.bad_choice")
	}
	if row := r.PostFormValue("header"); row != "" {
		n, err := strconv.Atoi(row)
		if err != nil || n < 1 || n > 1_000_000 {
			wrong.Add("header", "datasetweb.bad_header")
		}
		o.HeaderRow = n
	}
	if rows := r.PostFormValue("header_rows"); rows != "" {
		n, err := strconv.Atoi(rows)
		if err != nil || n < 1 || n > tabular.MostHeaderRows {
			wrong.Add("header_rows", "datasetweb.bad_header_rows", tabular.MostHeaderRows)
		}
		o.HeaderRows = n
	}
	if rows := r.PostFormValue("skip_rows"); rows != "" {
		n, err := strconv.Atoi(rows)
		if err != nil || n < 0 || n > tabular.MostSkipRows {
			wrong.Add("skip_rows", "datasetweb.bad_skip_rows", tabular.MostSkipRows)
		}
		o.SkipRows = n
	}
	return reread(func(now *tabular.Options) { *now = o }), wrong.Err()
}

// rereadWay reads the button of one of the ways of a [wayView]: all else stays.
func rereadWay(r *http.Request) (e edit, ok bool) {
	if way := r.PostFormValue("merged"); way != "" {
		return reread(func(o *tabular.Options) { o.AsStored = way == mergedStored }), true
	}
	if way := r.PostFormValue("units"); way != "" {
		return reread(func(o *tabular.Options) {
			if o.SkipRows = 0; way == rowsAside {
				o.SkipRows = 1
			}
		}), true
	}
	if way := r.PostFormValue("totals"); way != "" {
		return reread(func(o *tabular.Options) { o.DropTotals = way == rowsAside }), true
	}
	return e, false
}

// reread reads the file with other options.
func reread(change func(o *tabular.Options)) edit {
	return edit{why: dataset.WhyReread, to: "/quality", said: web.Said{Kind: "success", Key: "datasetweb.reread"},
		apply: func(src *dataset.Source) error { change(&src.Options); return nil }}
}

// choosing reads which schema the table is to follow; none is an answer.
func (d Desk) choosing(r *http.Request, _ subject) (edit, error) {
	e := edit{why: dataset.WhySchema, to: "/schema"}
	ref := r.PostFormValue("schema")
	if ref == "" {
		e.said = web.Said{Kind: "success", Key: "datasetweb.schema_removed"}
		e.apply = func(src *dataset.Source) error { src.Schema = ""; return nil }
		return e, nil
	}
	entry, err := d.Schemas.Find(ref)
	if err != nil {
		return e, fault.Field("schema", "datasetweb.bad_choice")
	}
	e.said = web.Said{Kind: "success", Key: "datasetweb.schema_chosen", Args: []string{entry.Title}}
	e.apply = func(src *dataset.Source) error { src.Schema = entry.Name; return nil }
	return e, nil
}

// datasetProgress answers the island that follows a change of a dataset; it comes back to the page it is on.
func (d Desk) datasetProgress(w http.ResponseWriter, r *http.Request) error {
	ds, err := d.Dataset.Find(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if ds.Pending == nil {
		return d.answerProgress(w, r, dataset.Done, "", "")
	}
	return d.answerProgress(w, r, ds.Pending.State, ds.Pending.Job, "")
}

// datasetCancel gives up a change on its way, or one that failed. The dataset stays as it is.
func (d Desk) datasetCancel(w http.ResponseWriter, r *http.Request) error {
	ds, err := d.Dataset.ForChange(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if p := ds.Pending; p != nil {
		if p.State == dataset.Running {
			err = d.stop(r, p.Check, p.Job)
		}
		if err == nil {
			err = d.Dataset.Forget(r.Context(), web.Actor(r), p.Check)
		}
		if fault.Is(err, "dataset.check_gone") { // a colleague's: theirs to give up
			return web.Redirect(w, r, datasetPath(ds.ID), web.Said{Kind: "warning", Key: "datasetweb.not_your_change"})
		}
		if err != nil {
			return err
		}
	}
	return web.Redirect(w, r, datasetPath(ds.ID), web.Said{Kind: "info", Key: "datasetweb.change_given_up"})
}
