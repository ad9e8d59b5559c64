package main

import (
	"context"
	"encoding/json"
	"strings"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/register"
	"cultured/internal/ui"
)

// hearPublication tells the data protection officer of a publication that was blocked, or forced with a reason.
func (h *house) hearPublication(ctx context.Context, e outbox.Event, k register.Key) error {
	if e.Verb != "catalogue.publication_blocked" && e.Verb != "catalogue.done_publish" {
		return nil
	}
	var said struct {
		Title   string
		Columns []string
	}
	if err := json.Unmarshal(e.Detail, &said); err != nil {
		return err
	}
	a := register.Alert{Organisation: e.Organisation, Event: e.Seq, At: e.At, Kind: register.Blocked, Dataset: k.ID, Title: said.Title, Columns: strings.Join(said.Columns, ", "), Person: e.Actor}
	if e.Verb == "catalogue.done_publish" {
		forced, err := h.forced(ctx, &a)
		if err != nil || !forced {
			return err
		}
	}
	fresh, err := h.register.Alarm(ctx, a)
	if err != nil || !fresh {
		return err
	}
	h.do("warn officers", func(ctx context.Context) error { return h.warnOfficers(ctx, a) }) // a mail that waits holds no room's news up
	return nil
}

// forced fills the alert of a publication that needed a reason; false for one that needed none.
func (h *house) forced(ctx context.Context, a *register.Alert) (bool, error) {
	by := actor.Actor{ID: a.Person, Organisation: a.Organisation, Roles: []actor.Role{actor.DPO}} // with the eyes of who is told
	rec, err := h.catalogue.Record(ctx, by, a.Dataset)
	if fault.KindOf(err) == fault.NotFound || err == nil && (rec.Published == nil || rec.Published.Override == "") {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, v, err := h.dataset.Current(ctx, by, dataset.ID(a.Dataset))
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return false, err
	}
	a.Kind, a.Reason, a.Columns = register.Forced, rec.Published.Override, strings.Join(personalColumns(v.Outcome.Report.Profile), ", ")
	return true, nil
}

// warnOfficers writes to the data protection officers, where there is mail; the register's pages say the same.
func (h *house) warnOfficers(ctx context.Context, a register.Alert) error {
	if h.account.Post == nil {
		return nil
	}
	officers, err := h.account.People.People(ctx, a.Organisation, account.PeopleQuery{Role: actor.DPO, State: account.Active, Page: 1, Size: 50})
	if err != nil {
		return err
	}
	for _, to := range officers.People {
		p, page := h.words.For(i18n.Lang(to.Language)), h.cfg.BaseURL+ui.Link("/datasets", a.Dataset, "protect", "report")
		subject, body := p.T("cultured.blocked_subject", a.Title), p.T("cultured.blocked", a.Title, a.Columns, page)
		if a.Kind == register.Forced {
			subject, body = p.T("cultured.forced_subject", a.Title), p.T("cultured.forced", a.Title, a.Columns, a.Reason, page)
		}
		if err := h.post(ctx, to.Email, subject, body); err != nil {
			return err
		}
	}
	return nil
}
