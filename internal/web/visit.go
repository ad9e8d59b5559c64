package web

import (
	"context"
	"net/http"

	"cultured/internal/actor"
	"cultured/internal/i18n"
)

// A Visit is what a page may know about the request it answers.
type Visit struct {
	Lang   i18n.Lang
	P      *i18n.Printer
	Actor  actor.Actor
	Path   string // path and query, to come back to
	Theme  string // "light", "dark" or "" for the system's choice
	Site   Brand
	Flash  *Flash // said once, on the first page after a redirect
	ID     string // request id, in the log and on error pages
	Scheme string // "http" or "https", as the visitor sees it
}

// A Brand is how an organisation shows itself.
type Brand struct {
	Name    string
	Accent  string // "#rrggbb", "" for the product's own
	LogoURL string
	BaseURL string // public address without a final slash
}

// A Flash is one sentence carried over a redirect. Kind is "success", "info" or "warning".
type Flash struct {
	Kind string
	Text string
	Undo *Undo // a way back, offered beside the sentence
}

// An Undo is a form button: POST to Action with one hidden field.
type Undo struct {
	Label, Action, Name, Value string
}

type visitKey struct{}

// VisitOf returns the visit of a request. It is never nil: a request that came past the front desk gives an empty one.
func VisitOf(r *http.Request) *Visit {
	if v, ok := r.Context().Value(visitKey{}).(*Visit); ok {
		return v
	}
	return &Visit{Lang: i18n.French, P: &i18n.Printer{}}
}

// WithVisit returns r carrying v; the front desk and tests use it.
func WithVisit(r *http.Request, v *Visit) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
}

// Actor says who is asking; the zero Actor is nobody.
func Actor(r *http.Request) actor.Actor { return VisitOf(r).Actor }
