package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cultured/internal/actor"
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
	h.form = &form.Service{Store: store, Replies: store, Key: key, Now: func() time.Time { return i18n.Civil(time.Now()) }}
	return nil
}

// formDesk is what the forms' pages stand on.
func (h *house) formDesk() formweb.Desk {
	return formweb.Desk{Form: h.form, Schemas: h.pack, Datasets: h.dataset.List, Dataset: h.dataset.Find, Address: h.address, BaseURL: h.cfg.BaseURL}
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
