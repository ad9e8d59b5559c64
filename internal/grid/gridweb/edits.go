package gridweb

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/web"
)

// A hand writes, at the pace of one person.
type hand struct {
	Desk
	pace *pace
}

// editsAsked is what a script sends: operations, each done on its own. Rows are counted in Base, columns have their names.
type editsAsked struct {
	Base  int         `json:"base"`
	Edits []editAsked `json:"edits"`
}

// editAsked is one operation, as [grid.Asked]. Key is of the sender's making: what is sent again under the same key is done once.
type editAsked struct {
	Key     string       `json:"key"`
	Kind    grid.Kind    `json:"kind"`
	Seen    int64        `json:"seen"`
	Changes []changeJSON `json:"changes"`
	Added   []int64      `json:"added"` // -1, -2…
	Removed []int64      `json:"removed"`
	Of      int64        `json:"of"`
	Text    string       `json:"text"`
	Fill    *fillJSON    `json:"fill"` // in the place of changes: a formula makes them
}

// fillJSON is a formula for cells of a column. Look is a query, as of the page; Rows are numbers, seen from the place From of the look on; none:
// all of the look.
type fillJSON struct {
	Column  string  `json:"column"` // its name
	Formula string  `json:"formula"`
	Look    string  `json:"look"`
	From    int64   `json:"from"`
	Rows    []int64 `json:"rows"`
}

// changeJSON is a change of a cell. Value may be written as in France where the column's type allows.
type changeJSON struct {
	Row    int64  `json:"row"`
	Column string `json:"column"`
	Was    string `json:"was"`
	Value  string `json:"value"`
}

// editsAnswer is what became of each operation, in the order they were sent.
type editsAnswer struct {
	Seq     int64        `json:"seq"`
	Base    int          `json:"base"`
	Results []resultJSON `json:"results"`
}

type resultJSON struct {
	Key     string        `json:"key"`
	Seq     int64         `json:"seq"` // 0: nothing was left to do, or Error says why nothing was done
	Op      *opJSON       `json:"op,omitempty"`
	Refused []refusedJSON `json:"refused,omitempty"` // what was not done of it; the rest was
	Error   string        `json:"error,omitempty"`
	Left    string        `json:"left,omitempty"` // of a formula: how many cells it left as they are, and why, in a sentence
}

type refusedJSON struct {
	Row    int64  `json:"row"`
	Column string `json:"column,omitempty"` // none: the whole row
	Code   string `json:"code"`
	Reason string `json:"reason"` // a sentence
	Seen   string `json:"seen"`
	Now    string `json:"now"`
	Wanted string `json:"wanted"`
	By     string `json:"by,omitempty"` // who wrote what is there
	Seq    int64  `json:"seq,omitempty"`
}

const (
	editsBytes = 24 << 20 // of a request
	editsMost  = 50       // operations in it
)

// edits does what a script asks. An answer of 200 says that each operation was decided; whatever is not in "refused" is stored.
// Faults: Invalid "gridweb.bad_edits"; TooLarge; Busy; those of [grid.Service.Do].
func (h *hand) edits(w http.ResponseWriter, r *http.Request) error {
	web.LimitBody(w, r, editsBytes)
	var body editsAsked
	if err := readJSON(r, &body); err != nil {
		return err
	}
	if len(body.Edits) == 0 || len(body.Edits) > editsMost {
		return fault.New(fault.Invalid, "gridweb.bad_edits", editsMost)
	}
	cells := 0
	weight := 1.0
	for _, e := range body.Edits {
		cells += len(e.Changes) + len(e.Added) + len(e.Removed)
		if e.Fill != nil && len(e.Fill.Rows) != 1 {
			weight += paceFill
		}
	}
	if cells > grid.ChangesMost {
		return fault.New(fault.TooLarge, "grid.too_many_changes", grid.ChangesMost)
	}
	if err := h.pace.take(w, r, weight+float64(cells)/paceCells); err != nil {
		return err
	}
	results, err := h.done(r, body)
	if err != nil {
		return err
	}
	out, p := editsAnswer{Results: make([]resultJSON, len(results))}, web.VisitOf(r).P
	for i, res := range results {
		out.Seq, out.Base = res.Seq, res.Base
		out.Results[i] = resultOf(p, body.Edits[i].Key, res.Result)
		if res.Left > 0 {
			out.Results[i].Left = p.T("gridweb.filled_left", p.Number(res.Left), reasons(p, res.Reasons))
		}
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

// done does the operations of a request, those between two formulas together.
func (h *hand) done(r *http.Request, body editsAsked) (out []grid.Filled, err error) {
	var asked []grid.Asked
	together := func() error {
		if len(asked) == 0 {
			return nil
		}
		results, err := h.Grid.Do(r.Context(), web.Actor(r), idOf(r), asked)
		for _, res := range results {
			out = append(out, grid.Filled{Result: res})
		}
		asked = nil
		return err
	}
	for _, e := range body.Edits {
		if e.Fill == nil {
			asked = append(asked, e.asked(body.Base))
			continue
		}
		if err := together(); err != nil {
			return nil, err
		}
		one, err := h.filled(r, e, body.Base)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, together()
}

// filled computes what a script asks to be filled. What is wrong with the formula is the fault of the result.
func (h *hand) filled(r *http.Request, e editAsked, base int) (out grid.Filled, err error) {
	v, err := h.Grid.Read(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return out, err
	}
	if e.Kind != grid.Propose {
		e.Kind = grid.Edit
	}
	q, err := url.ParseQuery(e.Fill.Look)
	if err != nil {
		return out, fault.New(fault.Invalid, "grid.unknown_operation").Because(err)
	}
	look, err := grid.ReadLook(q, subjectOf(v).columns)
	if err == nil {
		a := e.asked(base)
		a.Changes, a.Added, a.Removed = nil, nil, nil
		out, err = h.Grid.Fill(r.Context(), web.Actor(r), idOf(r), grid.Fill{Column: e.Fill.Column, Formula: e.Fill.Formula, Look: look, From: e.Fill.From, Rows: e.Fill.Rows}, a)
	}
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal && f.Kind != fault.Denied && f.Kind != fault.NotFound {
		return grid.Filled{Result: grid.Result{Fault: f, Seq: v.Overlay.Seq, Base: v.Overlay.Base}}, nil
	}
	return out, err
}

// readJSON reads the body of a request. Faults: Invalid "gridweb.bad_json"; those of a body cut or too large.
func readJSON(r *http.Request, to any) error {
	err := json.NewDecoder(r.Body).Decode(to)
	if status := web.StatusOf(err); err != nil && status == http.StatusInternalServerError {
		return fault.New(fault.Invalid, "gridweb.bad_json").Because(err)
	}
	return err
}

func typesOf(v grid.View) map[string]dataset.Type {
	types := map[string]dataset.Type{}
	for _, c := range v.Columns {
		types[c.Name] = c.Type
	}
	return types
}

func (e editAsked) asked(base int) grid.Asked {
	a := grid.Asked{Seen: e.Seen, Typed: true, Op: grid.Op{Key: e.Key, Kind: e.Kind, Base: base, Added: e.Added, Removed: e.Removed, Of: e.Of, Text: e.Text}}
	for _, c := range e.Changes {
		a.Changes = append(a.Changes, grid.Change{Row: c.Row, Column: c.Column, Before: c.Was, After: c.Value})
	}
	return a
}

func resultOf(p *i18n.Printer, key string, res grid.Result) resultJSON {
	out := resultJSON{Key: key, Seq: res.Op.Seq}
	if res.Fault != nil {
		out.Error = p.T(res.Fault.Key, res.Fault.Args...)
		return out
	}
	if res.Op.Seq > 0 {
		op := opOf(res.Op)
		out.Op = &op
	}
	for i, c := range res.Op.Conflicts {
		one := refusedJSON{Row: c.Row, Column: c.Column, Code: c.Reason, Reason: p.T("gridweb.conflict_" + c.Reason), Seen: c.Seen, Now: c.Now, Wanted: c.Wanted, Seq: c.Seq}
		if len(res.Authors) > 0 {
			one.By = res.Authors[i]
		}
		out.Refused = append(out.Refused, one)
	}
	return out
}
