package catalogue

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// Media types of the three serialisations.
const (
	TurtleType = "text/turtle"
	RDFXMLType = "application/rdf+xml"
	JSONLDType = "application/ld+json"
)

var turtleEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// WriteTurtle writes the graph as Turtle 1.1, UTF-8. Errors: those of w.
func (g *Graph) WriteTurtle(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, p := range prefixes {
		b.WriteString("@prefix " + p.name + ": <" + p.iri + "> .\n")
	}
	for _, subject := range g.subjects() {
		b.WriteString("\n<" + subject[0].Subject + ">")
		groups := predicates(subject)
		for i, group := range groups {
			if i == 0 {
				b.WriteString(" ")
			} else {
				b.WriteString(" ;\n    ")
			}
			b.WriteString(turtleName(group[0].Predicate, true))
			for j, t := range group {
				if j > 0 {
					b.WriteString(",")
				}
				b.WriteString(" " + turtleTerm(t.Object))
			}
		}
		b.WriteString(" .\n")
	}
	return b.Flush()
}

func turtleName(iri string, predicate bool) string {
	if predicate && iri == rdfType {
		return "a"
	}
	if short, ok := shorten(iri); ok {
		return short
	}
	return "<" + iri + ">"
}

func turtleTerm(t Term) string {
	if t.IRI != "" {
		return turtleName(t.IRI, false)
	}
	s := `"` + turtleEscapes.Replace(t.Text) + `"`
	switch {
	case t.Lang != "":
		return s + "@" + t.Lang
	case t.Datatype != "":
		return s + "^^" + turtleName(t.Datatype, false)
	}
	return s
}

// xmlEscapes keeps carriage returns, which an XML reader would turn into line feeds. Attributes hold only IRIs, which have
// neither.
var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#13;")

// WriteRDFXML writes the graph as RDF/XML, UTF-8. Errors: those of w.
func (g *Graph) WriteRDFXML(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF")
	for _, p := range prefixes {
		b.WriteString("\n    xmlns:" + p.name + "=\"" + p.iri + "\"")
	}
	b.WriteString(">\n")
	for _, subject := range g.subjects() {
		element, skip := "rdf:Description", Term{}
		if groups := predicates(subject); groups[0][0].Predicate == rdfType {
			if short, ok := shorten(groups[0][0].Object.IRI); ok {
				element, skip = short, groups[0][0].Object
			}
		}
		b.WriteString("  <" + element + " rdf:about=\"" + xmlEscapes.Replace(subject[0].Subject) + "\">\n")
		for _, group := range predicates(subject) {
			for _, t := range group {
				if t.Predicate == rdfType && t.Object == skip {
					continue
				}
				writeProperty(b, t)
			}
		}
		b.WriteString("  </" + element + ">\n")
	}
	b.WriteString("</rdf:RDF>\n")
	return b.Flush()
}

// writeProperty writes one property element. Predicates are our own names, so each has a short form.
func writeProperty(b *bufio.Writer, t Triple) {
	element, _ := shorten(t.Predicate)
	b.WriteString("    <" + element)
	switch {
	case t.Object.IRI != "":
		b.WriteString(" rdf:resource=\"" + xmlEscapes.Replace(t.Object.IRI) + "\"/>\n")
		return
	case t.Object.Lang != "":
		b.WriteString(" xml:lang=\"" + t.Object.Lang + "\"")
	case t.Object.Datatype != "":
		b.WriteString(" rdf:datatype=\"" + xmlEscapes.Replace(t.Object.Datatype) + "\"")
	}
	b.WriteString(">" + xmlEscapes.Replace(t.Object.Text) + "</" + element + ">\n")
}

// WriteJSONLD writes the graph as JSON-LD 1.1 with its context inside: nothing to fetch. Errors: those of w.
func (g *Graph) WriteJSONLD(w io.Writer) error {
	b := bufio.NewWriter(w)
	b.WriteString("{\n  \"@context\": {")
	for i, p := range prefixes {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n    " + jsonString(p.name) + ": " + jsonString(p.iri))
	}
	b.WriteString("\n  },\n  \"@graph\": [")
	for i, subject := range g.subjects() {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n    {\n      \"@id\": " + jsonString(subject[0].Subject))
		for _, group := range predicates(subject) {
			b.WriteString(",\n      " + jsonKey(group[0].Predicate) + ": [")
			for j, t := range group {
				if j > 0 {
					b.WriteString(", ")
				}
				b.WriteString(jsonTerm(t))
			}
			b.WriteString("]")
		}
		b.WriteString("\n    }")
	}
	b.WriteString("\n  ]\n}\n")
	return b.Flush()
}

func jsonKey(predicate string) string {
	if predicate == rdfType {
		return `"@type"`
	}
	return jsonString(jsonName(predicate))
}

func jsonName(iri string) string {
	if short, ok := shorten(iri); ok {
		return short
	}
	return iri
}

func jsonTerm(t Triple) string {
	o := t.Object
	switch {
	case o.IRI != "" && t.Predicate == rdfType:
		return jsonString(jsonName(o.IRI))
	case o.IRI != "":
		return `{"@id": ` + jsonString(o.IRI) + `}`
	case o.Lang != "":
		return `{"@value": ` + jsonString(o.Text) + `, "@language": ` + jsonString(o.Lang) + `}`
	case o.Datatype != "":
		return `{"@value": ` + jsonString(o.Text) + `, "@type": ` + jsonString(jsonName(o.Datatype)) + `}`
	}
	return `{"@value": ` + jsonString(o.Text) + `}`
}

// jsonString quotes s; accents, < and > stay readable.
func jsonString(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string and a buffer: cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}
