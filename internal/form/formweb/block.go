package formweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type blockPage struct {
	Head     ui.PageHead
	Action   string
	Back     string
	Kind     string
	Revision int
	Label    ui.Field
	Hint     ui.Textarea
	Required *ui.Checkbox
	Options  *ui.Textarea
	Min, Max *ui.Field
	Area     *ui.Group // of a point

	Initial     *ui.Field
	InitialText *ui.Textarea
	Today       *ui.Checkbox // of a date: the initial day is that of the answer
	Narrow      *ui.Choice   // earlier question that leaves some of the options
	With        *ui.Textarea

	About     *ui.Checkbox // not of kinds that always concern a person
	Always    bool         // the kind always does
	Purpose   *ui.Field
	Retention *ui.Field
	Formula   *ui.Textarea
	Within    *ui.Choice
	After     *ui.Choice
	Tests     []testField // of the condition
	Any       *ui.Group
	Locked    *ui.Notice // of a common question: what it asks is its model's
	Column    *ui.Field
	Codes     *ui.Textarea
}

var blockTemplate = ui.Page[blockPage](pages, "pages/block.tmpl")

// A blockDraft is a block in its form.
type blockDraft struct {
	form    form.Form
	block   form.Block
	after   string // name of the block before; "" is the first place
	months  string // retention as typed
	opened  int
	status  int
	errs    ui.FormErrors
	already bool // it is in the form
}

// first stands for the first place in the choice of places, where "" is none chosen.
const first = "-"

func (d Desk) showBlock(w http.ResponseWriter, r *http.Request, in blockDraft) error {
	p, b, f := web.VisitOf(r).P, in.block, in.form
	page := blockPage{Action: path(f.ID, "blocks", "new"), Back: path(f.ID), Kind: string(b.Kind), Revision: in.opened, Always: b.Kind.Personal(),
		Head: ui.PageHead{Title: p.T("formweb.new_block", p.T(b.Kind.Word())), Eyebrow: f.Title}}
	if in.already {
		page.Action, page.Head.Title, page.Back = path(f.ID, "blocks", b.Name), p.T("formweb.edit_block", b.Label), path(f.ID)+"#"+b.Field()
	}
	label, hint := "formweb.question", "formweb.hint"
	switch b.Kind {
	case form.Heading:
		label = "formweb.heading"
	case form.Explanation:
		label, hint = "formweb.explanation_title", "formweb.explanation"
	}
	page.Label = ui.Field{Name: "label", Label: p.T(label), Value: b.Label, Error: in.errs.For("label"), Required: true, MaxLength: form.LabelMost, Autocomplete: "off"}
	page.Hint = ui.Textarea{Name: "hint", Label: p.T(hint), Value: b.Hint, Error: in.errs.For("hint"), Rows: 2, MaxLength: form.HintMost, Optional: true}
	if b.Kind != form.Explanation {
		page.Hint.Hint = p.T("formweb.hint_hint")
	}
	if b.Kind.Chooses() {
		page.Options = &ui.Textarea{Name: "options", Label: p.T("formweb.options"), Hint: p.T("formweb.options_hint"), Value: strings.Join(b.Options, "\n"), Error: in.errs.For("options"), Rows: 6, Required: true}
	}
	page.limits(p, in)
	page.initial(p, in)
	page.narrows(p, in)
	if b.Kind == form.Point {
		page.Area = &ui.Group{Name: "area", Label: p.T("formweb.area"), Error: in.errs.For("area"), Options: []ui.Option{
			{Value: string(form.France), Label: p.T("formweb.area_france"), Selected: b.Area == form.France || !in.already && in.status == http.StatusOK},
			{Value: string(form.Anywhere), Label: p.T("formweb.area_world"), Selected: b.Area == form.Anywhere && (in.already || in.status != http.StatusOK)}}}
	}
	page.group(p, in)
	if b.Kind == form.Computed {
		page.Formula = &ui.Textarea{Name: "formula", Label: p.T("formweb.formula"), Hint: p.T("formweb.formula_hint"), Value: b.Formula, Error: in.errs.For("formula"), Rows: 2, MaxLength: form.FormulaMost, Required: true}
		page.personal(p, in)
	} else if b.Kind == form.Repeat {
		page.Required = &ui.Checkbox{Name: "required", Label: p.T("formweb.required"), Checked: b.Required}
	} else if b.Kind.Asks() {
		page.Required = &ui.Checkbox{Name: "required", Label: p.T("formweb.required"), Checked: b.Required}
		page.personal(p, in)
	}
	page.condition(p, in)
	page.place(p, in)
	page.columns(p, in)
	return blockTemplate.Render(w, r, in.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbsOf(p, f), Errors: in.errs}, page)
}

func (page *blockPage) limits(p *i18n.Printer, in blockDraft) {
	b := in.block
	if !b.Kind.Limited() {
		return
	}
	if b.Kind.Attaches() {
		page.Max = &ui.Field{Name: "max", Label: p.T("formweb.max_files"), Hint: p.T("formweb.max_files_hint", form.FilesMost), Value: b.Max, Error: in.errs.For("max"), Size: "short", Optional: true, Mode: "numeric", Autocomplete: "off"}
		return
	}
	words := map[form.Kind]string{form.Number: "number", form.Date: "date", form.Many: "many", form.Repeat: "rows"}[b.Kind]
	if words == "" {
		words = "text"
	}
	page.Min = &ui.Field{Name: "min", Label: p.T("formweb.min_" + words), Value: b.Min, Error: in.errs.For("min"), Size: "short", Optional: true, Mode: "numeric", Autocomplete: "off"}
	page.Max = &ui.Field{Name: "max", Label: p.T("formweb.max_" + words), Value: b.Max, Error: in.errs.For("max"), Size: "short", Optional: true, Mode: "numeric", Autocomplete: "off"}
	if b.Kind == form.Date {
		page.Min.Type, page.Max.Type, page.Min.Mode, page.Max.Mode = "date", "date", "", ""
	}
	if b.Kind == form.Number {
		page.Min.Mode, page.Max.Mode = "decimal", "decimal"
	}
}

// group asks which group the block stands in.
func (page *blockPage) group(p *i18n.Printer, in blockDraft) {
	if in.block.Kind == form.Repeat || in.block.Kind.Attaches() {
		return
	}
	choice := &ui.Choice{Name: "within", Label: p.T("formweb.within"), Hint: p.T("formweb.within_hint"), Empty: p.T("formweb.within_none"), Error: in.errs.For("within")}
	for _, o := range in.form.Blocks {
		if o.Kind == form.Repeat {
			choice.Options = append(choice.Options, ui.Option{Value: o.Name, Label: o.Label, Selected: o.Name == in.block.Within})
		}
	}
	if len(choice.Options) > 0 {
		page.Within = choice
	}
}

func (page *blockPage) personal(p *i18n.Printer, in blockDraft) {
	b := in.block
	if !page.Always {
		page.About = &ui.Checkbox{Name: "personal", Label: p.T("formweb.about_person"), Hint: p.T("formweb.about_person_hint"), Checked: b.About, Error: in.errs.For("personal")}
	}
	page.Purpose = &ui.Field{Name: "purpose", Label: p.T("formweb.purpose"), Hint: p.T("formweb.purpose_hint"), Value: b.Purpose, Error: in.errs.For("purpose"), MaxLength: form.LabelMost, Required: page.Always, Autocomplete: "off"}
	page.Retention = &ui.Field{Name: "retention", Label: p.T("formweb.retention"), Hint: p.T("formweb.retention_hint"), Value: in.months, Error: in.errs.For("retention"), Size: "short", Unit: p.T("formweb.months"), Mode: "numeric", Required: page.Always, Autocomplete: "off"}
}

func distinct(values []string) (out []string) {
	seen := map[string]bool{}
	for _, v := range values {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// place says where the block stands: after which other one.
func (page *blockPage) place(p *i18n.Printer, in blockDraft) {
	if len(in.form.Blocks) == 0 || in.already && len(in.form.Blocks) == 1 {
		return
	}
	page.After = &ui.Choice{Name: "after", Label: p.T("formweb.place"), Error: in.errs.For("after"), Options: []ui.Option{{Value: first, Label: p.T("formweb.place_first"), Selected: in.after == ""}}}
	for _, o := range in.form.Blocks {
		if !in.already || o.Name != in.block.Name {
			page.After.Options = append(page.After.Options, ui.Option{Value: o.Name, Label: p.T("formweb.place_after", o.Label), Selected: o.Name == in.after})
		}
	}
}

// before is the name of the block before the one at an index, "" for the first.
func before(f form.Form, at int) string {
	if at < 1 || at > len(f.Blocks) {
		return ""
	}
	return f.Blocks[at-1].Name
}

// newBlock shows an empty block of the kind asked for.
func (d Desk) newBlock(w http.ResponseWriter, r *http.Request) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	kind := form.Kind(r.URL.Query().Get("kind"))
	if kind == "" {
		kind = form.Line
	}
	return d.showBlock(w, r, blockDraft{form: f, block: form.Block{Kind: kind}, after: before(f, len(f.Blocks)), opened: f.Revision, status: http.StatusOK})
}

// editBlock shows a block as it is.
func (d Desk) editBlock(w http.ResponseWriter, r *http.Request) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	at := f.Find(r.PathValue("block"))
	if at < 0 {
		return fault.New(fault.NotFound, "form.block_gone")
	}
	in := blockDraft{form: f, block: f.Blocks[at], after: before(f, at), opened: f.Revision, status: http.StatusOK, already: true}
	if n := in.block.Retention; n > 0 {
		in.months = strconv.Itoa(n)
	}
	return d.showBlock(w, r, in)
}

// readBlock reads what was typed.
func readBlock(r *http.Request) (b form.Block, after, months string) {
	get := r.PostFormValue
	b = form.Block{Area: form.Area(get("area")), Column: get("column"), Codes: readCodes(get("codes")), Name: r.PathValue("block"), Kind: form.Kind(get("kind")), Label: get("label"), Hint: get("hint"), Required: get("required") != "", Min: get("min"), Max: get("max"),
		Options: strings.Split(strings.ReplaceAll(get("options"), "\r\n", "\n"), "\n"), About: get("personal") != "", Purpose: get("purpose"), Within: get("within"), Formula: get("formula")}
	months = strings.TrimSpace(get("retention"))
	b.Retention, _ = strconv.Atoi(months) // no number is no retention: the rule says so
	b.Initial, b.When = readInitial(r, b.Kind), readCondition(r)
	return b, get("after"), months
}

func (d Desk) addBlock(w http.ResponseWriter, r *http.Request) error { return d.keepBlock(w, r, false) }

func (d Desk) saveBlock(w http.ResponseWriter, r *http.Request) error { return d.keepBlock(w, r, true) }

// keepBlock writes a block where it was asked to stand. When somebody else changed the form meanwhile, what was typed stays, over the
// latest state.
func (d Desk) keepBlock(w http.ResponseWriter, r *http.Request, already bool) error {
	b, after, months := readBlock(r)
	var name string
	f, err := d.Form.Edit(r.Context(), web.Actor(r), idOf(r), revision(r), func(f *form.Form) error {
		b.Narrow = readNarrow(r, *f)
		return stand(f, b, after, &name)
	})
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
		if err != nil {
			return err
		}
		if after == first {
			after = ""
		}
		return d.showBlock(w, r, blockDraft{form: f, block: b, after: after, months: months, opened: f.Revision, status: http.StatusUnprocessableEntity, errs: errs, already: already})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(f.ID)+"#"+form.Block{Name: name}.Field(), web.Said{Kind: "success", Key: "formweb.block_saved", Args: []string{strings.TrimSpace(b.Label)}})
}

// stand puts a block into f after another, and judges its condition where it stands.
func stand(f *form.Form, b form.Block, after string, name *string) (err error) {
	if at := f.Find(b.Name); at >= 0 && f.Blocks[at].Common { // what it asks is its model's
		own := f.Blocks[at]
		own.Column, own.Codes, own.Purpose, own.Retention = b.Column, b.Codes, b.Purpose, b.Retention
		b = own
	}
	when, within, narrow := b.When, b.Within, b.Narrow
	b.When, b.Within, b.Narrow = nil, "", nil // judged at its place, below
	if *name, err = f.Put(b); err != nil {
		return err
	}
	switch after {
	case "":
	case first:
		err = f.Place(*name, "")
	default:
		err = f.Place(*name, after)
	}
	if err != nil {
		return err
	}
	b = f.Blocks[f.Find(*name)]
	b.When, b.Within, b.Narrow = when, within, narrow
	_, err = f.Put(b)
	return err
}
