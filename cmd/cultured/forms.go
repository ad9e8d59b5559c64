package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/form"
	"cultured/internal/form/formdb"
	"cultured/internal/form/formweb"
	"cultured/internal/i18n"
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
	return nil
}

// formDesk is what the forms' pages stand on.
func (h *house) formDesk() formweb.Desk {
	return formweb.Desk{Form: h.form, Schemas: h.pack, Datasets: h.dataset.List, Dataset: h.dataset.Find, Address: h.address, BaseURL: h.cfg.BaseURL,
		Names: h.account.Names, Colleagues: h.formColleagues}
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
