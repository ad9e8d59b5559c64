package registerweb

import (
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/register"
)

// A part is what an entry says of one matter.
type part struct {
	Title string
	Items []item
}

// An item is one field of an entry, in words. Texts may have several lines; "" is what is not filled.
type item struct{ Label, Text string }

// sheet says an entry in words, in the order of the CNIL's model, with the opinion of the data protection officer on it. Every entry gives the same parts
// and items, so that they are columns too.
func sheet(p *i18n.Printer, e register.Entry, opinion string) []part {
	line := func(field, text string) item { return item{p.T("registerweb.field_" + field), text} }
	one := func(code string) string {
		if code == "" {
			return ""
		}
		return p.T("register.choice_" + code)
	}
	several := func(codes []string, text string) string {
		var out []string
		for _, c := range codes {
			out = append(out, one(c))
		}
		if text != "" {
			out = append(out, text)
		}
		return strings.Join(out, "\n")
	}
	var sources []string
	for _, s := range e.Sources {
		sources = append(sources, s.Title)
	}
	return []part{
		{p.T("registerweb.part_activity"), []item{line("name", e.Name), line("reference", e.Reference), line("started", day(p, e.Started)), line("updated", p.Date(i18n.Civil(e.Updated))), line("review", day(p, e.Review))}},
		{p.T("registerweb.part_actors"), []item{line("controller", e.Controller), line("joint", e.Joint), line("dpo", e.DPO)}},
		{p.T("registerweb.part_why"), []item{line("purposes", e.Purposes), line("basis", several([]string{e.Basis}, e.BasisText))}},
		{p.T("registerweb.part_whose"), []item{line("people", e.People), line("data", several(e.Data, e.DataText)), line("delicate", several(e.Delicate, "")), line("exception", one(e.Exception)), line("origin", e.Origin)}},
		{p.T("registerweb.part_who"), []item{line("recipients", e.Recipients), line("transfers", e.Transfers), line("guarantee", one(e.Guarantee))}},
		{p.T("registerweb.part_long"), []item{line("retention", e.Retention)}},
		{p.T("registerweb.part_safe"), []item{line("measures", several(e.Measures, e.MeasureText)), line("rights", e.Rights), line("impact", one(e.Impact))}},
		{p.T("registerweb.part_sources"), []item{line("sources", strings.Join(sources, "\n"))}},
		{p.T("registerweb.part_opinion"), []item{line("opinion", opinion)}},
	}
}
