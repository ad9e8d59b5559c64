package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/privacy/privacyweb"
	"cultured/internal/register"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// reaper implements [register.Reaper]: what retentions ask of the other rooms.
type reaper struct{ *house }

// Held implements [register.Reaper].
func (h reaper) Held(ctx context.Context, by actor.Actor, id string) (register.Held, error) {
	d, err := h.dataset.Find(ctx, by, dataset.ID(id))
	return register.Held{Title: d.Title, Owner: d.Owner, May: d.MayChange(by)}, err
}

// Erase implements [register.Reaper].
func (h reaper) Erase(ctx context.Context, r register.Retention) (bool, error) {
	return h.dataset.Expire(ctx, r.Organisation, dataset.ID(r.Dataset), r.Until, r.Why)
}

// Coming implements [register.Reaper]. What several versions of a form lose is told together.
func (h reaper) Coming(ctx context.Context, organisation string, days int) (map[string][]register.Coming, error) {
	list, err := h.form.Coming(ctx, organisation, days)
	out := map[string][]register.Coming{}
	for _, c := range list {
		of := c.Form.Organisation
		one := register.Coming{Key: register.Key{Kind: register.Form, ID: string(c.Form.ID)}, Title: c.Form.Title, Owner: c.Form.Owner, Day: i18n.Civil(c.First).Format(time.DateOnly), Months: c.Months, Count: int64(c.Answers)}
		same := false
		for i := range out[of] {
			if before := &out[of][i]; before.Key == one.Key && before.Months == one.Months {
				before.Count, same = before.Count+one.Count, true
			}
		}
		if !same {
			out[of] = append(out[of], one)
		}
	}
	return out, err
}

// Tell implements [register.Reaper]: by mail where there is one; the pages say the same.
func (h reaper) Tell(ctx context.Context, organisation string, c register.Coming) error {
	if h.account.Post == nil {
		return nil
	}
	to, err := h.account.People.Person(ctx, organisation, c.Owner)
	if fault.Is(err, "account.no_person") || err == nil && to.State != account.Active {
		return nil
	}
	if err != nil {
		return err
	}
	p, on := h.words.For(i18n.Lang(to.Language)), c.Day
	if at, err := time.Parse(time.DateOnly, c.Day); err == nil {
		on = p.Date(at)
	}
	body := p.T("cultured.ends_dataset", c.Title, on, c.Why, h.cfg.BaseURL+ui.Link("/datasets", c.ID, "protect", "retention"))
	if c.Kind == register.Form {
		body = p.T("cultured.ends_form", c.Title, on, c.Count, h.cfg.BaseURL+ui.Link("/forms", c.ID, "answers"))
	}
	return h.post(ctx, to.Email, p.T("cultured.ends_subject", c.Title), body)
}

// datasetNotices say on a dataset's page what waits in its grid, and when the dataset is erased.
func (h *house) datasetNotices(r *http.Request, id dataset.ID) ([]ui.Notice, error) {
	out, err := h.gridNotices(r, id)
	if err != nil {
		return nil, err
	}
	_, kept, err := h.register.Kept(r.Context(), web.Actor(r), string(id))
	if kept.Until != "" {
		p := web.VisitOf(r).P
		out = append(out, ui.Notice{Kind: ui.Warning, Text: p.T("registerweb.retention_set", p.Date(day(kept.Until)), kept.Why)}.Leading(p.T("registerweb.retention_change"), ui.Link("/datasets", string(id), "protect", "retention")))
	}
	return out, err
}

// reap tells who is in charge of what is erased soon, and erases the datasets whose time is over.
func (h *house) reap(ctx context.Context) error {
	n, err := h.register.Reap(ctx)
	if n > 0 {
		h.log.Info("datasets erased at the end of their retention", "datasets", n)
	}
	return err
}

// erased is the trace of an event that says something was erased; ok is false for others.
func erased(e outbox.Event, k register.Key) (out register.Erasure, ok bool, err error) {
	var rule struct {
		Title, Until, Rule string
		Months             int
		Rows               int64
	}
	if e.Verb != "form.log_expired" && e.Verb != "dataset.deleted" {
		return out, false, nil
	}
	if len(e.Detail) > 0 {
		err = json.Unmarshal(e.Detail, &rule)
	}
	out = register.Erasure{Organisation: e.Organisation, Event: e.Seq, Day: i18n.Civil(e.At).Format(time.DateOnly), Key: k, Title: rule.Title, Months: rule.Months, Until: rule.Until, Why: rule.Rule, Count: 1}
	if k.Kind == register.Dataset {
		out.Count = rule.Rows
	}
	return out, k.Kind == register.Form || rule.Until != "", err // a dataset somebody deleted has no rule
}

// dossier is what the report on a dataset asks of the catalogue and the register.
func (h *house) dossier(ctx context.Context, by actor.Actor, id dataset.ID) (out privacyweb.Dossier, err error) {
	rec, err := h.catalogue.Record(ctx, by, string(id))
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return out, err
	}
	if err == nil && rec.Published != nil {
		out.Published, out.Reason = rec.Published.At, rec.Published.Override
	}
	_, v, err := h.dataset.Current(ctx, by, id)
	if err != nil {
		return out, err
	}
	out.Blocked = personalColumns(v.Outcome.Report.Profile)
	all, err := h.register.Open(ctx, by)
	if err != nil {
		return out, err
	}
	key := register.Key{Kind: register.Dataset, ID: string(id)}
	for _, e := range all.Covering(key) {
		out.Entries = append(out.Entries, ui.LinkButton{Label: e.Name, Href: ui.Link("/register/entries", string(e.ID))})
	}
	if _, there := all.Subject(key); there && register.MayEdit(by) {
		out.Enter = "/register/new?from=" + key.Text()
	}
	_, kept, err := h.register.Kept(ctx, by, string(id))
	out.Until, out.Why = kept.Until, kept.Why
	return out, err
}
