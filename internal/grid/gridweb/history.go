package gridweb

import (
	"net/http"
	"slices"
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// historyPage is what was done to a table, the latest first.
type historyPage struct {
	Head     ui.PageHead
	Tabs     ui.Tabs
	Back     ui.LinkButton
	Versions ui.LinkButton // compares versions
	Base     string
	Ops      []opView
	Older    string // address of what was done before, "" for nothing
	Newer    string
}

// An opView is one operation.
type opView struct {
	Number  string
	Title   string
	Does    string
	By      string
	Text    string
	Formula string    // that made the values
	Left    string    // what of it could not be done
	Changes *ui.Table // when they were asked for
	More    string
	See     string // address where they are
	Moment  string // address of the table as it was after it
	Undo    bool
	Restore bool
}

var historyTemplate = ui.Page[historyPage](pages, "pages/history.tmpl")

// opsPage is how many operations a page of the history shows.
const opsPage = 30

// history lists what was done to a table: all of it, also what versions hold by now.
func (d Desk) history(w http.ResponseWriter, r *http.Request) error {
	v, err := d.watched(r)
	if err != nil {
		return err
	}
	s, p := subjectOf(v), web.VisitOf(r).P
	last := v.Overlay.Seq
	top := last
	if n := whole(r, "before"); n > 0 {
		top = min(int64(n)-1, last)
	}
	ops, err := d.Grid.Since(r.Context(), web.Actor(r), idOf(r), max(0, top-opsPage), int(min(opsPage, max(top, 1))))
	if err != nil {
		return err
	}
	first, err := d.first(r)
	if err != nil {
		return err
	}
	title := p.T("gridweb.history")
	page := historyPage{Head: ui.PageHead{Title: title, Eyebrow: s.Dataset.Title, Lead: p.T("gridweb.history_lead")}, Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Base: s.base,
		Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: s.base, Icon: "arrow-left"}}
	if s.Dataset.Current > 1 {
		page.Versions = ui.LinkButton{Label: p.T("gridweb.compare"), Href: s.base + "/compare", Icon: "history"}
	}
	open := int64(whole(r, "op"))
	for _, op := range slices.Backward(ops) {
		if op.Seq > top {
			continue
		}
		view, err := d.opView(r, s, op, opPlace{first: first, last: last, open: op.Seq == open})
		if err != nil {
			return err
		}
		page.Ops = append(page.Ops, view)
	}
	if top > opsPage {
		page.Older = s.base + "/history?before=" + strconv.FormatInt(top-opsPage+1, 10)
	}
	if top < last {
		page.Newer = s.base + "/history?before=" + strconv.FormatInt(min(top+opsPage, last)+1, 10)
	}
	return historyTemplate.Render(w, r, http.StatusOK, s.headOf(p, title, nil), page)
}

// first is the operation that began what the grid stands on.
func (d Desk) first(r *http.Request) (seq int64, err error) {
	err = d.Grid.Look(r.Context(), web.Actor(r), idOf(r), func(v grid.View) error {
		if v.State != nil && len(v.State.Ops) > 0 {
			seq = v.State.Ops[0].Seq
		}
		return nil
	})
	return seq, err
}

// An opPlace is where in a log an operation is.
type opPlace struct {
	first, last int64 // those that stand on the version the grid does
	open        bool  // what it did is shown
}

func (d Desk) opView(r *http.Request, s subject, op grid.Op, at opPlace) (v opView, err error) {
	p, n := web.VisitOf(r).P, strconv.FormatInt(op.Seq, 10)
	v = opView{Number: n, Title: titleOf(p, op), Does: did(p, op), By: signed(p, op), Text: op.Text, Formula: op.Formula}
	if op.Kind == grid.Repair {
		v.Text = s.repairText(p, op.Text)
	}
	if len(op.Conflicts) > 0 {
		v.Left = p.T("gridweb.op_left", len(op.Conflicts))
	}
	now := op.Seq >= at.first
	if now && op.Writes() {
		v.Moment = s.base + "?at=" + n
		v.Restore = s.view.May && op.Seq < at.last
		v.Undo = s.view.May && op.Kind != grid.Rebase
	}
	if op.Size() == 0 {
		return v, nil
	}
	v.See = s.base + "/history?op=" + n + "&before=" + strconv.FormatInt(op.Seq+1, 10)
	if !at.open {
		return v, nil
	}
	v.See = ""
	if !now {
		s.view.Overlay = grid.NewOverlay(0, 0) // rows are others now: they are called by their place
	}
	lines, err := d.changeLines(r, s, op)
	if err != nil {
		return v, err
	}
	if !now {
		for i := range lines {
			lines[i].href = ""
		}
	}
	t := changeTable(p, "op-"+n, p.T("gridweb.op_changes", n), lines[:min(len(lines), changesShown)])
	v.Changes = &t
	if len(lines) > changesShown {
		v.More = p.T("gridweb.changes_more", changesShown)
	}
	return v, nil
}

// titleOf says what an operation is, in the history.
func titleOf(p *i18n.Printer, op grid.Op) string {
	switch {
	case op.Kind == grid.Rebase && (op.Move == nil || op.Move.From == 0):
		return p.T("gridweb.kind_begin", op.Base)
	case op.Kind == grid.Rebase && !op.Move.Other:
		return p.T("gridweb.kind_kept", op.Base)
	case op.Kind == grid.Undo:
		return p.T("gridweb.kind_undo_of", kindOf(p, op), op.Of)
	}
	return kindOf(p, op)
}

// signed says who did an operation, and when; nobody did one that follows from a version.
func signed(p *i18n.Printer, op grid.Op) string {
	if op.Kind == grid.Rebase && op.Person == "" {
		return p.DateTime(op.At)
	}
	return p.T("gridweb.by_at", by(p, op.Name), p.DateTime(op.At))
}

// restore makes the table what it was after an operation.
func (h *hand) restore(w http.ResponseWriter, r *http.Request) error {
	return h.turn(w, r, grid.Restore)
}

// past puts a subject in the state after an operation, which the address names by "at"; 0 is none. Faults: NotFound "grid.no_operation".
func (d Desk) past(r *http.Request, s *subject, at int64) error {
	return d.Grid.Look(r.Context(), web.Actor(r), idOf(r), func(v grid.View) error {
		if v.State == nil || len(v.State.Ops) == 0 || at < v.State.Ops[0].Seq || at > v.Overlay.Seq {
			return fault.New(fault.NotFound, "grid.no_operation", at)
		}
		s.view.Overlay, s.view.Marks, s.view.Waiting = v.State.At(at), nil, 0
		s.Table.Overlay, s.Table.Past, s.at = s.view.Overlay, true, at
		for _, op := range v.State.Ops {
			if op.Seq == at {
				s.moment = op
			}
		}
		s.moment.Changes = nil
		return nil
	})
}
