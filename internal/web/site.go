package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/i18n"
)

// A Handler answers a request or says why it cannot. It must not have written anything when it returns an error.
type Handler func(w http.ResponseWriter, r *http.Request) error

// An Identifier says who holds a session. An unknown or ended session is nobody, not an error.
type Identifier interface {
	Identify(ctx context.Context, session string) (actor.Actor, error)
}

// A Problem is a failed request, ready to be shown.
type Problem struct {
	Status int
	Title  string // translated
	Text   string // translated: what, why, how to mend
	ID     string // request id
}

// A Site collects the rooms' routes and serves them.
type Site struct {
	Catalogue *i18n.Catalogue
	Identify  Identifier
	Brand     func(ctx context.Context, who actor.Actor) Brand
	ShowError func(w http.ResponseWriter, r *http.Request, p Problem) // an HTML page; ui provides it
	Log       *slog.Logger
	Now       func() time.Time
	BaseURL   string // public address without a final slash; "https://…" makes cookies secure
	Metrics   *Metrics

	mux    *http.ServeMux
	public atomic.Pointer[shownBrand] // what visitors nobody knows were last shown
	routes []string
}

// shownBrand is a brand and when it was asked for.
type shownBrand struct {
	brand Brand
	at    time.Time
}

// brandAge is how long visitors nobody knows may see a brand that has changed.
const brandAge = time.Second

// brandFor asks for the visitor's brand; for visitors nobody knows, who are many and see the same, once in a while.
func (s *Site) brandFor(ctx context.Context, who actor.Actor) Brand {
	if who.Known() {
		return s.Brand(ctx, who)
	}
	now := s.Now()
	if shown := s.public.Load(); shown != nil && now.Sub(shown.at) < brandAge {
		return shown.brand
	}
	b := s.Brand(ctx, who)
	s.public.Store(&shownBrand{b, now})
	return b
}

// Handle adds a page: its errors are answered with a page.
func (s *Site) Handle(pattern string, h Handler) { s.add(pattern, h, s.failPage) }

// HandleAPI adds a programming interface: its errors are answered as application/problem+json (RFC 9457), and
// any site may read it.
func (s *Site) HandleAPI(pattern string, h Handler) {
	s.add(pattern, func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		return h(w, r)
	}, s.failAPI)
}

// Routes lists the patterns added so far, sorted.
func (s *Site) Routes() []string { return slices.Sorted(slices.Values(s.routes)) }

func (s *Site) add(pattern string, h Handler, fail func(http.ResponseWriter, *http.Request, error)) {
	if s.mux == nil {
		s.mux = http.NewServeMux()
	}
	s.routes = append(s.routes, pattern)
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		rec := w.(*recorder) // the front desk below always wraps
		rec.pattern = pattern
		if err := h(rec, r); err != nil {
			rec.err = err
			if rec.status == 0 {
				fail(rec, r, err)
			}
		}
	})
}

// status is the only table from faults to HTTP.
var status = map[fault.Kind]int{
	fault.Internal: http.StatusInternalServerError,
	fault.Invalid:  http.StatusUnprocessableEntity,
	fault.NotFound: http.StatusNotFound,
	fault.Denied:   http.StatusForbidden,
	fault.SignIn:   http.StatusUnauthorized,
	fault.Conflict: http.StatusConflict,
	fault.Busy:     http.StatusServiceUnavailable,
	fault.TooLarge: http.StatusRequestEntityTooLarge,
}

// StatusOf is the HTTP status of an error.
func StatusOf(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	if errors.Is(err, errCut) {
		return http.StatusBadRequest
	}
	return status[fault.KindOf(err)]
}

// Explain says an error in the visitor's language, without its cause.
func Explain(r *http.Request, err error) Problem {
	v := VisitOf(r)
	p := Problem{Status: StatusOf(err), ID: v.ID, Title: v.P.T("web.error_title"), Text: v.P.T("web.internal", v.ID)}
	if key, ok := titleKey[p.Status]; ok {
		p.Title = v.P.T(key)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		p.Text = v.P.T("web.body_too_large")
	} else if errors.Is(err, errCut) {
		p.Text = v.P.T("web.body_cut")
	} else if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
		p.Text = v.P.T(f.Key, f.Args...)
	}
	return p
}

var titleKey = map[int]string{
	http.StatusNotFound:              "web.title_not_found",
	http.StatusForbidden:             "web.title_denied",
	http.StatusConflict:              "web.title_conflict",
	http.StatusServiceUnavailable:    "web.title_busy",
	http.StatusRequestEntityTooLarge: "web.title_too_large",
	http.StatusUnprocessableEntity:   "web.title_invalid",
	http.StatusUnauthorized:          "web.title_sign_in",
}

func (s *Site) failPage(w http.ResponseWriter, r *http.Request, err error) {
	if fault.KindOf(err) == fault.SignIn && !Actor(r).Known() {
		SignIn(w, r)
		return
	}
	s.ShowError(w, r, Explain(r, err))
}

func (s *Site) failAPI(w http.ResponseWriter, r *http.Request, err error) {
	p := Explain(r, err)
	_ = WriteJSONAs(w, "application/problem+json", p.Status, map[string]any{
		"type": "about:blank", "title": p.Title, "status": p.Status, "detail": p.Text, "instance": r.URL.Path, "request": p.ID,
	})
}
