package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/id"
)

// formBytes bounds the body of every request but uploads, which raise it with [LimitBody].
const formBytes = 1 << 20

// ServeHTTP is the front desk: limits, origin check, visit, answer, log.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := s.Now()
	v := &Visit{ID: id.New(start), Path: r.URL.RequestURI(), Scheme: "http"}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // that of the answer before, on the same connection
	r.Body = s.patient(w, r, start)
	rec := &recorder{ResponseWriter: w, body: r.Body}
	rec.zip = strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Method != http.MethodHead
	defer func() { s.done(rec, r, v, start, recover()) }()

	s.greet(v, r)
	r = WithVisit(r, v)
	header(rec.Header(), v)
	if err := crossOrigin.Check(r); err != nil {
		rec.err = fault.New(fault.Denied, "web.cross_origin").Because(err)
		s.failPage(rec, r, rec.err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, formBytes)
	if err := s.identify(v, r); err != nil {
		rec.err = err
		s.failPage(rec, r, err)
		return
	}
	if v.Actor.Known() { // after signing out, the button "back" shows nothing
		rec.Header().Set("Cache-Control", "private, no-store")
	}
	v.Site = s.brandFor(r.Context(), v.Actor)
	v.Flash = takeFlash(rec, r, v)
	if _, pattern := s.mux.Handler(r); pattern == "" {
		s.missing(rec, r)
		return
	}
	s.mux.ServeHTTP(rec, r)
}

// crossOrigin refuses state-changing requests that another site makes in the visitor's name.
var crossOrigin = http.NewCrossOriginProtection()

// missing answers what no route answers: a page for 404, the mux's own 405 with its Allow header.
func (s *Site) missing(rec *recorder, r *http.Request) {
	probe := &probe{header: http.Header{}}
	s.mux.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		rec.Header().Set("Allow", probe.header.Get("Allow"))
		s.ShowError(rec, r, Problem{Status: probe.status, Title: VisitOf(r).P.T("web.title_method"), Text: VisitOf(r).P.T("web.method"), ID: VisitOf(r).ID})
		return
	}
	if loc := probe.header.Get("Location"); loc != "" {
		http.Redirect(rec, r, loc, probe.status)
		return
	}
	s.failPage(rec, r, fault.New(fault.NotFound, "web.not_found"))
}

// greet reads what the visitor prefers: cookies first, then the browser's languages; French is the default.
func (s *Site) greet(v *Visit, r *http.Request) {
	v.Lang = i18n.French
	if c, err := r.Cookie("lang"); err == nil && (c.Value == "fr" || c.Value == "en") {
		v.Lang = i18n.Lang(c.Value)
	} else if prefersEnglish(r.Header.Get("Accept-Language")) {
		v.Lang = i18n.English
	}
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		v.Theme = c.Value
	}
	if strings.HasPrefix(s.BaseURL, "https://") {
		v.Scheme = "https"
	}
	v.P = s.Catalogue.For(v.Lang)
}

// prefersEnglish reports whether English comes before French in Accept-Language; order stands for the weights, which
// browsers write in falling order.
func prefersEnglish(accept string) bool {
	accept = strings.ToLower(accept)
	en, fr := strings.Index(accept, "en"), strings.Index(accept, "fr")
	return en >= 0 && (fr < 0 || en < fr)
}

func (s *Site) identify(v *Visit, r *http.Request) error {
	c, err := r.Cookie(s.sessionCookie())
	if err != nil {
		return nil
	}
	who, err := s.Identify.Identify(r.Context(), c.Value)
	if err != nil {
		return fmt.Errorf("web: identify: %w", err)
	}
	v.Actor = who
	return nil
}

// done logs the request once, answers for a panic, and counts.
func (s *Site) done(rec *recorder, r *http.Request, v *Visit, start time.Time, panicked any) {
	if panicked != nil {
		rec.err = fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())
		if rec.status == 0 {
			s.ShowError(rec, WithVisit(r, v), Explain(WithVisit(r, v), rec.err))
		}
	}
	rec.finish()
	_ = http.NewResponseController(rec.ResponseWriter).SetWriteDeadline(time.Now().Add(silence)) // for what the server still holds
	took := s.Now().Sub(start)
	s.Metrics.observe(rec.pattern, rec.code(), took)
	level := slog.LevelInfo
	if rec.err != nil && StatusOf(rec.err) >= 500 || panicked != nil {
		level = slog.LevelError
	}
	attrs := []slog.Attr{slog.String("id", v.ID), slog.String("method", r.Method), slog.String("route", rec.pattern),
		slog.String("path", quiet(r.URL.Path)), slog.Int("status", rec.code()), slog.Int64("bytes", rec.bytes), slog.Duration("took", took)}
	if v.Actor.Known() && named(r.URL.Path) {
		attrs = append(attrs, slog.String("actor", v.Actor.ID))
	}
	if rec.err != nil {
		attrs = append(attrs, slog.String("err", rec.err.Error()))
	}
	s.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// named says whether the log may name who asks. Whoever takes part in a workshop or answers a form may do so without a name: a time and
// an account would tell who wrote a card, or an answer.
func named(path string) bool {
	return !strings.HasPrefix(path, "/join") && !strings.HasPrefix(path, "/f/")
}

// quiet hides secrets that are part of a path: links that work once, links to passports, the names of checks, which open them, codes of
// workshops, numbers of answers.
func quiet(path string) string {
	for _, prefix := range []string{"/setup/", "/sign-in/link/", "/invitation/", "/passport/"} {
		if strings.HasPrefix(path, prefix) {
			return prefix + "…"
		}
	}
	for _, prefix := range []string{"/check/", "/api/v1/checks/", "/join/"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			_, after, more := strings.Cut(rest, "/")
			if more {
				after = "/" + after
			}
			return prefix + "…" + after
		}
	}
	if form, _, ok := strings.Cut(path, "/sent/"); ok && strings.HasPrefix(path, "/f/") {
		return form + "/sent/…"
	}
	return path
}
