package catalogueweb

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cultured/internal/catalogue"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type recordPage struct {
	Tabs       ui.Tabs
	Head       ui.PageHead
	Notices    []ui.Notice
	Form       recordForm
	Clash      []clashField
	SavePath   string // the form's own: the page may stand at the address of an action
	ScorePath  string
	Score      scoreFragment
	Acts       []ui.Button
	Override   *ui.Textarea
	PublicPath string
	MayEdit    bool
}

// A clashField is one field that two people changed.
type clashField struct {
	Label, Base string
	Diff        ui.Diff
	Choice      ui.Group
}

// A scoreFragment is what moves beside the form as the person types.
type scoreFragment struct {
	Score     ui.Score
	Summary   string
	Questions []question
}

var (
	recordTemplate = ui.Page[recordPage](pages, "pages/record.tmpl", "pages/score.tmpl")
	scoreTemplate  = ui.Page[scoreFragment](pages, "pages/score.tmpl")
)

// record shows the record of a dataset, as a form to those who may edit it.
func record(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, err := mine(r, d)
		if err != nil {
			return err
		}
		return showRecord(w, r, d, view{status: http.StatusOK, rec: rec})
	}
}

// mine returns the record of the dataset in the address, for somebody signed in.
func mine(r *http.Request, d Desk) (catalogue.Record, error) {
	if !web.Actor(r).Known() {
		return catalogue.Record{}, fault.New(fault.SignIn, "catalogue.sign_in_first")
	}
	return d.Catalogue.Record(r.Context(), web.Actor(r), r.PathValue("id"))
}

// A view is a record page about to be shown: after a failed save it carries what was wrong.
type view struct {
	status   int
	rec      catalogue.Record
	errs     ui.FormErrors
	clash    *catalogue.Clash
	override bool // ask why to publish in spite of suspected personal data
}

func showRecord(w http.ResponseWriter, r *http.Request, d Desk, s view) error {
	v := web.VisitOf(r)
	p, rec := v.P, s.rec
	path, title := "/datasets/"+rec.Dataset+"/record", rec.Title
	if title == "" { // just emptied in the form
		title = p.T("catalogueweb.untitled")
	}
	page := recordPage{Tabs: d.Tabs(r, rec.Dataset, title), MayEdit: rec.MayEdit(v.Actor), SavePath: path, ScorePath: path + "/score",
		Head:  ui.PageHead{Title: title, Eyebrow: p.T("catalogueweb.record"), Badges: []ui.Badge{{Label: p.T(rec.State.Key()), Kind: stateKind(rec.State)}}},
		Form:  newRecordForm(p, rec, s.errs),
		Score: newScoreFragment(p, rec, d.Now())}
	if rec.Published != nil {
		page.PublicPath = "/catalogue/" + rec.Slug
	}
	for _, key := range rec.Warnings() {
		page.Notices = append(page.Notices, ui.Notice{Kind: ui.Warning, Text: p.T(key)})
	}
	for _, a := range rec.May(v.Actor) {
		if a != catalogue.Edit {
			page.Acts = append(page.Acts, actButton(p, a, rec.Author == v.Actor.ID, path+"/act"))
		}
	}
	if s.override {
		page.Override = &ui.Textarea{Name: "override", Label: p.T("catalogueweb.override"), Hint: p.T("catalogueweb.override_hint"), Error: s.errs.For("override"), Rows: 3, Form: recordFormID}
	}
	if s.clash != nil {
		page.Clash = clashFields(p, s.clash)
		page.Form.Version = s.rec.Version
	}
	return recordTemplate.Render(w, r, s.status, ui.Head{Title: title + " – " + p.T("catalogueweb.record"), Errors: s.errs, Section: "/datasets",
		Crumbs: []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"}, {Label: title, Href: "/datasets/" + rec.Dataset}}}, page)
}

func stateKind(s catalogue.State) string {
	switch s {
	case catalogue.StatePublished:
		return ui.Success
	case catalogue.StateInReview:
		return ui.Info
	case catalogue.StateWithdrawn:
		return ui.Warning
	}
	return ui.Neutral
}

// recordFormID is the id of the record's form: the actions stand beside it and send it along, so that nothing typed is lost.
const recordFormID = "record-form"

func actButton(p *i18n.Printer, a catalogue.Action, own bool, to string) ui.Button {
	b := ui.Button{Label: p.T(a.Key()), Name: "action", Value: string(a), Look: ui.Secondary, Form: recordFormID, To: to}
	switch a {
	case catalogue.Publish:
		b.Look, b.Icon = ui.Primary, "globe"
	case catalogue.Submit:
		b.Look, b.Icon = ui.Primary, "send"
	case catalogue.SendBack:
		if own { // nobody sends a record back to oneself
			b.Label = p.T("catalogueweb.take_back")
		}
	case catalogue.Share:
		b.Icon = "users"
	case catalogue.Withdraw:
		b.Look = ui.Danger
	}
	return b
}

func clashFields(p *i18n.Printer, c *catalogue.Clash) []clashField {
	var out []clashField
	for _, d := range c.Differences {
		if !d.Conflict {
			continue
		}
		label := p.T(d.Label())
		out = append(out, clashField{Label: label, Base: d.Base,
			Diff: ui.Compare(label, p.T("catalogueweb.theirs"), d.Theirs, p.T("catalogueweb.mine"), d.Mine),
			Choice: ui.Group{Name: "keep-" + d.Field, Label: p.T("catalogueweb.keep_which", label), Required: true, Inline: true, Options: []ui.Option{
				{Value: string(catalogue.Theirs), Label: p.T("catalogueweb.keep_theirs")}, {Value: string(catalogue.Mine), Label: p.T("catalogueweb.keep_mine"), Selected: true}}}})
	}
	return out
}

// save writes the record, or shows what is wrong, or what somebody else wrote meanwhile.
func save(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, err := mine(r, d)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		edited := rec
		if err := readForm(r.PostForm, &edited).Err(); err != nil {
			return again(w, r, d, edited, err)
		}
		if _, err := d.Catalogue.Save(r.Context(), web.Actor(r), edited, chosen(r.PostForm)); err != nil {
			return again(w, r, d, edited, err)
		}
		return web.Redirect(w, r, "/datasets/"+rec.Dataset+"/record", web.Said{Kind: "success", Key: "catalogueweb.saved"})
	}
}

// chosen reads whose text is kept, by field.
func chosen(form url.Values) map[string]catalogue.Side {
	choice := map[string]catalogue.Side{}
	for name, values := range form {
		if field, ok := strings.CutPrefix(name, "keep-"); ok {
			choice[field] = catalogue.Side(values[0])
		}
	}
	return choice
}

// again shows the form with what is wrong, or with both texts, and everything that was typed.
func again(w http.ResponseWriter, r *http.Request, d Desk, edited catalogue.Record, err error) error {
	if clash, ok := errors.AsType[*catalogue.Clash](err); ok {
		p := web.VisitOf(r).P
		return showRecord(w, r, d, view{status: http.StatusConflict, rec: edited, clash: clash,
			errs: ui.FormErrors{{Text: p.T("catalogueweb.clash")}}})
	}
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok {
		return err
	}
	return showRecord(w, r, d, view{status: http.StatusUnprocessableEntity, rec: edited, errs: errs})
}

// score answers the fragment that moves as the person types. It writes nothing.
func score(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, err := mine(r, d)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		readForm(r.PostForm, &rec) // what is malformed does not count yet; saving says why
		return scoreTemplate.Fragment(w, r, http.StatusOK, newScoreFragment(web.VisitOf(r).P, rec, d.Now()))
	}
}

// act does one of the actions on a record: share, submit, publish… What was typed in the form and not saved yet is saved
// first: who answers the questions and then asks for a review loses no answer.
func act(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, err := mine(r, d)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		edited := rec
		if err := readForm(r.PostForm, &edited).Err(); err != nil {
			return again(w, r, d, edited, err)
		}
		written, err := d.Catalogue.Written(r.Context(), edited)
		if err != nil {
			return err
		}
		if written {
			if rec, err = d.Catalogue.Save(r.Context(), web.Actor(r), edited, chosen(r.PostForm)); err != nil {
				return again(w, r, d, edited, err)
			}
		}
		action := catalogue.Action(r.PostFormValue("action"))
		rec2, err := d.Catalogue.Act(r.Context(), web.Actor(r), rec.Dataset, action, r.PostFormValue("override"))
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			return showRecord(w, r, d, view{status: web.StatusOf(err), rec: rec, errs: errs, override: errs.For("override") != ""})
		}
		to := "/datasets/" + rec.Dataset + "/record"
		if action == catalogue.Publish {
			to = "/catalogue/" + rec2.Slug
		}
		said := "catalogueweb.done_" + string(action)
		if action == catalogue.SendBack && rec2.Author == web.Actor(r).ID {
			said = "catalogueweb.taken_back"
		}
		return web.Redirect(w, r, to, web.Said{Kind: "success", Key: said})
	}
}

func newScoreFragment(p *i18n.Printer, rec catalogue.Record, now time.Time) scoreFragment {
	s := catalogue.ScoreOf(rec, now)
	f := scoreFragment{Score: scoreOf(p, s, "#"), Summary: p.T("catalogueweb.score_summary", s.Met, s.Total)}
	for _, q := range catalogue.Questions(rec) {
		f.Questions = append(f.Questions, question{Text: p.T(q.Key), Answered: q.Answered, Field: q.Fields[0]})
	}
	return f
}

// scoreOf draws the nine criteria; anchor, when set, makes each advice lead to its field.
func scoreOf(p *i18n.Printer, s catalogue.Score, anchor string) ui.Score {
	out := ui.Score{Value: s.Met, Max: s.Total, Label: p.T("catalogueweb.score")}
	for _, c := range s.Criteria {
		item := ui.Criterion{Label: p.T(c.Label()), Met: c.Met, Advice: p.T(c.Advice())}
		if field, ok := fieldOf[c.Key]; ok && anchor != "" {
			item.Href = anchor + field
		}
		out.Criteria = append(out.Criteria, item)
	}
	return out
}

// fieldOf is the form field that earns a criterion.
var fieldOf = map[catalogue.CriterionKey]string{
	catalogue.HasLicence: "licence", catalogue.HasTemporal: "temporal_start", catalogue.HasSpatial: "spatial_name",
	catalogue.HasFrequency: "frequency", catalogue.UpdatedInTime: "frequency", catalogue.IsDescribed: "description",
}

func version(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
