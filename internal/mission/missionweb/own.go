package missionweb

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const ownHome = "/missions/own"

type ownPage struct {
	Head    ui.PageHead
	Refused *ui.Notice
	Empty   *ui.Empty
	Owns    []ownCard
	Drop    *ui.FileDrop // nil for who may not bring missions in
	All     *ui.LinkButton
}

// An ownCard is one of the organisation's own missions and what may be done with it.
type ownCard struct {
	Name, Href, Story  string
	State              ui.Badge
	Asked              *ui.Badge
	Facts              ui.Facts
	Publish, Withdraw  string // where to post; "" for what cannot be done
	Ask                string // where an author who may not publish asks for it
	Asks               bool   // what the button does: ask, or take it back
	PublishLabel, Says string
	Export             ui.LinkButton
	Edit               *ui.LinkButton // nil for one the form cannot hold
	Sit                *ui.LinkButton // to try it as a colleague would; nil once it is published
}

var ownTemplate = ui.Page[ownPage](pages, "pages/own.tmpl")

// own lists the organisation's own missions, and takes packs of others.
func (d Desk) own(w http.ResponseWriter, r *http.Request) error {
	return d.showOwn(w, r, http.StatusOK, nil, nil)
}

func (d Desk) showOwn(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors, refused error) error {
	v := web.VisitOf(r)
	p := v.P
	list, err := d.Mine(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page := ownPage{Head: ui.PageHead{Title: p.T("missionweb.own"), Lead: p.T("missionweb.own_lead")}}
	if mission.MayPublish(v.Actor) {
		page.Drop = &ui.FileDrop{Name: "file", Label: p.T("missionweb.own_file"), Hint: p.T("missionweb.own_file_hint"), Error: errs.For("file"), Accept: ".zip", Limit: mission.PackBytes, Required: true, Submit: p.T("missionweb.own_bring")}
	} else {
		page.Head.Title, page.Head.Lead = p.T("missionweb.own_mine"), p.T("missionweb.own_mine_lead")
	}
	page.Head.Actions = []ui.LinkButton{{Label: p.T("missionweb.write_new"), Href: ownHome + "/new", Icon: "plus", Look: ui.Primary}}
	if f, ok := errors.AsType[*fault.Error](refused); ok {
		page.Refused = &ui.Notice{Kind: ui.Error, Title: p.T("missionweb.own_refused"), Text: unproved(p, f), Urgent: true}
	}
	for _, o := range list {
		page.Owns = append(page.Owns, newOwnCard(p, o, mission.MayPublish(v.Actor), d.Needs))
	}
	if len(list) == 0 {
		page.Empty = &ui.Empty{Icon: "library", Title: p.T("missionweb.own_none"), Text: p.T("missionweb.own_none_text")}
	} else {
		page.All = &ui.LinkButton{Label: p.T("missionweb.own_export_all"), Href: ownHome + "/export/missions.zip", Icon: "download", Download: true}
	}
	return ownTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, NoIndex: true, Section: "/missions", Errors: errs,
		Crumbs: []ui.Crumb{{Label: p.T("missionweb.missions"), Href: "/missions"}}}, page)
}

func newOwnCard(p *i18n.Printer, o mission.Own, may bool, needs []mission.NamedNeed) ownCard {
	lang := string(p.Lang())
	id := string(o.ID)
	c := ownCard{Name: o.Mission.Title.In(lang), Story: o.Mission.Story.In(lang), State: ui.Badge{Label: p.T("missionweb.own_draft"), Kind: ui.Neutral},
		Publish: ui.Link(ownHome, id, "publish"), PublishLabel: p.T("missionweb.own_publish"), Says: p.T("missionweb.own_publish_says"),
		Export: ui.LinkButton{Label: p.T("missionweb.own_export"), Context: o.Mission.Title.In(lang), Href: ui.Link(ownHome, "export", id+".zip"), Icon: "download", Download: true}}
	if writable(o.Mission, needs) {
		c.Edit = &ui.LinkButton{Label: p.T("missionweb.write_edit"), Context: o.Mission.Title.In(lang), Href: ui.Link(ownHome, "edit", id), Icon: "pencil"}
	}
	c.Facts.Items = []ui.Fact{{Label: p.T("missionweb.duration"), Value: p.T("missionweb.minutes", o.Mission.Minutes)}, {Label: p.T("missionweb.own_checks"), Value: p.Number(len(o.Mission.Checks))},
		{Label: p.T("missionweb.source"), Value: o.Mission.Source.Title.In(lang), Hint: strings.Join([]string{o.Mission.Source.Producer, o.Mission.Source.Licence}, ", ")}}
	if o.Mission.Source.File == "" {
		c.Facts.Items = c.Facts.Items[:2]
	}
	if o.From != "" {
		c.Facts.Items = append(c.Facts.Items, ui.Fact{Label: p.T("missionweb.own_from"), Value: o.From})
	}
	switch {
	case o.Published() != nil:
		c.State = ui.Badge{Label: p.T("missionweb.own_published", len(o.Editions)), Kind: ui.Success, Icon: "check"}
		c.Href, c.Publish, c.Withdraw = ui.Link("/missions", id), "", ui.Link(ownHome, id, "withdraw")
	case len(o.Editions) > 0:
		c.State, c.PublishLabel = ui.Badge{Label: p.T("missionweb.own_withdrawn"), Kind: ui.Warning}, p.T("missionweb.own_again")
	}
	if o.Asked {
		c.Asked = &ui.Badge{Label: p.T("missionweb.own_asked"), Kind: ui.Info, Icon: "send"}
	}
	if c.Publish != "" && o.Mission.Answer != mission.AnswerForm {
		c.Sit = &ui.LinkButton{Label: p.T("missionweb.sit"), Context: o.Mission.Title.In(lang), Href: ui.Link(ownHome, "draft", id, "sit"), Icon: "eye"}
	}
	if !may {
		if c.Publish != "" {
			c.Ask, c.Asks = ui.Link(ownHome, id, "ask"), !o.Asked
		}
		c.Publish, c.Withdraw = "", ""
	}
	return c
}

// ask has who may publish told that an author would have a mission published, or takes that back.
func (d Desk) ask(w http.ResponseWriter, r *http.Request) error {
	asked := r.PostFormValue("asked") == "yes"
	if err := d.Ask(r.Context(), web.Actor(r), mission.ID(r.PathValue("own")), asked); err != nil {
		return err
	}
	key := map[bool]string{true: "missionweb.own_is_asked", false: "missionweb.own_is_kept"}[asked]
	return web.Redirect(w, r, ownHome, web.Said{Kind: "success", Key: key})
}

// bringIn takes a pack: all of it, or nothing.
func (d Desk) bringIn(w http.ResponseWriter, r *http.Request) error {
	raw, err := packOf(w, r)
	came, known := 0, 0
	if err == nil {
		came, known, err = d.Import(r.Context(), web.Actor(r), raw)
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return d.showOwn(w, r, http.StatusRequestEntityTooLarge, ui.FormErrors{{Field: "file", Text: web.VisitOf(r).P.T("missionweb.own_large", mission.PackBytes/1_000_000)}}, nil)
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showOwn(w, r, web.StatusOf(err), errs, nil)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, ownHome, web.Said{Kind: "success", Key: "missionweb.own_came", Args: []string{strconv.Itoa(came), strconv.Itoa(known)}})
}

// packOf reads the file of the form. Faults: Invalid "missionweb.own_no_file"; *http.MaxBytesError.
func packOf(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	web.LimitBody(w, r, mission.PackBytes+(1<<20))
	file, header, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || err == nil && header.Size == 0 {
		return nil, fault.Field("file", "missionweb.own_no_file")
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // read only
	raw, err := io.ReadAll(io.LimitReader(file, mission.PackBytes+1))
	if err == nil && len(raw) > mission.PackBytes {
		err = &http.MaxBytesError{Limit: mission.PackBytes}
	}
	return raw, err
}

// publish puts a mission before colleagues, or says why it proves nothing.
func (d Desk) publish(w http.ResponseWriter, r *http.Request) error {
	err := d.Publish(r.Context(), web.Actor(r), mission.ID(r.PathValue("own")))
	if kind := fault.KindOf(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
		return d.showOwn(w, r, web.StatusOf(err), nil, err)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, ownHome, web.Said{Kind: "success", Key: "missionweb.own_is_published"})
}

func (d Desk) withdraw(w http.ResponseWriter, r *http.Request) error {
	of := mission.ID(r.PathValue("own"))
	if err := d.Withdraw(r.Context(), web.Actor(r), of); err != nil {
		return err
	}
	return web.Redirect(w, r, ownHome, web.Said{Kind: "success", Key: "missionweb.own_is_withdrawn",
		Undo: &web.SaidUndo{Key: "missionweb.own_again", Action: ui.Link(ownHome, string(of), "publish"), Name: "own", Value: string(of)}})
}

// pack gives one mission, or all of them, to another organisation.
func (d Desk) pack(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	name, ok := strings.CutSuffix(r.PathValue("file"), ".zip")
	if !ok {
		return fault.New(fault.NotFound, "web.not_found")
	}
	of := mission.ID(name)
	if name == "missions" {
		of = ""
	}
	p, err := d.Export(r.Context(), v.Actor, of, v.Site.Name)
	if err != nil {
		return err
	}
	web.Attachment(w, "application/zip", r.PathValue("file"))
	return p.Write(w)
}
