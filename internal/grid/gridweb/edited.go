package gridweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// company says who else looks at the grid while the page is made; the sheet says it as it changes.
func (d Desk) company(r *http.Request, p *i18n.Printer) (string, error) {
	others, err := d.Grid.Here(r.Context(), web.Actor(r), idOf(r))
	if err != nil || len(others) == 0 {
		return "", err
	}
	var names []string
	for _, one := range others {
		name := by(p, one.Name)
		if one.Row > 0 && one.Column != "" {
			name = p.T("gridweb.here_at", name, one.Column)
		}
		names = append(names, name)
	}
	return p.T("gridweb.here", strings.Join(names, ", ")), nil
}

// edited fills what the page of the grid says of what was edited in it.
func (page *gridPage) edited(p *i18n.Printer, s subject) {
	if s.at > 0 {
		page.Past = &pastView{Text: p.T("gridweb.moment", s.at, titleOf(p, s.moment), signed(p, s.moment)), Now: s.base}
		if s.view.May {
			page.Past.Restore = strconv.FormatInt(s.at, 10)
		}
		return
	}
	page.Add = s.base + "/add"
	if n := s.view.Overlay.Pending(); n > 0 && s.view.Own {
		said := ui.Notice{Text: p.T("gridweb.notice_pending", n)}.Leading(p.T("gridweb.keep_see"), s.base+"/keep")
		if s.view.Stale {
			said = ui.Notice{Kind: ui.Warning, Text: p.T("gridweb.notice_stale", n)}.Leading(p.T("gridweb.choose"), s.base+"/keep")
		}
		page.Notices = append(page.Notices, said)
	}
	proposals := p.T("gridweb.proposals")
	if s.view.Waiting > 0 {
		proposals = p.T("gridweb.proposals_count", s.view.Waiting)
	}
	page.Ways = append(page.Ways, ui.LinkButton{Label: proposals, Href: s.base + "/proposals", Icon: "message-square", Look: ui.Quiet, Small: true})
	if s.view.May && len(s.mendable()) > 0 {
		page.Ways = append(page.Ways, ui.LinkButton{Label: p.T("gridweb.repair"), Href: s.base + "/repair", Icon: "wand-sparkles", Look: ui.Quiet, Small: true})
	}
	if s.view.Own {
		page.Ways = append(page.Ways, ui.LinkButton{Label: p.T("gridweb.history"), Href: s.base + "/history", Icon: "history", Look: ui.Quiet, Small: true})
	}
}
