package competency

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
)

// ReadSKOS reads a SKOS concept scheme in JSON-LD. What it does not take is said, by property. now dates what has no date.
// Faults, all Invalid on the field "file": "competency.json_broken", "competency.skos_no_concept".
func (a Address) ReadSKOS(raw []byte, now time.Time) (_ Framework, _ []Remark, err error) {
	var doc any
	if err := parseJSON(raw, &doc); err != nil {
		return Framework{}, nil, err
	}
	r := &skosReader{g: readGraph(doc), now: now, used: map[string]bool{}}
	for _, at := range r.g.remote {
		r.remarks = append(r.remarks, Remark{Where: at, Key: "competency.remark_remote_context"})
	}
	concepts := r.concepts()
	if len(concepts) == 0 {
		return Framework{}, nil, fault.Field("file", "competency.skos_no_concept")
	}
	r.scheme(concepts)
	r.items(concepts)
	r.leftovers(concepts)
	r.languages()
	r.f.Settle()
	for i, it := range r.f.Items {
		if it.Kind == "" || it.Kind == Family && it.Parent != "" {
			r.f.Items[i].Kind = r.f.shape(it)
		}
	}
	a.own(&r.f)
	return r.f, r.remarks, nil
}

type skosReader struct {
	g       *graph
	f       Framework
	now     time.Time
	used    map[string]bool // properties read
	remarks []Remark
}

// concepts lists the nodes that are concepts, in the order they say, else in that of the file.
func (r *skosReader) concepts() []*ldNode {
	var out []*ldNode
	for _, id := range r.g.order {
		if n := r.g.nodes[id]; slices.Contains(n.types, nsSKOS+"Concept") {
			out = append(out, n)
		}
	}
	r.used[nsOurs+"order"] = true
	order := func(n *ldNode) int {
		k, err := strconv.Atoi(r.one(n, nsOurs+"order"))
		if err != nil {
			return 0
		}
		return k
	}
	slices.SortStableFunc(out, func(a, b *ldNode) int { return order(a) - order(b) })
	return out
}

// all gives what a node says by a property.
func (r *skosReader) all(n *ldNode, property string) []ldValue {
	r.used[property] = true
	return n.says[property]
}

func (r *skosReader) one(n *ldNode, property string) string {
	for _, v := range r.all(n, property) {
		return firstOf(v.text, v.link)
	}
	return ""
}

// text gathers words by language; those without one are in the main language.
func (r *skosReader) text(n *ldNode, property string) Text {
	var t Text
	for _, v := range r.all(n, property) {
		lang := firstOf(v.lang, r.f.Main())
		if t[lang] == "" {
			t = t.With(lang, v.text)
		}
	}
	return t.Clean()
}

func (r *skosReader) links(n *ldNode, property string) []*ldNode {
	var out []*ldNode
	for _, v := range r.all(n, property) {
		if to, ok := r.g.nodes[v.link]; ok && v.link != "" {
			out = append(out, to)
		}
	}
	return out
}

// scheme reads the concept scheme; of several, the one most concepts are in.
func (r *skosReader) scheme(concepts []*ldNode) {
	counts := map[string]int{}
	for _, n := range concepts {
		for _, p := range []string{"inScheme", "topConceptOf"} {
			for _, v := range r.all(n, nsSKOS+p) {
				counts[v.link]++
			}
		}
	}
	var scheme *ldNode
	schemes := 0
	for _, id := range r.g.order {
		if n := r.g.nodes[id]; slices.Contains(n.types, nsSKOS+"ConceptScheme") {
			if schemes++; scheme == nil || counts[id] > counts[scheme.id] {
				scheme = n
			}
		}
	}
	if scheme == nil {
		r.remarks = append(r.remarks, Remark{Key: "competency.remark_no_scheme"})
		scheme = &ldNode{id: concepts[0].id + "#scheme", says: map[string][]ldValue{}}
	} else if schemes > 1 {
		r.remarks = append(r.remarks, Remark{Where: scheme.id, Key: "competency.remark_schemes", Args: []string{strconv.Itoa(schemes)}})
	}
	f := &r.f
	for _, v := range r.all(scheme, nsDCT+"language") {
		f.Languages = append(f.Languages, firstOf(v.text, v.link[strings.LastIndexByte(v.link, '/')+1:]))
	}
	if len(f.Languages) == 0 || !languageCode.MatchString(f.Languages[0]) {
		f.Languages = r.commonest(concepts)
	}
	f.ID = ID(uuidOf("framework", firstOf(r.one(scheme, nsDCT+"identifier"), scheme.id)))
	if validAddress(scheme.id) {
		f.URI = scheme.id
	}
	for _, p := range []string{nsDCT + "title", nsSKOS + "prefLabel", nsRDFS + "label"} {
		if t := r.text(scheme, p); len(f.Title) == 0 {
			f.Title = t
		}
	}
	if len(f.Title) == 0 {
		f.Title = Text{f.Main(): scheme.id}
	}
	f.Description, f.Creator, f.Source = r.text(scheme, nsDCT+"description"), r.name(scheme, nsDCT+"creator"), r.one(scheme, nsDCT+"source")
	f.Licence, f.Edition = r.one(scheme, nsDCT+"license"), r.one(scheme, nsOWL+"versionInfo")
	r.all(scheme, nsSKOS+"hasTopConcept")
	for _, n := range r.links(scheme, nsOurs+"levels") {
		f.Levels = append(f.Levels, Level{Code: r.one(n, nsSKOS+"notation"), Label: r.text(n, nsSKOS+"prefLabel"), Description: r.text(n, nsSKOS+"definition")})
	}
}

// name is a literal, or what the node it leads to is called.
func (r *skosReader) name(n *ldNode, property string) string {
	said := r.all(n, property)
	if len(said) == 0 {
		return ""
	}
	if to, ok := r.g.nodes[said[0].link]; ok {
		for _, p := range []string{"http://xmlns.com/foaf/0.1/name", nsRDFS + "label", nsSKOS + "prefLabel"} {
			if s := r.one(to, p); s != "" {
				return s
			}
		}
	}
	return firstOf(said[0].text, said[0].link)
}

// commonest lists the language most labels are in, alone; "fr" when they say none.
func (r *skosReader) commonest(concepts []*ldNode) []string {
	counts := map[string]int{}
	for _, n := range concepts {
		for _, v := range r.all(n, nsSKOS+"prefLabel") {
			counts[v.lang]++
		}
	}
	delete(counts, "")
	best := "fr"
	for _, lang := range slices.Sorted(maps.Keys(counts)) {
		if counts[lang] > counts[best] {
			best = lang
		}
	}
	return []string{best}
}

func (r *skosReader) items(concepts []*ldNode) {
	byNode := map[string]ItemID{}
	taken := map[ItemID]bool{}
	var kept []*ldNode
	for _, n := range concepts {
		id := ItemID(uuidOf(string(r.f.ID), firstOf(r.one(n, nsDCT+"identifier"), n.id)))
		if taken[id] {
			r.remarks = append(r.remarks, Remark{Where: n.id, Key: "competency.remark_item_twice", Args: []string{string(id)}})
			continue
		}
		taken[id], byNode[n.id] = true, id
		kept = append(kept, n)
	}
	parents := r.parents(kept)
	for _, n := range kept {
		it := Item{ID: byNode[n.id], Code: line(r.one(n, nsSKOS+"notation")), Parent: byNode[parents[n.id]], Label: r.text(n, nsSKOS+"prefLabel"),
			Description: r.text(n, nsSKOS+"definition"), Retired: r.one(n, nsOWL+"deprecated") == "true"}
		if validAddress(n.id) {
			it.URI = n.id
		}
		it.Mark, _ = strconv.Atoi(r.one(n, nsOurs+"mark"))
		if slices.Contains(n.types, nsOurs+"Family") {
			it.Kind = Family
		} else if slices.Contains(n.types, nsOurs+"Competence") {
			it.Kind = Competence
		}
		if len(it.Label) == 0 {
			it.Label = Text{r.f.Main(): firstOf(it.Code, n.id)}
			r.remarks = append(r.remarks, Remark{Where: n.id, Key: "competency.remark_no_label"})
		}
		for _, l := range r.links(n, nsOurs+"levelDescription") {
			it.SetLevel(r.one(l, nsSKOS+"notation"), r.text(l, nsSKOS+"definition"))
		}
		it.Modified = r.now
		if t, err := time.Parse(time.RFC3339Nano, r.one(n, nsDCT+"modified")); err == nil {
			it.Modified = t.UTC()
		}
		for _, p := range []string{nsOurs + "successors", nsDCT + "isReplacedBy"} {
			for _, v := range r.all(n, p) {
				if s, ok := byNode[v.link]; ok && s != it.ID && !slices.Contains(it.Successors, s) {
					it.Successors, it.Retired = append(it.Successors, s), true
				}
			}
		}
		it.Alignments = r.alignments(n)
		r.f.Items = append(r.f.Items, it)
	}
}

// parents gives the node each concept stands under: its first broader one, or the first that calls it narrower.
func (r *skosReader) parents(concepts []*ldNode) map[string]string {
	known, parents := map[string]bool{}, map[string]string{}
	for _, n := range concepts {
		known[n.id] = true
	}
	for _, n := range concepts {
		for _, v := range r.all(n, nsSKOS+"broader") {
			switch {
			case !known[v.link] || v.link == n.id:
				r.remarks = append(r.remarks, Remark{Where: n.id, Key: "competency.remark_broader_unknown", Args: []string{v.link}})
			case parents[n.id] == "":
				parents[n.id] = v.link
			default:
				r.remarks = append(r.remarks, Remark{Where: n.id, Key: "competency.remark_second_parent", Args: []string{v.link}})
			}
		}
	}
	for _, n := range concepts {
		for _, v := range r.all(n, nsSKOS+"narrower") {
			if known[v.link] && parents[v.link] == "" && v.link != n.id {
				parents[v.link] = n.id
			}
		}
	}
	return parents
}

// alignments reads those written in full, then the plain links of SKOS that they do not say.
func (r *skosReader) alignments(n *ldNode) []Alignment {
	var out []Alignment
	for _, o := range r.links(n, nsOurs+"alignments") {
		out = append(out, Alignment{Scheme: r.one(o, nsOurs+"scheme"), Match: Match(r.one(o, nsOurs+"match")), Code: r.one(o, nsSKOS+"notation"), URI: r.one(o, nsOurs+"address"),
			Label: r.text(o, nsSKOS+"prefLabel"), Source: r.one(o, nsDCT+"source"), Checked: r.one(o, nsOurs+"checked"), Note: r.one(o, nsSKOS+"note")})
	}
	for _, m := range Matches() {
		for _, v := range r.all(n, nsSKOS+string(m)+"Match") {
			to := firstOf(v.link, v.text)
			known := slices.ContainsFunc(out, func(a Alignment) bool { return a.URI == to })
			if !known && validAddress(to) {
				out = append(out, Alignment{Scheme: firstOf(host(to), "SKOS"), URI: to, Match: m})
			}
		}
	}
	return out
}

// leftovers says which properties were not taken, and how often.
func (r *skosReader) leftovers(concepts []*ldNode) {
	counts := map[string]int{}
	for _, n := range concepts {
		for p, values := range n.says {
			if !r.used[p] {
				counts[p] += len(values)
			}
		}
	}
	for _, p := range slices.Sorted(maps.Keys(counts)) {
		r.remarks = append(r.remarks, Remark{Where: p, Key: "competency.remark_property", Count: counts[p]})
	}
	if len(r.remarks) > RemarksMost {
		r.remarks = r.remarks[:RemarksMost]
	}
}

// languages adds those the texts are in and nobody named.
func (r *skosReader) languages() {
	found := map[string]bool{}
	for _, it := range r.f.Items {
		for lang := range it.Label {
			found[lang] = true
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(found)) {
		if !slices.Contains(r.f.Languages, lang) && len(r.f.Languages) < LanguagesMost {
			r.f.Languages = append(r.f.Languages, lang)
		}
	}
}
