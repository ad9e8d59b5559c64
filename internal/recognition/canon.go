package recognition

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/piprate/json-gold/ld"

	"cultured/internal/fault"
)

// mostAlike bounds the nameless nodes that look like another from one step away and touch one that does too: naming them
// takes a time that grows as their factorial, which a hostile badge would use.
const mostAlike = 6

// canonical returns the statements of a document as canonical N-Quads (RDFC-1.0). Faults: those of [lexicon.admit];
// Invalid "recognition.undefined_scope" for a term that means nothing where it stands; "recognition.too_tangled".
func canonical(doc map[string]any) (_ string, err error) {
	x := words()
	if err := x.admit(doc); err != nil {
		return "", err
	}
	defer func() {
		if p := recover(); p != nil { // the library's own assertions, on documents nobody thought of
			err = fault.New(fault.Invalid, "recognition.not_linked_data").Because(fmt.Errorf("%v", p))
		}
	}()
	o := ld.NewJsonLdOptions("")
	o.DocumentLoader, o.SafeMode, o.ProcessingMode = x, true, ld.JsonLd_1_1
	o.Format, o.Algorithm = "application/n-quads", ld.AlgorithmURDNA2015
	p := ld.NewJsonLdProcessor()
	expanded, err := p.Expand(ld.CloneDocument(doc), o)
	if err != nil {
		return "", linked(err)
	}
	if name := relative(expanded); name != "" {
		return "", fault.New(fault.Invalid, "recognition.undefined_term", short(name))
	}
	statements, err := p.ToRDF(expanded, withoutFormat(*o))
	if err != nil {
		return "", linked(err)
	}
	data, ok := statements.(*ld.RDFDataset)
	if !ok || alike(data) > mostAlike {
		return "", fault.New(fault.Invalid, "recognition.too_tangled")
	}
	out, err := ld.NewNormalisationAlgorithm(o.Algorithm).Main(data, o)
	if err != nil {
		return "", linked(err)
	}
	s, _ := out.(string)
	return s, nil
}

// withoutFormat are the same options, asking for statements rather than text.
func withoutFormat(o ld.JsonLdOptions) *ld.JsonLdOptions { o.Format = ""; return &o }

func linked(err error) error {
	if e, ok := errors.AsType[*ld.JsonLdError](err); ok && e.Code == ld.InvalidProperty {
		return fault.New(fault.Invalid, "recognition.undefined_scope").Because(err)
	}
	return fault.New(fault.Invalid, "recognition.not_linked_data").Because(err)
}

// relative finds a type or an identifier that no context makes an address of: statements about it would be dropped, and
// so would not be signed. "" when there is none.
func relative(v any) string {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if s := relative(e); s != "" {
				return s
			}
		}
	case map[string]any:
		if _, literal := v["@value"]; literal {
			return ""
		}
		for k, e := range v {
			if k != "@id" && k != "@type" {
				if s := relative(e); s != "" {
					return s
				}
				continue
			}
			for _, name := range many(e) {
				if s, ok := name.(string); !ok || !strings.Contains(s, ":") {
					return fmt.Sprint(name)
				}
			}
		}
	}
	return ""
}

// alike counts the nameless nodes that share their first look with another, and touch another such node: those that touch
// only nodes of one look are named at once.
func alike(data *ld.RDFDataset) (count int) {
	looks, touched := map[string][]string{}, map[string][]string{}
	for graph, quads := range data.Graphs {
		for _, q := range quads {
			nodes := []string{blank(q.Subject), blank(q.Object)}
			if strings.HasPrefix(graph, "_:") {
				nodes = append(nodes, graph)
			}
			nodes = slices.DeleteFunc(nodes, func(n string) bool { return n == "" })
			for _, n := range nodes {
				looks[n] = append(looks[n], look(n, q, graph))
				touched[n] = append(touched[n], nodes...)
			}
		}
	}
	first, same := map[string][32]byte{}, map[[32]byte]int{}
	for n, lines := range looks {
		slices.Sort(lines)
		first[n] = sha256.Sum256([]byte(strings.Join(lines, "\n")))
		same[first[n]]++
	}
	for n := range looks {
		if same[first[n]] > 1 && slices.ContainsFunc(touched[n], func(o string) bool { return o != n && same[first[o]] > 1 }) {
			count++
		}
	}
	return count
}

func blank(n ld.Node) string {
	if n != nil && ld.IsBlankNode(n) {
		return n.GetValue()
	}
	return ""
}

// look is a statement seen from one nameless node.
func look(from string, q *ld.Quad, graph string) string {
	name := func(n ld.Node) string {
		switch blank(n) {
		case "":
			if l, ok := n.(*ld.Literal); ok {
				return fmt.Sprintf("%q %q %q", l.Value, l.Datatype, l.Language)
			}
			return n.GetValue()
		case from:
			return "_:a"
		}
		return "_:z"
	}
	if strings.HasPrefix(graph, "_:") {
		graph = "_:g"
	}
	return name(q.Subject) + " " + q.Predicate.GetValue() + " " + name(q.Object) + " " + graph
}
