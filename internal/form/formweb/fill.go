package formweb

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type fillPage struct {
	Head      ui.PageHead
	Tabs      *ui.Tabs // of a preview
	Notice    *ui.Notice
	Intro     string
	Action    string
	Ticket    string
	Fresh     bool   // nothing was typed: a draft may be taken up
	Draft     string // where the browser keeps it
	Today     string // fields that begin with the day of the answer
	New       []newQuestion
	Questions []question
	Code      *ui.Field
	Privacy   bool
	Keeper    string // who keeps the answers
	Contact   string
	Preview   bool
	Needs     bool   // some questions must be answered
	Multipart bool   // files are sent with it
	Computes  bool   // something is computed
	Enter     bool   // the key Enter sends: other buttons stand before the one that does
	Offline   string // path of the page that works without a network; "" for one that must not be stored
}

// A newQuestion is one that the last answers called for.
type newQuestion struct{ Label, Href string }

type closedPage struct {
	Head    ui.PageHead
	Notice  ui.Notice
	Contact string
}

var (
	fillTemplate   = ui.Page[fillPage](pages, "pages/fill.tmpl", "pages/ask.tmpl", "pages/question.tmpl")
	closedTemplate = ui.Page[closedPage](pages, "pages/closed.tmpl")
)

// An answering is a form on its way to be answered.
type answering struct {
	filling form.Filling
	typed   form.Values // files as kept
	code    string
	status  int
	errs    ui.FormErrors
	fresh   bool         // nothing was sent yet
	shown   []string     // names of the questions under a condition that were on the page sent
	added   []form.Block // what the last answers called for
	more    string       // group that gets one more row
	tried   bool         // of a preview: everything was good
}

// fill is the page people answer on.
func (d Desk) fill(w http.ResponseWriter, r *http.Request) error {
	in, err := d.Form.Fill(r.Context(), web.Actor(r), idOf(r), "")
	if err != nil {
		return err
	}
	err = d.Form.Ready(r.Context(), in.Form)
	if closed, ok := errors.AsType[*fault.Error](err); ok && closed.Kind == fault.Conflict {
		p := web.VisitOf(r).P
		page := closedPage{Head: ui.PageHead{Title: in.Form.Title}, Notice: ui.Notice{Text: p.T(closed.Key, closed.Args...)}, Contact: in.Form.Contact}
		return closedTemplate.Render(w, r, http.StatusOK, ui.Head{Title: in.Form.Title, Bare: true, NoIndex: true}, page)
	}
	if err != nil {
		return err
	}
	return d.showFill(w, r, answering{filling: in, status: http.StatusOK, fresh: true})
}

func (d Desk) showFill(w http.ResponseWriter, r *http.Request, in answering) error {
	v, f := web.VisitOf(r), in.filling.Form
	p := v.P
	in.typed = f.Propose(in.typed, d.Form.Now(), in.unseen)
	page := fillPage{Head: ui.PageHead{Title: f.Title}, Intro: f.Intro, Action: public(f.ID), Ticket: in.filling.Ticket, Fresh: in.fresh, Draft: draftKey(f), Questions: d.asked(p, f, in),
		Privacy: f.Personal(), Keeper: v.Site.Name, Contact: f.Contact, Needs: needs(f), Multipart: f.Attaches(), Computes: f.Computes(), Enter: slices.Contains(scriptsOf(f), "form-rows.js")}
	if f.Door == form.Coded {
		page.Code = &ui.Field{Name: "code", Label: p.T("formweb.code"), Hint: p.T("formweb.code_hint"), Value: in.code, Error: in.errs.For("code"), Required: true, Size: "medium", Autocomplete: "off"}
	}
	for _, b := range in.added {
		if b.Kind.Asks() {
			page.New = append(page.New, newQuestion{b.Label, "#" + b.Field()})
		}
	}
	head := ui.Head{Title: f.Title, Bare: true, NoIndex: true, Errors: in.errs, Scripts: scriptsOf(f)}
	if !v.Actor.Known() { // a page with somebody's name on it is not stored
		page.Offline, head.Manifest, head.Scripts = public(f.ID), public(f.ID, "app.webmanifest"), append(head.Scripts, "form-offline.js")
	}
	if in.fresh {
		page.Today = todays(f)
	}
	d.pictured(w, f)
	return fillTemplate.Render(w, r, in.status, head, page)
}

// scriptsOf are the scripts of a form's page. Rows come first: a draft may need some.
func scriptsOf(f form.Form) (out []string) {
	has := func(kinds ...form.Kind) bool {
		return slices.ContainsFunc(f.Blocks, func(b form.Block) bool { return slices.Contains(kinds, b.Kind) })
	}
	if has(form.Repeat, form.Computed) {
		out = append(out, "form-rows.js")
	}
	if out = append(out, "form-fill.js"); has(form.Point) {
		out = append(out, "form-map.js")
	}
	return out
}

// draftKey is where the browser keeps what was typed into a form.
func draftKey(f form.Form) string { return "form " + string(f.ID) }

func needs(f form.Form) bool {
	for _, b := range f.Blocks {
		if b.Required {
			return true
		}
	}
	return false
}

// readTyped takes what was typed, by block; of files, the numbers of those chosen before.
func readTyped(r *http.Request, f form.Form) form.Values {
	typed := form.Values{}
	for _, b := range f.Blocks {
		if b.Kind == form.Repeat {
			typed[b.Name] = r.PostForm[b.Field()]
		}
	}
	for _, b := range f.Expand(typed) {
		given := r.PostForm[b.Field()]
		if b.Kind.Attaches() {
			given = r.PostForm[heldName(b)]
		}
		if b.Kind.Asks() && strings.Join(given, "") != "" {
			typed[b.Name] = given
		}
	}
	return f.Compact(typed)
}

// again reports whether a page was sent back not to be taken but to get one more row, or what is computed, without scripts.
func again(r *http.Request) bool { return r.PostForm.Has("row") || r.PostForm.Has("compute") }

// receive takes an answer. Whatever is refused is shown again as it was typed, with the files that were good.
func (d Desk) receive(w http.ResponseWriter, r *http.Request) error {
	today, err := d.Form.Open(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	if err := parseSent(w, r, today); err != nil {
		return err
	}
	filling, err := d.Form.Fill(r.Context(), web.Actor(r), today.ID, r.PostForm.Get("ticket"))
	if err != nil {
		return err
	}
	f := filling.Form
	sent := form.Submission{Ticket: r.PostForm.Get("ticket"), Code: r.PostForm.Get("code"), From: d.Address(r), Trap: r.PostForm.Get("website"), Typed: readTyped(r, f), Lang: string(web.VisitOf(r).Lang)}
	files, refusal := d.keepFiles(r, f, sent)
	in := answering{filling: filling, code: sent.Code, shown: r.PostForm["shown"], status: http.StatusUnprocessableEntity}
	if in.typed, err = d.Form.Resolve(r.Context(), f, filling.Ticket, sent.Typed); err != nil {
		return err
	}
	if again(r) {
		in.status, in.more, in.errs = http.StatusOK, r.PostForm.Get("row"), errorsOf(web.VisitOf(r).P, files, nil)
		return d.showFill(w, r, in)
	}
	return d.accept(w, r, in, sent, judged{files, refusal})
}

// judged is what became of the files of a page.
type judged struct {
	wrong   fault.List
	refusal error // why none could be kept
}

// accept has the answer stored, or shows the page again with what is wrong.
func (d Desk) accept(w http.ResponseWriter, r *http.Request, in answering, sent form.Submission, files judged) error {
	p, f := web.VisitOf(r).P, in.filling.Form
	kept, wrong := f.Read(in.typed)
	all := together(f.Expand(in.typed), files.wrong, wrong)
	if in.added = f.Unseen(kept, r.PostForm["shown"]); len(in.added) > 0 {
		in.errs = errorsOf(p, all, in.added)
		return d.showFill(w, r, in)
	}
	if len(files.wrong) > 0 {
		in.errs = errorsOf(p, all, nil)
		if errs, ok := ui.FormErrorsOf(p, files.refusal); ok {
			in.errs = append(errs, in.errs...)
		} else if files.refusal != nil && fault.KindOf(files.refusal) != fault.Busy {
			return files.refusal
		}
		return d.showFill(w, r, in)
	}
	a, err := d.Form.Submit(r.Context(), web.Actor(r), f.ID, sent)
	if errs, ok := ui.FormErrorsOf(p, err); ok {
		in.errs = errs
		return d.showFill(w, r, in)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, public(f.ID, "sent", a.Reference), web.Said{})
}

// preview is the page as people would see it, as the form is edited.
func (d Desk) preview(w http.ResponseWriter, r *http.Request) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	return d.showPreview(w, r, f, answering{status: http.StatusOK, fresh: true})
}

// tryOut judges a preview's answer, and keeps nothing.
func (d Desk) tryOut(w http.ResponseWriter, r *http.Request) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	if err := parseSent(w, r, f); err != nil {
		return err
	}
	in := answering{typed: readTyped(r, f), shown: r.PostForm["shown"], status: http.StatusUnprocessableEntity}
	files, err := tryFiles(r, f, in.typed)
	if err != nil {
		return err
	}
	if again(r) {
		in.status, in.more = http.StatusOK, r.PostForm.Get("row")
		return d.showPreview(w, r, f, in)
	}
	kept, wrong := f.Read(in.typed)
	in.added = f.Unseen(kept, r.PostForm["shown"])
	in.errs = errorsOf(web.VisitOf(r).P, together(f.Expand(in.typed), files, wrong), in.added)
	if len(in.added) == 0 && len(in.errs) == 0 {
		in.status, in.tried = http.StatusOK, true
	}
	return d.showPreview(w, r, f, in)
}

func (d Desk) showPreview(w http.ResponseWriter, r *http.Request, f form.Form, in answering) error {
	v := web.VisitOf(r)
	in.typed = f.Propose(in.typed, d.Form.Now(), in.unseen)
	for _, b := range f.Blocks { // no file is kept, so none is shown as kept
		if b.Kind.Attaches() {
			delete(in.typed, b.Name)
		}
	}
	p, bar := v.P, tabs(v.P, f, "preview")
	page := fillPage{Head: ui.PageHead{Title: f.Title, Eyebrow: p.T("formweb.form"), Badges: []ui.Badge{stateOf(p, f)}}, Tabs: &bar, Intro: f.Intro, Action: path(f.ID, "preview"), Questions: d.asked(p, f, in),
		Privacy: f.Personal(), Keeper: v.Site.Name, Contact: f.Contact, Needs: needs(f), Multipart: f.Attaches(), Computes: f.Computes(), Enter: slices.Contains(scriptsOf(f), "form-rows.js"), Preview: true, Notice: &ui.Notice{Text: p.T("formweb.preview_note")}}
	if in.tried {
		page.Notice = &ui.Notice{Kind: ui.Success, Text: p.T("formweb.preview_good"), Urgent: true}
	}
	for _, b := range in.added {
		if b.Kind.Asks() {
			page.New = append(page.New, newQuestion{b.Label, "#" + b.Field()})
		}
	}
	d.pictured(w, f)
	return fillTemplate.Render(w, r, in.status, ui.Head{Title: p.T("formweb.preview_of", f.Title), Section: home, Crumbs: crumbsOf(p, f), Errors: in.errs, Scripts: scriptsOf(f)}, page)
}
