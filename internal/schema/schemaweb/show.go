package schemaweb

import (
	"net/http"
	"slices"
	"strings"

	"cultured/internal/finding"
	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type showPage struct {
	Head        ui.PageHead
	Description []block
	Fields      []fieldRow
	FieldsTitle string
	Rules       []string
	Samples     []span
	Facts       ui.Facts
	Tables      []span         // of a package
	Older       []span         // earlier versions kept
	Check       *ui.LinkButton // not for a package
	Templates   []ui.LinkButton
	Descriptor  ui.LinkButton
	House       *ui.LinkButton // to the rules the visitor's organisation adds; nil for who has none
	Warnings    ui.Disclosure
}

// A fieldRow says what one column must be.
type fieldRow struct {
	ID, Name, Title string
	Required        bool
	Type            string
	Rules           []string
	Example         []string // cut where a line may break
	Description     []block
}

var showTemplate = ui.Page[showPage](pages, "pages/show.tmpl", "pages/prose.tmpl")

// show says what a schema asks of a file.
func show(pack *schema.Pack) func(http.ResponseWriter, *http.Request, *schema.Entry) error {
	return func(w http.ResponseWriter, r *http.Request, e *schema.Entry) error {
		var s schema.Schema
		var warnings []finding.Finding
		if e.Kind != schema.KindPackage {
			var err error
			if s, warnings, err = e.Schema(); err != nil {
				return err
			}
		}
		p := web.VisitOf(r).P
		page := showPage{Head: head(p, e, s), Description: blocks(orElse(s.Description, e.Description)), FieldsTitle: p.T("schemaweb.fields", len(s.Fields)),
			Rules: tableRules(p, &s), Facts: facts(p, e, s), Older: older(e), Tables: tables(pack, e), Warnings: oddities(p, warnings),
			Descriptor: ui.LinkButton{Label: p.T("schemaweb.descriptor"), Href: address(e) + "/schema.json", Look: ui.Quiet, Icon: "braces", Download: true}}
		page.offer(p, e)
		if web.Actor(r).Known() && e.Kind == schema.KindTable {
			page.House = &ui.LinkButton{Label: p.T("schemaweb.house"), Href: ui.Link("/rules", "schema:"+e.Name), Look: ui.Quiet, Icon: "shield-check"}
		}
		for _, f := range s.Fields {
			page.Fields = append(page.Fields, newFieldRow(p, &s, f))
		}
		for _, sample := range s.Samples {
			if href := webAddress(sample.Path); href != "" {
				page.Samples = append(page.Samples, span{Text: orElse(sample.Title, href), Href: href})
			}
		}
		return showTemplate.Render(w, r, http.StatusOK, ui.Head{Title: title(e), Description: plainText(e.Description),
			Crumbs: []ui.Crumb{{Label: p.T("schemaweb.title"), Href: "/schemas"}}}, page)
	}
}

// offer adds what one can do with the schema.
func (page *showPage) offer(p *i18n.Printer, e *schema.Entry) {
	if e.Kind != schema.KindPackage {
		page.Check = &ui.LinkButton{Label: p.T("schemaweb.check"), Href: "/check?schema=" + e.Name, Look: ui.Primary, Icon: "file-check"}
	}
	if e.Kind == schema.KindTable {
		page.Templates = []ui.LinkButton{
			{Label: p.T("schemaweb.template_xlsx"), Href: address(e) + "/template.xlsx", Icon: "table", Download: true},
			{Label: p.T("schemaweb.template_csv"), Href: address(e) + "/template.csv", Icon: "file-text", Download: true}}
	}
}

// tables lists the tables of a package, with their schemas where the pack has them.
func tables(pack *schema.Pack, e *schema.Entry) (list []span) {
	for _, name := range e.Tables {
		one := span{Text: name}
		for _, ref := range [...]string{e.Owner + "/" + name, e.Owner + "/schema-" + name, name} {
			if found, err := pack.Find(ref); err == nil && found.Kind == schema.KindTable {
				one = span{Text: title(found), Href: address(found)}
				break
			}
		}
		list = append(list, one)
	}
	return list
}

func older(e *schema.Entry) (list []span) {
	for _, old := range e.Older {
		list = append(list, span{Text: old.Version, Href: address(old)})
	}
	return list
}

// oddities says where a schema breaks the profile of schemas.
func oddities(p *i18n.Printer, warnings []finding.Finding) ui.Disclosure {
	if len(warnings) == 0 {
		return ui.Disclosure{}
	}
	d := ui.Disclosure{Title: p.T("schemaweb.warnings", len(warnings)), Texts: []string{p.T("schemaweb.warnings_text")}}
	for _, f := range warnings {
		d.Texts = append(d.Texts, say(p, f.Reason, f.Args))
	}
	return d
}

func head(p *i18n.Printer, e *schema.Entry, s schema.Schema) ui.PageHead {
	h := ui.PageHead{Eyebrow: p.T("schemaweb.eyebrow", e.Owner), Title: title(e)}
	required := 0
	for _, f := range s.Fields {
		if s.Required(f.Name) {
			required++
		}
	}
	if e.Kind == schema.KindTable {
		h.Facts = []ui.Fact{{Label: p.T("schemaweb.columns"), Value: p.Number(len(s.Fields))}, {Label: p.T("schemaweb.required_columns"), Value: p.Number(required)}}
	}
	h.Facts = append(h.Facts, ui.Fact{Label: p.T("schemaweb.version"), Value: e.Version})
	if e.SCDL {
		h.Badges = []ui.Badge{{Label: p.T("schemaweb.scdl_long"), Kind: ui.Success, Icon: "landmark"}}
	}
	return h
}

func facts(p *i18n.Printer, e *schema.Entry, s schema.Schema) ui.Facts {
	items := []ui.Fact{
		{Label: p.T("schemaweb.owner"), Value: e.Owner, Icon: "building-2"},
		{Label: p.T("schemaweb.identifier"), Value: e.Name, Icon: "hash"},
		{Label: p.T("schemaweb.licence"), Value: licence(orElse(s.License, e.License)), Icon: "scale"},
	}
	for _, link := range []struct{ key, icon, href string }{{"homepage", "house", orElse(s.Homepage, e.Homepage)}, {"source", "link-2", e.Source}} {
		if href := webAddress(link.href); href != "" {
			items = append(items, ui.Fact{Label: p.T("schemaweb." + link.key), Value: host(href), Href: href, Icon: link.icon})
		}
	}
	for _, date := range []struct{ key, at string }{{"created", s.Created}, {"modified", s.LastModified}} {
		if date.at != "" {
			items = append(items, ui.Fact{Label: p.T("schemaweb." + date.key), Value: when(p, date.at), Icon: "calendar"})
		}
	}
	return ui.Facts{Items: items}
}

// licence says the names of licences agents know.
func licence(name string) string {
	switch strings.ToLower(name) {
	case "etalab-2.0", "lov2":
		return "Licence Ouverte 2.0 (Etalab)"
	case "mit":
		return "MIT"
	}
	return name
}

// host shortens an address to what tells where it leads.
func host(href string) string {
	_, rest, _ := strings.Cut(href, "://")
	site, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(site, "www.")
}

func newFieldRow(p *i18n.Printer, s *schema.Schema, f schema.Field) fieldRow {
	row := fieldRow{ID: "column-" + f.Name, Name: f.Name, Required: s.Required(f.Name), Description: blocks(f.Description), Example: breakable(orElse(f.Example, schema.ExampleOf(f)))}
	if strings.ContainsAny(row.ID, " \t\n") { // an id has no spaces
		row.ID = strings.Join(strings.Fields(row.ID), "-")
	}
	if f.Title != f.Name {
		row.Title = f.Title
	}
	var types []string
	for _, t := range f.TypeWords() {
		types = append(types, say(p, t.Key, t.Args))
	}
	row.Type = strings.Join(types, ", ")
	for _, rule := range f.RuleWords() {
		if rule.Key != "schema.say_required" && rule.Key != "schema.say_optional" { // the badge says it
			row.Rules = append(row.Rules, say(p, rule.Key, rule.Args))
		}
	}
	for _, c := range s.Checks(f.Name) {
		if said := c.Words(); len(said.Args) == 0 {
			row.Rules = append(row.Rules, say(p, said.Key, nil))
		}
	}
	return row
}

// tableRules says the rules that hold several columns or rows together.
func tableRules(p *i18n.Printer, s *schema.Schema) []string {
	var out []string
	keys := s.UniqueKeys
	if len(s.PrimaryKey) > 0 {
		keys = append([][]string{s.PrimaryKey}, keys...)
	}
	for _, key := range keys {
		out = append(out, p.T("schemaweb.rule_key", len(key), strings.Join(key, ", ")))
	}
	for _, k := range s.ForeignKeys {
		if k.Resource == "" {
			out = append(out, p.T("schemaweb.rule_self", strings.Join(k.Fields, ", "), strings.Join(k.ReferenceFields, ", ")))
		} else {
			out = append(out, p.T("schemaweb.rule_other", strings.Join(k.Fields, ", "), strings.Join(k.ReferenceFields, ", "), k.Resource))
		}
	}
	for _, c := range s.CustomChecks {
		if said := c.Words(); len(said.Args) > 0 {
			out = append(out, capital(say(p, said.Key, said.Args)))
		}
	}
	if s.FieldsMatch == schema.MatchExact {
		out = append(out, p.T("schemaweb.rule_order"))
	}
	return slices.Compact(out)
}

// say translates a key with the arguments a schema gives.
func say(p *i18n.Printer, key string, args []string) string {
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a
	}
	return p.T(key, list...)
}

// exampleMost is how much of an example is shown, in characters: some schemas give a whole page.
const exampleMost = 240

// breakable cuts an example after the marks where an address or a code may go to the next line.
func breakable(s string) []string {
	if r := []rune(s); len(r) > exampleMost {
		s = string(r[:exampleMost]) + "…"
	}
	var out []string
	for s != "" {
		at := strings.IndexAny(s, "/_-,;&?|")
		if at < 0 {
			return append(out, s)
		}
		out, s = append(out, s[:at+1]), s[at+1:]
	}
	return out
}

func capital(s string) string {
	for _, r := range s {
		return strings.ToUpper(string(r)) + s[len(string(r)):]
	}
	return s
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
