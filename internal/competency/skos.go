package competency

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// SKOSType is the media type of a SKOS document in JSON-LD.
const SKOSType = "application/ld+json"

// Prefixes of the vocabularies a SKOS document uses. ours names what SKOS has no word for: levels, marks, details of alignments.
const (
	nsSKOS = "http://www.w3.org/2004/02/skos/core#"
	nsDCT  = "http://purl.org/dc/terms/"
	nsOWL  = "http://www.w3.org/2002/07/owl#"
	nsXSD  = "http://www.w3.org/2001/XMLSchema#"
	nsRDF  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsRDFS = "http://www.w3.org/2000/01/rdf-schema#"
	nsOurs = "urn:x-cultured:competency:"
)

// prefixes are the short names this program writes, and forgives a file for not declaring.
var prefixes = map[string]string{"skos": nsSKOS, "dct": nsDCT, "dcterms": nsDCT, "owl": nsOWL, "xsd": nsXSD, "rdf": nsRDF, "rdfs": nsRDFS, "cd": nsOurs}

type ld = map[string]any

func ldText(t Text) []ld {
	var out []ld
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		out = append(out, ld{"@language": lang, "@value": t[lang]})
	}
	return out
}

// put adds a property that says something.
func put(o ld, name string, v any) {
	switch v := v.(type) {
	case string:
		if v == "" {
			return
		}
	case []ld:
		if len(v) == 0 {
			return
		}
	}
	o[name] = v
}

// SKOS writes the framework as a SKOS concept scheme in JSON-LD 1.1 with its context inside: nothing is fetched to read it. Families
// and competences are concepts; levels, marks and the details of alignments use names of our own.
func (a Address) SKOS(f Framework, at time.Time) ([]byte, error) {
	scheme := ld{"@id": a.Framework(f), "@type": "skos:ConceptScheme", "dct:identifier": string(f.ID), "dct:language": ld{"@list": f.Languages}}
	put(scheme, "dct:title", ldText(f.Title))
	put(scheme, "dct:description", ldText(f.Description))
	put(scheme, "dct:creator", f.Creator)
	put(scheme, "dct:source", f.Source)
	put(scheme, "dct:license", f.Licence)
	put(scheme, "owl:versionInfo", f.Edition)
	var levels []ld
	for _, l := range f.Levels {
		level := ld{"@type": "cd:Level", "skos:notation": l.Code}
		put(level, "skos:prefLabel", ldText(l.Label))
		put(level, "skos:definition", ldText(l.Description))
		levels = append(levels, level)
	}
	if len(levels) > 0 {
		scheme["cd:levels"] = ld{"@list": levels}
	}
	addresses := map[ItemID]string{}
	var tops []ld
	for _, it := range f.Items {
		if addresses[it.ID] = a.Item(f, it); it.Parent == "" {
			tops = append(tops, ld{"@id": a.Item(f, it)})
		}
	}
	put(scheme, "skos:hasTopConcept", tops)
	graph := []ld{scheme}
	for n, it := range f.Items {
		graph = append(graph, concept(it, n+1, a.Framework(f), addresses, at))
	}
	context := ld{"skos": nsSKOS, "dct": nsDCT, "owl": nsOWL, "xsd": nsXSD, "cd": nsOurs}
	return json.MarshalIndent(ld{"@context": context, "@graph": graph}, "", " ")
}

func concept(it Item, order int, scheme string, addresses map[ItemID]string, at time.Time) ld {
	o := ld{"@id": addresses[it.ID], "@type": []string{"skos:Concept", map[Kind]string{Family: "cd:Family", Competence: "cd:Competence"}[it.Kind]},
		"dct:identifier": string(it.ID), "skos:inScheme": ld{"@id": scheme}, "cd:order": order,
		"dct:modified": ld{"@type": "xsd:dateTime", "@value": stamp(it.Modified, at)}}
	put(o, "skos:notation", it.Code)
	put(o, "skos:prefLabel", ldText(it.Label))
	put(o, "skos:definition", ldText(it.Description))
	if parent, ok := addresses[it.Parent]; ok {
		o["skos:broader"] = ld{"@id": parent}
	} else {
		o["skos:topConceptOf"] = ld{"@id": scheme}
	}
	if it.Mark > 0 {
		o["cd:mark"] = it.Mark
	}
	var levels []ld
	for _, code := range slices.Sorted(maps.Keys(it.Levels)) {
		levels = append(levels, ld{"@type": "cd:LevelDescription", "skos:notation": code, "skos:definition": ldText(it.Levels[code])})
	}
	put(o, "cd:levelDescription", levels)
	var list []ld
	for _, al := range it.Alignments {
		list = append(list, alignmentNode(al))
		if al.URI != "" {
			name := "skos:" + string(al.Match) + "Match"
			same, _ := o[name].([]ld)
			o[name] = append(same, ld{"@id": al.URI})
		}
	}
	if len(list) > 0 {
		o["cd:alignments"] = ld{"@list": list}
	}
	if it.Retired {
		o["owl:deprecated"] = true
		var successors []ld
		for _, s := range it.Successors {
			if to, ok := addresses[s]; ok {
				successors = append(successors, ld{"@id": to})
			}
		}
		put(o, "dct:isReplacedBy", successors)
		if len(successors) > 1 {
			o["cd:successors"] = ld{"@list": successors} // isReplacedBy has no order
		}
	}
	return o
}

func alignmentNode(al Alignment) ld {
	o := ld{"@type": "cd:Alignment", "cd:scheme": al.Scheme, "cd:match": string(al.Match)}
	put(o, "skos:notation", al.Code)
	put(o, "cd:address", al.URI)
	put(o, "skos:prefLabel", ldText(al.Label))
	put(o, "dct:source", al.Source)
	put(o, "cd:checked", al.Checked)
	put(o, "skos:note", al.Note)
	return o
}
