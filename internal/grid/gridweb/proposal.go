package gridweb

import (
	"net/http"
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// proposalsPage is what people proposed to change.
type proposalsPage struct {
	Head   ui.PageHead
	Tabs   ui.Tabs
	Back   ui.LinkButton
	Base   string
	Filter ui.Tabs // everybody's, mine
	Open   []proposalView
	Closed []proposalView
	None   string // said when there is nothing to decide
}

// A proposalView is one proposal.
type proposalView struct {
	Number   string
	Title    string // what it would do
	By       string
	Why      string
	Formula  string // that made the values
	State    ui.Badge
	Answer   string // who decided, and why
	Changes  ui.Table
	More     string
	Lost     string // what of it has no place any more
	Decide   *ui.Field
	Withdraw bool
}

var proposalsTemplate = ui.Page[proposalsPage](pages, "pages/proposals.tmpl", "pages/proposal.tmpl")

// closedShown is how many proposals that were decided are listed.
const closedShown = 50

// proposals lists what people proposed: what is to decide first.
func (d Desk) proposals(w http.ResponseWriter, r *http.Request) error {
	v, all, err := d.Grid.Proposals(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	s, p := subjectOf(v), web.VisitOf(r).P
	title, mine := p.T("gridweb.proposals"), r.URL.Query().Get("mine") != "" || !v.Own
	page := proposalsPage{Head: ui.PageHead{Title: title, Eyebrow: s.Dataset.Title, Lead: p.T("gridweb.proposals_lead")}, Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Base: s.base,
		Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: s.base, Icon: "arrow-left"}, None: p.T("gridweb.proposals_none")}
	if v.Own {
		page.Filter = ui.Tabs{Label: p.T("gridweb.proposals_whose"), Items: []ui.Tab{{Label: p.T("gridweb.proposals_all"), Href: s.base + "/proposals", Current: !mine},
			{Label: p.T("gridweb.proposals_mine"), Href: s.base + "/proposals?mine=1", Current: mine}}}
	}
	for _, one := range all {
		if mine && one.Person != web.Actor(r).ID {
			continue
		}
		if one.State != grid.Open && len(page.Closed) == closedShown {
			continue
		}
		view, err := d.proposal(r, s, one)
		if err != nil {
			return err
		}
		if one.State == grid.Open {
			page.Open = append(page.Open, view)
		} else {
			page.Closed = append(page.Closed, view)
		}
	}
	return proposalsTemplate.Render(w, r, http.StatusOK, s.headOf(p, title, nil), page)
}

var proposalLook = map[grid.ProposalState]string{grid.Open: "info", grid.Accepted: "success", grid.Refused: "error", grid.Withdrawn: "neutral", grid.Outdated: "warning"}

func (d Desk) proposal(r *http.Request, s subject, one grid.Proposal) (v proposalView, err error) {
	p := web.VisitOf(r).P
	op := grid.Op{Changes: one.Changes, Added: one.Added, Removed: one.Removed}
	v = proposalView{Number: strconv.FormatInt(one.Seq, 10), Title: did(p, op), By: p.T("gridweb.by_at", by(p, one.Name), p.DateTime(one.At)), Why: one.Text, Formula: one.Formula,
		State: ui.Badge{Kind: proposalLook[one.State], Label: p.T("gridweb.proposal_" + string(one.State))}, Withdraw: one.State == grid.Open && one.Person == web.Actor(r).ID}
	if len(one.Lost) > 0 {
		v.Lost = p.T("gridweb.proposal_lost", len(one.Lost))
	}
	if !one.Closed.IsZero() {
		v.Answer = p.T("gridweb.proposal_closed", by(p, one.By), p.DateTime(one.Closed))
		if one.Answer != "" {
			v.Answer = p.T("gridweb.proposal_answer", v.Answer, one.Answer)
		}
	}
	if s.view.May && one.State == grid.Open {
		v.Decide = &ui.Field{ID: "note-" + v.Number, Name: "text", Label: p.T("gridweb.note"), Hint: p.T("gridweb.note_hint"), MaxLength: grid.TextMost, Autocomplete: "off", Optional: true}
	}
	if v.Title == "" {
		v.Title = p.T("gridweb.proposal_nothing")
	}
	if one.State != grid.Open {
		s.view.Overlay = grid.NewOverlay(0, 0) // rows may be others now: they are called by their place
	}
	lines, err := d.changeLines(r, s, op)
	if err != nil {
		return v, err
	}
	v.Changes = changeTable(p, "proposal-"+v.Number, p.T("gridweb.proposal_changes", v.Number), lines[:min(len(lines), changesShown)])
	if len(lines) > changesShown {
		v.More = p.T("gridweb.changes_more", changesShown)
	}
	if one.State == grid.Open {
		s.moved(p, one, v.Changes.Rows)
	}
	return v, nil
}

// moved says beside a change that another value is there by now than the one that was seen.
func (s subject) moved(p *i18n.Printer, one grid.Proposal, rows []ui.Row) {
	types := typesOf(s.view)
	for i, c := range one.Changes[:min(len(one.Changes), len(rows))] {
		cell, edited := s.view.Overlay.Cells[c.Row][c.Column]
		if edited && cell.Value != c.Before && cell.Value != c.After {
			rows[i].Cells[2].Fault = p.T("gridweb.proposal_moved", shown(p, types[c.Column], cell.Value))
		}
	}
}

// decide accepts or refuses a proposal.
func (h *hand) decide(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	kind := grid.Kind(r.PostForm.Get("do"))
	if kind != grid.Accept && kind != grid.Refuse {
		return fault.New(fault.Invalid, "grid.unknown_operation")
	}
	return h.turn(w, r, kind)
}

// withdraw takes back what somebody proposed.
func (h *hand) withdraw(w http.ResponseWriter, r *http.Request) error {
	return h.turn(w, r, grid.Withdraw)
}
