package datasetweb

import (
	"net/http"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/web"
)

// apiPatience is how long a program waits in one request: most files are read before.
const apiPatience = 20 * time.Second

// apiRoutes adds what pages do with a file, for programs: the same check, with the same findings.
func (d Desk) apiRoutes(site *web.Site) {
	site.HandleAPI("POST /api/v1/checks", d.apiSubmit)
	site.HandleAPI("GET /api/v1/checks/{id}", d.apiCheck)
	site.HandleAPI("DELETE /api/v1/checks/{id}", d.apiForget)
}

// apiSubmit receives a file, and answers with its report as soon as it is read.
func (d Desk) apiSubmit(w http.ResponseWriter, r *http.Request) error {
	if _, err := reportFormat(r); err != nil { // before the file comes
		return err
	}
	c, _, err := d.receive(w, r, "")
	if err != nil {
		return err
	}
	return d.apiReport(w, r, c)
}

// apiCheck answers with the report of a file that took longer to read.
func (d Desk) apiCheck(w http.ResponseWriter, r *http.Request) error {
	c, err := d.Dataset.Check(r.Context(), web.Actor(r), dataset.CheckID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.apiReport(w, r, c)
}

func (d Desk) apiForget(w http.ResponseWriter, r *http.Request) error {
	if err := d.forget(r); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// A pendingAnswer says where the report will be.
type pendingAnswer struct {
	State   string `json:"state"`
	Percent int    `json:"percent,omitempty"` // 0 when it is not known
	Text    string `json:"text"`
	Report  string `json:"report"`
	Page    string `json:"page"`
}

// apiReport answers with a report, with what keeps the file from being read, or with where to ask again.
func (d Desk) apiReport(w http.ResponseWriter, r *http.Request, c dataset.Check) error {
	format, err := reportFormat(r)
	if err != nil {
		return err
	}
	if c.Package != "" {
		return d.apiTables(w, r, c, format)
	}
	v := web.VisitOf(r)
	api, page := v.Site.BaseURL+"/api/v1/checks/"+string(c.ID), v.Site.BaseURL+checkPath(c.ID)
	w.Header().Set("Location", api)
	w.Header().Set("Link", "<"+page+`>; rel="alternate"; type="text/html"`)
	if c.State == dataset.Running {
		b := d.progress(r, c.Job, apiPatience)
		if c, err = d.Dataset.Check(r.Context(), web.Actor(r), c.ID); err != nil {
			return err
		}
		if c.State == dataset.Running && !b.final {
			w.Header().Set("Retry-After", "2")
			return web.WriteJSON(w, http.StatusAccepted, pendingAnswer{string(c.State), max(b.Percent, 0), b.Text, api + "?format=" + format, page})
		}
	}
	switch {
	case c.State == dataset.Done:
		return d.findingsFile(format)(w, r, subjectOfCheck(c))
	case c.Fault != nil:
		return c.Fault
	}
	return fault.New(fault.Internal, "datasetweb.broken")
}

// apiTables answers with the report of all tables of an archive, or with where to ask again.
func (d Desk) apiTables(w http.ResponseWriter, r *http.Request, c dataset.Check, format string) error {
	v := web.VisitOf(r)
	api, page := v.Site.BaseURL+"/api/v1/checks/"+string(c.ID), v.Site.BaseURL+tablesPath(c)
	w.Header().Set("Location", api)
	w.Header().Set("Link", "<"+page+`>; rel="alternate"; type="text/html"`)
	all, err := d.Dataset.Together(r.Context(), web.Actor(r), c.ID)
	if err != nil {
		return err
	}
	d.waitForTables(r, all, apiPatience)
	k, _, err := d.packed(r, c.ID)
	if err != nil {
		return err
	}
	if n := k.running(); n > 0 {
		w.Header().Set("Retry-After", "2")
		return web.WriteJSON(w, http.StatusAccepted, pendingAnswer{string(dataset.Running), 100 * (len(k.all) - n) / len(k.all),
			v.P.T("datasetweb.tables_left", n), api + "?format=" + format, page})
	}
	return d.writeTables(w, r, k, format)
}

// reportFormat reads the format asked for in the address, JSON by default. Faults: Invalid "datasetweb.bad_format".
func reportFormat(r *http.Request) (string, error) {
	format := r.URL.Query().Get("format")
	if format == "" {
		return dataset.PrintJSON, nil
	}
	if _, known := reportMedia[format]; !known {
		return "", fault.Field("format", "datasetweb.bad_format", format)
	}
	return format, nil
}

// An object is a piece of an OpenAPI document.
type object = map[string]any

// OpenAPI describes this room's interfaces: the paths of an OpenAPI 3.1 document, under its tag "checks".
func OpenAPI(p *i18n.Printer) map[string]any {
	problem := object{"$ref": "#/components/responses/Problem"}
	text := object{"type": "string"}
	format := object{"name": "format", "in": "query", "required": false, "description": p.T("datasetweb.api_format"),
		"schema": object{"type": "string", "enum": []string{dataset.PrintJSON, dataset.PrintCSV, dataset.PrintSARIF}, "default": dataset.PrintJSON}}
	schema := object{"name": "schema", "in": "query", "required": false, "description": p.T("datasetweb.api_schema"), "schema": text}
	member := object{"name": "member", "in": "query", "required": false, "description": p.T("datasetweb.api_member"), "schema": text}
	id := object{"name": "id", "in": "path", "required": true, "description": p.T("datasetweb.api_id"), "schema": text}
	some := object{"type": "array", "items": object{"type": "object"}}
	report := object{"oneOf": []object{
		{"type": "object", "required": []string{"findings", "report"}, "properties": object{"findings": some, "report": object{"type": "object"}}},
		{"type": "object", "required": []string{"package", "tables", "totals"}, "properties": object{"package": text, "title": text,
			"notes": object{"type": "array", "items": text}, "tables": some, "totals": object{"type": "object"}}}}}
	answers := object{
		"200": object{"description": p.T("datasetweb.api_report"), "content": object{"application/json": object{"schema": report},
			"text/csv": object{"schema": text}, "application/sarif+json": object{"schema": object{"type": "object"}}}},
		"202": object{"description": p.T("datasetweb.api_running"), "content": object{"application/json": object{"schema": object{"type": "object"}}}},
		"404": problem, "413": problem, "422": problem,
	}
	operation := func(id, key string, parameters []object, answers object) object {
		return object{"operationId": id, "summary": p.T(key), "description": p.T(key), "tags": []string{"checks"}, "security": []object{},
			"parameters": parameters, "responses": answers}
	}
	submit := operation("checkFile", "datasetweb.api_submit", []object{schema, member, format}, answers)
	submit["requestBody"] = object{"required": true, "content": object{"multipart/form-data": object{"schema": object{"type": "object",
		"required": []string{"file"}, "properties": object{"schema": text, "member": text, "file": object{"type": "string", "format": "binary"}}}}}}
	return object{
		"/api/v1/checks": object{"post": submit},
		"/api/v1/checks/{id}": object{
			"get": operation("getCheck", "datasetweb.api_get", []object{id, format}, answers),
			"delete": operation("forgetCheck", "datasetweb.api_forget", []object{id},
				object{"204": object{"description": p.T("datasetweb.api_forget")}, "404": problem}),
		},
	}
}
