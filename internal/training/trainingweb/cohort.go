package trainingweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/training"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type cohortPage struct {
	Head    ui.PageHead
	Use     string
	Path    *ui.LinkButton
	Invited string // address of the answer; "" for who is not, or has answered
	Consent *consent
	Seats   *ui.Table // for the lead
	Members *ui.Table // for the others
	Invite  *invite
	Notes   []note
	Write   *writing
	Leave   string // address, "" for who leads
	Close   string // address, "" for who does not
	Closed  bool
}

type consent struct {
	Action, Text string
	On           bool
}

type invite struct {
	Action      string
	Email, Pair ui.Field
	Side        ui.Group
	Remove      string
	People      []ui.Option // to remove: identifier and name
}

type note struct {
	Who, When, Text string
	Badges          []ui.Badge
	Helped          string // address where the lead says that help was given
	ID              string
}

type writing struct {
	Action        string
	Text          ui.Textarea
	Private, Help *ui.Checkbox
}

var cohortTemplate = ui.Page[cohortPage](pages, "pages/cohort.tmpl")

func day(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s) // checked when it was kept
	return t
}

// cohort is one cohort, for who leads it or takes part.
func (d Desk) cohort(w http.ResponseWriter, r *http.Request) error {
	return d.showCohort(w, r, nil)
}

func (d Desk) showCohort(w http.ResponseWriter, r *http.Request, errs ui.FormErrors) error {
	v := web.VisitOf(r)
	p := v.P
	t, err := d.Training.Sit(r.Context(), v.Actor, training.CohortID(r.PathValue("id")))
	if err != nil {
		return err
	}
	people := []string{t.Lead}
	for _, m := range t.Members {
		people = append(people, m.Person)
	}
	for _, n := range t.Notes {
		people = append(people, n.Person)
	}
	names, err := d.Names(r.Context(), v.Actor, people...)
	if err != nil {
		return err
	}
	page := cohortPage{Head: ui.PageHead{Eyebrow: p.T("trainingweb.cohort"), Title: t.Title, Facts: []ui.Fact{{Label: p.T("trainingweb.when"), Value: d.weekSaid(p, t.Cohort)}, {Label: p.T("trainingweb.lead_by"), Value: names[t.Lead]}}}, Use: t.Use, Closed: t.Closed}
	if t.Path != nil {
		page.Path = &ui.LinkButton{Label: p.T("trainingweb.go_path", t.Path.Title.In(string(v.Lang))), Href: pathOf(t.Path.ID), Icon: "arrow-right"}
	}
	if t.Leads {
		page.forLead(p, t, names, r, errs)
	} else {
		page.forMember(p, t, names)
	}
	page.follow(p, t, names, r, errs)
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return cohortTemplate.Render(w, r, status, ui.Head{Title: t.Title, Section: pathsHome, NoIndex: true, Crumbs: cohortCrumbs(p), Errors: errs}, page)
}

// forLead shows what members share, and who may need help first.
func (page *cohortPage) forLead(p *i18n.Printer, t training.Table, names map[string]string, r *http.Request, errs ui.FormErrors) {
	page.Head.Actions = []ui.LinkButton{{Label: p.T("trainingweb.edit"), Href: cohortOf(t.ID, "edit"), Icon: "pencil"}}
	page.Close = cohortOf(t.ID, "close")
	page.Seats = &ui.Table{ID: "seats", Stacks: true, Caption: p.T("trainingweb.members"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("trainingweb.member")}, {Label: p.T("trainingweb.pair"), Numeric: true}, {Label: p.T("trainingweb.side")}, {Label: p.T("trainingweb.progress")}, {Label: p.T("trainingweb.needs")}}}
	seats := slices.Clone(t.Seats)
	slices.SortStableFunc(seats, func(a, b training.Seat) int { return min(len(b.Needs), 1) - min(len(a.Needs), 1) })
	for _, s := range seats {
		var needs []string
		for _, why := range s.Needs {
			needs = append(needs, p.T("trainingweb.need_"+why))
		}
		page.Seats.Rows = append(page.Seats.Rows, ui.Row{Cells: []ui.Cell{{Text: named(p, names, s.Person)}, {Text: p.Number(s.Pair)}, {Text: p.T("training.side_" + s.Side)}, {Text: progress(p, t, s)}, {Text: strings.Join(needs, ", ")}}})
	}
	page.Invite = newInvite(p, t, names, r, errs)
}

// progress says how far a member is, or why that is not known.
func progress(p *i18n.Printer, t training.Table, s training.Seat) string {
	switch {
	case s.Joined.IsZero():
		return p.T("trainingweb.progress_invited")
	case s.Shares.IsZero():
		return p.T("trainingweb.progress_kept")
	case t.Path == nil:
		return p.T("trainingweb.cohort_no_path")
	}
	done, _ := training.Count(s.Stages)
	return p.T("trainingweb.done_of", done, len(s.Stages))
}

func newInvite(p *i18n.Printer, t training.Table, names map[string]string, r *http.Request, errs ui.FormErrors) *invite {
	in := &invite{Action: cohortOf(t.ID, "members"), Remove: cohortOf(t.ID, "remove"),
		Email: ui.Field{Name: "email", Type: "email", Label: p.T("trainingweb.email"), Hint: p.T("trainingweb.email_hint"), Value: r.PostFormValue("email"), Error: errs.For("email"), Required: true, Autocomplete: "off"},
		Pair:  ui.Field{Name: "pair", Mode: "numeric", Label: p.T("trainingweb.pair"), Hint: p.T("trainingweb.pair_hint"), Value: strconv.Itoa(len(t.Members)/2 + 1), Error: errs.For("pair"), Size: "short", Required: true, Autocomplete: "off"},
		Side:  ui.Group{Name: "side", Label: p.T("trainingweb.side"), Error: errs.For("side"), Required: true, Inline: true}}
	if typed := r.PostFormValue("pair"); typed != "" {
		in.Pair.Value = typed
	}
	for _, side := range training.Sides() {
		in.Side.Options = append(in.Side.Options, ui.Option{Value: side, Label: p.T("training.side_" + side), Selected: r.PostFormValue("side") == side})
	}
	for _, m := range t.Members {
		in.People = append(in.People, ui.Option{Value: m.Person, Label: named(p, names, m.Person)})
	}
	return in
}

// forMember shows who takes part, and what is theirs to decide.
func (page *cohortPage) forMember(p *i18n.Printer, t training.Table, names map[string]string) {
	page.Leave = cohortOf(t.ID, "join")
	if t.Mine.Joined.IsZero() {
		page.Invited = cohortOf(t.ID, "join")
	} else if !t.Closed && t.Path != nil {
		page.Consent = &consent{Action: cohortOf(t.ID, "consent"), On: !t.Mine.Shares.IsZero(), Text: p.T("trainingweb.consent_text", names[t.Lead], t.Path.Title.In(string(p.Lang())))}
	}
	page.Members = &ui.Table{ID: "members", Stacks: true, Caption: p.T("trainingweb.members"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("trainingweb.member")}, {Label: p.T("trainingweb.pair"), Numeric: true}, {Label: p.T("trainingweb.side")}}}
	for _, m := range t.Members {
		page.Members.Rows = append(page.Members.Rows, ui.Row{Cells: []ui.Cell{{Text: named(p, names, m.Person)}, {Text: p.Number(m.Pair)}, {Text: p.T("training.side_" + m.Side)}}})
	}
}

func named(p *i18n.Printer, names map[string]string, person string) string {
	if who := names[person]; who != "" {
		return who
	}
	return p.T("trainingweb.somebody")
}

// follow shows the follow-up, the newest first, and the form to add to it.
func (page *cohortPage) follow(p *i18n.Printer, t training.Table, names map[string]string, r *http.Request, errs ui.FormErrors) {
	for _, n := range slices.Backward(t.Notes) {
		one := note{Who: named(p, names, n.Person), When: p.DateTime(n.At), Text: n.Text, ID: n.ID}
		if n.Help && !n.Helped {
			one.Badges = append(one.Badges, ui.Badge{Label: p.T("trainingweb.note_help"), Kind: ui.Warning})
			if t.Leads {
				one.Helped = cohortOf(t.ID, "helped")
			}
		} else if n.Helped {
			one.Badges = append(one.Badges, ui.Badge{Label: p.T("trainingweb.note_helped"), Kind: ui.Success, Icon: "check"})
		}
		if n.Private {
			one.Badges = append(one.Badges, ui.Badge{Label: p.T("trainingweb.note_private"), Icon: "lock"})
		}
		page.Notes = append(page.Notes, one)
	}
	if t.Closed || !t.Leads && t.Mine.Joined.IsZero() {
		return
	}
	page.Write = &writing{Action: cohortOf(t.ID, "notes"), Text: ui.Textarea{Name: "note", Label: p.T("trainingweb.note"), Hint: p.T("trainingweb.note_hint"), Value: r.PostFormValue("note"), Error: errs.For("note"), Rows: 3, MaxLength: training.NoteText, Required: true}}
	if !t.Leads {
		page.Write.Help = &ui.Checkbox{Name: "help", Label: p.T("trainingweb.ask_help"), Checked: r.PostFormValue("help") != ""}
		page.Write.Private = &ui.Checkbox{Name: "private", Label: p.T("trainingweb.only_lead"), Hint: p.T("trainingweb.only_lead_hint"), Checked: r.PostFormValue("private") != ""}
	}
}

// act answers a form of the cohort's page: back to it with a sentence, or shown again with what is wrong.
func (d Desk) act(w http.ResponseWriter, r *http.Request, err error, said string) error {
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showCohort(w, r, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, cohortOf(training.CohortID(r.PathValue("id"))), web.Said{Kind: "success", Key: said})
}

func (d Desk) invite(w http.ResponseWriter, r *http.Request) error {
	pair, _ := strconv.Atoi(r.PostFormValue("pair")) // no number is no pair: the rule says so
	err := d.Training.Invite(r.Context(), web.Actor(r), training.CohortID(r.PathValue("id")), r.PostFormValue("email"), training.Member{Side: r.PostFormValue("side"), Pair: pair})
	return d.act(w, r, err, "trainingweb.invited")
}

func (d Desk) remove(w http.ResponseWriter, r *http.Request) error {
	err := d.Training.Remove(r.Context(), web.Actor(r), training.CohortID(r.PathValue("id")), r.PostFormValue("person"))
	return d.act(w, r, err, "trainingweb.removed")
}

func (d Desk) join(w http.ResponseWriter, r *http.Request) error {
	yes := r.PostFormValue("yes") == "yes"
	err := d.Training.Join(r.Context(), web.Actor(r), training.CohortID(r.PathValue("id")), yes)
	if err == nil && !yes {
		return web.Redirect(w, r, cohortsHome, web.Said{Kind: "success", Key: "trainingweb.cohort_left"})
	}
	return d.act(w, r, err, "trainingweb.joined")
}

func (d Desk) consent(w http.ResponseWriter, r *http.Request) error {
	on := r.PostFormValue("shares") == "yes"
	said := "trainingweb.consent_off"
	if on {
		said = "trainingweb.consent_on"
	}
	return d.act(w, r, d.Training.Consent(r.Context(), web.Actor(r), training.CohortID(r.PathValue("id")), on), said)
}

func (d Desk) write(w http.ResponseWriter, r *http.Request) error {
	n := training.Note{Text: r.PostFormValue("note"), Private: r.PostFormValue("private") != "", Help: r.PostFormValue("help") != ""}
	return d.act(w, r, d.Training.Write(r.Context(), web.Actor(r), training.CohortID(r.PathValue("id")), n), "trainingweb.note_kept")
}

func (d Desk) helped(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, d.Training.Helped(r.Context(), web.Actor(r), training.CohortID(r.PathValue("id")), r.PostFormValue("note")), "trainingweb.saved")
}

func (d Desk) closeCohort(w http.ResponseWriter, r *http.Request) error {
	return d.act(w, r, d.Training.CloseCohort(r.Context(), web.Actor(r), training.CohortID(r.PathValue("id")), r.PostFormValue("closed") == "yes"), "trainingweb.saved")
}
