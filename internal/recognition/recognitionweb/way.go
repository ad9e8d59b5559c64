package recognitionweb

import (
	"cultured/internal/i18n"
	"cultured/internal/recognition"
)

// A Way is a piece of work that proves a competence.
type Way struct {
	Title, Path string
	Minutes     int // about
}

// waysMost is how many pieces of work are proposed for a competence.
const waysMost = 3

// A lead is what to do for a competence that is not reached yet.
type lead struct {
	Competence string
	Ways       []wayLink
}

type wayLink struct{ Label, Href string }

// leads proposes work for each competence the visitor still lacks; a badge that is held asks for none.
func (d Desk) leads(p *i18n.Printer, v recognition.View, items map[string]recognition.Item, lang string) (out []lead) {
	if v.Held != nil || d.Ways == nil {
		return nil
	}
	for _, n := range v.Progress.Needs {
		if n.Met() {
			continue
		}
		l := lead{Competence: n.Code}
		if it, ok := items[n.Code]; ok {
			l.Competence += " " + it.Name
		}
		ways := d.Ways(n.Code, n.Level.Level, lang)
		for _, w := range ways[:min(len(ways), waysMost)] {
			l.Ways = append(l.Ways, wayLink{p.T("recognitionweb.way", w.Title, w.Minutes), w.Path})
		}
		if len(l.Ways) > 0 {
			out = append(out, l)
		}
	}
	return out
}
