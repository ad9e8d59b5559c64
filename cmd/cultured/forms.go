package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/form/formdb"
	"cultured/internal/form/formweb"
	"cultured/internal/i18n"
	"cultured/internal/job"
	"cultured/internal/outbox"
)

// openForm builds the room of forms. Their days begin and end as people's do.
func (h *house) openForm() error {
	key, err := secret(h.cfg)
	if err != nil {
		return err
	}
	store := &formdb.Store{DB: h.db, Now: time.Now}
	h.named(store.Names)
	h.form = &form.Service{Store: store, Replies: store, Keeper: store, Feeder: store, Files: store, Shelf: blob.Private{Store: h.blobs}, Key: key, Now: func() time.Time { return i18n.Civil(time.Now()) }}
	h.form.House = func(ctx context.Context, organisation string) (string, error) {
		o, err := h.account.Organisations.Organisation(ctx, organisation)
		return o.Name, err
	}
	h.queue.Register(formMailJob, job.Distant, func(ctx context.Context, t job.Task) error {
		var n form.News
		if err := t.Decode(&n); err != nil {
			return err
		}
		return h.mailForm(ctx, n)
	})
	return nil
}

// formMailJob is the kind of job that tells people by mail what happened to an answer, again until the mail leaves.
const formMailJob = "form_mail"

// hearForms has people told of what happens to answers. A mail may leave twice after a crash, never not at all.
func (h *house) hearForms(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "form mail", func(ctx context.Context, e outbox.Event) error {
		of, ok := strings.CutPrefix(e.Subject, "form:")
		if !ok || h.account.Post == nil || !slices.Contains([]string{"form.log_answered", "form.log_treated", "form.log_written"}, e.Verb) {
			return nil
		}
		var detail struct {
			Answer form.AnswerID
			Steps  []int
		}
		if err := json.Unmarshal(e.Detail, &detail); err != nil || detail.Answer == "" {
			return err // of before letters were written: it names no answer
		}
		_, err := h.queue.Enqueue(ctx, nil, formMailJob, form.News{Organisation: e.Organisation, Form: form.ID(of), Answer: detail.Answer, By: e.Actor, Steps: detail.Steps})
		return err
	})
}

// mailForm writes to whom a news is for. Whoever left since is written nothing.
func (h *house) mailForm(ctx context.Context, n form.News) error {
	letters, err := h.form.Letters(ctx, n)
	if err != nil {
		return err
	}
	for _, l := range letters {
		email, lang, page := l.Email, i18n.Lang(cmp.Or(l.Lang, string(i18n.French))), h.cfg.BaseURL+"/f/"+string(n.Form)+"/sent/"+l.Request.Answer.Reference
		if l.Person != "" {
			to, err := h.account.People.Person(ctx, n.Organisation, l.Person)
			if fault.Is(err, "account.no_person") || err == nil && to.State != account.Active {
				continue
			}
			if err != nil {
				return err
			}
			email, lang, page = to.Email, i18n.Lang(to.Language), h.cfg.BaseURL+"/forms/"+string(n.Form)+"/answers/"+string(n.Answer)
		}
		p := h.words.For(lang)
		number, title := l.Request.Answer.Reference, l.Request.Form.Title
		err := h.post(ctx, email, p.T(l.Subject, number, title), p.T(l.Body, number, title, page, p.T(l.State.Word())))
		if err != nil {
			return err
		}
	}
	return nil
}

// formDesk is what the forms' pages stand on.
func (h *house) formDesk() formweb.Desk {
	return formweb.Desk{Form: h.form, Schemas: h.pack, Datasets: h.dataset.List, Dataset: h.dataset.Find, Address: h.address, BaseURL: h.cfg.BaseURL,
		Names: h.account.Names, Colleagues: h.formColleagues, Maps: h.formMaps(), Registered: h.formRegistered}
}

// formMaps is what stands behind the points of forms: pictures and addresses come from the services of the settings. What a visitor looks up is not
// kept.
func (h *house) formMaps() formweb.Maps {
	m := formweb.Maps{Tiles: h.cfg.MapTiles, Credit: h.cfg.MapCredit}
	if h.cfg.Geocoder == "" || !h.cfg.Outgoing {
		return m
	}
	m.Locate = func(r *http.Request, address string) (p formweb.Place, ok bool, err error) {
		g := geocoder{service: h.cfg.Geocoder, client: h.fetch}
		found, err := g.ask(r.Context(), []string{address})
		at := found[address]
		return formweb.Place{Label: at.Label, Latitude: at.Latitude, Longitude: at.Longitude}, at.Found, err
	}
	return m
}

// demonstrateForm publishes one form of the demonstration.
func (h *house) demonstrateForm(ctx context.Context, by actor.Actor, raw []byte) error {
	var f form.Form
	if err := json.Unmarshal(raw, &f); err != nil {
		return fmt.Errorf("demonstration: a form: %w", err)
	}
	f, err := h.form.Create(ctx, by, f)
	if err == nil {
		_, err = h.form.Publish(ctx, by, f.ID, f.Revision)
	}
	return err
}

// formColleagues are the active people who may open a form.
func (h *house) formColleagues(ctx context.Context, f form.Form) (out []formweb.Colleague, err error) {
	for page := 1; ; page++ {
		some, err := h.account.People.People(ctx, f.Organisation, account.PeopleQuery{State: account.Active, Page: page, Size: colleaguesPage})
		if err != nil {
			return nil, err
		}
		for _, one := range some.People {
			if f.MayChange(one.Actor()) {
				out = append(out, formweb.Colleague{ID: one.ID, Name: one.Name})
			}
		}
		if page*colleaguesPage >= some.Total {
			return out, nil
		}
	}
}

// colleaguesPage is how many people are read at once.
const colleaguesPage = 200

// expireAnswers erases what forms promised to keep no longer.
func (h *house) expireAnswers(ctx context.Context) error {
	n, err := h.form.Expire(ctx)
	if n > 0 {
		h.log.Info("personal answers erased", "answers", n)
	}
	return err
}

// named has the room of datasets leave alone the stored files that another room names: a file of an answer is no leftover of a dataset. It is said
// before anything is collected.
func (h *house) named(names func(ctx context.Context, stored string) (bool, error)) {
	before := h.dataset.Named
	h.dataset.Named = func(ctx context.Context, stored string) (bool, error) {
		if before != nil {
			if has, err := before(ctx, stored); has || err != nil {
				return has, err
			}
		}
		return names(ctx, stored)
	}
}
