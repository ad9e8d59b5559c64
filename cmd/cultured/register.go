package main

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/outbox"
	"cultured/internal/personal"
	"cultured/internal/privacy/privacyweb"
	"cultured/internal/register"
	"cultured/internal/register/registerdb"
	"cultured/internal/register/registerweb"
	"cultured/internal/ui"
	"cultured/internal/web"
)

func (h *house) openRegister() {
	store := &registerdb.Store{DB: h.db, Now: time.Now}
	h.register = &register.Service{Store: store, Subjects: store, Retentions: store, Traces: store, Watch: store, Reaper: reaper{h}, Now: func() time.Time { return i18n.Civil(time.Now()) }}
}

func (h *house) registerDesk() registerweb.Desk {
	return registerweb.Desk{Register: h.register, Names: h.account.Names, Now: time.Now,
		Tabs: func(r *http.Request, id, title string) (dataset, protect ui.Tabs) {
			return datasetweb.Tabs(r, id, title), privacyweb.Parts(web.VisitOf(r).P, ui.Link("/datasets", id, "protect"), "retention")
		},
		Organisation: func(ctx context.Context, by actor.Actor) (string, error) {
			o, err := h.account.House(ctx, by)
			return o.Name, err
		}}
}

// hearRegister tells the register which forms and datasets have personal data. Hear may be repeated.
func (h *house) hearRegister(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "register", func(ctx context.Context, e outbox.Event) error {
		k := register.KeyOf(e.Subject)
		trace, ok, err := erased(e, k)
		if err != nil {
			return err
		}
		if ok {
			if err := h.register.Traces.Note(ctx, trace); err != nil {
				return err
			}
		}
		if err := h.hearPublication(ctx, e, k); err != nil {
			return err
		}
		return h.hearSubject(ctx, e, k)
	})
}

func (h *house) hearSubject(ctx context.Context, e outbox.Event, k register.Key) error {
	s := register.Subject{Key: k, Organisation: e.Organisation}
	switch e.Verb {
	case "dataset.deleted":
		if err := h.register.Retentions.Forget(ctx, e.Organisation, k.ID); err != nil {
			return err
		}
		return h.hearOf(ctx, s, h.datasetSubject)
	case "dataset.kept", "dataset.version_added", "dataset.described":
		return h.hearOf(ctx, s, h.datasetSubject)
	case "form.log_published":
		return h.hearOf(ctx, s, h.formSubject)
	}
	return nil
}

// hearOf fills a subject and hands it over; one that is gone has no field.
func (h *house) hearOf(ctx context.Context, s register.Subject, fill func(ctx context.Context, s *register.Subject) error) error {
	if err := fill(ctx, &s); err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	return h.register.Hear(ctx, s)
}

// formSubject says what a form asks of persons, as it is published.
func (h *house) formSubject(ctx context.Context, s *register.Subject) error {
	f, err := h.form.Store.Published(ctx, form.ID(s.ID), 0)
	if err != nil {
		return err
	}
	s.Title, s.Owner = f.Title, f.Owner
	for _, b := range f.Blocks {
		if !b.Personal() {
			continue
		}
		one := register.Field{Name: b.Name, Label: b.Label, Data: blockData(b.Kind), Purpose: b.Purpose, Months: b.Retention}
		if label := french.Fold(b.Label); strings.Contains(label, "securite sociale") || slices.Contains(strings.Fields(label), "nir") {
			one.Delicate = "nir"
		}
		s.Fields = append(s.Fields, one)
	}
	return nil
}

// blockData is the category of data that a block asks for.
func blockData(k form.Kind) string {
	switch k {
	case form.Point, form.Commune:
		return "location"
	case form.Photo:
		return "image"
	case form.File, form.LongText, form.Computed, form.Number:
		return "other"
	}
	return "identity"
}

// datasetSubject says which columns of a dataset tell about persons: those its dictionary says, whatever was recognised.
func (h *house) datasetSubject(ctx context.Context, s *register.Subject) error {
	d, err := h.dataset.Datasets.Find(ctx, s.Organisation, dataset.ID(s.ID))
	if err != nil {
		return err
	}
	v, err := h.dataset.Datasets.Version(ctx, d.ID, d.Current)
	if err != nil {
		return err
	}
	if d.Lesson != "" {
		return nil // the people of an exercise are invented
	}
	s.Title, s.Owner = d.Title, d.Owner
	for _, e := range d.Dictionary {
		if e.Personal == dataset.PrivacyNone {
			continue
		}
		c, _ := v.Outcome.Report.Profile.Column(e.Name)
		one := register.Field{Name: e.Name, Label: e.Label, Data: columnData(c)}
		if one.Label == "" {
			one.Label = e.Name
		}
		if e.Personal == dataset.PrivacySensitive {
			one.Delicate = columnDelicate(c)
		}
		s.Fields = append(s.Fields, one)
	}
	return nil
}

// columnData is the category of data that a column holds.
func columnData(c dataset.ColumnProfile) string {
	switch c.Semantic {
	case "iban", "siret", "siren":
		return "economic"
	case dataset.SemanticProfession:
		return "professional"
	case dataset.SemanticPoint, dataset.SemanticLatitude, dataset.SemanticLongitude, dataset.SemanticGeoJSON, dataset.SemanticLambertX, dataset.SemanticLambertY:
		return "location"
	case dataset.SemanticNone:
		if slices.ContainsFunc(c.Traces, dataset.Trace.Likely) {
			return "other"
		}
	}
	return "identity"
}

// delicates are the sensitive data of the register that traces in texts tell of.
var delicates = map[personal.Kind]string{personal.NIR: "nir", personal.Health: "medical", personal.Religion: "belief", personal.Union: "union", personal.Origin: "origin",
	personal.Opinion: "politics", personal.Orientation: "sexual", personal.Justice: "offence"}

// columnDelicate is the gravest of what was recognised in a sensitive column, "" when only its name tells.
func columnDelicate(c dataset.ColumnProfile) string {
	if c.Semantic == "nir" {
		return "nir"
	}
	for _, t := range c.Traces {
		if t.Likely() && t.Kind.Sensitive() {
			return delicates[t.Kind]
		}
	}
	return ""
}
