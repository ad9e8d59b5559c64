package formweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A rows is a group that repeats, on the page.
type rows struct {
	Group, ID, Label, Hint, Error string
	Count, Most                   int
	Rows                          []rowPart
	Blank                         rowPart // what scripts copy; its number is 0
	More                          bool    // one more may be added
}

// A rowPart is one row of a group.
type rowPart struct {
	Title     string
	New       bool // just added
	Questions []question
}

// A result is what a formula says.
type result struct{ ID, Label, Hint, Value, Needs string }

// asked makes the page of a form with what was typed so far, showing what kept answers show.
func (d Desk) asked(p *i18n.Printer, f form.Form, in answering) (out []question) {
	typed := in.typed
	kept, _ := f.Read(typed)
	m := maker{p: p, typed: typed, kept: kept, errs: in.errs, needs: needsOf(f), pin: func(b form.Block) *pinMap { return d.mapOf(p, f, b) }}
	shown := form.Values{}
	for _, b := range f.Blocks {
		if b.Kind == form.Repeat {
			shown[b.Name] = []string{strconv.Itoa(max(typed.Rows(b.Name), 1))}
		}
	}
	blocks := f.Expand(shown)
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		if b.Kind != form.Repeat {
			out = append(out, m.one(b))
			continue
		}
		group := m.group(f, b, in.more == b.Name)
		out = append(out, group)
		for i+1 < len(blocks) && strings.HasPrefix(blocks[i+1].Name, b.Name+".") {
			i++
		}
	}
	return out
}

// A maker makes questions of blocks.
type maker struct {
	p           *i18n.Printer
	typed, kept form.Values
	errs        ui.FormErrors
	needs       map[string]string
	pin         func(form.Block) *pinMap
}

func (m maker) one(b form.Block) question {
	given := m.typed[b.Name]
	if b.Kind == form.Computed {
		given = m.kept[b.Name]
	}
	q := ask(m.p, b, given, m.errs.For(b.Field()))
	q.Name = b.Name
	if q.Point != nil {
		q.Point.Map = m.pin(b)
	}
	if q.Result != nil {
		q.Result.Needs = m.needs[base(b.Name)]
	}
	if b.When != nil {
		q.When, q.Mark = whenOf(*b.When, m.kept), b.Name
	}
	if b.Narrow != nil {
		q.Mark = b.Name
		q = m.narrowed(b, q)
	}
	return q
}

// base is a block's name without the row it stands in.
func base(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// group makes the rows of a group: those typed, one at least, and one more where it was asked for.
func (m maker) group(f form.Form, b form.Block, more bool) question {
	n := max(m.typed.Rows(b.Name), 1)
	if more && n < b.Most() {
		n++
	} else {
		more = false
	}
	out := &rows{Group: b.Name, ID: b.Field(), Label: b.Label, Hint: hintOf(m.p, b), Error: m.errs.For(b.Field()), Count: n, Most: b.Most(), More: n < b.Most()}
	row := func(number int) (part rowPart) {
		part.Title = m.p.T("formweb.row", b.Label, number)
		for _, one := range f.Row(b.Name, number) {
			one.Required = one.Required && number <= b.Least() // a row left blank asks for nothing
			part.Questions = append(part.Questions, m.one(one))
		}
		return part
	}
	for number := 1; number <= n; number++ {
		part := row(number)
		part.New = more && number == n
		out.Rows = append(out.Rows, part)
	}
	out.Blank = row(0)
	return question{Name: b.Name, Rows: out}
}

// needsOf lists, for each computed block, the fields it follows, through other computed blocks and conditions.
func needsOf(f form.Form) map[string]string {
	all := map[string][]string{}
	for _, b := range f.Blocks {
		if b.Kind != form.Computed {
			continue
		}
		var names []string
		for _, name := range b.Needs() {
			names = append(names, name)
			names = append(names, all[name]...)
		}
		for i := 0; i < len(names); i++ { // grows: what shows a question matters, and so does the group it stands in
			at := f.Find(names[i])
			if at < 0 {
				continue
			}
			if w := f.Blocks[at].When; w != nil {
				for _, c := range w.Tests() {
					if !slices.Contains(names, c.Block) {
						names = append(names, c.Block)
					}
				}
			}
			if n := f.Blocks[at].Narrow; n != nil && !slices.Contains(names, n.Block) { // judged with the answer it goes with
				names = append(names, n.Block)
			}
			if g := f.Blocks[at].Within; g != "" && !slices.Contains(names, g) {
				names = append(names, g)
			}
		}
		all[b.Name] = names
	}
	out := map[string]string{}
	for name, names := range all {
		slices.Sort(names)
		out[name] = strings.Join(slices.Compact(names), " ")
	}
	return out
}

// compute says what the formulas of a page make of what was typed so far, and keeps nothing.
func (d Desk) compute(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	in, err := d.Form.Fill(r.Context(), web.Actor(r), idOf(r), r.PostForm.Get("ticket"))
	if err != nil {
		return err
	}
	p, out := web.VisitOf(r).P, map[string]string{}
	kept, _ := in.Form.Read(readTyped(r, in.Form))
	for _, b := range in.Form.Shown(kept) {
		if b.Kind == form.Computed {
			out[b.Field()] = valueText(p, b.Kind, kept[b.Name])
		}
	}
	return web.WriteJSON(w, http.StatusOK, out)
}
