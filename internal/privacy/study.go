package privacy

import "slices"

// A Study measures a table as a Question asks, and again without each of the columns others may know: what leaving one out would gain.
type Study struct {
	whole   *Meter
	known   []string
	without []*Meter // of each column, nil when it is the only one
}

// NewStudy prepares a study. Faults: those of [NewMeter].
func NewStudy(header []string, q Question) (*Study, error) {
	whole, err := NewMeter(header, q)
	if err != nil {
		return nil, err
	}
	s := &Study{whole: whole, known: q.Known}
	if len(q.Known) == 1 {
		return s, nil
	}
	for i := range q.Known {
		m, err := NewMeter(header, Question{slices.Delete(slices.Clone(q.Known), i, i+1), q.Secret})
		if err != nil {
			return nil, err
		}
		s.without = append(s.without, m)
	}
	return s, nil
}

// Add reads one row. Faults: those of [Meter.Add].
func (s *Study) Add(cells []string) error {
	if err := s.whole.Add(cells); err != nil {
		return err
	}
	for _, m := range s.without {
		if err := m.Add(cells); err != nil {
			return err
		}
	}
	return nil
}

// A WhatIf is the measure of a table without one column.
type WhatIf struct {
	Column  string
	Measure Measure
}

// Result gives the measure of the table, and of the table without each column, the one that leaves fewest rows in classes under k first. None
// when one column is all that is known.
func (s *Study) Result(k int64) (Measure, []WhatIf) {
	var out []WhatIf
	for i, m := range s.without {
		out = append(out, WhatIf{s.known[i], m.Measure()})
	}
	slices.SortStableFunc(out, func(a, b WhatIf) int { return int(a.Measure.Under(k) - b.Measure.Under(k)) })
	return s.whole.Measure(), out
}
