package workshopweb

import (
	"reflect"
	"strings"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/workshop"
)

// A jsonSchema says what a JSON value is. Source: JSON Schema 2020-12.
type jsonSchema struct {
	Schema      string                `json:"$schema,omitempty"`
	Title       string                `json:"title,omitempty"`
	Description string                `json:"description,omitempty"`
	Type        string                `json:"type"`
	Format      string                `json:"format,omitempty"`
	Properties  map[string]jsonSchema `json:"properties,omitempty"`
	Required    []string              `json:"required,omitempty"`
	Items       *jsonSchema           `json:"items,omitempty"`
}

// reportSchema says what results.json holds, in the visitor's language: made of the type itself, so that it cannot be another.
func reportSchema(p *i18n.Printer) jsonSchema {
	out := schemaOf(reflect.TypeFor[workshop.Report](), reportWords(p))
	out.Schema, out.Title = "https://json-schema.org/draft/2020-12/schema", p.T("workshopweb.json_dictionary")
	return out
}

func schemaOf(t reflect.Type, words map[string]string) jsonSchema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return jsonSchema{Type: "string", Format: "date-time"}
	case t.Kind() == reflect.Slice:
		items := schemaOf(t.Elem(), words)
		return jsonSchema{Type: "array", Items: &items}
	case t.Kind() == reflect.Bool:
		return jsonSchema{Type: "boolean"}
	case t.Kind() == reflect.String:
		return jsonSchema{Type: "string"}
	case t.Kind() != reflect.Struct:
		return jsonSchema{Type: "integer"}
	}
	out := jsonSchema{Type: "object", Properties: map[string]jsonSchema{}}
	for i := range t.NumField() {
		name, rest, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		one := schemaOf(t.Field(i).Type, words)
		one.Description = words[t.Name()+"."+name]
		out.Properties[name] = one
		if rest != "omitempty" {
			out.Required = append(out.Required, name)
		}
	}
	return out
}

// reportWords says what each member of a report is.
func reportWords(p *i18n.Printer) map[string]string {
	return map[string]string{
		"Report.title": p.T("workshopweb.json_title"), "Report.held": p.T("workshopweb.json_held"), "Report.people": p.T("workshopweb.json_people"),
		"Report.closed": p.T("workshopweb.json_closed"), "Report.introduction": p.T("workshopweb.json_introduction"), "Report.conclusion": p.T("workshopweb.json_conclusion"),
		"Report.phases": p.T("workshopweb.json_phases"), "Report.minutes": p.T("workshopweb.json_minutes"),
		"ReportPhase.name": p.T("workshopweb.column_phase"), "ReportPhase.kind": p.T("workshopweb.json_kind"), "ReportPhase.title": p.T("workshopweb.column_phase_title"),
		"ReportPhase.text": p.T("workshopweb.json_text"), "ReportPhase.cards": p.T("workshopweb.json_count"), "ReportPhase.themes": p.T("workshopweb.json_themes"), "ReportPhase.options": p.T("workshopweb.json_options"),
		"ReportPhase.axes": p.T("workshopweb.json_axes"), "ReportPhase.ranking": p.T("workshopweb.json_ranking"), "ReportPhase.services": p.T("workshopweb.json_services"), "ReportPhase.trades": p.T("workshopweb.json_trades"),
		"ReportRank.card": p.T("workshopweb.column_card"), "ReportRank.text": p.T("workshopweb.column_text"), "ReportRank.rank": p.T("workshopweb.json_rank"), "ReportRank.dots": p.T("workshopweb.json_first"),
		"ReportRank.second": p.T("workshopweb.json_second"), "ReportRank.people": p.T("workshopweb.people_of_card"),
		"ReportTheme.name": p.T("workshopweb.column_theme"), "ReportTheme.text": p.T("workshopweb.json_text"), "ReportTheme.cards": p.T("workshopweb.json_cards"),
		"ReportCard.id": p.T("workshopweb.column_card"), "ReportCard.text": p.T("workshopweb.column_text"), "ReportCard.dots": p.T("workshopweb.column_dots"), "ReportCard.author": p.T("workshopweb.column_author"),
		"ReportCard.competences": p.T("workshopweb.column_competences"), "ReportCard.table": p.T("workshopweb.column_table"),
		"ReportLink.id": p.T("workshopweb.json_link"), "ReportLink.code": p.T("workshopweb.json_code"), "ReportLink.label": p.T("workshopweb.json_label"), "ReportLink.how": p.T("workshopweb.json_how"),
		"ReportOption.label": p.T("workshopweb.option"), "ReportOption.count": p.T("workshopweb.json_picks"),
		"ReportNote.phase": p.T("workshopweb.column_phase_title"), "ReportNote.text": p.T("workshopweb.json_note")}
}
