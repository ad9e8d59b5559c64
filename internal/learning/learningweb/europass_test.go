package learningweb_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// A model is what a published schema says of one element: which elements it has, whether each must be there, and what a text may be. It is written
// here after EuropassSchema 3.3.0 (DocumentInformation.xsd, Identification.xsd, Skill.xsd, Achievement.xsd; Cedefop, EUPL), of which nothing is copied.
type model struct {
	fields map[string]model
	must   []string
	many   bool
	text   func(string) bool
}

func oneOf(words ...string) func(string) bool {
	return func(s string) bool { return slices.Contains(words, s) }
}

func anything(string) bool { return true }

func moment(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

var europassModel = model{must: []string{"SkillsPassport"}, fields: map[string]model{"SkillsPassport": {must: []string{"DocumentInfo", "LearnerInfo"}, fields: map[string]model{
	"Locale": {text: oneOf("fr", "en")},
	"DocumentInfo": {must: []string{"DocumentType", "CreationDate", "LastUpdateDate", "XSDVersion", "Generator"}, fields: map[string]model{
		"DocumentType": {text: oneOf("ECV", "ELP", "ESP", "ECV_ESP", "ECL", "EX")}, "CreationDate": {text: moment}, "LastUpdateDate": {text: moment}, "XSDVersion": {text: oneOf("V3.3")}, "Generator": {text: anything}}},
	"LearnerInfo": {fields: map[string]model{
		"Identification": {fields: map[string]model{"PersonName": {must: []string{"FirstName", "Surname"}, fields: map[string]model{"FirstName": {text: anything}, "Surname": {text: anything}}}}},
		"Skills":         {fields: map[string]model{"JobRelated": {fields: map[string]model{"Description": {text: anything}}}}},
		"Achievement": {many: true, fields: map[string]model{"Description": {text: anything}, "Title": {fields: map[string]model{"Label": {text: anything}, "Code": {text: oneOf("honors_awards", "presentations",
			"publications", "projects", "citations", "memberships", "conferences", "seminars", "workshops", "references", "signature_equivalent", "courses", "certifications")}}}}},
	}}}}}}

// refuses lists what the model does not allow in a document, by its place.
func (m model) refuses(at string, got any) (wrong []string) {
	if m.many {
		list, isList := got.([]any)
		if !isList {
			return []string{at + ": no list"}
		}
		one := m
		one.many = false
		for i, each := range list {
			wrong = append(wrong, one.refuses(fmt.Sprint(at, "[", i, "]"), each)...)
		}
		return wrong
	}
	if m.text != nil {
		if s, isText := got.(string); !isText || !m.text(s) {
			return []string{fmt.Sprintf("%s: %v is not allowed", at, got)}
		}
		return nil
	}
	fields, isObject := got.(map[string]any)
	if !isObject {
		return []string{at + ": no object"}
	}
	for _, name := range m.must {
		if _, there := fields[name]; !there {
			wrong = append(wrong, at+"/"+name+": missing")
		}
	}
	for name, value := range fields {
		of, known := m.fields[name]
		if !known {
			wrong = append(wrong, at+"/"+name+": unknown")
			continue
		}
		wrong = append(wrong, of.refuses(at+"/"+name, value)...)
	}
	return wrong
}

// The model refuses what it should: a document without its last update, an unknown code, an element of our own.
func TestEuropassModel_refuses(t *testing.T) {
	document := map[string]any{"SkillsPassport": map[string]any{"DocumentInfo": map[string]any{"DocumentType": "ESP", "CreationDate": "2026-03-02T12:00:00Z", "XSDVersion": "V3.3", "Generator": "x"},
		"LearnerInfo": map[string]any{"Level": "N2", "Achievement": []any{map[string]any{"Title": map[string]any{"Code": "badge"}}}}}}
	wrong := europassModel.refuses("", document)
	slices.Sort(wrong)
	if len(wrong) != 3 {
		t.Errorf("got %q", wrong)
	}
}
