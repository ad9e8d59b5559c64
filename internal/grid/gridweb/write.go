package gridweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/id"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// one does one operation of a form. What is wrong with it is its fault.
func (h *hand) one(w http.ResponseWriter, r *http.Request, a grid.Asked) (grid.Op, error) {
	if err := h.pace.take(w, r, 1); err != nil {
		return grid.Op{}, err
	}
	if a.Key == "" {
		a.Key = id.New(h.Now())
	}
	out, err := h.Grid.Do(r.Context(), web.Actor(r), idOf(r), []grid.Asked{a})
	if err != nil {
		return grid.Op{}, err
	}
	if f := out[0].Fault; f != nil {
		return out[0].Op, f
	}
	return out[0].Op, nil
}

// said is what the next page says of an operation, with the way back.
func said(p string, op grid.Op) web.Said {
	switch {
	case op.Seq == 0 && len(op.Conflicts) == 0:
		return web.Said{Kind: "info", Key: "gridweb.said_nothing"}
	case op.Seq == 0:
		return web.Said{Kind: "warning", Key: "gridweb.said_refused"}
	}
	s := web.Said{Kind: "success", Key: "gridweb.said_" + string(op.Kind), Undo: &web.SaidUndo{Key: "gridweb.undo", Action: p + "/undo", Name: "of", Value: strconv.FormatInt(op.Seq, 10)}}
	if len(op.Conflicts) > 0 {
		s.Kind, s.Key, s.Args = "warning", "gridweb.said_part", []string{strconv.Itoa(op.Size()), strconv.Itoa(len(op.Conflicts))}
	}
	switch op.Kind {
	case grid.Propose:
		s.Undo.Action = p + "/withdraw"
	case grid.Refuse, grid.Withdraw:
		s.Undo = nil
	}
	return s
}

// path is the address of a grid.
func path(r *http.Request) string { return ui.Link("/datasets", r.PathValue("id"), "grid") }

// backOf is where in the grid a form came from.
func backOf(r *http.Request) address {
	q, _ := url.ParseQuery(r.PostForm.Get("back")) // what cannot be read leads to the first rows
	return addressOf(q)
}

// formOp is what the forms of these pages have in common.
func formOp(r *http.Request, kind grid.Kind) grid.Asked {
	seen, _ := strconv.ParseInt(r.PostForm.Get("seen"), 10, 64)
	base, _ := strconv.Atoi(r.PostForm.Get("base"))
	return grid.Asked{Seen: seen, Op: grid.Op{Kind: kind, Base: base, Key: r.PostForm.Get("key"), Text: strings.TrimSpace(r.PostForm.Get("text"))}}
}

// kindAsked is what the button that was pressed asks.
func kindAsked(r *http.Request) grid.Kind {
	if r.PostForm.Get("do") == string(grid.Propose) {
		return grid.Propose
	}
	return grid.Edit
}

// write changes a cell, or proposes to. A value that another wrote meanwhile is shown beside the one wanted.
func (h *hand) write(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	q := backOf(r).look()
	q.Set("row", r.PostForm.Get("row"))
	q.Set("column", r.PostForm.Get("column"))
	c, err := h.cellAt(r, q)
	if err != nil {
		return err
	}
	c.back = backOf(r)
	was, err := strconv.Unquote(r.PostForm.Get("was"))
	if err != nil {
		return fault.New(fault.Invalid, "grid.unknown_operation").Because(err)
	}
	typed := strings.ReplaceAll(r.PostForm.Get("value"), "\r\n", "\n")
	if strings.HasPrefix(typed, "=") && typed != entered(web.VisitOf(r).P, c.column().Storage, c.holds()) {
		return h.compute(w, r, c, typed)
	}
	if strings.HasPrefix(typed, "'=") {
		typed = typed[1:]
	}
	value := grid.Typed(c.column().Storage, typed)
	if value == strings.ReplaceAll(was, "\r\n", "\n") { // a form changes the ends of lines
		value = was
	}
	a := formOp(r, kindAsked(r))
	a.Changes = []grid.Change{{Row: c.row.Number, Column: c.column().Name, Before: was, After: value}}
	op, err := h.one(w, r, a)
	say := told{status: http.StatusConflict, value: typed, why: a.Text}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		for i := range errs {
			if errs[i].Field != "text" {
				errs[i].Field = "value"
			}
		}
		say.status, say.errs = web.StatusOf(err), errs
		return h.showCell(w, r, c, say)
	}
	if err != nil {
		return err
	}
	if len(op.Conflicts) > 0 {
		if c, err = h.cellAt(r, q); err != nil { // as it is now
			return err
		}
		c.back, say.conflict = backOf(r), &op.Conflicts[0]
		say.errs = ui.FormErrors{{Field: "conflict", Text: web.VisitOf(r).P.T("gridweb.conflict_" + say.conflict.Reason)}}
		return h.showCell(w, r, c, say)
	}
	return web.Redirect(w, r, c.seen(), said(c.base, op))
}

// compute writes in a cell what a formula makes of its row, or proposes to.
func (h *hand) compute(w http.ResponseWriter, r *http.Request, c seat, typed string) error {
	p := web.VisitOf(r).P
	a := formOp(r, kindAsked(r))
	say := told{status: http.StatusUnprocessableEntity, value: typed, why: a.Text}
	if err := h.pace.take(w, r, 1); err != nil {
		return err
	}
	if a.Key == "" {
		a.Key = id.New(h.Now())
	}
	place, err := h.Reader.Find(r.Context(), c.Table, grid.Look{}, c.row.Number)
	if err != nil {
		return err
	}
	out, err := h.Grid.Fill(r.Context(), web.Actor(r), idOf(r), grid.Fill{Column: c.column().Name, Formula: typed, Rows: []int64{c.row.Number}, From: place}, a)
	if err == nil && out.Fault != nil {
		err = out.Fault
	}
	if errs, ok := ui.FormErrorsOf(p, err); ok {
		for i := range errs {
			if errs[i].Field == "formula" {
				errs[i].Text += " " + p.T("gridweb.formula_text", typed)
			}
			if errs[i].Field != "text" {
				errs[i].Field = "value"
			}
		}
		say.status, say.errs = web.StatusOf(err), errs
		return h.showCell(w, r, c, say)
	}
	if err != nil {
		return err
	}
	if out.Left > 0 {
		say.errs = ui.FormErrors{{Field: "value", Text: reasons(p, out.Reasons)}}
		return h.showCell(w, r, c, say)
	}
	return web.Redirect(w, r, c.seen(), said(c.base, out.Op))
}

// undo takes an operation back.
func (h *hand) undo(w http.ResponseWriter, r *http.Request) error {
	return h.turn(w, r, grid.Undo)
}

// turn does an operation about another, which the field "of" names.
func (h *hand) turn(w http.ResponseWriter, r *http.Request, kind grid.Kind) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	a := formOp(r, kind)
	a.Base = 0 // the operation named says what it counts in
	of, err := strconv.ParseInt(r.PostForm.Get("of"), 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "grid.unknown_operation").Because(err)
	}
	a.Of = of
	op, err := h.one(w, r, a)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, backOf(r).to(path(r)+place(r)), said(path(r), op))
}

// place is the page of these that a form leads back to: the one it names, else the grid.
func place(r *http.Request) string {
	switch to := r.PostForm.Get("to"); to {
	case "/history", "/proposals":
		return to
	}
	return ""
}

// remove takes a row away.
func (h *hand) remove(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	a := formOp(r, kindAsked(r))
	row, err := strconv.ParseInt(r.PostForm.Get("row"), 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "grid.unknown_operation").Because(err)
	}
	a.Removed = []int64{row}
	op, err := h.one(w, r, a)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, backOf(r).to(path(r)), said(path(r), op))
}
