package formweb

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// A narrow is a question whose options go with an earlier answer. Now is the question with those that go with the answers the page was made of, nil where none does;
// the question itself has them all, for scripts.
type narrow struct {
	Field, With string // With is JSON: the answers each option goes with
	Now         *question
}

// narrowed makes of a question with every option one that has those of now, too.
func (m maker) narrowed(b form.Block, q question) question {
	raw, _ := json.Marshal(b.Narrow.With) // texts are always written
	out := &narrow{Field: form.Block{Name: b.Narrow.Block}.Field(), With: string(raw)}
	if allowed := b.Allowed(m.kept); len(allowed) > 0 {
		some := b
		some.Options = allowed
		now := ask(m.p, some, m.typed[b.Name], m.errs.For(b.Field()))
		now.Mark = b.Mark(m.kept)
		out.Now = &now
	}
	q.Narrow = out
	return q
}

// narrows asks which earlier answer the choices depend on, and how.
func (page *blockPage) narrows(p *i18n.Printer, in blockDraft) {
	b := in.block
	if !b.Kind.Chooses() {
		return
	}
	said := form.Narrowing{}
	if b.Narrow != nil {
		said = *b.Narrow
	}
	choice := &ui.Choice{Name: "narrow", Label: p.T("formweb.narrow"), Hint: p.T("formweb.narrow_hint"), Empty: p.T("formweb.narrow_none"), Error: in.errs.For("narrow")}
	for _, o := range in.form.Blocks {
		if in.already && o.Name == b.Name {
			break // only an answer before can be known
		}
		if o.Kind == form.One {
			choice.Options = append(choice.Options, ui.Option{Value: o.Name, Label: o.Label, Selected: o.Name == said.Block})
		}
	}
	if len(choice.Options) == 0 {
		return
	}
	page.Narrow = choice
	page.With = &ui.Textarea{Name: "with", Label: p.T("formweb.narrow_with"), Hint: p.T("formweb.narrow_with_hint"), Value: withText(b, said), Error: in.errs.For("with"), Rows: min(max(len(b.Options), 3), 10), Optional: true}
}

// withText writes a line for each option, and those that name none, to be shown as typed.
func withText(b form.Block, n form.Narrowing) string {
	var lines []string
	line := func(o string) { lines = append(lines, strings.TrimSpace(o+" = "+strings.Join(n.With[o], "\u00a0; "))) }
	for _, o := range b.Options {
		if o = strings.TrimSpace(o); o != "" {
			line(o)
		}
	}
	var strange []string
	for o := range n.With {
		if !slices.Contains(b.Options, o) {
			strange = append(strange, o)
		}
	}
	slices.Sort(strange)
	for _, o := range strange {
		line(o)
	}
	return strings.Join(lines, "\n")
}

// readNarrow reads what a page sent of a block of f; nil for a question whose choices depend on nothing. Who says with what choices go, and not on which question they
// depend, forgot it, unless they just took that question off.
func readNarrow(r *http.Request, f form.Form) *form.Narrowing {
	block := r.PostFormValue("narrow")
	if at := f.Find(r.PathValue("block")); block == "" && at >= 0 && f.Blocks[at].Narrow != nil {
		return nil
	}
	var answers []string
	if at := f.Find(block); at >= 0 {
		answers = f.Blocks[at].Options
	}
	return &form.Narrowing{Block: block, With: form.ReadWith(r.PostFormValue("with"), answers)}
}

// narrowText says in the builder what the choices depend on.
func narrowText(p *i18n.Printer, f form.Form, b form.Block) string {
	if b.Narrow == nil {
		return ""
	}
	label := b.Narrow.Block
	if at := f.Find(label); at >= 0 {
		label = f.Blocks[at].Label
	}
	return p.T("formweb.narrowed", label)
}
