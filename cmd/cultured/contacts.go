package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/contact"
	"cultured/internal/contact/contactdb"
	"cultured/internal/contact/contactweb"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/tabular"
	"cultured/internal/web"
)

func (h *house) openContact() error {
	key, err := secret(h.cfg)
	store := &contactdb.Store{DB: h.db, Now: time.Now}
	h.contact = &contact.Service{Store: store, Trails: store, Data: contactData{h}, Secret: key, Now: func() time.Time { return i18n.Civil(time.Now()) }}
	return err
}

// contactData implements [contact.Data].
type contactData struct{ *house }

// Set implements [contact.Data].
func (h contactData) Set(ctx context.Context, by actor.Actor, id string) (contact.Set, error) {
	d, v, err := h.dataset.Current(ctx, by, dataset.ID(id))
	if err != nil {
		return contact.Set{}, err
	}
	s := contact.Set{ID: id, Title: d.Title, May: d.MayChange(by), Personal: map[string]bool{}}
	for _, c := range v.Outcome.Report.Profile.Columns {
		s.Columns = append(s.Columns, c.Name)
	}
	for _, e := range d.Dictionary {
		s.Personal[e.Name] = e.Personal != dataset.PrivacyNone
	}
	return s, nil
}

// Table implements [contact.Data].
func (h contactData) Table(ctx context.Context, by actor.Actor, id string) (tabular.Table, error) {
	return h.dataset.Kitchen(ctx, by).Others(id)
}

func (h *house) contactDesk() contactweb.Desk {
	return contactweb.Desk{Contact: h.contact, Names: h.account.Names, Whole: h.wholeList,
		Datasets: func(ctx context.Context, by actor.Actor) (named []contactweb.Named, err error) {
			all, err := h.dataset.List(ctx, by)
			for _, d := range all {
				if d.MayChange(by) {
					named = append(named, contactweb.Named{ID: string(d.ID), Title: d.Title})
				}
			}
			return named, err
		}}
}

// hearContacts forgets the list of a dataset that is gone. Forget may be repeated.
func (h *house) hearContacts(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "contact", func(ctx context.Context, e outbox.Event) error {
		id, ok := strings.CutPrefix(e.Subject, "dataset:")
		if !ok || e.Verb != "dataset.deleted" {
			return nil
		}
		return h.contact.Store.Forget(ctx, e.Organisation, id)
	})
}

// sieve holds back the rows of a list of contacts whose people refused.
func (h *house) sieve(ctx context.Context, organisation string, id dataset.ID) (dataset.Sieve, error) {
	return h.contact.Sieve(ctx, organisation, string(id))
}

// leaves refuses that the rows of a list leave the grid, which cannot leave any of them out.
func (h *house) leaves(ctx context.Context, organisation string, id dataset.ID) error {
	sieve, err := h.sieve(ctx, organisation, id)
	if err == nil && sieve != nil {
		err = fault.New(fault.Denied, "gridweb.list_leaves")
	}
	return err
}

// wholeList writes a dataset with the rows that a sieve holds back marked.
func (h *house) wholeList(w http.ResponseWriter, r *http.Request, l contactweb.Leaving) error {
	d, v, err := h.dataset.Current(r.Context(), web.Actor(r), dataset.ID(l.Dataset))
	if err != nil {
		return err
	}
	f := dataset.Format(l.Format)
	web.Attachment(w, f.MediaType(), d.Title+"."+l.Format)
	return h.dataset.Sift(r.Context(), v.Outcome, dataset.Sifting{Sieve: l.Sieve, Mark: l.Mark}, f, w)
}
