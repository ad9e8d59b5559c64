package gridweb

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/live"
	"cultured/internal/web"
)

// headJSON is what everybody who looks at a grid is told whole each time.
type headJSON struct {
	Seq       int64      `json:"seq"`
	Base      int        `json:"base"`
	Pending   int        `json:"pending"`
	Proposals int        `json:"proposals"`
	Stale     bool       `json:"stale"` // another version came while operations wait on this one
	Here      []hereJSON `json:"here"`
}

// hereJSON is where somebody is. Row is 0 for nowhere.
type hereJSON struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	Row    int64  `json:"row"`
	Column string `json:"column"`
}

// opJSON is an operation, in short.
type opJSON struct {
	Seq      int64        `json:"seq"`
	Kind     grid.Kind    `json:"kind"`
	At       time.Time    `json:"at"`
	Person   string       `json:"person"`
	Name     string       `json:"name"`
	Base     int          `json:"base"`
	Changes  []changeJSON `json:"changes,omitempty"`
	Added    []int64      `json:"added,omitempty"`
	Removed  []int64      `json:"removed,omitempty"`
	Returned []int64      `json:"returned,omitempty"`
	Of       int64        `json:"of,omitempty"`
	Text     string       `json:"text,omitempty"`
	Formula  string       `json:"formula,omitempty"` // that made the values
	Credit   string       `json:"credit,omitempty"`  // who proposed it
	Size     int          `json:"size"`              // cells and rows
	Large    bool         `json:"large,omitempty"`   // what it did is left out: rows are to be read again
}

// opMost is how many cells and rows of an operation are told one by one.
const opMost = 200

func opOf(op grid.Op) opJSON {
	out := opJSON{Seq: op.Seq, Kind: op.Kind, At: op.At, Person: op.Person, Name: op.Name, Base: op.Base, Of: op.Of, Text: op.Text, Formula: op.Formula, Credit: op.CreditName, Size: op.Size()}
	if out.Large = out.Size > opMost; out.Large {
		return out
	}
	for _, c := range op.Changes {
		out.Changes = append(out.Changes, changeJSON{c.Row, c.Column, c.Before, c.After})
	}
	out.Added, out.Removed, out.Returned = op.Added, op.Removed, op.Returned
	return out
}

// What a stream holds of the log: its last operations, a line each, so that whoever was cut for a while finds what it missed.
const (
	linesMost = 300
	linesRoom = 96 << 10 // bytes
)

// linesOf writes the last operations of a log, the latest last.
func linesOf(ops []grid.Op) (string, error) {
	var lines []string
	room := linesRoom
	for _, op := range slices.Backward(ops) {
		line, err := json.Marshal(opOf(op))
		if err != nil {
			return "", err
		}
		if room -= len(line); room < 0 && len(lines) > 0 {
			break
		}
		lines = append(lines, string(line))
	}
	slices.Reverse(lines)
	return strings.Join(lines, "\n"), nil
}

// watched is a grid whose log the visitor may follow. Faults: Denied "dataset.not_yours" for whom the catalogue alone shows it.
func (d Desk) watched(r *http.Request) (grid.View, error) {
	v, err := d.Grid.Read(r.Context(), web.Actor(r), idOf(r))
	if err == nil && !v.Own {
		err = fault.New(fault.Denied, "dataset.not_yours")
	}
	return v, err
}

// events tells what is done to a grid, and who is where in it, as it happens: see [live.Hub.Stream]. The head is a [headJSON], the
// lines of the body are operations.
func (d Desk) events(w http.ResponseWriter, r *http.Request) error {
	v, err := d.watched(r)
	if err != nil {
		return err
	}
	return d.Hub.Stream(w, r, grid.Topic(idOf(r)), "ops", func(ctx context.Context) (f live.Frame, err error) {
		pulse, head, ops, err := d.watch(ctx, v)
		if err != nil {
			return f, err
		}
		start := time.Now() // waiting for who writes costs nothing
		if f.Head, err = json.Marshal(head); err != nil {
			return f, err
		}
		f.Seq = pulse
		f.Body, err = linesOf(ops)
		f.Took = time.Since(start)
		return f, err
	})
}

// watch reads the log as it is now, and the last operations of it.
func (d Desk) watch(ctx context.Context, v grid.View) (pulse int64, head headJSON, ops []grid.Op, err error) {
	pulse, here, err := d.Grid.Watch(ctx, v, func(v grid.View) error {
		head = headJSON{Seq: v.Overlay.Seq, Base: v.Overlay.Base, Pending: v.Overlay.Pending(), Proposals: v.Waiting, Stale: v.Stale, Here: []hereJSON{}}
		ops = slices.Clone(v.State.Ops[max(0, len(v.State.Ops)-linesMost):])
		return nil
	})
	for _, p := range here {
		head.Here = append(head.Here, hereJSON{p.Person, p.Name, p.Row, p.Column})
	}
	return pulse, head, ops, err
}

// opsAnswer is what was done after an operation.
type opsAnswer struct {
	Head headJSON `json:"head"`
	Ops  []opJSON `json:"ops"`
	More bool     `json:"more,omitempty"`
}

// opsMost is how many operations one answer tells.
const opsMost = 500

// ops tells once what a stream tells: to those whom no stream reaches, or who missed more than it holds.
func (d Desk) ops(w http.ResponseWriter, r *http.Request) error {
	v, err := d.watched(r)
	if err != nil {
		return err
	}
	out := opsAnswer{Ops: []opJSON{}}
	if _, out.Head, _, err = d.watch(r.Context(), v); err != nil {
		return err
	}
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64) // none is from the beginning
	since, err := d.Grid.Since(r.Context(), web.Actor(r), idOf(r), after, opsMost+1)
	if err != nil {
		return err
	}
	if len(since) > opsMost {
		since, out.More = since[:opsMost], true
	}
	for _, op := range since {
		out.Ops = append(out.Ops, opOf(op))
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

// hereAsked is where somebody says they are.
type hereAsked struct {
	Row    int64  `json:"row"`
	Column string `json:"column"`
	Leave  bool   `json:"leave"`
}

// here notes where somebody is, or that they leave.
func (h *hand) here(w http.ResponseWriter, r *http.Request) error {
	var at hereAsked
	if err := readJSON(r, &at); err != nil {
		return err
	}
	if err := h.pace.take(w, r, paceHere); err != nil {
		return err
	}
	if at.Leave {
		h.Grid.Leave(r.Context(), web.Actor(r), idOf(r))
	} else if err := h.Grid.Stand(r.Context(), web.Actor(r), idOf(r), at.Row, at.Column); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
