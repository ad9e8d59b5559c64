package formweb

import (
	"net/http"

	"cultured/internal/assets"
	"cultured/internal/web"
)

// worker is the service worker of one form: it may answer for the form's page, and for nothing beside it.
func (d Desk) worker(w http.ResponseWriter, r *http.Request) error {
	script, err := assets.Read("form-worker.js")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Service-Worker-Allowed", public(idOf(r)))
	_, err = w.Write(script)
	return err
}

// manifest lets the page of a form be installed on a phone.
func (d Desk) manifest(w http.ResponseWriter, r *http.Request) error {
	in, err := d.Form.Fill(r.Context(), web.Actor(r), idOf(r), "")
	if err != nil {
		return err
	}
	at := public(in.Form.ID)
	return web.WriteJSONAs(w, "application/manifest+json", http.StatusOK, map[string]any{"name": in.Form.Title, "short_name": short(in.Form.Title), "id": at, "start_url": at, "scope": at, "display": "standalone",
		"lang": string(web.VisitOf(r).Lang), "icons": []map[string]string{{"src": assets.URL("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}}})
}

// ticket gives the ticket of an answer that waited for the network: one of its own, so that several from one page are several.
func (d Desk) ticket(w http.ResponseWriter, r *http.Request) error {
	in, err := d.Form.Fill(r.Context(), web.Actor(r), idOf(r), "")
	if err != nil {
		return err
	}
	if err := d.Form.Ready(r.Context(), in.Form); err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]any{"ticket": in.Ticket, "version": in.Form.Version})
}
