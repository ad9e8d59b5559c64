package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/register"
)

// What forms and datasets hold about persons is told to the register; a dataset whose last day is over goes, and its trace stays.
func TestTheRegisterHearsOfFormsAndDatasets(t *testing.T) {
	h, ctx := built(t), t.Context()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	sue := actor.Actor{ID: "sue", Organisation: "o", Name: "Sue", Roles: []actor.Role{actor.Steward}}
	f := form.New("Lettre")
	for _, b := range []form.Block{{Kind: form.Email, Label: "Adresse", Purpose: "Écrire", Retention: 36}, {Kind: form.Number, Label: "Note"}, {Kind: form.Line, Label: "Numéro de sécurité sociale", Purpose: "Payer", Retention: 12}} {
		_, err := f.Put(b)
		ok(err)
	}
	f, err := h.form.Create(ctx, sue, f)
	ok(err)
	_, err = h.form.Publish(ctx, sue, f.ID, f.Revision)
	ok(err)
	c, err := h.dataset.Submit(ctx, sue, dataset.SubmitForm{Body: strings.NewReader("courriel;ville\nana.martin@exemple.fr;Valmoret\nbea.durand@exemple.fr;Lacombe\n"), Name: "contacts.csv"})
	ok(err)
	ok(h.dataset.Run(ctx, c.ID, func(int64, int64, string) {}))
	d, err := h.dataset.Keep(ctx, sue, c.ID)
	ok(err)
	ok(h.hear(ctx))
	all, err := h.register.Open(ctx, sue)
	ok(err)
	at := register.Key{Kind: register.Form, ID: string(f.ID)}
	if got, there := all.Subject(at); len(all.Open) != 2 || !there || len(got.Fields) != 2 || got.Fields[0].Months != 36 || got.Fields[0].Data != "identity" || got.Fields[1].Delicate != "nir" {
		t.Errorf("got %+v", all.Subjects)
	}
	kept := register.Key{Kind: register.Dataset, ID: string(d.ID)}
	if got, there := all.Subject(kept); !there || len(got.Fields) != 1 || got.Fields[0].Name != "courriel" || got.Title != "Contacts" {
		t.Errorf("got %+v", all.Subjects)
	}
	if got, err := h.dossier(ctx, sue, d.ID); err != nil || got.Enter != "/register/new?from="+kept.Text() || len(got.Blocked) != 1 || len(got.Entries) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}

	now := h.register.Now()
	later := func(days int) {
		t.Helper()
		h.register.Now = func() time.Time { return now.AddDate(0, 0, days) }
		_, err := h.register.Reap(ctx)
		ok(err)
		ok(h.hear(ctx))
	}
	ok(h.register.Retain(ctx, sue, string(d.ID), now.AddDate(0, 0, 10).Format(time.DateOnly), "Tableau de gestion"))
	later(0)
	later(10)
	if _, err := h.dataset.Find(ctx, sue, d.ID); err != nil {
		t.Errorf("gone on its last day: %v", err)
	}
	later(11)
	if _, err := h.dataset.Find(ctx, sue, d.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v, want that it is gone", err)
	}
	_, gone, err := h.register.Ends(ctx, sue)
	if err != nil || len(gone) != 1 || gone[0].Title != "Contacts" || gone[0].Count != 2 || gone[0].Why != "Tableau de gestion" || gone[0].Key != kept {
		t.Errorf("got %+v, %v", gone, err)
	}
	if all, err := h.register.Open(ctx, sue); err != nil || len(all.Subjects) != 1 {
		t.Errorf("got %+v, %v", all.Subjects, err)
	}
}

// A publication stopped by personal data, then made in spite of it, is told to the data protection officer, who may read the report.
func TestTheOfficerHearsOfPublications(t *testing.T) {
	h, ctx := built(t), t.Context()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	sue := actor.Actor{ID: "sue", Organisation: "o", Name: "Sue", Roles: []actor.Role{actor.Steward}}
	dan := actor.Actor{ID: "dan", Organisation: "o", Name: "Dan", Roles: []actor.Role{actor.DPO}}
	eve := actor.Actor{ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.DPO}}
	c, err := h.dataset.Submit(ctx, sue, dataset.SubmitForm{Body: strings.NewReader("courriel;ville\nana.martin@exemple.fr;Valmoret\nbea.durand@exemple.fr;Lacombe\n"), Name: "contacts.csv"})
	ok(err)
	ok(h.dataset.Run(ctx, c.ID, func(int64, int64, string) {}))
	d, err := h.dataset.Keep(ctx, sue, c.ID)
	ok(err)
	rec, err := h.catalogue.Record(ctx, sue, string(d.ID))
	ok(err)
	rec.Description, rec.Purpose, rec.Owner, rec.Contact, rec.Licence, rec.Frequency, rec.Confidentiality = "Les abonnés.", "Écrire.", "Sue", "donnees@exemple.fr", "etalab-2.0", "IRREG", catalogue.Open
	_, err = h.catalogue.Save(ctx, sue, rec, nil)
	ok(err)
	for range 2 { // nobody looked yet: it is told once
		_, err = h.catalogue.Act(ctx, sue, string(d.ID), catalogue.Publish, "")
		if list, isList := errors.AsType[fault.List](err); !isList || len(list) != 1 || list[0].Key != "catalogue.publish_personal_data" {
			t.Fatalf("got %v, want that personal data stops it", err)
		}
	}
	_, err = h.catalogue.Act(ctx, sue, string(d.ID), catalogue.Publish, "Ce sont des adresses de service, inventées.")
	ok(err)
	ok(h.hear(ctx))
	ok(h.hear(ctx))
	list, err := h.register.Alerts(ctx, dan)
	ok(err)
	if len(list) != 2 || list[0].Kind != register.Forced || list[0].Reason != "Ce sont des adresses de service, inventées." || list[0].Columns != "courriel" || list[1].Kind != register.Blocked || list[1].Person != "sue" {
		t.Errorf("got %+v", list)
	}
	if n, err := h.register.Waiting(ctx, dan); err != nil || n != 2 {
		t.Errorf("got %d, %v", n, err)
	}
	if got, err := h.dossier(ctx, dan, d.ID); err != nil || got.Reason != list[0].Reason || got.Enter == "" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := h.dossier(ctx, eve, d.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: got %v", err)
	}
	if _, err := h.dataset.ForChange(ctx, dan, d.ID); fault.KindOf(err) != fault.Denied {
		t.Errorf("the officer changes it: got %v", err)
	}
}

// A form says which entries of the register cover it, or where one is made.
func TestAFormSaysWhereItStandsInTheRegister(t *testing.T) {
	h, ctx := built(t), t.Context()
	sue := actor.Actor{ID: "sue", Organisation: "o", Name: "Sue", Roles: []actor.Role{actor.Steward}}
	key := register.Key{Kind: register.Form, ID: "f"}
	subject := register.Subject{Key: key, Organisation: "o", Title: "Lettre", Owner: "ann", Fields: []register.Field{{Name: "mel", Label: "Courriel", Data: "identity", Purpose: "Écrire", Months: 12}}}
	if got, err := h.formRegistered(ctx, sue, "f"); err != nil || got.Personal {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := h.register.Hear(ctx, subject); err != nil {
		t.Fatal(err)
	}
	if got, err := h.formRegistered(ctx, sue, "f"); err != nil || !got.Personal || len(got.Entries) != 0 || got.Enter != "/register/new?from=form:f" {
		t.Errorf("got %+v, %v", got, err)
	}
	id, err := h.register.Create(ctx, sue, register.Draft{Entry: register.Entry{Name: "Lettre", Purposes: "Écrire", Sources: []register.Source{{Key: key}}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h.formRegistered(ctx, actor.Actor{ID: "ann", Organisation: "o"}, "f"); err != nil || len(got.Entries) != 1 || got.Entries[0].Href != "/register/entries/"+string(id) || got.Enter != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}
