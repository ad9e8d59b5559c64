package dataset

import (
	"strings"

	"cultured/internal/finding"
	"cultured/internal/identifier"
	"cultured/internal/tabular"
)

// A nesting is two columns of codes of territories, the first of which lies in the second: where the official list says
// otherwise is counted while rows go by.
type nesting struct {
	small, large         int
	smallKind, largeKind identifier.Kind
	compared, wrong      int64
}

// nestings pairs the columns of communes, departments and regions, from the first rows: those of which there is only one.
func nestings(rows []tabular.Row, columns []*gatherer) []*nesting {
	kinds := [...]identifier.Kind{identifier.Commune, identifier.Department, identifier.Region}
	names := [...]string{"insee|commune|com|codgeo|depcom|codecommune|citycode|codeinsee", "departement|dep|dept|codedepartement", "region|reg|coderegion"}
	at := [...]int{-1, -1, -1}
	for k, kind := range kinds {
		for i, g := range columns {
			if !g.head.holds(names[k]) || !mostAre(kind, rows, i) {
				continue
			}
			if at[k] >= 0 {
				at[k] = len(columns) // of birth, and of residence: nobody knows which goes with which
				break
			}
			at[k] = i
		}
	}
	var out []*nesting
	for a := range kinds {
		for b := a + 1; b < len(kinds); b++ {
			if at[a] >= 0 && at[b] >= 0 && max(at[a], at[b]) < len(columns) && at[a] != at[b] {
				out = append(out, &nesting{small: at[a], large: at[b], smallKind: kinds[a], largeKind: kinds[b]})
			}
		}
	}
	return out
}

// mostAre says whether nearly all the first values of a column are codes of the kind.
func mostAre(kind identifier.Kind, rows []tabular.Row, column int) bool {
	filled, right := 0, 0
	for _, r := range rows[:min(len(rows), traitRows)] {
		if column >= len(r.Cells) || r.Cells[column] == "" {
			continue
		}
		filled++
		if identifier.Check(kind, r.Cells[column]) {
			right++
		}
	}
	return filled > 0 && right*20 >= filled*19
}

// add counts the rows.
func (n *nesting) add(rows []tabular.Row) {
	for _, r := range rows {
		if want, ok := n.parent(r.Cells); ok {
			n.compared++
			if want != r.Cells[n.large] {
				n.wrong++
			}
		}
	}
}

// parent is the code of the territory that the smaller one of a row lies in. ok is false where one of the two is no code.
func (n *nesting) parent(cells []string) (code string, ok bool) {
	if max(n.small, n.large) >= len(cells) || !identifier.Check(n.smallKind, cells[n.small]) || !identifier.Check(n.largeKind, cells[n.large]) {
		return "", false
	}
	code = cells[n.small]
	if n.smallKind == identifier.Commune {
		code = code[:2]
		if code == "97" || code == "98" {
			code = cells[n.small][:3]
		}
	}
	if n.largeKind == identifier.Region {
		code = identifier.DepartmentRegion(code)
	}
	return code, code != ""
}

// told says whether the rows that go against the list are few enough to be mistakes.
func (n *nesting) told() bool { return n.wrong > 0 && n.wrong <= max(exceptionRows, n.compared/100) }

// nested tells about a territory that does not lie where its row says.
func (j *judge) nested(r tabular.Row, n *nesting, skip []bool, sink finding.Sink) {
	want, ok := n.parent(r.Cells)
	if !ok || want == r.Cells[n.large] || skip[n.small] || skip[n.large] {
		return
	}
	name := identifier.DepartmentName(want)
	if n.largeKind == identifier.Region {
		name = identifier.RegionName(want)
	}
	o := j.columns[n.large]
	sink(o.finding(r.Number, r.Cells[n.large], "dataset.wrong_territory", finding.Warning, strings.Clone(r.Cells[n.small]), want, name))
}
