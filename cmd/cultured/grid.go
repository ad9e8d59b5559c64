package main

import (
	"net/http"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/grid"
	"cultured/internal/grid/griddb"
	"cultured/internal/grid/gridfile"
	"cultured/internal/grid/gridweb"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// openGrid makes the room where datasets are edited cell by cell.
func (h *house) openGrid(tables grid.Tables) {
	reader := &gridfile.Reader{Blobs: h.blobs, Duck: h.duck, Data: h.dataset, Temp: h.blobs.TempDir()}
	h.grid = &grid.Service{Log: &griddb.Store{DB: h.db}, Data: h.dataset, Tables: tables, Reader: reader, Now: time.Now, Wake: h.gridMoved}
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
