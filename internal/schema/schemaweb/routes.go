package schemaweb

import (
	"embed"
	"net/http"

	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// Routes adds the room's routes to the site. Anybody may read them. Faults: NotFound "schema.unknown", "schemaweb.no_template".
func Routes(site *web.Site, pack *schema.Pack) {
	site.Handle("GET /schemas", list(pack))
	site.Handle("GET /schemas.csv", listTable(pack))
	site.Handle("GET /schemas/{owner}/{name}", with(pack, "", show(pack)))
	site.Handle("GET /schemas/{owner}/{name}/schema.json", with(pack, "schema.json", descriptor))
	site.Handle("GET /schemas/{owner}/{name}/template.csv", with(pack, "template.csv", template(templateCSV)))
	site.Handle("GET /schemas/{owner}/{name}/template.xlsx", with(pack, "template.xlsx", template(templateXLSX)))
}

// with finds the schema of the address; a name in another case leads to the true one.
func with(pack *schema.Pack, file string, answer func(http.ResponseWriter, *http.Request, *schema.Entry) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		asked := r.PathValue("owner") + "/" + r.PathValue("name")
		e, err := pack.Find(asked)
		if err != nil {
			return err
		}
		if e.Name != asked {
			to := address(e)
			if file != "" {
				to += "/" + file
			}
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return nil
		}
		return answer(w, r, e)
	}
}

// address is where a schema's page is.
func address(e *schema.Entry) string { return ui.Link("/schemas", e.Owner, shortName(e)) }
