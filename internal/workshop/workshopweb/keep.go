package workshopweb

import (
	"context"
	"net/http"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// keptAgain is how often one looks whether somebody else is done keeping the cards.
const keptAgain = 200 * time.Millisecond

// kept is how the dataset a session was kept as stands before by; the zero Standing for none.
func (d desk) kept(ctx context.Context, by actor.Actor, of string) (Standing, error) {
	if of == "" || d.shelf == nil {
		return Standing{}, nil
	}
	return d.shelf.Look(ctx, by, of)
}

// keeping completes the page of results with the way to keep the cards as a dataset, or to the one they were kept as. A colleague to whom it is not
// shown yet makes no second one.
func (d desk) keeping(r *http.Request, sess workshop.Session, of string, page *resultsPage) error {
	stands, err := d.kept(r.Context(), web.Actor(r), of)
	p := web.VisitOf(r).P
	switch {
	case stands.Seen:
		page.Dataset = ui.Link("/datasets", of)
	case stands.There && stands.Owner != "":
		page.Unseen = p.T("workshopweb.dataset_unseen_of", stands.Owner)
	case stands.There:
		page.Unseen = p.T("workshopweb.dataset_unseen")
	case d.shelf != nil:
		page.Keep = ui.Link("/workshops", string(sess.ID), "dataset")
	}
	return err
}

// keepDataset keeps the cards as a dataset of the organisation, without who wrote them, and leads to it. Whoever asks twice, or at the same time as
// somebody else, is led to the same one.
func (d desk) keepDataset(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	report, err := d.report(r, sess)
	switch {
	case err != nil:
		return err
	case !report.Closed:
		return fault.New(fault.Conflict, "workshop.not_closed")
	}
	ctx, done := context.WithTimeout(r.Context(), workshop.KeepingMost*3/4) // over before anybody else may begin
	defer done()
	by := web.Actor(r)
	note := func(ctx context.Context, op workshop.Op) error {
		op.Kind, op.Key = workshop.Archive, id.New(d.now())
		_, err := d.Do(ctx, sess, workshop.Hand{Facilitator: true, Session: sess.ID, Person: by.ID}, op)
		return err
	}
	for {
		of, busy := "", false
		if err := d.Read(ctx, sess, func(s *workshop.State) { of, busy = s.Dataset, s.Keeping(d.now()) }); err != nil {
			return err
		}
		stands, err := d.kept(ctx, by, of)
		switch {
		case err != nil:
			return err
		case busy:
		case stands.Seen:
			return web.Redirect(w, r, ui.Link("/datasets", of), web.Said{Kind: "success", Key: "workshopweb.said_dataset"})
		case stands.There: // the page says whose it is
			return web.Redirect(w, r, ui.Link("/workshops", string(sess.ID), "results"), web.Said{})
		}
		err = note(ctx, workshop.Op{Value: 1, Item: of})
		if err == nil {
			break
		}
		if !fault.Is(err, "workshop.keeping") {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(keptAgain):
		}
	}
	of, err := d.shelf.Keep(ctx, by, cardTable(web.VisitOf(r).P, report))
	if err == nil {
		err = note(ctx, workshop.Op{Item: of})
	}
	if err != nil {
		_ = note(context.WithoutCancel(ctx), workshop.Op{}) // the next may begin at once; if this fails, after a minute
		return err
	}
	return web.Redirect(w, r, ui.Link("/datasets", of), web.Said{Kind: "success", Key: "workshopweb.said_dataset"})
}
