package competency

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"cultured/internal/french"
	"cultured/internal/id"
)

// CASEType is the media type of a CASE package.
const CASEType = "application/json"

// extension is the name under which CASE's "extensions" carry what it has no field for: other languages, levels, marks.
const extension = "cultured"

// CASE writes the framework as a CASE 1.1 CFPackage: one CFDocument, flat CFItems, the tree and the alignments as
// CFAssociations, the levels as a CFRubric. creator stands in when the framework names none; at is its date when no item has one.
// Source: 1EdTech, CASE 1.1 JSON binding, getCFPackage.
func (a Address) CASE(f Framework, creator string, at time.Time) ([]byte, error) {
	w := caseWriter{a: a, f: f, creator: creator, at: at, main: f.Main()}
	pack := map[string]any{"CFDocument": w.document(), "CFItems": w.items(), "CFAssociations": w.associations()}
	if rubrics := w.rubrics(); len(rubrics) > 0 {
		pack["CFRubrics"] = rubrics
	}
	for _, name := range []string{"CFDefinitions", "extensions"} {
		if raw, ok := f.Foreign[name]; ok {
			pack[name] = raw
		}
	}
	return json.MarshalIndent(pack, "", " ")
}

type caseWriter struct {
	a       Address
	f       Framework
	creator string
	at      time.Time
	main    string
}

// extend adds what is ours to the extensions another program may have left.
func extend(into map[string]any, ours map[string]any) {
	if len(ours) == 0 {
		return
	}
	all := map[string]any{}
	if raw, ok := into["extensions"].(json.RawMessage); ok {
		_ = json.Unmarshal(raw, &all) // ours to begin with if it is no object
	}
	all[extension] = ours
	into["extensions"] = all
}

func (w caseWriter) document() map[string]any {
	out := map[string]any{}
	var foreign Foreign
	if raw, ok := w.f.Foreign["CFDocument"]; ok {
		_ = json.Unmarshal(raw, &foreign) // written by the reader: always an object
	}
	for name, raw := range foreign {
		out[name] = raw
	}
	changed := w.at
	if len(w.f.Items) > 0 {
		changed = slices.MaxFunc(w.f.Items, func(a, b Item) int { return a.Modified.Compare(b.Modified) }).Modified
	}
	out["identifier"], out["uri"] = string(w.f.ID), w.a.Framework(w.f)
	out["caseVersion"], out["title"], out["lastChangeDateTime"] = "1.1", w.f.Title.In(w.main), stamp(changed, w.at)
	ours := map[string]any{}
	if out["creator"] = w.f.Creator; w.f.Creator == "" {
		out["creator"], ours["creator"] = w.creator, ""
	}
	put := func(name, s string) {
		if s != "" {
			out[name] = s
		}
	}
	put("description", w.f.Description[w.main])
	put("version", w.f.Edition)
	if out["language"] = w.main; len(w.f.Languages) > 1 {
		ours["languages"] = w.f.Languages
	}
	if WebAddress(w.f.Source) != "" {
		out["officialSourceURL"] = w.f.Source
	} else if w.f.Source != "" {
		ours["source"] = w.f.Source
	}
	if w.f.Licence != "" {
		ours["licence"] = w.f.Licence
	}
	if len(w.f.Levels) > 0 {
		ours["levels"] = w.f.Levels
	}
	others(ours, "title", w.f.Title, w.main)
	others(ours, "description", w.f.Description, w.main)
	extend(out, ours)
	return out
}

// others adds a text that says more than its words in one language.
func others(ours map[string]any, name string, t Text, main string) {
	if len(t) > 1 || len(t) == 1 && t[main] == "" {
		ours[name] = t
	}
}

func stamp(t, otherwise time.Time) string {
	if t.IsZero() {
		t = otherwise
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (w caseWriter) items() []map[string]any {
	out := []map[string]any{}
	for _, it := range w.f.Items {
		o, ours := map[string]any{}, map[string]any{}
		for name, raw := range it.Foreign {
			if name != "isChildOf" && name != "replacedBy" {
				o[name] = raw
			}
		}
		if _, theirs := o["CFItemType"]; !theirs && it.Foreign["isChildOf"] == nil {
			o["CFItemType"] = map[Kind]string{Family: "Family", Competence: "Competence"}[it.Kind]
		} else if it.Kind != w.f.shape(it) {
			ours["kind"] = it.Kind
		}
		o["identifier"], o["uri"], o["lastChangeDateTime"] = string(it.ID), w.a.Item(w.f, it), stamp(it.Modified, w.at)
		o["fullStatement"] = it.Label.In(w.main)
		if it.Code != "" {
			o["humanCodingScheme"] = it.Code
		}
		if s := it.Description[w.main]; s != "" {
			o["notes"] = s
		}
		if it.Mark > 0 {
			ours["mark"] = it.Mark
		}
		if it.Retired {
			ours["retired"] = true
			if o["statusEndDate"] == nil {
				o["statusEndDate"] = stamp(it.Modified, w.at)[:len(time.DateOnly)]
				ours["ended"] = true
			}
		}
		if len(it.Levels) > 0 {
			ours["levels"] = it.Levels
		}
		others(ours, "label", it.Label, w.main)
		others(ours, "description", it.Description, w.main)
		extend(o, ours)
		out = append(out, o)
	}
	return out
}

// shape says what an item looks like by where it stands: one on top with others under it is a family.
func (f Framework) shape(it Item) Kind {
	if it.Parent != "" {
		return Competence
	}
	for i := range f.Items {
		if f.Items[i].Parent == it.ID {
			return Family
		}
	}
	return Competence
}

// node is one end of an association.
func node(title, identifier, uri string) map[string]any {
	return map[string]any{"title": title, "identifier": identifier, "uri": uri}
}

func (w caseWriter) nodeOf(it Item) map[string]any {
	title := it.Code
	if title == "" {
		title = it.Label.In(w.main)
	}
	return node(title, string(it.ID), w.a.Item(w.f, it))
}

func (w caseWriter) association(name, kind string, from, to map[string]any, changed time.Time) map[string]any {
	uuid := id.NamedUUID(string(w.f.ID), name)
	return map[string]any{"identifier": uuid, "uri": w.a.part(w.f, "association", uuid), "associationType": kind,
		"originNodeURI": from, "destinationNodeURI": to, "lastChangeDateTime": stamp(changed, w.at)}
}

func (w caseWriter) associations() []any {
	out := []any{}
	sequence := w.sequence()
	byID := map[ItemID]Item{}
	for _, it := range w.f.Items {
		byID[it.ID] = it
	}
	for _, it := range w.f.Items {
		out = append(out, w.child(it, byID, sequence[it.ID]))
		out = append(out, w.replaced(it, byID)...)
		for _, al := range it.Alignments {
			if len(al.Foreign) > 0 {
				out = append(out, al.Foreign)
			} else {
				out = append(out, w.aligned(it, al))
			}
		}
	}
	if raw, ok := w.f.Foreign["CFAssociations"]; ok {
		var rest []json.RawMessage
		_ = json.Unmarshal(raw, &rest) // written by the reader: always a list
		for _, r := range rest {
			out = append(out, r)
		}
	}
	return out
}

// sequence numbers siblings: as the file they came from does while their order still fits, else from 1.
func (w caseWriter) sequence() map[ItemID]int {
	out := map[ItemID]int{}
	under := map[ItemID][]Item{}
	for _, it := range w.f.Items {
		under[it.Parent] = append(under[it.Parent], it)
	}
	for _, list := range under {
		last, fits := -1<<31, true
		for _, it := range list {
			n, ok := theirSequence(it)
			fits = fits && ok && n > last
			last = n
		}
		for i, it := range list {
			if out[it.ID] = i + 1; fits {
				out[it.ID], _ = theirSequence(it)
			}
		}
	}
	return out
}

func theirSequence(it Item) (int, bool) {
	var link struct{ SequenceNumber *int }
	if raw, ok := it.Foreign["isChildOf"]; !ok || json.Unmarshal(raw, &link) != nil || link.SequenceNumber == nil {
		return 0, false
	}
	return *link.SequenceNumber, true
}

func (w caseWriter) child(it Item, byID map[ItemID]Item, sequence int) map[string]any {
	parent := node(w.f.Title.In(w.main), string(w.f.ID), w.a.Framework(w.f))
	if p, ok := byID[it.Parent]; ok {
		parent = w.nodeOf(p)
	}
	out := w.association(string(it.ID)+" isChildOf", "isChildOf", w.nodeOf(it), parent, it.Modified)
	out["sequenceNumber"] = sequence
	var theirs map[string]any
	if raw, ok := it.Foreign["isChildOf"]; ok && json.Unmarshal(raw, &theirs) == nil {
		to, _ := theirs["destinationNodeURI"].(map[string]any)
		if to["identifier"] == parent["identifier"] {
			if theirs["sequenceNumber"] != nil || sequence > 1 {
				theirs["sequenceNumber"] = sequence
			}
			return theirs
		}
	}
	return out
}

func (w caseWriter) replaced(it Item, byID map[ItemID]Item) []any {
	var theirs []json.RawMessage
	if raw, ok := it.Foreign["replacedBy"]; ok && json.Unmarshal(raw, &theirs) == nil && len(theirs) == len(it.Successors) {
		same := true
		for i, raw := range theirs {
			same = same && strings.Contains(string(raw), string(it.Successors[i]))
		}
		if same {
			out := []any{}
			for _, raw := range theirs {
				out = append(out, raw)
			}
			return out
		}
	}
	var out []any
	for i, s := range it.Successors {
		if to, ok := byID[s]; ok {
			o := w.association(string(it.ID)+" replacedBy "+string(s), "replacedBy", w.nodeOf(it), w.nodeOf(to), it.Modified)
			o["sequenceNumber"] = i + 1
			out = append(out, o)
		}
	}
	return out
}

// The association types of the matches. CASE has two of them; the others are extensions of its vocabulary.
var caseMatch = map[Match]string{Exact: "exactMatchOf", Related: "isRelatedTo", Close: "ext:closeMatchOf", Broad: "ext:broadMatchOf", Narrow: "ext:narrowMatchOf"}

func (w caseWriter) aligned(it Item, al Alignment) map[string]any {
	uri := al.URI
	if uri == "" {
		uri = "urn:x-cultured:" + url.PathEscape(al.Scheme) + ":" + url.PathEscape(al.Code)
	}
	identifier, title := al.Code, al.Label.In(w.main)
	if identifier == "" {
		identifier = uri
	}
	if title == "" {
		title = identifier
	}
	to := node(title, identifier, uri)
	to["targetType"] = "ext:" + schemeWord(al.Scheme)
	out := w.association(string(it.ID)+" "+al.Key(), caseMatch[al.Match], w.nodeOf(it), to, it.Modified)
	if al.Note != "" {
		out["notes"] = al.Note
	}
	al.Foreign = nil
	extend(out, map[string]any{"alignment": al})
	return out
}

// schemeWord is a scheme's name in the letters CASE allows.
func schemeWord(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '-'
	}, french.Fold(s))
	if s == "" {
		return "other"
	}
	return s
}

// rubrics writes the levels as CASE knows them, one criterion a competence, after those that came in a file.
func (w caseWriter) rubrics() []any {
	var out []any
	if raw, ok := w.f.Foreign["CFRubrics"]; ok {
		var rest []json.RawMessage
		_ = json.Unmarshal(raw, &rest) // written by the reader: always a list
		for _, r := range rest {
			out = append(out, r)
		}
	}
	uuid := rubricID(w.f.ID)
	criteria := []any{}
	for i, it := range w.f.Items {
		if len(it.Levels) > 0 {
			criteria = append(criteria, w.criterion(it, uuid, i+1))
		}
	}
	if len(criteria) == 0 {
		return out
	}
	return append(out, map[string]any{"identifier": uuid, "uri": w.a.part(w.f, "rubric", uuid), "title": w.f.Title.In(w.main),
		"lastChangeDateTime": w.document()["lastChangeDateTime"], "CFRubricCriteria": criteria})
}

func rubricID(f ID) string { return id.NamedUUID(string(f), "levels") }

func (w caseWriter) criterion(it Item, rubric string, position int) map[string]any {
	uuid, changed := id.NamedUUID(string(it.ID), "levels"), stamp(it.Modified, w.at)
	levels := []any{}
	add := func(n int, code, quality string) {
		words, ok := it.Levels[code]
		if !ok {
			return
		}
		of := id.NamedUUID(string(it.ID), "level "+code)
		levels = append(levels, map[string]any{"identifier": of, "uri": w.a.part(w.f, "level", of), "description": words.In(w.main), "quality": quality,
			"score": n, "position": n, "rubricCriterionId": uuid, "lastChangeDateTime": changed})
	}
	known := map[string]bool{}
	for n, l := range w.f.Levels {
		known[l.Code] = true
		add(n+1, l.Code, line(l.Code+" "+l.Label.In(w.main)))
	}
	for n, code := range slices.Sorted(maps.Keys(it.Levels)) {
		if !known[code] {
			add(len(w.f.Levels)+n+1, code, code)
		}
	}
	return map[string]any{"identifier": uuid, "uri": w.a.part(w.f, "criterion", uuid), "CFItemURI": w.nodeOf(it), "position": position,
		"rubricId": rubric, "lastChangeDateTime": changed, "CFRubricCriterionLevels": levels}
}
