package competency

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// A caseLink is a CFAssociation as far as this room reads it.
type caseLink struct {
	AssociationType                   string
	SequenceNumber                    *int
	OriginNodeURI, DestinationNodeURI caseNode
	Extensions                        struct {
		Cultured struct{ Alignment *Alignment }
	}
}

type caseNode struct{ Title, Identifier, URI, TargetType string }

// links reads the tree, the successors and the alignments. What else there is stays as it came.
func (r *caseReader) links(list []json.RawMessage, byID map[string]ItemID) {
	at := map[ItemID]int{}
	for i, it := range r.f.Items {
		at[it.ID] = i
	}
	order := map[ItemID]int{}
	successors := map[int][]json.RawMessage{}
	var rest []json.RawMessage
	for n, raw := range list {
		var l caseLink
		if json.Unmarshal(raw, &l) != nil {
			r.remark("CFAssociations["+strconv.Itoa(n)+"]", "competency.remark_not_object")
			continue
		}
		from, known := byID[l.OriginNodeURI.Identifier]
		to, inside := byID[l.DestinationNodeURI.Identifier]
		top := l.DestinationNodeURI.Identifier == string(r.f.ID) || l.DestinationNodeURI.URI != "" && l.DestinationNodeURI.URI == r.a.Framework(r.f)
		i := at[from]
		switch {
		case known && l.AssociationType == "isChildOf" && (inside && to != from || top) && r.f.Items[i].Foreign["isChildOf"] == nil:
			if r.setForeign(i, "isChildOf", raw); inside {
				r.f.Items[i].Parent = to
			}
			if l.SequenceNumber != nil {
				order[from] = *l.SequenceNumber
			}
		case known && inside && l.AssociationType == "replacedBy" && to != from && !slices.Contains(r.f.Items[i].Successors, to):
			r.f.Items[i].Retired, r.f.Items[i].Successors = true, append(r.f.Items[i].Successors, to)
			successors[i] = append(successors[i], raw)
		case known && !inside && !top && r.align(i, l, raw):
		default:
			rest = append(rest, raw)
			r.count["association"]++
		}
	}
	for i, list := range successors {
		raw, _ := json.Marshal(list) // raw messages: cannot fail
		r.setForeign(i, "replacedBy", raw)
	}
	if len(rest) > 0 {
		raw, _ := json.Marshal(rest)
		r.keep("CFAssociations", raw)
	}
	r.tidyLinks()
	slices.SortStableFunc(r.f.Items, func(a, b Item) int { return order[a.ID] - order[b.ID] })
}

func (r *caseReader) setForeign(i int, name string, raw json.RawMessage) {
	if r.f.Items[i].Foreign == nil {
		r.f.Items[i].Foreign = Foreign{}
	}
	r.f.Items[i].Foreign[name] = raw
}

// tidyLinks forgets the links this program would write itself, so that a framework of ours comes back as it left.
func (r *caseReader) tidyLinks() {
	w := caseWriter{a: r.a, f: r.f}
	for i, it := range r.f.Items {
		for _, name := range []string{"isChildOf", "replacedBy"} {
			raw, ok := it.Foreign[name]
			if !ok {
				continue
			}
			if ours := w.association(string(it.ID)+" isChildOf", "", nil, nil, r.now)["identifier"].(string); name == "isChildOf" && strings.Contains(string(raw), ours) {
				delete(it.Foreign, name)
			}
			if name == "replacedBy" && len(it.Successors) > 0 {
				first := w.association(string(it.ID)+" replacedBy "+string(it.Successors[0]), "", nil, nil, r.now)["identifier"].(string)
				if strings.Contains(string(raw), first) {
					delete(it.Foreign, name)
				}
			}
		}
		if len(it.Foreign) == 0 {
			r.f.Items[i].Foreign = nil
		}
	}
}

// align reads a link to somebody else's framework; false when it is none.
func (r *caseReader) align(i int, l caseLink, raw json.RawMessage) bool {
	if a := l.Extensions.Cultured.Alignment; a != nil {
		r.f.Items[i].Alignments = append(r.f.Items[i].Alignments, *a)
		return true
	}
	var match Match
	for m, kind := range caseMatch {
		if kind == l.AssociationType {
			match = m
		}
	}
	to := l.DestinationNodeURI
	if match == "" || !validAddress(to.URI) {
		return false
	}
	a := Alignment{Scheme: firstOf(strings.TrimPrefix(to.TargetType, "ext:"), host(to.URI), "CASE"), URI: to.URI, Match: match, Foreign: raw}
	if a.Label = (Text{r.f.Main(): to.Title}).Clean(); to.Identifier != to.URI && !strings.Contains(to.URI, to.Identifier) {
		a.Code = line(to.Identifier)
	}
	if slices.ContainsFunc(r.f.Items[i].Alignments, func(o Alignment) bool { return o.Key() == a.Key() }) {
		return false
	}
	r.f.Items[i].Alignments = append(r.f.Items[i].Alignments, a)
	return true
}
