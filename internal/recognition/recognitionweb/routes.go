// Package recognitionweb is the pages of recognised competences: what a badge is worth, for anybody who was shown one.
package recognitionweb

import (
	"embed"
	"net/http"
	"time"

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
	Source   recognition.Source // of issuers' keys and status lists
	Outgoing bool               // the source may ask other machines
	Now      func() time.Time
}

// Routes adds the room's routes to the site. Anybody may verify a badge; nothing of it is kept.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /verify", func(w http.ResponseWriter, r *http.Request) error {
		return d.show(w, r, view{status: http.StatusOK})
	})
	site.Handle("POST /verify", verify(d))
}
