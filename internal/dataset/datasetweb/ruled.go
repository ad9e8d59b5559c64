package datasetweb

import (
	"cultured/internal/dataset"
	"cultured/internal/rule"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// ruleOf tells apart the rules of an organisation, which share their reason; "" where the reason says all.
func ruleOf(g dataset.Group) string {
	if !dataset.OfRule(g.Reason) {
		return ""
	}
	return g.Rule
}

// rulesOf leads to what the organisation asks of a table besides, and says how much of it was asked. Who is not signed in has no organisation,
// and a table without schema that is no dataset yet nothing that rules could be about.
func rulesOf(v *web.Visit, s subject) (*ui.LinkButton, string) {
	var of rule.Subject
	switch {
	case !v.Actor.Known():
		return nil, ""
	case s.kept != nil:
		of = rule.OfDataset(string(s.kept.ID))
	case s.source.Schema != "":
		of = rule.OfSchema(s.source.Schema)
	default:
		return nil, ""
	}
	link := &ui.LinkButton{Label: v.P.T("datasetweb.rules"), Href: ui.Link("/rules", string(of)), Look: ui.Quiet, Icon: "shield-check", Small: true}
	if n := s.outcome.Report.Rules; n > 0 {
		return link, v.P.T("datasetweb.ruled", n)
	}
	return link, ""
}
