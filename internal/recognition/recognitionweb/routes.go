// Package recognitionweb is the pages of recognised competences: what a badge is worth, for anybody who was shown one; those that may
// be earned, asked for and given here; and who signs them.
package recognitionweb

import (
	"context"
	"embed"
	"net/http"

	"cultured/internal/actor"
	"cultured/internal/recognition"
	"cultured/internal/web"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// A Desk is what these pages stand on.
type Desk struct {
	*recognition.Service
	Outgoing bool   // the service may ask other machines for issuers' keys and status lists
	Address  string // of this server, as people reach it
	// Names says how people are called, by identifier; who has left is left out.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
	// Ways lists the pieces of work that prove a competence at a level or above, the shortest first, in a language.
	Ways func(code string, level int, lang string) []Way
}

// Routes adds the room's routes to the site. Anybody may verify a badge; nothing of it is kept. What an issuer publishes is
// for everybody.
func Routes(site *web.Site, d Desk) {
	document := func(house bool) web.Handler {
		return d.published(didType, func(i recognition.Issuer) ([]byte, error) { return i.Document(house) })
	}
	for pattern, h := range map[string]web.Handler{
		"GET /verify":                                          func(w http.ResponseWriter, r *http.Request) error { return d.show(w, r, view{status: http.StatusOK}) },
		"POST /verify":                                         verify(d),
		"GET /.well-known/did.json":                            document(true),
		"GET /issuers/{organisation}":                          d.issuer,
		"GET /issuers/{organisation}/did.json":                 document(false),
		"GET /issuers/{organisation}/profile.json":             d.published("application/ld+json", recognition.Issuer.Profile),
		"POST /issuers/{organisation}/key":                     d.turn,
		"GET /issuers/{organisation}/lists/{list}/revocations": d.statusList(false),
		"GET /issuers/{organisation}/lists/{list}/reasons":     d.statusList(true),
		"GET /badges":                                          d.list,
		"GET /badges/{offer}":                                  d.offer,
		"GET /badges/{offer}/{file}":                           d.picture,
		"POST /badges/{offer}/ask":                             d.ask,
		"POST /badges/{offer}/give":                            d.give,
		"GET /badge-requests":                                  d.requests,
		"POST /badge-requests/{request}":                       d.decide,
		"POST /badge-requests/{request}/withdraw":              d.withdraw,
		"GET /credentials/{id}":                                d.credential,
		"GET /credentials/{id}/{file}":                         d.file,
		"POST /credentials/{id}/endorsements":                  d.endorse,
		"POST /credentials/{id}/endorsements/{endorsement}":    d.unsay,
		"POST /credentials/{id}/standing":                      d.restand,
	} {
		site.Handle(pattern, h)
	}
}
