package missionweb

import (
	"net/http"
	"net/url"
	"strconv"

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
	return give(w, r, work)
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
	page.Crumbs = []ui.Crumb{{Label: v.P.T("missionweb.own"), Href: ownHome}}
	if writable(work.Mission, d.Needs) {
		page.Crumbs = append(page.Crumbs, ui.Crumb{Label: v.P.T("missionweb.write_edit"), Href: ui.Link(ownHome, "edit", string(work.ID))})
	}
	work.Tries = tried
	return page.show(w, r, work, errs)
}

// following is the number of another variant.
func following(number string) string {
	seed, err := strconv.ParseUint(number, 36, 63)
	if err != nil {
		return ""
	}
	return strconv.FormatUint((seed+1)&(1<<62-1), 36)
}
