package datasetweb

import (
	"net/http"
	"strconv"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A subject is the table a page is about: a check that is done, or a version of a dataset.
type subject struct {
	base      string // address of the check or the dataset
	quality   string // address under which its findings are
	title     string
	source    dataset.Source
	outcome   dataset.Outcome
	check     *dataset.Check   // nil for a dataset
	kept      *dataset.Dataset // nil for a check
	version   int
	mayChange bool
	withheld  bool // the file as it came is not for this visitor
}

// A viewer answers with something about a table.
type viewer func(w http.ResponseWriter, r *http.Request, s subject) error

func checkPath(id dataset.CheckID) string { return ui.Link("/check", string(id)) }

func datasetPath(id dataset.ID) string { return ui.Link("/datasets", string(id)) }

// ofCheck shows the check of the address; one that is not done shows its own page instead.
func (d Desk) ofCheck(show viewer) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := d.Dataset.Check(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
		if err != nil {
			return err
		}
		if c.State != dataset.Done {
			return web.Redirect(w, r, checkPath(c.ID), web.Said{})
		}
		return show(w, r, subjectOfCheck(c))
	}
}

func subjectOfCheck(c dataset.Check) subject {
	base := checkPath(c.ID)
	return subject{base: base, quality: base, title: tableName(c), source: c.Source, outcome: c.Outcome, check: &c, mayChange: true}
}

// places says where findings of the table are in words of people.
func (s subject) places(p *i18n.Printer) dataset.Places {
	return dataset.Places{Reading: s.outcome.Report.Reading, Say: p.T}
}

// rowWords says where a row is: in a table of several files, in which.
func (s subject) rowWords(p *i18n.Printer, row int) string {
	if file, at := s.outcome.Report.Reading.Place(row); file != "" {
		return p.T("datasetweb.row_in", file, at)
	}
	return p.T("datasetweb.row", row)
}

// ofDataset shows the current version of the dataset of the address.
func (d Desk) ofDataset(show viewer) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ds, v, err := d.Dataset.Current(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		return show(w, r, subjectOfDataset(r, ds, v))
	}
}

func subjectOfDataset(r *http.Request, ds dataset.Dataset, v dataset.Version) subject {
	base := datasetPath(ds.ID)
	return subject{base: base, quality: base + "/quality", title: ds.Title, source: v.Source, outcome: v.Outcome, kept: &ds, withheld: v.Withheld() && !ds.MaySee(web.Actor(r)),
		version: v.Number, mayChange: ds.MayChange(web.Actor(r))}
}

// A frame is what each page about a table has around its content.
type frame struct {
	Head     ui.PageHead
	Tabs     ui.Tabs // none for a check
	Progress *ui.Progress
	Notices  []ui.Notice
	Dismiss  string // address that forgets a change that failed, "" for none
}

// frameOf makes the frame of a page called by the key. live pages follow a change on its way; others, where people type,
// only say that there is one.
func (d Desk) frameOf(r *http.Request, s subject, key string, live bool) frame {
	p := web.VisitOf(r).P
	if s.kept == nil {
		return frame{Head: ui.PageHead{Title: p.T(key), Eyebrow: s.title}}
	}
	ds := s.kept
	f := frame{Tabs: Tabs(r, string(ds.ID), s.title), Head: ui.PageHead{Title: s.title, Eyebrow: p.T(key), Facts: []ui.Fact{
		{Label: p.T("datasetweb.owner"), Value: ds.OwnerName}, {Label: p.T("datasetweb.version"), Value: p.Number(s.version)},
		{Label: p.T("datasetweb.rows"), Value: p.Number(ds.Rows)}, {Label: p.T("datasetweb.columns"), Value: p.Number(ds.Columns)},
		{Label: p.T("datasetweb.modified"), Value: p.Date(ds.Modified)}}}}
	if ds.Lesson != "" {
		f.Head.Badges = append(f.Head.Badges, ui.Badge{Label: p.T("datasetweb.exercise"), Icon: "book-open", Href: ds.Lesson})
	}
	if ds.Pending == nil {
		return f
	}
	switch running := ds.Pending.State == dataset.Running; {
	case running && live:
		bar := d.progress(r, ds.Pending.Job, 0)
		if bar.failed { // its job ended without a word: our fault
			f.Notices = append(f.Notices, ui.Notice{Kind: ui.Error, Title: p.T("datasetweb.pending_failed"), Text: p.T("datasetweb.broken")})
			if s.mayChange {
				f.Dismiss = s.base + "/cancel"
			}
			break
		}
		bar.Label, bar.Poll = p.T("datasetweb.pending"), s.base+"/progress"
		if s.mayChange {
			bar.Cancel = s.base + "/cancel"
		}
		f.Progress = &bar.Progress
	case running:
		f.Notices = append(f.Notices, ui.Notice{Text: p.T("datasetweb.pending_notice")})
	case ds.Pending.Fault != nil:
		n := ui.Notice{Kind: ui.Error, Title: p.T("datasetweb.pending_failed"), Text: p.T(ds.Pending.Fault.Key, ds.Pending.Fault.Args...)}
		f.Notices = append(f.Notices, n)
		if s.mayChange {
			f.Dismiss = s.base + "/cancel"
		}
	}
	return f
}

// headOf is what the layout is told of a page called by the key.
func headOf(r *http.Request, s subject, key string) ui.Head {
	p := web.VisitOf(r).P
	h := ui.Head{Title: p.T(key) + " – " + s.title, NoIndex: true}
	if s.kept == nil {
		h.Section = "/check"
		h.Crumbs = append(crumbsOf(p, s.check), ui.Crumb{Label: s.title, Href: s.base})
		return h
	}
	h.Section = "/datasets"
	h.Crumbs = []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"}}
	if r.URL.Path != s.base {
		h.Crumbs = append(h.Crumbs, ui.Crumb{Label: s.title, Href: s.base})
	}
	return h
}

// refresh is how often a page without JavaScript looks again, in seconds.
const refresh = 2

// A bar is how far a job is.
type bar struct {
	ui.Progress
	final, failed bool
}

// progress asks how far a job is. A job the queue no longer knows has ended; a queue that does not answer has not.
func (d Desk) progress(r *http.Request, job string, upTo time.Duration) bar {
	b := bar{Progress: ui.Progress{Percent: -1}}
	s, err := d.Jobs.Wait(r.Context(), job, upTo)
	if fault.KindOf(err) == fault.NotFound {
		b.final, b.failed = true, true
		return b
	}
	b.final, b.failed = s.Final, s.Failed
	if s.Total > 0 {
		b.Percent = int(min(100, 100*s.Done/s.Total))
	}
	if p := web.VisitOf(r).P; p.Has(s.Note) {
		b.Text = p.T(s.Note)
	} else {
		b.Text = p.T("datasetweb.waiting")
	}
	return b
}

// wait gives a job a moment, so that the page after a small change already shows it. It reports whether the job is done.
func (d Desk) wait(r *http.Request, job string) bool {
	b := d.progress(r, job, patience)
	return b.final && !b.failed
}

// A progressAnswer is what the c-job island reads.
type progressAnswer struct {
	State   string `json:"state"`
	Percent int    `json:"percent"`
	Text    string `json:"text"`
	URL     string `json:"url"`
}

func whole(s string, least int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < least {
		return least
	}
	return n
}

// attach answers with a file written by fn. When nothing has been written yet, an error is still answered with a page.
func attach(w http.ResponseWriter, mediaType, name string, fn func() error) error {
	web.Attachment(w, mediaType, name)
	err := fn()
	if err != nil {
		w.Header().Del("Content-Disposition")
	}
	return err
}

// formatOf reads a format from an address. Faults: NotFound "web.not_found".
func formatOf(name string) (dataset.Format, error) {
	for _, f := range dataset.Formats() {
		if string(f) == name {
			return f, nil
		}
	}
	return "", fault.New(fault.NotFound, "web.not_found")
}
