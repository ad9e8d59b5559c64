package cleaningweb

import (
	"net/url"

	"cultured/internal/cleaning"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
)

// A suggestionView is a step that the rows call for.
type suggestionView struct {
	Says, Why string
	Kind      string
	Given     []pair // hidden inputs that make the step
	Choose    string // address where people choose the values first, "" for a step that is complete
}

type pair struct{ Name, Value string }

func (d Desk) suggestions(p *i18n.Printer, b cleaning.Bench) ([]suggestionView, error) {
	all, err := d.Cleaning.Suggest(b)
	if err != nil {
		return nil, err
	}
	var out []suggestionView
	for _, s := range all {
		kind := s.Step.Kind()
		v := suggestionView{Kind: kind, Why: p.T("recipe.why_"+kind, s.Count)}
		if kind == "cluster" {
			v.Says = p.T("cleaningweb.suggest_cluster", s.Column)
			v.Choose = path(b.Dataset.ID) + "/values?" + url.Values{"column": {s.Column}}.Encode()
			out = append(out, v)
			continue
		}
		said := s.Step.Say()
		v.Says = p.T(said.Key, said.Args...)
		given := recipe.Given(s.Step)
		for _, in := range recipe.Inputs(kind) {
			for _, value := range given[in.Name] {
				v.Given = append(v.Given, pair{in.Name, value})
			}
		}
		out = append(out, v)
	}
	return out, nil
}
