package recipe

import (
	"slices"
	"strconv"
	"strings"

	"cultured/internal/codelist"
)

// Commune places rows by the commune they name: its code and name of today, its department, the middle of it. It goes by the list the product
// ships, and asks nobody. A code leads to the commune it is a part of now; a name that several communes bear, or none, is left out and listed.
type Commune struct {
	Column string `json:"column"`           // holds codes of INSEE, or names
	Within string `json:"within,omitempty"` // holds a department or a code of the post, which tells communes of one name apart; "" for none
}

// communeColumns are those the step adds; one whose name is taken is numbered.
var communeColumns = []string{"code_commune", "nom_commune", "code_departement", "latitude", "longitude"}

// Kind implements [Step].
func (*Commune) Kind() string { return "commune" }

// Say implements [Step].
func (c *Commune) Say() Sentence {
	if c.Within != "" {
		return Sentence{"recipe.say_commune_within", []any{c.Column, c.Within}}
	}
	return Sentence{"recipe.say_commune", []any{c.Column}}
}

func (c *Commune) fit(at *site) (worker, error) {
	column, err := at.column(c.Column)
	if err != nil {
		return worker{}, err
	}
	within := -1
	if c.Within != "" {
		if within, err = at.column(c.Within); err != nil {
			return worker{}, err
		}
	}
	header := slices.Clone(at.header)
	for _, name := range communeColumns {
		header = append(header, free(header, name))
	}
	known, line := map[string][]string{}, make([]string, len(header)) // the same few communes come again and again
	return worker{header: header, each: func(r row, out emit) error {
		clear(line[copy(line, r.cells):])
		where := ""
		if within >= 0 {
			where = r.cells[within]
		}
		key := keyOf([]string{r.cells[column], where})
		found, seen := known[key]
		if !seen {
			found = place(r.cells[column], where)
			if err := at.take(int64(len(key) + 160)); err != nil {
				return err
			}
			known[key] = found
		}
		copy(line[len(r.cells):], found)
		switch {
		case found != nil:
			at.tally.changed(r.number, header[len(r.cells)], r.cells[column], found[0]+" "+found[1])
		case strings.TrimSpace(r.cells[column]) != "":
			at.tally.lonely(r.cells[column])
		}
		return out(row{r.number, line})
	}}, nil
}

// free is a name, numbered when it is taken.
func free(header []string, name string) string {
	out := name
	for n := 2; slices.Contains(header, out); n++ {
		out = name + "_" + strconv.Itoa(n)
	}
	return out
}

// place is what is written of a commune, nil when it is not known for certain.
func place(named, where string) []string {
	c, ok := communeOf(strings.TrimSpace(named), strings.TrimSpace(where))
	if !ok {
		return nil
	}
	department, _ := departmentOf(c.Code)
	out := []string{c.Code, c.Name, department, "", ""}
	if latitude, longitude, ok := codelist.Centre(c.Code); ok {
		out[3], out[4] = strconv.FormatFloat(latitude, 'f', -1, 64), strconv.FormatFloat(longitude, 'f', -1, 64)
	}
	return out
}

// communeOf is the one commune of today that a code or a name stands for.
func communeOf(named, where string) (found codelist.Commune, ok bool) {
	code := strings.ToUpper(named)
	if len(code) == 4 { // spreadsheets lose the zero in front
		code = "0" + code
	}
	list := codelist.Communes(code)
	if len(list) == 0 {
		list = inDepartment(codelist.CommunesNamed(named), where)
	} else {
		list = list[:1] // the commune of today comes first
	}
	for _, c := range list {
		today, known := ofToday(c)
		switch {
		case !known || ok && today.Code == found.Code:
		case ok:
			return codelist.Commune{}, false // two bear the name
		default:
			found, ok = today, true
		}
	}
	return found, ok
}

// ofToday is what a commune is now.
func ofToday(c codelist.Commune) (codelist.Commune, bool) {
	if c.Into == "" {
		return c, true
	}
	for _, into := range codelist.Communes(c.Into) {
		if into.Into == "" {
			return into, true
		}
	}
	return codelist.Commune{}, false
}

// inDepartment leaves the communes of a department, of a code of the post or of a commune; all of them where nothing is said. Where some are
// communes of today, those of yesterday that bore the name do not count.
func inDepartment(list []codelist.Commune, where string) (out []codelist.Commune) {
	wanted := strings.ToUpper(where)
	if len(wanted) == 1 {
		wanted = "0" + wanted
	}
	if department, ok := departmentOf(wanted); ok {
		wanted = department
	}
	today := false
	for _, c := range list {
		department, _ := departmentOf(c.Code)
		if wanted == "" || department == wanted || wanted == "20" && (department == "2A" || department == "2B") {
			out, today = append(out, c), today || c.Into == ""
		}
	}
	if today {
		out = slices.DeleteFunc(out, func(c codelist.Commune) bool { return c.Into != "" })
	}
	return out
}
