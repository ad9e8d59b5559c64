package competency

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A graph is a JSON-LD document, each node once. It is read without fetching anything: of JSON-LD 1.1 it knows inline contexts with
// prefixes, terms, aliases of keywords, @language, @type, the containers @list, @set and @language, nested nodes, @graph, @included
// and @reverse. Of a remote context it says so, and takes the usual names of SKOS for what they mean.
type graph struct {
	nodes  map[string]*ldNode
	order  []string
	remote []string // contexts that were not read
	blanks int
}

// An ldNode is one thing and what is said of it, by full names.
type ldNode struct {
	id    string
	types []string
	says  map[string][]ldValue
}

// An ldValue is a literal, or a link to a node.
type ldValue struct{ text, lang, link string }

// term is what a context says of a name.
type term struct{ id, kind, container, language string }

// scope is what names mean at one place of a document.
type scope struct {
	terms    map[string]term
	language string
	vocab    string
}

func (c scope) copy() scope { c.terms = maps.Clone(c.terms); return c }

// usual are the unprefixed names published contexts give to SKOS.
var usual = func() map[string]term {
	m := map[string]term{"id": {id: "@id"}, "type": {id: "@type"}, "title": {id: nsDCT + "title"}, "description": {id: nsDCT + "description"},
		"identifier": {id: nsDCT + "identifier"}, "modified": {id: nsDCT + "modified"}, "creator": {id: nsDCT + "creator"}, "license": {id: nsDCT + "license"}}
	for _, name := range strings.Fields("prefLabel altLabel hiddenLabel definition scopeNote example note notation") {
		m[name] = term{id: nsSKOS + name}
	}
	for _, name := range strings.Fields("broader narrower related inScheme topConceptOf hasTopConcept exactMatch closeMatch broadMatch narrowMatch relatedMatch") {
		m[name] = term{id: nsSKOS + name, kind: "@id"}
	}
	for _, name := range strings.Fields("Concept ConceptScheme") {
		m[name] = term{id: nsSKOS + name}
	}
	return m
}()

// readGraph reads a document already parsed.
func readGraph(doc any) *graph {
	g := &graph{nodes: map[string]*ldNode{}}
	g.top(doc, scope{terms: map[string]term{}})
	return g
}

func (g *graph) top(doc any, c scope) {
	switch doc := doc.(type) {
	case []any:
		for _, one := range doc {
			g.top(one, c)
		}
	case map[string]any:
		g.object(doc, c)
	}
}

func (g *graph) enter(c scope, def any) scope {
	switch def := def.(type) {
	case nil:
		return scope{terms: map[string]term{}}
	case string:
		g.remote = append(g.remote, def)
		c = c.copy()
		for name, t := range usual {
			if _, known := c.terms[name]; !known {
				c.terms[name] = t
			}
		}
	case []any:
		for _, one := range def {
			c = g.enter(c, one)
		}
	case map[string]any:
		c = c.copy()
		if s, ok := def["@language"].(string); ok {
			c.language = s
		}
		if s, ok := def["@vocab"].(string); ok {
			c.vocab = s
		}
		for name, d := range def { // prefixes first: other terms are written with them
			if s, ok := d.(string); ok && !strings.HasPrefix(name, "@") {
				c.terms[name] = term{id: s}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(def)) {
			if strings.HasPrefix(name, "@") {
				continue
			}
			if t, ok := termOf(name, def[name]); ok {
				t.id = c.full(t.id)
				c.terms[name] = t
			}
		}
	}
	return c
}

func termOf(name string, d any) (t term, ok bool) {
	switch d := d.(type) {
	case string:
		return term{id: d}, true
	case map[string]any:
		t.id, _ = d["@id"].(string)
		if t.id == "" {
			t.id = name
		}
		t.kind, _ = d["@type"].(string)
		t.language, _ = d["@language"].(string)
		switch of := d["@container"].(type) {
		case string:
			t.container = of
		case []any:
			for _, one := range of {
				if s, _ := one.(string); s == "@list" || s == "@language" {
					t.container = s
				}
			}
		}
		return t, true
	}
	return term{}, false
}

// full is the full name of a property or a type.
func (c scope) full(name string) string {
	for range 8 { // a term may lead to another
		if strings.HasPrefix(name, "@") {
			return name
		}
		if t, ok := c.terms[name]; ok && t.id != name {
			name = t.id
			continue
		}
		prefix, rest, ok := strings.Cut(name, ":")
		if !ok {
			break
		}
		if strings.HasPrefix(rest, "//") {
			return name
		}
		if t, known := c.terms[prefix]; known {
			name = t.id + rest
			continue
		}
		if ns, known := prefixes[prefix]; known {
			return ns + rest
		}
		return name
	}
	if c.vocab != "" && !strings.Contains(name, ":") {
		return c.vocab + name
	}
	return name
}

// link is the full form of an identifier.
func (c scope) link(s string) string {
	prefix, rest, ok := strings.Cut(s, ":")
	if !ok || strings.HasPrefix(rest, "//") || prefix == "_" {
		return s
	}
	if t, known := c.terms[prefix]; known {
		return t.id + rest
	}
	return s
}

func (g *graph) node(id string) *ldNode {
	if id == "" {
		g.blanks++
		id = "_:own" + strconv.Itoa(g.blanks)
	}
	n, ok := g.nodes[id]
	if !ok {
		n = &ldNode{id: id, says: map[string][]ldValue{}}
		g.nodes[id] = n
		g.order = append(g.order, id)
	}
	return n
}

// object reads a node and returns it.
func (g *graph) object(o map[string]any, c scope) *ldNode {
	if def, ok := o["@context"]; ok {
		c = g.enter(c, def)
	}
	var id string
	names := slices.Sorted(maps.Keys(o))
	for _, name := range names {
		if s, ok := o[name].(string); ok && c.full(name) == "@id" {
			id = c.link(s)
		}
	}
	inner := false
	for _, name := range names {
		full := c.full(name)
		inner = inner || full == "@graph"
	}
	if inner && id == "" { // a document, no node
		for _, name := range names {
			if c.full(name) == "@graph" {
				g.top(o[name], c)
			}
		}
		return nil
	}
	n := g.node(id)
	for _, name := range names {
		switch full := c.full(name); full {
		case "@id", "@context", "@index":
		case "@type":
			for _, v := range list(o[name]) {
				if s, ok := v.(string); ok {
					n.types = append(n.types, c.full(s))
				}
			}
		case "@graph", "@included":
			g.top(o[name], c)
		case "@reverse":
			g.reverse(n, o[name], c)
		default:
			if !strings.HasPrefix(full, "@") && strings.Contains(full, ":") {
				n.says[full] = append(n.says[full], g.values(o[name], c.terms[name], c)...)
			}
		}
	}
	return n
}

func (g *graph) reverse(n *ldNode, o any, c scope) {
	links, _ := o.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(links)) {
		for _, v := range g.values(links[name], term{kind: "@id"}, c) {
			if v.link != "" {
				from := g.node(v.link)
				from.says[c.full(name)] = append(from.says[c.full(name)], ldValue{link: n.id})
			}
		}
	}
}

func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// values reads what stands after a property.
func (g *graph) values(v any, t term, c scope) []ldValue {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var out []ldValue
		for _, one := range v {
			out = append(out, g.values(one, t, c)...)
		}
		return out
	case map[string]any:
		return g.mapped(v, t, c)
	case string:
		if t.kind == "@id" || t.kind == "@vocab" {
			return []ldValue{{link: c.link(v)}}
		}
		lang := t.language
		if lang == "" && t.kind == "" {
			lang = c.language
		}
		return []ldValue{{text: v, lang: lang}}
	}
	return []ldValue{{text: scalar(v)}}
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	}
	return ""
}

// mapped reads an object after a property: a literal, a list, words by language, or a node.
func (g *graph) mapped(o map[string]any, t term, c scope) []ldValue {
	keyword := func(want string) (any, bool) {
		for name, v := range o {
			if c.full(name) == want {
				return v, true
			}
		}
		return nil, false
	}
	if v, ok := keyword("@value"); ok {
		l, _ := keyword("@language")
		lang, _ := l.(string)
		return []ldValue{{text: scalar(v), lang: lang}}
	}
	for _, name := range []string{"@list", "@set"} {
		if v, ok := keyword(name); ok {
			return g.values(v, t, c)
		}
	}
	if t.container == "@language" || g.byLanguage(o, c) {
		var out []ldValue
		for _, lang := range slices.Sorted(maps.Keys(o)) {
			for _, one := range list(o[lang]) {
				if s, ok := one.(string); ok {
					out = append(out, ldValue{text: s, lang: lang})
				}
			}
		}
		return out
	}
	if n := g.object(o, c); n != nil {
		return []ldValue{{link: n.id}}
	}
	return nil
}

// byLanguage guesses words by language where a remote context would have said so.
func (g *graph) byLanguage(o map[string]any, c scope) bool {
	if len(g.remote) == 0 || len(o) == 0 {
		return false
	}
	for name, v := range o {
		_, word := v.(string)
		_, words := v.([]any)
		if _, known := c.terms[name]; known || !languageCode.MatchString(name) || !word && !words {
			return false
		}
	}
	return true
}
