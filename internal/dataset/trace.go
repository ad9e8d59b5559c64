package dataset

import (
	"slices"
	"strings"

	"cultured/internal/codelist"
	"cultured/internal/finding"
	"cultured/internal/french"
	"cultured/internal/personal"
)

// A Trace is what the texts of a column tell about persons: a kind, in how many cells at least, and how sure the surest of them is. What
// stands in the cells is never part of it.
type Trace struct {
	Kind       personal.Kind `json:"kind"`
	Cells      int64         `json:"cells"`
	Confidence float64       `json:"confidence"`
}

// Likely says whether the trace is sure enough for somebody to look before the column is published.
func (t Trace) Likely() bool { return t.Confidence >= personal.Likely }

// shortestTrace is the size in bytes of the shortest number with a checksum.
const shortestTrace = 14

// trace looks for persons in a value. Identifiers are looked for in every value; names and words in as many as are asked what they mean.
func (g *gatherer) trace(c cell, hash uint64, n int64) {
	v := c.text
	if bare, floated := bareCode(v); floated {
		v = bare
	}
	if len(v) <= 60 && c.kind == kindText && soleTrader(v) {
		g.sole += n
	}
	var found []personal.Trace
	switch words := c.kind == kindText && (g.askedOf < semanticSample || hash>>59 == 0); {
	case words:
		found = personal.Find(v)
	case len(v) >= shortestTrace && c.kind != kindNumber: // the point of a number is no separator
		found = personal.Identifiers(v)
	}
	for _, f := range found {
		i := slices.IndexFunc(g.traces, func(t Trace) bool { return t.Kind == f.Kind })
		if i < 0 {
			i = len(g.traces)
			g.traces = append(g.traces, Trace{Kind: f.Kind})
		}
		t := &g.traces[i]
		switch was := t.Likely(); {
		case !was && f.Confidence >= personal.Likely:
			t.Cells, t.Confidence = n, f.Confidence // cells are those of what counts
		case was && f.Confidence < personal.Likely:
		default:
			t.Cells, t.Confidence = t.Cells+n, max(t.Confidence, f.Confidence)
		}
	}
}

// soleTrader says whether a value says that a business is one person's: its number is then personal data.
func soleTrader(v string) bool {
	if len(v) < 2 || v[0] != 'E' && v[0] != 'e' && v[0] != 'A' && v[0] != 'a' && v[0] != 'M' && v[0] != 'm' {
		return false
	}
	switch f := french.Fold(v); {
	case f == "ei", strings.HasPrefix(f, "entrepreneur individuel"), strings.HasPrefix(f, "entreprise individuelle"), strings.HasPrefix(f, "auto-entrepreneur"),
		strings.HasPrefix(f, "autoentrepreneur"), strings.HasPrefix(f, "micro-entrepreneur"), strings.HasPrefix(f, "micro-entreprise"):
		return true
	}
	return false
}

// isPersonName says whether v is two to four words, all with a capital, one of which is a first name.
func isPersonName(v string) bool {
	words := strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == '\u00a0' || r == ',' })
	if len(words) < 2 || len(words) > 4 {
		return false
	}
	given := false
	for _, w := range words {
		if strings.ContainsAny(w, "0123456789@/") || strings.ToLower(w) == w && len(w) > 3 {
			return false
		}
		given = given || codelist.IsGivenName(w)
	}
	return given
}

// ownTrace are the kinds a column is about when it bears a meaning: there is nothing to say about each cell.
var ownTrace = map[Semantic][]personal.Kind{"nir": {personal.NIR}, "iban": {personal.IBAN}, "courriel": {personal.Email}, "telephone": {personal.Phone},
	SemanticFullName: {personal.Name}, SemanticFamilyName: {personal.Name}, SemanticGivenName: {personal.Name}, SemanticAddress: {personal.Address}}

// keepTraces puts into the profile what the texts of a column tell. Columns that bear a meaning hold no texts, addresses aside: only what a
// checksum proves is kept of them.
func (g *gatherer) keepTraces(c *ColumnProfile, about bool) {
	c.Traces = nil
	about = about || g.head.holds(remarkNames)
	for _, t := range g.traces {
		text := c.Semantic == SemanticNone || c.Semantic == SemanticAddress
		if slices.Contains(ownTrace[c.Semantic], t.Kind) || !text && t.Kind != personal.NIR && t.Kind != personal.IBAN {
			continue
		}
		if t.Kind == personal.Name && t.Likely() && t.Confidence < titledName && !about {
			t.Confidence = placeName // « Simone Veil » may be the name of a school
		}
		c.Traces = append(c.Traces, t)
	}
	order := personal.Kinds()
	slices.SortFunc(c.Traces, func(a, b Trace) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
}

const (
	titledName = .8 // confidence in a name with a title
	placeName  = .4 // in another, in a table about no person
)

// tracePrivacy is what the likely traces make of a column; about: the table is about persons.
func (g *gatherer) tracePrivacy(c ColumnProfile, about bool) Privacy {
	out := PrivacyNone
	about = about || g.head.holds(remarkNames)
	for _, t := range c.Traces {
		about = about || t.Likely() && t.Kind == personal.NIR
	}
	for _, t := range c.Traces {
		switch {
		case !t.Likely():
		case t.Kind == personal.NIR, t.Kind.Sensitive() && about:
			return PrivacySensitive
		case t.Kind == personal.Address && !about, t.Kind.Sensitive():
		default:
			out = PrivacyPersonal
		}
	}
	return out
}

// remarkNames announce what somebody wrote freely.
const remarkNames = "commentaire|commentaires|remarque|remarques|observation|observations|note libre|notes|precision|precisions|motif|motifs|message|messages|reponse libre|annotation|annotations|" +
	"compte rendu|suivi|historique|texte libre|informations complementaires|info complementaire"

// traceReasons say each kind in one of four sentences.
var traceReasons = map[personal.Kind]string{personal.NIR: "dataset.trace_identifier", personal.IBAN: "dataset.trace_identifier", personal.Email: "dataset.trace_contact",
	personal.Phone: "dataset.trace_contact", personal.Address: "dataset.trace_contact", personal.Name: "dataset.trace_person", personal.Birth: "dataset.trace_person"}

// traces tells where the texts of a column that should not be published tell about persons: the cell, never what it says.
func (o *opinion) traces(row int, v string, sink finding.Sink) {
	told := map[string]bool{}
	for _, f := range personal.Find(v) {
		i := slices.IndexFunc(o.profile.Traces, func(t Trace) bool { return t.Kind == f.Kind && t.Likely() })
		if i < 0 || f.Confidence < personal.Likely {
			continue
		}
		reason := traceReasons[f.Kind]
		if reason == "" {
			reason = "dataset.trace_sensitive"
		}
		if !told[reason] {
			told[reason] = true
			found := o.finding(row, "", reason, finding.Warning)
			found.Args = []string{o.name} // the sentence names the column, since it may not show the cell
			sink(found)
		}
	}
}
