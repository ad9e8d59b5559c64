package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"cultured/content/demo"
	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/form/formweb"
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

// formRegistered tells which entries of the register cover a form.
func (h *house) formRegistered(ctx context.Context, by actor.Actor, id form.ID) (out formweb.Registered, err error) {
	all, err := h.register.Open(ctx, by)
	if err != nil {
		return out, err
	}
	key := register.Key{Kind: register.Form, ID: string(id)}
	_, out.Personal = all.Subject(key)
	for _, e := range all.Covering(key) {
		out.Entries = append(out.Entries, ui.LinkButton{Label: e.Name, Href: ui.Link("/register/entries", string(e.ID))})
	}
	if register.MayEdit(by) {
		out.Enter = "/register/new?from=" + key.Text()
	}
	return out, nil
}

// hearAll tells the register at once of every form and dataset of an organisation, without waiting for the news.
func (h *house) hearAll(ctx context.Context, organisation string) error {
	forms, err := h.form.Store.List(ctx, organisation)
	if err != nil {
		return err
	}
	for _, f := range forms {
		if err := h.hearOf(ctx, register.Subject{Key: register.Key{Kind: register.Form, ID: string(f.ID)}, Organisation: organisation}, h.formSubject); err != nil {
			return err
		}
	}
	datasets, err := h.dataset.Datasets.List(ctx, organisation)
	if err != nil {
		return err
	}
	for _, d := range datasets {
		if err := h.hearOf(ctx, register.Subject{Key: register.Key{Kind: register.Dataset, ID: string(d.ID)}, Organisation: organisation}, h.datasetSubject); err != nil {
			return err
		}
	}
	return nil
}

// demonstrateRegister writes the entries of the demonstration, filled from its forms and datasets, and gives the officer's opinion on them.
func (h *house) demonstrateRegister(ctx context.Context, entries []demo.Entry, people map[string]actor.Actor, kept map[string]dataset.ID) error {
	for _, one := range entries {
		by := people[one.By]
		if err := h.hearAll(ctx, by.Organisation); err != nil {
			return err
		}
		all, err := h.register.Open(ctx, by)
		if err != nil {
			return err
		}
		draft := register.Draft{Seen: map[register.Key]string{}}
		if err := json.Unmarshal(one.Entry, &draft.Entry); err != nil {
			return fmt.Errorf("demonstration: an entry of the register: %w", err)
		}
		words := h.words.For("fr")
		for _, s := range all.Subjects {
			if s.Kind == register.Form && slices.Contains(one.Forms, s.Title) || s.Kind == register.Dataset && slices.ContainsFunc(one.Datasets, func(d string) bool { return s.ID == string(kept[d]) }) {
				draft.Fill(s, func(n int) string { return words.T("registerweb.months", n) })
				draft.Seen[s.Key] = s.Mark()
			}
		}
		id, err := h.register.Create(ctx, by, draft)
		if err != nil {
			return err
		}
		if one.Verdict == "" {
			continue
		}
		for _, officer := range people {
			if officer.Is(actor.DPO) {
				if err := h.register.Advise(ctx, officer, register.Opinion{Entry: id, Revision: 1, Verdict: one.Verdict, Text: one.Opinion}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
