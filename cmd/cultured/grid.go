package main

import (
	"context"
	"net/http"
	"time"

	"cultured/internal/account"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/grid/griddb"
	"cultured/internal/grid/gridfile"
	"cultured/internal/grid/gridweb"
	"cultured/internal/i18n"
	"cultured/internal/job"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// openGrid makes the room where datasets are edited cell by cell.
func (h *house) openGrid(tables grid.Tables) {
	reader := &gridfile.Reader{Blobs: h.blobs, Duck: h.duck, Data: h.dataset, Temp: h.blobs.TempDir()}
	h.grid = &grid.Service{Log: &griddb.Store{DB: h.db}, Data: h.dataset, Tables: tables, Reader: reader, Now: time.Now, Tell: h.tellProposal, Wake: h.gridMoved}
	h.queue.Register(gridMailJob, job.Distant, func(ctx context.Context, t job.Task) error {
		var n grid.News
		if err := t.Decode(&n); err != nil {
			return err
		}
		return h.mailProposal(ctx, n)
	})
}

// gridMailJob is the kind of job that tells somebody of a proposal, again until the mail leaves.
const gridMailJob = "grid_mail"

// tellProposal has somebody told by mail. The pages show the same: should the power be cut right now, they learn it there.
func (h *house) tellProposal(ctx context.Context, n grid.News) {
	if h.account.Post == nil {
		return
	}
	if _, err := h.queue.Enqueue(ctx, nil, gridMailJob, n); err != nil {
		h.log.Error("a proposal is not told", "err", err)
	}
}

// mailProposal writes to who is to be told of a proposal. Whoever left since is written nothing.
func (h *house) mailProposal(ctx context.Context, n grid.News) error {
	to, err := h.account.People.Person(ctx, n.Organisation, n.To)
	if fault.Is(err, "account.no_person") || err == nil && to.State != account.Active {
		return nil
	}
	if err != nil {
		return err
	}
	p, page := h.words.For(i18n.Lang(to.Language)), h.cfg.BaseURL+ui.Link("/datasets", string(n.Dataset), "grid", "proposals")
	switch n.State {
	case grid.Open:
		return h.post(ctx, to.Email, p.T("cultured.proposal_made_subject", n.Title), p.T("cultured.proposal_made", n.By, n.Title, page))
	case grid.Accepted:
		return h.post(ctx, to.Email, p.T("cultured.proposal_accepted_subject", n.Title), p.T("cultured.proposal_accepted", n.By, n.Title, page+"?mine=1"))
	case grid.Refused:
		return h.post(ctx, to.Email, p.T("cultured.proposal_refused_subject", n.Title), p.T("cultured.proposal_refused", n.By, n.Title, page+"?mine=1"))
	}
	return nil
}

// gridMoved tells those who look at the grid of a dataset that it moved.
func (h *house) gridMoved(id dataset.ID) { h.hub.Wake(grid.Topic(id)) }

// heardGrid hears the same from another replica; "" is that any may have.
func (h *house) heardGrid(id string) {
	if id == "" {
		h.hub.WakeAll()
		return
	}
	h.gridMoved(dataset.ID(id))
}

// gridNotices say on a dataset's page what waits in its grid.
func (h *house) gridNotices(r *http.Request, id dataset.ID) (out []ui.Notice, err error) {
	w, err := h.grid.Waits(r.Context(), web.Actor(r), id)
	if err != nil {
		return nil, err
	}
	p, at := web.VisitOf(r).P, ui.Link("/datasets", string(id), "grid")
	switch {
	case w.Stale && w.Pending > 0:
		out = append(out, ui.Notice{Kind: ui.Warning, Text: p.T("gridweb.notice_stale", w.Pending)}.Leading(p.T("gridweb.choose"), at+"/keep"))
	case w.Pending > 0:
		out = append(out, ui.Notice{Text: p.T("gridweb.notice_pending", w.Pending)}.Leading(p.T("gridweb.keep_see"), at+"/keep"))
	}
	if w.Proposals > 0 {
		out = append(out, ui.Notice{Text: p.T("gridweb.notice_proposals", w.Proposals)}.Leading(p.T("gridweb.proposals_see"), at+"/proposals"))
	}
	return out, nil
}

// gridDesk is what the pages of grids stand on.
func (h *house) gridDesk() gridweb.Desk {
	return gridweb.Desk{Reader: h.grid.Reader, Grid: h.grid, Found: h.dataset.Findings, Hub: h.hub, Tabs: datasetweb.Tabs, Wait: jobs{h.queue}.pause, Now: time.Now, Leaves: h.leaves}
}
