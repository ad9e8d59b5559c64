package registerweb

import (
	"net/http"
	"strconv"

	"cultured/internal/i18n"
	"cultured/internal/register"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// An adviceView is what the data protection officer said of an entry, and where they say more.
type adviceView struct {
	Given    []given
	Action   string // "" for who may not
	Revision int
	Verdict  ui.Group
	Text     ui.Textarea
}

// given is one opinion.
type given struct {
	Badge    ui.Badge
	Text     string
	By       string
	Outdated bool
}

// An opining is an opinion as it was typed.
type opining struct {
	verdict, text string
	errs          ui.FormErrors
}

func verdictBadge(p *i18n.Printer, verdict string) ui.Badge {
	b := ui.Badge{Kind: ui.Info, Icon: "message-square", Label: p.T("registerweb.verdict_" + verdict)}
	switch verdict {
	case register.Approved:
		b.Kind, b.Icon = ui.Success, "circle-check"
	case register.Reserved:
		b.Kind, b.Icon = ui.Warning, "triangle-alert"
	}
	return b
}

// opinion says in a few words where the officer's opinion on an entry stands.
func opinion(p *i18n.Printer, all register.Register, e register.Entry) *ui.Badge {
	o, current, ok := all.Opinion(e)
	if !ok {
		return nil
	}
	b := verdictBadge(p, o.Verdict)
	if !current {
		b = ui.Badge{Kind: ui.Warning, Icon: "clock", Label: p.T("registerweb.opinion_old")}
	}
	return &b
}

// opinionText is the same for a file.
func opinionText(p *i18n.Printer, all register.Register, e register.Entry) string {
	o, current, ok := all.Opinion(e)
	if !ok {
		return ""
	}
	text := p.T("registerweb.opinion_on", p.T("registerweb.verdict_"+o.Verdict), p.Date(i18n.Civil(o.At)))
	if !current {
		text += "\n" + p.T("registerweb.opinion_old")
	}
	if o.Text != "" {
		text += "\n" + o.Text
	}
	return text
}

// advice fills what is said of an entry.
func (d Desk) advice(r *http.Request, all register.Register, e register.Entry, in opining) (v adviceView, err error) {
	by, p := web.Actor(r), web.VisitOf(r).P
	about := all.About(e.ID)
	var people []string
	for _, o := range about {
		people = append(people, o.Person)
	}
	names, err := d.Names(r.Context(), by, people...)
	if err != nil {
		return v, err
	}
	for _, o := range about {
		said := p.DateTime(i18n.Civil(o.At))
		if name := names[o.Person]; name != "" {
			said = p.T("registerweb.opinion_by", said, name)
		}
		v.Given = append(v.Given, given{verdictBadge(p, o.Verdict), o.Text, said, o.Revision != e.Revision})
	}
	if !register.MayAdvise(by) || e.Removed {
		return v, nil
	}
	v.Action, v.Revision = path(e.ID, "advise"), e.Revision
	v.Verdict = ui.Group{Name: "verdict", Label: p.T("registerweb.verdict"), Required: true, Error: in.errs.For("verdict")}
	for _, code := range register.Verdicts() {
		v.Verdict.Options = append(v.Verdict.Options, ui.Option{Value: code, Label: p.T("registerweb.verdict_" + code), Hint: p.T("registerweb.verdict_" + code + "_hint"), Selected: code == in.verdict})
	}
	v.Text = ui.Textarea{Name: "text", Label: p.T("registerweb.opinion_text"), Hint: p.T("registerweb.opinion_text_hint"), Value: in.text, Error: in.errs.For("text"), MaxLength: register.TextMost, Rows: 3}
	return v, nil
}

// advise takes the officer's opinion on an entry in.
func (d Desk) advise(w http.ResponseWriter, r *http.Request) error {
	revision, _ := strconv.Atoi(r.PostFormValue("revision")) // no number is no revision: the rule says so
	in := opining{verdict: r.PostFormValue("verdict"), text: r.PostFormValue("text")}
	err := d.Register.Advise(r.Context(), web.Actor(r), register.Opinion{Entry: idOf(r), Revision: revision, Verdict: in.verdict, Text: in.text})
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		in.errs = errs
		return d.showEntry(w, r, web.StatusOf(err), in)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(idOf(r)), web.Said{Kind: "success", Key: "registerweb.advised"})
}

type alertsPage struct {
	Head   ui.PageHead
	Alerts []alertView
	Empty  *ui.Empty
}

// An alertView is one publication that was blocked or forced.
type alertView struct {
	ID      string
	Badge   ui.Badge
	Title   string
	Facts   ui.Facts
	Reports []ui.LinkButton
	See     string // where it is noted as seen, "" for who may not
	Event   int64
	Seen    string
}

var alertsTemplate = ui.Page[alertsPage](pages, "pages/alerts.tmpl")

// alerts lists the publications that were blocked or forced because persons were recognised.
func (d Desk) alerts(w http.ResponseWriter, r *http.Request) error {
	by, p := web.Actor(r), web.VisitOf(r).P
	list, err := d.Register.Alerts(r.Context(), by)
	if err != nil {
		return err
	}
	var people []string
	for _, a := range list {
		people = append(people, a.Person, a.Seen)
	}
	names, err := d.Names(r.Context(), by, people...)
	if err != nil {
		return err
	}
	page := alertsPage{Head: ui.PageHead{Title: p.T("registerweb.alerts"), Lead: p.T("registerweb.alerts_lead")}}
	if len(list) == 0 {
		page.Empty = &ui.Empty{Icon: "shield-check", Title: p.T("registerweb.alerts_none"), Text: p.T("registerweb.alerts_none_text")}
	}
	for _, a := range list {
		v := alertView{ID: "alert-" + strconv.FormatInt(a.Event, 10), Title: a.Title, Event: a.Event, Badge: ui.Badge{Kind: ui.Info, Icon: "lock", Label: p.T("registerweb.alert_blocked")}}
		if a.Kind == register.Forced {
			v.Badge = ui.Badge{Kind: ui.Warning, Icon: "triangle-alert", Label: p.T("registerweb.alert_forced")}
		}
		v.Facts.Items = []ui.Fact{{Label: p.T("registerweb.alert_at"), Value: p.DateTime(i18n.Civil(a.At))}}
		for _, f := range []ui.Fact{{Label: p.T("registerweb.alert_by"), Value: names[a.Person]}, {Label: p.T("registerweb.alert_columns"), Value: a.Columns}, {Label: p.T("registerweb.alert_reason"), Value: a.Reason}} {
			if f.Value != "" {
				v.Facts.Items = append(v.Facts.Items, f)
			}
		}
		v.Reports = []ui.LinkButton{{Label: p.T("registerweb.alert_report"), Context: a.Title, Href: ui.Link("/datasets", a.Dataset, "protect", "report"), Icon: "file-text", Look: ui.Secondary, Small: true}}
		switch {
		case a.Seen != "":
			v.Seen = p.T("registerweb.alert_seen", names[a.Seen])
		case register.MayAdvise(by):
			v.See = home + "/alerts/see"
		}
		page.Alerts = append(page.Alerts, v)
	}
	return alertsTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: home, NoIndex: true, Crumbs: crumbs(p)}, page)
}

// see notes that the officer looked into an alert.
func (d Desk) see(w http.ResponseWriter, r *http.Request) error {
	event, _ := strconv.ParseInt(r.PostFormValue("event"), 10, 64) // no number is no alert: the rule says so
	if err := d.Register.See(r.Context(), web.Actor(r), event); err != nil {
		return err
	}
	return web.Redirect(w, r, home+"/alerts", web.Said{Kind: "success", Key: "registerweb.alert_noted"})
}
