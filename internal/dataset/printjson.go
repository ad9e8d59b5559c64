package dataset

// The printed forms are the stored ones as a reader of JSON expects them: columns count from 1, as in findings, and 0 is
// none; of the rule of a fix, which a stored plan keeps whole to be applied again, only the name is told.
type (
	printedReport struct {
		Report
		Profile printedProfile `json:"profile"`
		Groups  []printedGroup `json:"groups,omitempty"`
	}
	printedProfile struct {
		Profile
		Columns []printedColumn `json:"columns"`
	}
	printedColumn struct {
		ColumnProfile
		Position int `json:"position"`
	}
	printedGroup struct {
		Group
		Column   int              `json:"column"`
		Fix      printedFix       `json:"fix,omitzero"`
		Examples []printedExample `json:"examples,omitempty"`
	}
	printedExample struct {
		Example
		File string `json:"file,omitempty"` // in a table of several files
		Row  int    `json:"row"`            // in that file
		Args []any  `json:"args,omitempty"`
	}
	printedFix struct {
		Kind     string            `json:"kind"`
		Column   string            `json:"column,omitempty"`
		Values   map[string]string `json:"values,omitempty"`
		Semantic Semantic          `json:"semantic,omitempty"`
		Name     string            `json:"name,omitempty"`
		By       string            `json:"by,omitempty"`
		Rule     string            `json:"rule,omitempty"`
	}
)

func (r Report) printed(places Places) printedReport {
	out := printedReport{Report: r, Profile: r.Profile.printed()}
	for _, g := range r.Groups {
		p := printedGroup{Group: g, Column: g.Column + 1, Fix: printedFix{g.Fix.Kind, g.Fix.Column, g.Fix.Values, g.Fix.Semantic, g.Fix.Name, g.Fix.By, ""}}
		if g.Fix.Rule != nil {
			p.Fix.Rule = g.Rule
		}
		for _, e := range g.Examples {
			e.Column++
			file, row := places.Reading.Place(e.Row)
			p.Examples = append(p.Examples, printedExample{e, file, row, places.Words(g.Reason, e.Args)})
		}
		out.Groups = append(out.Groups, p)
	}
	return out
}

func (p Profile) printed() printedProfile {
	out := printedProfile{Profile: p}
	for _, c := range p.Columns {
		out.Columns = append(out.Columns, printedColumn{c, c.Position + 1})
	}
	return out
}
