package gridweb

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// keepPage is where what was edited becomes a version.
type keepPage struct {
	Head    ui.PageHead
	Tabs    ui.Tabs
	Back    ui.LinkButton
	Notices []ui.Notice
	Base    string
	Sum     string // what would be kept, "" for nothing
	People  string // who edited
	May     bool
	Stale   string // said when another version came meanwhile
	Changes ui.Table
	Left    *ui.Table // what could not be carried over to this version
	More    string
}

var keepTemplate = ui.Page[keepPage](pages, "pages/keep.tmpl")

const (
	changesShown = 100             // of what would be kept
	patience     = 8 * time.Second // for a version to be made before its page says how far it is
)

// keep shows what would be kept as a version.
func (d Desk) keep(w http.ResponseWriter, r *http.Request) error {
	return d.showKeep(w, r, http.StatusOK)
}

func (d Desk) showKeep(w http.ResponseWriter, r *http.Request, status int, notices ...ui.Notice) error {
	var s subject
	var left []grid.Conflict
	people := map[string]bool{}
	p := web.VisitOf(r).P
	err := d.Grid.Look(r.Context(), web.Actor(r), idOf(r), func(v grid.View) error {
		if !v.Own {
			return fault.New(fault.Denied, "dataset.not_yours")
		}
		s = subjectOf(v)
		s.view.State = nil
		for _, op := range v.State.Ops {
			if op.Kind == grid.Rebase {
				left = op.Conflicts
			} else if op.Writes() {
				people[by(p, op.Name)] = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	title := p.T("gridweb.keep_title")
	page := keepPage{Head: ui.PageHead{Title: title, Eyebrow: s.Dataset.Title}, Tabs: d.Tabs(r, string(s.Dataset.ID), s.Dataset.Title), Notices: notices, Base: s.base, May: s.view.May,
		Back: ui.LinkButton{Label: p.T("gridweb.back"), Href: s.base, Icon: "arrow-left"}}
	if pending := s.pending(); pending.Size() > 0 {
		page.Sum = did(p, pending)
		page.People = p.T("gridweb.keep_people", listed(p, slices.Sorted(maps.Keys(people))))
	}
	if s.view.Stale {
		_, now, err := d.Grid.Data.Past(r.Context(), web.Actor(r), s.Dataset.ID, s.Dataset.Current)
		if err != nil {
			return err
		}
		page.Stale = p.T("gridweb.stale_text", now.Number, p.T(now.Why), p.DateTime(now.At), by(p, now.ByName), s.Version.Number)
	}
	if err := d.keepTables(r, s, left, &page); err != nil {
		return err
	}
	return keepTemplate.Render(w, r, status, s.headOf(p, title, nil), page)
}

// pending is what no version holds yet, as one operation.
func (s subject) pending() (op grid.Op) {
	o := s.view.Overlay
	for _, row := range slices.Sorted(maps.Keys(o.Cells)) {
		if o.Gone(row) || row > o.Rows {
			continue
		}
		for _, column := range slices.Sorted(maps.Keys(o.Cells[row])) {
			c := o.Cells[row][column]
			op.Changes = append(op.Changes, grid.Change{Row: row, Column: column, Before: c.Was, After: c.Value})
		}
	}
	op.Added = o.AddedRows()
	for _, row := range slices.Sorted(maps.Keys(o.Removed)) {
		if row <= o.Rows {
			op.Removed = append(op.Removed, row)
		}
	}
	return op
}

// keepTables fills the lists of what would be kept, and of what was left behind.
func (d Desk) keepTables(r *http.Request, s subject, left []grid.Conflict, page *keepPage) error {
	p := web.VisitOf(r).P
	lines, err := d.changeLines(r, s, s.pending())
	if err != nil {
		return err
	}
	page.Changes = changeTable(p, "changes", p.T("gridweb.keep_changes"), lines[:min(len(lines), changesShown)])
	if len(lines) > changesShown {
		page.More = p.T("gridweb.changes_more", changesShown)
	}
	if len(left) == 0 {
		return nil
	}
	t := ui.Table{ID: "left", Caption: p.T("gridweb.left_caption"), Compact: true, Columns: []ui.Column{{Label: p.T("gridweb.row")}, {Label: p.T("gridweb.column")}, {Label: p.T("gridweb.left_wanted")},
		{Label: p.T("gridweb.left_now")}, {Label: p.T("gridweb.left_why")}}}
	types := typesOf(s.view)
	for _, c := range left[:min(len(left), changesShown)] {
		kind := types[c.Column]
		now := ui.Cell{Text: shown(p, kind, c.Now), Missing: c.Now == ""}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.T("gridweb.row_before", c.Row)}, {Text: c.Column}, {Text: shown(p, kind, c.Wanted), Missing: c.Wanted == ""}, now, {Text: p.T("gridweb.left_" + c.Reason)}}})
	}
	page.Left = &t
	return nil
}

// A changeLine is one thing an operation does, in words.
type changeLine struct {
	row, href, column string
	was, is           string
	kind              dataset.Type
	holds             string // a row added, in short
}

// filled is what a row added holds, in short.
func (s subject) filled(row int64) string {
	var parts []string
	for _, c := range s.columns {
		if v := s.view.Overlay.Cells[row][c.Name].Value; v != "" && row > s.view.Overlay.Rows && len(parts) < filledShown {
			parts = append(parts, v)
		}
	}
	return shorten(strings.Join(parts, ", "), longest)
}

// filledShown is how many values of a row added tell it apart.
const filledShown = 4

// changeLines says what an operation does to the rows of the table as it is now.
func (d Desk) changeLines(r *http.Request, s subject, op grid.Op) (out []changeLine, err error) {
	p := web.VisitOf(r).P
	rows := slices.Concat(op.Removed, op.Returned)
	shownChanges := op.Changes[:min(len(op.Changes), changesShown+1)]
	for _, c := range shownChanges {
		rows = append(rows, c.Row)
	}
	rows = rows[:min(len(rows), 3*changesShown)]
	names, err := d.names(r, s, rows)
	if err != nil {
		return nil, err
	}
	types := typesOf(s.view)
	for _, c := range shownChanges {
		l := changeLine{row: names[c.Row], column: c.Column, was: c.Before, is: c.After, kind: types[c.Column]}
		if at := slices.IndexFunc(s.columns, func(p dataset.ColumnProfile) bool { return p.Name == c.Column }); at >= 0 && c.Row > 0 {
			l.href = address{page: 1}.to(s.base+"/cell", "row", strconv.FormatInt(c.Row, 10), "column", s.columns[at].Slug)
		}
		out = append(out, l)
	}
	for _, each := range []struct {
		rows []int64
		key  string
	}{{op.Added, "gridweb.whole_added"}, {op.Removed, "gridweb.whole_removed"}, {op.Returned, "gridweb.whole_returned"}} {
		for _, row := range each.rows {
			name := names[row]
			if name == "" {
				name = p.T("gridweb.row_place", row)
			}
			if each.key == "gridweb.whole_added" {
				name = p.T("gridweb.row_new")
			}
			out = append(out, changeLine{row: name, column: p.T(each.key), holds: s.filled(row)})
		}
	}
	return out, nil
}

// changeTable shows what an operation does.
func changeTable(p *i18n.Printer, id, caption string, lines []changeLine) ui.Table {
	t := ui.Table{ID: id, Caption: caption, Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("gridweb.row")}, {Label: p.T("gridweb.column")}, {Label: p.T("gridweb.before")}, {Label: p.T("gridweb.after")}}}
	for _, l := range lines {
		cells := []ui.Cell{{Text: l.row, Href: l.href}, {Text: l.column}, {}, {Text: l.holds}}
		if l.kind != "" {
			cells[2], cells[3] = ui.Cell{Text: shown(p, l.kind, l.was), Missing: l.was == ""}, ui.Cell{Text: shown(p, l.kind, l.is), Missing: l.is == ""}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	return t
}

// listed puts names one after the other.
func listed(p *i18n.Printer, names []string) string {
	const most = 6
	if len(names) > most {
		return p.T("gridweb.and_others", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// keepAs does what somebody chose: keeps the edits as a version, carries them over to the one that came meanwhile, or sets them aside.
func (h *hand) keepAs(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	var err error
	switch r.PostForm.Get("do") {
	case "keep":
		err = h.keepVersion(w, r, false)
	case "over":
		err = h.keepVersion(w, r, true)
	case "carry", "aside":
		var out grid.Carried
		aside := r.PostForm.Get("do") == "aside"
		if out, err = h.Grid.Carry(r.Context(), web.Actor(r), idOf(r), aside); err == nil {
			said := web.Said{Kind: "success", Key: "gridweb.said_carried", Args: []string{strconv.Itoa(out.Moved), strconv.Itoa(len(out.Left))}}
			if aside {
				said = web.Said{Kind: "success", Key: "gridweb.said_aside"}
			}
			return web.Redirect(w, r, path(r)+"/keep", said)
		}
	default:
		err = fault.New(fault.Invalid, "grid.unknown_operation")
	}
	if fault.KindOf(err) == fault.Conflict {
		return h.showKeep(w, r, http.StatusConflict, ui.Notice{Kind: ui.Error, Text: web.Explain(r, err).Text})
	}
	return err
}

// keepVersion makes a version, and waits a moment for it.
func (h *hand) keepVersion(w http.ResponseWriter, r *http.Request, over bool) error {
	before, err := h.Grid.Data.Find(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	check, err := h.Grid.Keep(r.Context(), web.Actor(r), idOf(r), over)
	if err != nil {
		return err
	}
	if err := h.Wait(r.Context(), check.Job, patience); err != nil {
		return err
	}
	after, err := h.Grid.Data.Find(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	home := ui.Link("/datasets", r.PathValue("id"))
	if after.Current > before.Current {
		return web.Redirect(w, r, home, web.Said{Kind: "success", Key: "gridweb.said_kept", Args: []string{strconv.Itoa(after.Current)},
			Undo: &web.SaidUndo{Key: "gridweb.undo", Action: home + "/undo", Name: "to", Value: strconv.Itoa(before.Current)}})
	}
	return web.Redirect(w, r, home, web.Said{}) // it says how far the version is, or why it could not be made
}
