package formweb

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type buildPage struct {
	Head     ui.PageHead
	Tabs     ui.Tabs
	Blocks   []blockRow
	Empty    *ui.Empty
	Add      string // path of a new block
	Kinds    ui.Choice
	Revision int
	Publish  string // path to post to
	Changed  bool   // since it was published
	Problems *ui.Notice
	Live     bool // published once
	Link     string
	Code     string // of a coded door
	QR       ui.QR
	Stop     string
	Stopped  bool
	Answer   string // path of the public page
	XLSForm  ui.LinkButton
	Leaving  []string // what other tools will not have of it
	Register Registered
}

// A blockRow is one block in the builder.
type blockRow struct {
	ID, Label, Kind, Hint  string
	Number                 int
	Required               bool
	Personal, When         string
	Formula, Within        string
	Initial, Narrow        string
	Edit, Move, Take       string
	First, Last            bool
	Options                []string
	Revision               int
	Heading, Wrong, Asking bool
	Common                 bool   // a model says what it asks
	Column                 string // what its owner's files call it
	Faults                 []string
}

var buildTemplate = ui.Page[buildPage](pages, "pages/build.tmpl")

// build is the form as it is edited.
func (d Desk) build(w http.ResponseWriter, r *http.Request) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	return d.showBuild(w, r, f, http.StatusOK, nil)
}

func (d Desk) showBuild(w http.ResponseWriter, r *http.Request, f form.Form, status int, errs ui.FormErrors) error {
	p := web.VisitOf(r).P
	page := buildPage{Head: ui.PageHead{Title: f.Title, Eyebrow: p.T("formweb.form"), Badges: []ui.Badge{stateOf(p, f)}}, Tabs: tabs(p, f, ""), Add: path(f.ID, "blocks", "new"), Revision: f.Revision,
		Publish: path(f.ID, "publish"), Stop: path(f.ID, "stop"), Stopped: f.Stopped, Live: f.Version > 0, Link: d.BaseURL + public(f.ID), Answer: public(f.ID), Changed: f.Version == 0}
	if f.Door == form.Coded {
		page.Code = f.Code
	}
	page.Kinds = ui.Choice{Name: "kind", Label: p.T("formweb.add_what")}
	for _, k := range form.Kinds() {
		page.Kinds.Options = append(page.Kinds.Options, ui.Option{Value: string(k), Label: p.T(k.Word())})
	}
	page.XLSForm = ui.LinkButton{Label: p.T("formweb.xlsform"), Href: path(f.ID, "xlsform.xlsx"), Icon: "download", Download: true}
	var err error
	if page.Leaving, err = leaving(p, f); err != nil {
		return err
	}
	problems := f.Validate()
	page.Blocks = blockRows(p, f, problems)
	if len(f.Blocks) == 0 {
		page.Empty = &ui.Empty{Icon: "list", Text: p.T("formweb.no_blocks"), Example: p.T("formweb.no_blocks_example")}
	} else if len(problems) > 0 {
		page.Problems = &ui.Notice{Kind: ui.Warning, Title: p.T("formweb.before_publishing", len(problems)), Text: p.T("formweb.before_publishing_text")}
		for _, one := range problems {
			if one.Field == "" || f.Find(one.Field[min(2, len(one.Field)):]) < 0 {
				page.Problems.Items = append(page.Problems.Items, p.T(one.Key, one.Args...))
			}
		}
	}
	if page.Register, err = d.Registered(r.Context(), web.Actor(r), f.ID); err != nil {
		return err
	}
	if f.Version > 0 {
		latest, err := d.Form.Latest(r.Context(), web.Actor(r), f.ID)
		if err != nil {
			return err
		}
		page.Changed = !f.Asks(latest)
		if page.QR, err = ui.NewQR(p.T("formweb.qr"), page.Link); err != nil {
			return err
		}
	}
	return buildTemplate.Render(w, r, status, ui.Head{Title: f.Title, Section: home, Crumbs: crumbs(p), Errors: errs}, page)
}

func blockRows(p *i18n.Printer, f form.Form, problems fault.List) (out []blockRow) {
	number := 0
	for i, b := range f.Blocks {
		row := blockRow{ID: b.Field(), Label: b.Label, Kind: p.T(b.Kind.Word()), Hint: b.Hint, Required: b.Required, First: i == 0, Last: i == len(f.Blocks)-1, Options: b.Options, Revision: f.Revision,
			Heading: b.Kind == form.Heading, Asking: b.Kind.Asks(), Edit: path(f.ID, "blocks", b.Name), Move: path(f.ID, "blocks", b.Name, "move"), Take: path(f.ID, "blocks", b.Name, "take")}
		if b.Kind.Asks() {
			number++
			row.Number = number
		}
		if b.Personal() {
			row.Personal = p.T("formweb.personal")
			if b.Purpose != "" && b.Retention > 0 {
				row.Personal = p.T("formweb.kept", b.Purpose, b.Retention)
			}
		}
		if b.When != nil {
			row.When = conditionText(p, f, *b.When)
		}
		row.Formula, row.Common, row.Initial, row.Narrow = b.Formula, b.Common, initialText(p, b), narrowText(p, f, b)
		if b.Column != "" || len(b.Codes) > 0 {
			row.Column = p.T("formweb.in_files_as", cmp.Or(b.Column, b.Name))
		}
		if at := f.Find(b.Within); at >= 0 {
			row.Within = p.T("formweb.in_group", f.Blocks[at].Label)
		}
		for _, one := range problems {
			if one.Field == b.Field() {
				row.Faults = append(row.Faults, p.T(one.Key, one.Args...))
			}
		}
		row.Wrong = len(row.Faults) > 0
		out = append(out, row)
	}
	return out
}

// dayText is a day as people write it, "" for none.
func dayText(p *i18n.Printer, day string) string {
	if at, err := time.Parse(time.DateOnly, day); err == nil {
		return p.Date(at)
	}
	return ""
}

// revision is the one the page was opened on: no number is no revision, and the rule says so.
func revision(r *http.Request) int {
	n, _ := strconv.Atoi(r.PostFormValue("revision"))
	return n
}

// edited answers a change made from the builder: back to it, or shown again with what is wrong.
func (d Desk) edited(w http.ResponseWriter, r *http.Request, err error, said web.Said) error {
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
		if err != nil {
			return err
		}
		return d.showBuild(w, r, f, http.StatusUnprocessableEntity, errs)
	}
	if err != nil {
		return err
	}
	at := path(idOf(r))
	if name := r.PathValue("block"); name != "" && said.Undo == nil {
		at += "#" + form.Block{Name: name}.Field()
	}
	return web.Redirect(w, r, at, said)
}

// move takes a block one place up or down.
func (d Desk) move(w http.ResponseWriter, r *http.Request) error {
	by := 1
	if r.PostFormValue("to") == "up" {
		by = -1
	}
	_, err := d.Form.Edit(r.Context(), web.Actor(r), idOf(r), revision(r), func(f *form.Form) error { return f.Move(r.PathValue("block"), by) })
	return d.edited(w, r, err, web.Said{})
}

// taken is a block that was taken out, as the way back carries it.
type taken struct {
	At    int
	Block form.Block
}

// undoMost is the longest way back that fits the flash, in bytes: a cookie takes four thousand, and this is written twice over.
const undoMost = 1800

// take removes a block, and offers to put it back.
func (d Desk) take(w http.ResponseWriter, r *http.Request) error {
	var out taken
	_, err := d.Form.Edit(r.Context(), web.Actor(r), idOf(r), revision(r), func(f *form.Form) error {
		if out.At = f.Find(r.PathValue("block")); out.At >= 0 {
			out.Block = f.Blocks[out.At]
		}
		return f.Take(r.PathValue("block"))
	})
	said := web.Said{Kind: "success", Key: "formweb.taken", Args: []string{out.Block.Label}}
	if back, errJSON := json.Marshal(out); errJSON == nil && len(back) <= undoMost {
		said.Undo = &web.SaidUndo{Key: "formweb.put_back", Action: path(idOf(r), "blocks", "back"), Name: "block", Value: string(back)}
	}
	return d.edited(w, r, err, said)
}

// putBack brings back a block that was just taken out.
func (d Desk) putBack(w http.ResponseWriter, r *http.Request) error {
	var was taken
	if err := json.Unmarshal([]byte(r.PostFormValue("block")), &was); err != nil {
		return fault.New(fault.NotFound, "form.block_gone")
	}
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	_, err = d.Form.Edit(r.Context(), web.Actor(r), f.ID, f.Revision, func(f *form.Form) error { return f.PutBack(was.Block, was.At) })
	return d.edited(w, r, err, web.Said{Kind: "success", Key: "formweb.is_back", Args: []string{was.Block.Label}})
}

// publish makes a version of the form, open to its door.
func (d Desk) publish(w http.ResponseWriter, r *http.Request) error {
	_, err := d.Form.Publish(r.Context(), web.Actor(r), idOf(r), revision(r))
	return d.edited(w, r, err, web.Said{Kind: "success", Key: "formweb.published"})
}

// stop closes the form to answers, or opens it again.
func (d Desk) stop(w http.ResponseWriter, r *http.Request) error {
	id, stopped := idOf(r), r.PostFormValue("stopped") != "no"
	_, err := d.Form.Stop(r.Context(), web.Actor(r), id, stopped)
	said := web.Said{Kind: "success", Key: "formweb.reopened"}
	if stopped {
		said = web.Said{Kind: "success", Key: "formweb.stopped", Undo: &web.SaidUndo{Key: "formweb.reopen", Action: path(id, "stop"), Name: "stopped", Value: "no"}}
	}
	return d.edited(w, r, err, said)
}
