package workshopweb

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/live"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// watch is what the island knows of the page it stands on: it follows what is newer.
type watch struct {
	Events, Last string // addresses: a stream that says what is new, and one answer that says it where streams do not pass
	Phase        string
	Look         int64
	Now          int64 // of the server's clock, milliseconds
	First        bool  // fetches its board at once: there are few of these pages
	Timer        timerView
}

// timerView is the time left, told by the server and counted down by the browser.
type timerView struct {
	Said, Over string
	Ends       int64 // of the server's clock, milliseconds; 0 when none runs
}

func newWatch(p *i18n.Printer, sess workshop.Session, s *workshop.State, now time.Time) watch {
	w := watch{Phase: state(s), Look: s.Look, Now: now.UnixMilli(), Timer: newTimer(p, s, now)}
	if !s.Closed { // nothing will come
		w.Events, w.Last = ui.Link("/join", sess.Code, "events"), ui.Link("/join", sess.Code, "last")
	}
	return w
}

func newTimer(p *i18n.Printer, s *workshop.State, now time.Time) timerView {
	t := timerView{Over: p.T("workshopweb.time_over")}
	if s.Ends.IsZero() {
		return t
	}
	t.Ends = s.Ends.UnixMilli()
	switch left := s.Ends.Sub(now); {
	case left <= 0:
		t.Said = t.Over
	case left < time.Minute:
		t.Said = p.T("workshopweb.less_than_a_minute")
	default:
		t.Said = p.T("workshopweb.minutes_left", int((left+59*time.Second)/time.Minute))
	}
	return t
}

// tidings is what every page of a session is told at once. It depends on the language, on no person, and not on the hour.
type tidings struct {
	Phase  string            `json:"phase"` // see [state]
	Look   int64             `json:"look"`  // the board is as of this number, but for counts
	Crowd  int               `json:"crowd"`
	People string            `json:"people"`
	Voters string            `json:"voters"`
	Notes  map[string]string `json:"notes,omitempty"` // of write phases whose cards are hidden: how many there are
	Ends   int64             `json:"ends"`
	Tables map[int]int64     `json:"tables,omitempty"` // while tables are apart: Look, for those who sit at each
}

func newTidings(p *i18n.Printer, s *workshop.State) tidings {
	t := tidings{Phase: state(s), Look: s.Look, Crowd: len(s.People), People: p.T("workshopweb.people", len(s.People)), Voters: voters(p, s)}
	if !s.Ends.IsZero() {
		t.Ends = s.Ends.UnixMilli()
	}
	if s.Apart() {
		t.Tables = map[int]int64{}
		for _, one := range s.Tables() {
			t.Tables[one.Number] = s.TableLook(one.Number)
		}
	}
	for _, one := range s.Template.Phases {
		if one.Kind == workshop.Write && s.Begun(one.Name) && !s.Shown(one.Name) {
			if t.Notes == nil {
				t.Notes = map[string]string{}
			}
			t.Notes[one.Name] = p.T("workshopweb.cards_private", s.Count(one.Name))
		}
	}
	return t
}

// voters says how many took part in the vote or the choice that runs; "" when none does.
func voters(p *i18n.Printer, s *workshop.State) string {
	phase, ok := s.Phase()
	if !ok || phase.Kind != workshop.Vote && phase.Kind != workshop.Choose && phase.Kind != workshop.Ask {
		return ""
	}
	return p.T("workshopweb.voters", s.Voters(phase.Name))
}

// events tells what is new as it happens, to anybody who has the code: pages that hold something personal are told that there
// is something, and fetch it; projection screens are told what it is.
func (d desk) events(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	p, base := web.VisitOf(r).P, web.VisitOf(r).Site.BaseURL
	wall := r.URL.Query().Get("view") == "wall"
	code, err := joinQR(p, base, sess)
	if err != nil {
		return err
	}
	name := string(p.Lang())
	if wall {
		name += " wall"
	}
	return d.hub.Stream(w, r, string(sess.ID), name, func(ctx context.Context) (f live.Frame, err error) {
		page := wallPage{QR: code}
		if wall {
			if page.competences, err = d.competences(ctx, p, sess); err != nil {
				return f, err
			}
		}
		if e := d.Read(ctx, sess, func(s *workshop.State) {
			if f.Seq = s.Seq; wall {
				page.fill(p, base, sess, s, d.now())
			}
			f.Head, err = json.Marshal(newTidings(p, s))
		}); e != nil {
			return f, e
		}
		if err == nil && wall {
			f.Body, err = wallBodyTemplate.Text(p, page)
		}
		return f, err
	})
}

// last tells the same once, to those no stream reaches.
func (d desk) last(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	var t tidings
	if err := d.Read(r.Context(), sess, func(s *workshop.State) { t = newTidings(web.VisitOf(r).P, s) }); err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, t)
}

// wallPage is read from the other end of the room, or from home.
type wallPage struct {
	Title, Prompt string
	Code, Join    string
	QR            ui.QR
	Watch         watch
	Board         boardView

	competences []workshop.Competence
}

var (
	wallTemplate     = ui.Page[wallPage](pages, "pages/wall.tmpl", "pages/wallbody.tmpl", "pages/timer.tmpl", "pages/board.tmpl", "pages/tables.tmpl", "pages/rank.tmpl", "pages/crowd.tmpl", "pages/card.tmpl")
	wallBodyTemplate = ui.Page[wallPage](pages, "pages/wallbody.tmpl", "pages/timer.tmpl", "pages/board.tmpl", "pages/tables.tmpl", "pages/rank.tmpl", "pages/crowd.tmpl", "pages/card.tmpl")
)

// joinQR draws the address that leads straight into a session.
func joinQR(p *i18n.Printer, base string, sess workshop.Session) (ui.QR, error) {
	return ui.NewQR(p.T("workshopweb.scan"), base+ui.Link("/join", sess.Code))
}

func (page *wallPage) fill(p *i18n.Printer, base string, sess workshop.Session, s *workshop.State, now time.Time) {
	v := viewer{p: p, hand: workshop.Hand{Session: sess.ID}, wall: true, competences: page.competences}
	page.Title, page.Code, page.Join = sess.Title, workshop.WriteCode(sess.Code), base+"/join"
	page.Board, page.Watch = v.board(s), newWatch(p, sess, s, now)
	if phase, running := s.Phase(); running {
		page.Title, page.Prompt = phase.Title, phase.Prompt
	}
}

func (d desk) wall(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	visit := web.VisitOf(r)
	code, err := joinQR(visit.P, visit.Site.BaseURL, sess)
	if err != nil {
		return err
	}
	page := wallPage{QR: code}
	if page.competences, err = d.competences(r.Context(), visit.P, sess); err != nil {
		return err
	}
	if err := d.Read(r.Context(), sess, func(s *workshop.State) { page.fill(visit.P, visit.Site.BaseURL, sess, s, d.now()) }); err != nil {
		return err
	}
	if r.URL.Query().Get("part") == "board" {
		return wallBodyTemplate.Fragment(w, r, http.StatusOK, page)
	}
	return wallTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Title, Bare: true, Wide: true, NoIndex: true, Scripts: []string{"workshop-board.js"}}, page)
}

// state names what pages with forms are laid out for: when it changes, they are loaded anew.
func state(s *workshop.State) string {
	phase, _ := s.Phase()
	name := phase.Name
	if s.Closed {
		name = "closed"
	}
	if s.Frozen {
		name += " frozen"
	}
	return name
}
