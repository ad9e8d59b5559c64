package main

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/competency"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/job"
	"cultured/internal/learning"
	"cultured/internal/learning/learningdb"
	"cultured/internal/learning/learningweb"
	"cultured/internal/mission"
	"cultured/internal/recognition"
)

// openLearning builds the room of evidence.
func (h *house) openLearning() {
	store := &learningdb.Store{DB: h.db}
	h.named(store.Names)
	h.team = &learning.Team{Store: followedTeam{store, h}, Census: h.census, Now: time.Now}
	h.learning = &learning.Service{Store: followed{store, h}, Links: store, Files: store, Shelf: blob.Private{Store: h.blobs}, Colleague: h.colleague, Tell: h.tellReview, Now: time.Now}
	h.queue.Register(reviewMailJob, job.Distant, func(ctx context.Context, t job.Task) error {
		var n learning.News
		if err := t.Decode(&n); err != nil {
			return err
		}
		return h.mailReview(ctx, n)
	})
}

// reviewMailJob is the kind of job that tells somebody of a review, again until the mail leaves.
const reviewMailJob = "review_mail"

// tellReview has somebody told by mail. The pages show the same: should the power be cut right now, they learn it there.
func (h *house) tellReview(ctx context.Context, n learning.News) {
	if h.account.Post == nil {
		return
	}
	if _, err := h.queue.Enqueue(ctx, nil, reviewMailJob, n); err != nil {
		h.log.Error("a review is not told", "err", err)
	}
}

// mailReview writes to who was asked for a review, or answered. Nobody is written of what was withdrawn or erased since.
func (h *house) mailReview(ctx context.Context, n learning.News) error {
	e, err := h.learning.Store.Find(ctx, n.Organisation, n.Evidence)
	if fault.KindOf(err) == fault.NotFound || err == nil && !e.Withdrawn.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	to, err := h.account.People.Person(ctx, n.Organisation, n.To)
	if fault.Is(err, "account.no_person") || err == nil && to.State != account.Active {
		return nil
	}
	if err != nil {
		return err
	}
	p, title := h.words.For(i18n.Lang(to.Language)), e.Artefact.Title.In(to.Language)
	page := h.cfg.BaseURL + "/learning/evidence/" + string(e.ID)
	if n.State != learning.Asked {
		return h.post(ctx, to.Email, p.T("cultured.review_answered_subject"), p.T("cultured.review_answered", title, page))
	}
	from, err := h.account.People.Person(ctx, n.Organisation, e.Person)
	if err != nil {
		return err
	}
	return h.post(ctx, to.Email, p.T("cultured.review_mail_subject", from.Name), p.T("cultured.review_mail", from.Name, title, page))
}

// learningDesk is what the pages of evidence stand on.
func (h *house) learningDesk() learningweb.Desk {
	return learningweb.Desk{Service: h.learning, Framework: h.shownFramework, Names: h.account.Names, Datasets: h.shownDatasets, Dataset: h.shownDataset,
		Holder: h.passportHolder, Badges: h.passportBadges, Address: h.cfg.BaseURL}
}

// passportHolder is how somebody and their organisation are called.
func (h *house) passportHolder(ctx context.Context, organisation, person string) (learningweb.Holder, error) {
	p, err := h.account.People.Person(ctx, organisation, person)
	if err != nil {
		return learningweb.Holder{}, err
	}
	_, name, err := h.organisation(ctx, organisation)
	return learningweb.Holder{Name: p.Name, Organisation: name}, err
}

// passportBadges are the badges of somebody that hold now, the newest first.
func (h *house) passportBadges(ctx context.Context, organisation, person, lang string) (out []learningweb.Badge, err error) {
	list, err := h.recognition.Badges.List(ctx, organisation, person)
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		if b.Verdict(time.Now()) != recognition.Valid {
			continue
		}
		o, err := h.recognition.Offer(b.Offer)
		if err != nil {
			return nil, err
		}
		out = append(out, learningweb.Badge{Name: o.Name.In(lang), Text: o.Description.In(lang), Href: "/credentials/" + b.ID, Picture: "/badges/" + o.ID + "/picture.svg", At: b.At})
	}
	return out, nil
}

// shownFramework is the organisation's first framework, the one it was given, without what is retired.
func (h *house) shownFramework(ctx context.Context, by actor.Actor, lang string) (out learningweb.Framework, err error) {
	all, err := h.competency.All(ctx, by)
	if err != nil || len(all) == 0 {
		return out, err
	}
	f := all[0].Framework
	for _, l := range f.Levels {
		out.Levels = append(out.Levels, l.Label.In(lang, f.Main()))
	}
	for _, it := range f.Items {
		if it.Kind != competency.Competence || it.Code == "" || it.Retired {
			continue
		}
		one := learningweb.Competence{Code: it.Code, Label: it.Label.In(lang, f.Main()), Href: "/competences/" + string(it.ID), Mark: f.MarkOf(it.ID)}
		if family, ok := f.FamilyOf(it.ID); ok {
			one.Family = family.Code + " " + family.Label.In(lang, f.Main())
		}
		out.Competences = append(out.Competences, one)
	}
	return out, nil
}

// shownDatasets are those somebody answers for: real data, no exercise.
func (h *house) shownDatasets(ctx context.Context, by actor.Actor) (out []learningweb.Dataset, err error) {
	list, err := h.dataset.List(ctx, by)
	if err != nil {
		return nil, err
	}
	for _, ds := range list {
		if ds.Owner == by.ID && ds.Lesson == "" {
			out = append(out, learningweb.Dataset{ID: string(ds.ID), Title: ds.Title})
		}
	}
	return out, nil
}

// shownDataset is one of them, with the original it has now. Fault: Invalid "learning.no_dataset".
func (h *house) shownDataset(ctx context.Context, by actor.Actor, id string) (learningweb.Dataset, error) {
	ds, v, err := h.dataset.Current(ctx, by, dataset.ID(id))
	if fault.KindOf(err) == fault.NotFound || err == nil && (ds.Owner != by.ID || ds.Lesson != "") {
		err = fault.Field("dataset", "learning.no_dataset")
	}
	return learningweb.Dataset{ID: id, Title: ds.Title, Version: strconv.Itoa(v.Number), Hash: v.Source.Blob}, err
}

// colleague finds who is active in the actor's organisation by their address.
func (h *house) colleague(ctx context.Context, by actor.Actor, field, email string) (string, error) {
	p, _, err := h.account.People.PersonByEmail(ctx, email)
	if err == nil && (p.ID == "" || p.Organisation != by.Organisation || p.State != account.Active) {
		return "", fault.Field(field, "learning.no_colleague")
	}
	return p.ID, err
}

// proveMission writes the evidence of a try that passed, in the transaction that keeps the try.
func (h *house) proveMission(ctx context.Context, tx *sql.Tx, by actor.Actor, t mission.Try) error {
	return learningdb.Write(ctx, tx, evidence(by, t.Edition, t))
}

// evidence is what a try that passed shows. The try lends its name: told twice, it is one piece of evidence. All variants of a mission are one work.
func evidence(by actor.Actor, m mission.Mission, t mission.Try) learning.Evidence {
	n := len(t.Verdict.Results)
	e := learning.Evidence{ID: learning.ID(t.ID), Organisation: by.Organisation, Person: by.ID, At: t.At, Source: "mission:" + string(m.ID),
		Artefact: learning.Artefact{Kind: learning.Answer, Title: learning.Words{"fr": m.Title.FR, "en": m.Title.EN}, Hash: t.Hash, Version: t.Number(), Address: "/missions/" + string(m.ID)},
		Checks:   []learning.Check{{How: learning.Automatic, By: "mission:" + string(m.ID), Version: fmt.Sprint(t.Version), Result: fmt.Sprintf("%d/%d", n, n), At: t.At}}}
	if t.Name != "" {
		e.Artefact.Kind, e.Artefact.Name = learning.File, t.Name
	}
	if t.Given.Held != "" {
		e.Artefact.Address = "/datasets/" + t.Given.Held
	}
	if t.Check != "" {
		e.Artefact.Address = "/check/" + t.Check
	}
	shown := m.Competences
	if t.Given.Dataset != "" && m.Practice != nil {
		e.Source += ":dataset:" + t.Given.Dataset // work of its own: the sample's is another
		e.Artefact = learning.Artefact{Kind: learning.Work, Title: learning.Words{"fr": t.Given.Title}, Hash: t.Hash, Version: fmt.Sprint(t.Given.Edition), Address: "/datasets/" + t.Given.Dataset}
		shown = m.Practice.Competences
	}
	for _, c := range shown {
		e.Shows = append(e.Shows, learning.Level{Code: c.Code, Level: c.Level})
	}
	return e
}
