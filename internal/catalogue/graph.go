package catalogue

import (
	"strings"
	"unicode/utf8"
)

// A Term is a node of a graph: an IRI, or a literal with a language or a datatype. There are no blank nodes: every node
// has a name, so two documents can be compared line by line and a harvester sees the same node twice as the same.
type Term struct {
	IRI      string // absolute; "" for a literal
	Text     string
	Lang     string // "fr", …; "" if none
	Datatype string // IRI; "" means a plain string
}

// A Triple says that Subject has Object for Predicate. Subject and Predicate are IRIs.
type Triple struct {
	Subject   string
	Predicate string
	Object    Term
}

// A Graph is a set of triples that remembers the order they came in. The zero value is empty and ready.
// Every serialiser writes the same triples, so their documents are isomorphic by construction.
type Graph struct {
	triples []Triple
	seen    map[Triple]struct{}
}

// Triples returns the triples in the order of their first addition. It must not be changed.
func (g *Graph) Triples() []Triple { return g.triples }

// Add adds a triple once. A triple with an empty subject, predicate or object is left out: nothing to say.
func (g *Graph) Add(subject, predicate string, object Term) {
	if subject == "" || predicate == "" || object.IRI == "" && object.Text == "" {
		return
	}
	if g.seen == nil {
		g.seen = map[Triple]struct{}{}
	}
	t := Triple{subject, predicate, object}
	if _, ok := g.seen[t]; ok {
		return
	}
	g.seen[t] = struct{}{}
	g.triples = append(g.triples, t)
}

// Ref makes an IRI term. Spaces, accents and whatever an IRI forbids are percent-encoded; anything that is not an
// absolute http, https, mailto or urn address gives an empty term, which [Graph.Add] leaves out.
func Ref(iri string) Term { return Term{IRI: cleanIRI(iri)} }

// Literal makes a plain string. What XML cannot carry is dropped from it.
func Literal(s string) Term { return Term{Text: cleanText(s)} }

// LangLiteral makes a string in a language, given by its two- or three-letter code.
func LangLiteral(s, lang string) Term {
	for i := 0; i < len(lang); i++ {
		if lang[i] < 'a' || lang[i] > 'z' {
			return Literal(s)
		}
	}
	return Term{Text: cleanText(s), Lang: lang}
}

// Typed makes a literal of the datatype, an IRI.
func Typed(s, datatype string) Term { return Term{Text: cleanText(s), Datatype: datatype} }

// cleanText drops what XML 1.0 cannot carry, in every serialisation alike: control characters but tab, line feed and
// carriage return, the two non-characters of the first plane, and broken UTF-8.
func cleanText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r // broken bytes come as U+FFFD, and are written as such
	}, s)
}

const hexDigits = "0123456789ABCDEF"

// cleanIRI percent-encodes to plain ASCII; "" if the scheme is not one of ours.
func cleanIRI(s string) string {
	s = strings.TrimSpace(s)
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" {
		return ""
	}
	switch scheme = strings.ToLower(scheme); scheme {
	case "http", "https":
		if !strings.HasPrefix(rest, "//") || len(rest) < 3 || strings.ContainsRune("/?#", rune(rest[2])) {
			return ""
		}
	case "mailto", "urn":
		if strings.HasPrefix(rest, "//") {
			return ""
		}
	default:
		return ""
	}
	var b strings.Builder
	b.WriteString(scheme + ":")
	hash := false
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		keep := c > 0x20 && c < 0x7F && !strings.ContainsRune("<>\"{}|^`\\[]", rune(c))
		switch {
		case c == '%':
			keep = i+2 < len(rest) && isHex(rest[i+1]) && isHex(rest[i+2])
		case c == '#':
			keep, hash = !hash, true
		}
		if keep {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return withoutDots(b.String())
}

// withoutDots resolves "." and ".." in the path, as some readers do and others do not (RFC 3986, 5.2.4).
func withoutDots(iri string) string {
	end := len(iri)
	if i := strings.IndexAny(iri, "?#"); i >= 0 {
		end = i
	}
	scheme := strings.Index(iri, "://")
	if scheme < 0 || !strings.Contains(iri[:end], "/.") {
		return iri
	}
	host := strings.IndexByte(iri[scheme+3:end], '/')
	if host < 0 {
		return iri
	}
	host += scheme + 3
	segments := strings.Split(iri[host+1:end], "/")
	var out []string
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case "..":
			out = out[:max(0, len(out)-1)]
		case ".":
		default:
			out = append(out, s)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return iri[:host+1] + strings.Join(out, "/") + iri[end:]
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// subjects groups the triples by subject, both in order of first appearance.
func (g *Graph) subjects() [][]Triple {
	at := map[string]int{}
	var groups [][]Triple
	for _, t := range g.triples {
		i, ok := at[t.Subject]
		if !ok {
			i = len(groups)
			at[t.Subject] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	return groups
}

// predicates groups the triples of one subject by predicate, rdf:type first.
func predicates(triples []Triple) [][]Triple {
	at := map[string]int{}
	groups := [][]Triple{nil}
	at[rdfType] = 0
	for _, t := range triples {
		i, ok := at[t.Predicate]
		if !ok {
			i = len(groups)
			at[t.Predicate] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	if groups[0] == nil {
		groups = groups[1:]
	}
	return groups
}

// prefixes are the namespaces our vocabularies live in, in the order documents declare them.
var prefixes = []struct{ name, iri string }{
	{"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}, {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
	{"xsd", "http://www.w3.org/2001/XMLSchema#"}, {"dcat", "http://www.w3.org/ns/dcat#"},
	{"dct", "http://purl.org/dc/terms/"}, {"foaf", "http://xmlns.com/foaf/0.1/"},
	{"vcard", "http://www.w3.org/2006/vcard/ns#"}, {"skos", "http://www.w3.org/2004/02/skos/core#"},
	{"dcatap", "http://data.europa.eu/r5r/"}, {"eli", "http://data.europa.eu/eli/ontology#"},
	{"geo", "http://www.opengis.net/ont/geosparql#"}, {"hydra", "http://www.w3.org/ns/hydra/core#"},
}

// name spells one of our own names, for example "dct:title", in full. An unknown prefix is our bug.
func name(short string) string {
	prefix, local, _ := strings.Cut(short, ":")
	for _, p := range prefixes {
		if p.name == prefix {
			return p.iri + local
		}
	}
	panic("catalogue: no namespace for " + short)
}

// shorten gives the prefixed name of an IRI whose last part is plain letters and digits, a letter first.
func shorten(iri string) (string, bool) {
	for _, p := range prefixes {
		if local, ok := strings.CutPrefix(iri, p.iri); ok && plainName(local) {
			return p.name + ":" + local, true
		}
	}
	return "", false
}

func plainName(s string) bool {
	for i := 0; i < len(s); i++ {
		letter := s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z'
		if !letter && (i == 0 || s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return s != "" && utf8.ValidString(s)
}
