package mission

import "slices"

// A Reason says why a mission is proposed. It is the end of a key of the catalogue.
type Reason string

// The reasons, the strongest first.
const (
	Begun     Reason = "begun"  // tried, and not passed yet
	NextLevel Reason = "level"  // one level above what was passed
	NewFamily Reason = "family" // of a family nothing was passed of
	Shortest  Reason = "short"  // nothing better: the shortest left
)

// A Proposal is a mission for somebody, why, and the competence the reason is about.
type Proposal struct {
	Standing
	Reason Reason
	For    Competence // zero for [Begun] and [Shortest]
}

// Propose picks, among those not yet passed, the mission with the strongest reason and of these the shortest; the same list gives the same proposal.
// It knows only what the person did here: in all missions, also those a choice leaves out. False when all of the list are passed.
func Propose(list, all []Standing) (best Proposal, ok bool) {
	levels, families := map[string]int{}, map[string]bool{}
	for _, st := range all {
		for _, c := range st.Competences {
			if st.Passed != nil {
				levels[c.Code] = max(levels[c.Code], c.Level)
				families[c.Family()] = true
			}
		}
	}
	order := []Reason{Begun, NextLevel, NewFamily, Shortest}
	for _, st := range list {
		if st.Passed != nil {
			continue
		}
		p := Proposal{Standing: st}
		p.Reason, p.For = why(st, levels, families)
		if !ok || slices.Index(order, p.Reason) < slices.Index(order, best.Reason) ||
			p.Reason == best.Reason && (p.Minutes < best.Minutes || p.Minutes == best.Minutes && p.ID < best.ID) {
			best, ok = p, true
		}
	}
	return best, ok
}

func why(st Standing, levels map[string]int, families map[string]bool) (Reason, Competence) {
	if st.Tried > 0 {
		return Begun, Competence{}
	}
	for _, c := range st.Competences {
		if had := levels[c.Code]; had > 0 && c.Level == had+1 {
			return NextLevel, c
		}
	}
	for _, c := range st.Competences {
		if !families[c.Family()] {
			return NewFamily, c
		}
	}
	return Shortest, Competence{}
}
