package catalogueweb

import (
	"maps"
	"net/http"

	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/web"
)

// An object is a piece of an OpenAPI document.
type object = map[string]any

// openAPI describes the public interfaces. Source: OpenAPI Specification 3.1.0.
func openAPI(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		pub, err := d.Publisher(r.Context())
		if err != nil {
			return err
		}
		v := web.VisitOf(r)
		t := v.P.T
		paths := apiPaths(t)
		maps.Copy(paths, d.Others(v.P))
		web.Public(w)
		return web.WriteJSON(w, http.StatusOK, object{
			"openapi": "3.1.0",
			"info": object{"title": t("catalogueweb.site_title", v.Site.Name), "version": "1", "description": t("catalogueweb.api_description"),
				"contact": object{"name": pub.Name, "url": v.Site.BaseURL}, "license": object{"name": "MIT", "identifier": "MIT"}},
			"servers":    []object{{"url": v.Site.BaseURL}},
			"tags":       []object{{"name": "datasets", "description": t("catalogueweb.api_description")}, {"name": "checks", "description": t("catalogueweb.api_checks")}},
			"paths":      paths,
			"components": object{"schemas": schemas(), "responses": object{"Problem": problemResponse(t)}},
		})
	}
}

// apiPaths are this room's.
func apiPaths(t func(string, ...any) string) object {
	return object{
		"/api/v1/datasets": object{"get": operation("listDatasets", t("catalogueweb.api_list"), listParameters(t), schemaRef("DatasetPage"))},
		"/api/v1/datasets/{id}": object{"get": operation("getDataset", t("catalogueweb.api_record"),
			[]object{idParameter(t)}, schemaRef("Dataset"))},
		"/api/v1/datasets/{id}/rows": object{"get": operation("listRows", t("catalogueweb.api_rows"),
			append([]object{idParameter(t), parameter("page_size", t("catalogueweb.api_page_size"), object{"type": "integer", "minimum": 1, "maximum": dataset.MostRows, "default": defaultPageSize}),
				parameter("after", t("catalogueweb.api_after"), object{"type": "string"}),
				parameter("columns", t("catalogueweb.api_columns"), object{"type": "string"})}, conditions(t)), schemaRef("RowPage"))},
		"/api/v1/datasets/{id}/aggregate": object{"get": operation("aggregateRows", t("catalogueweb.api_aggregate"),
			[]object{idParameter(t), parameter("group", t("catalogueweb.api_group"), object{"type": "array", "items": object{"type": "string"}}), conditions(t)}, schemaRef("GroupPage"))},
	}
}

func operation(id, summary string, parameters []object, schema object) object {
	return object{"operationId": id, "summary": summary, "description": summary, "tags": []string{"datasets"}, "parameters": parameters, "security": []object{},
		"responses": object{
			"200": object{"description": "OK", "content": object{"application/json": object{"schema": schema}}},
			"404": object{"$ref": "#/components/responses/Problem"}, "422": object{"$ref": "#/components/responses/Problem"},
		}}
}

func parameter(name, description string, schema object) object {
	return object{"name": name, "in": "query", "description": description, "required": false, "schema": schema}
}

func idParameter(t func(string, ...any) string) object {
	return object{"name": "id", "in": "path", "required": true, "description": t("catalogueweb.api_id"), "schema": object{"type": "string"}}
}

// conditions documents {column}__{op}=value: a form parameter of free names, as OpenAPI writes it.
func conditions(t func(string, ...any) string) object {
	ops := ""
	for i, op := range dataset.Ops() {
		if i > 0 {
			ops += ", "
		}
		ops += string(op)
	}
	return object{"name": "conditions", "in": "query", "required": false, "style": "form", "explode": true,
		"description": t("catalogueweb.api_conditions", ops), "schema": object{"type": "object", "additionalProperties": object{"type": "string"}}}
}

func listParameters(t func(string, ...any) string) []object {
	out := []object{parameter("q", t("catalogueweb.search_label"), object{"type": "string"}),
		parameter("sort", t("catalogueweb.sort"), object{"type": "string", "enum": catalogue.Sorts()}),
		parameter("page", t("catalogueweb.api_page"), object{"type": "integer", "minimum": 1, "default": 1})}
	for _, f := range catalogue.FacetNames() {
		out = append(out, parameter(f, t("catalogue.facet_"+f), object{"type": "array", "items": object{"type": "string"}}))
	}
	return out
}

func schemaRef(name string) object { return object{"$ref": "#/components/schemas/" + name} }

func problemResponse(t func(string, ...any) string) object {
	return object{"description": t("catalogueweb.api_problem"), "content": object{"application/problem+json": object{"schema": schemaRef("Problem")}}}
}

func schemas() object {
	text, whole := object{"type": "string"}, object{"type": "integer"}
	list := func(items object) object { return object{"type": "array", "items": items} }
	record := func(required []string, properties object) object {
		return object{"type": "object", "required": required, "properties": properties}
	}
	links := object{"type": "object", "additionalProperties": object{"type": "string", "format": "uri"}}
	column := record([]string{"name", "type"}, object{"name": text, "title": text, "description": text, "type": text})
	return object{
		"Dataset": record([]string{"id", "title", "description", "page", "rows", "columns"}, object{
			"id": text, "title": text, "description": text, "purpose": text, "limits": text, "origin": text, "service": text, "contact": text,
			"keywords": list(text), "themes": list(text), "spatial": object{"type": "object"}, "temporal": object{"type": "object"}, "frequency": text,
			"licence": text, "schema": object{"type": "object"}, "columns": list(column), "score": object{"type": "number", "minimum": 0, "maximum": 1},
			"published": object{"type": "string", "format": "date-time"}, "updated": object{"type": "string", "format": "date-time"}, "version": whole,
			"page": object{"type": "string", "format": "uri"}, "rows": object{"type": "string", "format": "uri"},
			"aggregate": object{"type": "string", "format": "uri"}, "downloads": links}),
		"DatasetPage": record([]string{"total", "page", "pages", "data", "links"}, object{"total": whole, "page": whole, "pages": whole, "data": list(schemaRef("Dataset")), "links": links}),
		"RowPage":     record([]string{"data", "links", "total"}, object{"data": list(object{"type": "object"}), "links": links, "total": whole}),
		"GroupPage":   record([]string{"data"}, object{"data": list(object{"type": "object"})}),
		"Problem":     record([]string{"title", "status"}, object{"type": text, "title": text, "status": whole, "detail": text, "instance": text, "request": text}),
	}
}
