package missionweb

import (
	"net/http"
	"net/url"
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// Who writes a mission sits at its draft as a colleague will: the same page, another address, and nothing is kept of it.

// sit shows a draft to who may write it.
func (d Desk) sit(w http.ResponseWriter, r *http.Request) error {
	work, err := d.sitting(r, r.URL.Query().Get("variant"))
	if err != nil {
		return err
	}
	return d.showSitting(w, r, work, nil)
}

// sitAnswer says what an answer to a draft is worth.
func (d Desk) sitAnswer(w http.ResponseWriter, r *http.Request) error {
	o, err := d.Draft(r.Context(), web.Actor(r), mission.ID(r.PathValue("own")))
	if err != nil {
		return err
	}
	h, err := d.handed(w, r, o.Mission)
	work, refused := d.sitting(r, h.Variant)
	if refused != nil {
		return refused
	}
	if err == nil && (work.Answer != mission.AnswerChart || r.PostFormValue("do") != "draw") {
		var t mission.Try
		t, err = d.JudgeDraft(work, h.Answer)
		work.Tries = []mission.Try{t}
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showSitting(w, r, work, whereAsked(errs, work.Mission, h))
	}
	if err != nil {
		return err
	}
	return d.showSitting(w, r, work, nil)
}

// sitData gives the data of a variant of a draft as a file.
func (d Desk) sitData(w http.ResponseWriter, r *http.Request) error {
	work, err := d.sitting(r, r.URL.Query().Get("variant"))
	if err != nil {
		return err
	}
	if r.PathValue("file") != fileName(work) {
		return fault.New(fault.NotFound, "web.not_found")
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Attachment(w, "text/csv; charset=utf-8", fileName(work))
	_, err = w.Write(work.File())
	return err
}

func (d Desk) sitting(r *http.Request, variant string) (mission.Desk, error) {
	return d.Sit(r.Context(), web.Actor(r), mission.ID(r.PathValue("own")), variant)
}

func (d Desk) showSitting(w http.ResponseWriter, r *http.Request, work mission.Desk, errs ui.FormErrors) error {
	v := web.VisitOf(r)
	known, err := d.Competences(r.Context(), v.Actor, string(v.Lang))
	if err != nil {
		return err
	}
	base := ui.Link(ownHome, "draft", string(work.ID))
	tried := work.Tries
	work.Tries = nil
	page := newBench(v.P, base, work, known)
	page.Action, page.Download.Href = base+"/sit", page.Download.Href+"?"+url.Values{"variant": {work.Number}}.Encode()
	page.Sitting = &ui.Notice{Text: v.P.T("missionweb.sit_notice")}
	page.Other = &ui.LinkButton{Label: v.P.T("missionweb.renew"), Href: base + "/sit?variant=" + following(work.Number), Icon: "rotate-cw"}
	page.ask(v.P, work, r, errs)
	page.askFields(v.P, work, r, errs)
	page.askQueries(v.P, work, r, errs)
	page.askChart(v.P, work, r, errs)
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	} else if len(tried) > 0 {
		page.say(v.P, work, tried[0])
	}
	crumbs := []ui.Crumb{{Label: v.P.T("missionweb.missions"), Href: "/missions"}, {Label: v.P.T("missionweb.own"), Href: ownHome}}
	if writable(work.Mission, d.Needs) {
		crumbs = append(crumbs, ui.Crumb{Label: v.P.T("missionweb.write_edit"), Href: ui.Link(ownHome, "edit", string(work.ID))})
	}
	return benchTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, Errors: errs, NoIndex: true, Section: "/missions", Crumbs: crumbs}, page)
}

// following is the number of another variant.
func following(number string) string {
	seed, err := strconv.ParseUint(number, 36, 63)
	if err != nil {
		return ""
	}
	return strconv.FormatUint((seed+1)&(1<<62-1), 36)
}
