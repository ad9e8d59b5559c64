package learningweb

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"time"

	"cultured/internal/fault"
	"cultured/internal/learning"
	"cultured/internal/tabular"
	"cultured/internal/web"
)

// day writes a day AAAA-MM-JJ as people read it; anything else as it is.
func (t teller) day(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.p.Date(at)
}

// A teamTable is a view as machines read it: one line an observation.
type teamTable struct {
	head []string
	rows [][]string
}

// teamFile gives what the page says as a file: a table each view, or all of them.
func (d TeamDesk) teamFile(w http.ResponseWriter, r *http.Request) error {
	t, err := d.teller(r)
	if err != nil {
		return err
	}
	file := r.PathValue("file")
	if file == "team.json" {
		out := map[string]any{"edition": t.Month}
		for name, table := range t.tables() {
			out[name[:len(name)-len(".csv")]] = table.objects()
		}
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, out)
	}
	table, ok := t.tables()[file]
	if !ok {
		return fault.New(fault.NotFound, "web.not_found")
	}
	web.Attachment(w, "text/csv; charset=utf-8", file)
	return table.write(w)
}

func (t teller) tables() map[string]teamTable {
	levels := teamTable{head: []string{"competence", "competence_label", "services", "level_from", "level_to", "people", "told_on"}}
	for _, f := range t.Levels {
		for _, g := range f.Groups {
			levels.rows = append(levels.rows, []string{f.Code, t.f.find(f.Code).Label, t.services(f), strconv.Itoa(g.From), strconv.Itoa(g.To), strconv.Itoa(len(g.Members)), f.At.UTC().Format(time.DateOnly)})
		}
	}
	needs := teamTable{head: []string{"competence", "competence_label", "services", "mentions", "told_on"}}
	for _, f := range t.Needs {
		needs.rows = append(needs.rows, []string{f.Code, t.f.find(f.Code).Label, t.services(f), strconv.Itoa(f.Size()), f.At.UTC().Format(time.DateOnly)})
	}
	plan := teamTable{head: []string{"competence", "competence_label", "mentions", "people_below_level_" + strconv.Itoa(learning.Applies), "situation", "action", "owner", "due"}}
	for _, line := range t.Plan() {
		counts := []string{line.Code, t.f.find(line.Code).Label, number(line.Asked()), number(line.Behind())}
		if len(line.Decisions) == 0 {
			plan.rows = append(plan.rows, append(counts, "", "", "", ""))
		}
		for _, d := range line.Decisions {
			plan.rows = append(plan.rows, append(counts[:4:4], d.Title, d.Action, d.Owner, d.Due))
		}
	}
	shared := teamTable{head: []string{"person", "service", "competence", "competence_label", "level"}}
	for _, n := range t.Named {
		for _, code := range codes(n.Levels) {
			shared.rows = append(shared.rows, []string{n.Name, t.service(n.Service), code, t.f.find(code).Label, strconv.Itoa(n.Levels[code])})
		}
	}
	return map[string]teamTable{"levels.csv": levels, "needs.csv": needs, "plan.csv": plan, "shared.csv": shared}
}

// number writes a count that is told, and nothing for one that is not.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (t teamTable) objects() []map[string]string {
	out := []map[string]string{}
	for _, row := range t.rows {
		one := map[string]string{}
		for i, cell := range row {
			one[t.head[i]] = cell
		}
		out = append(out, one)
	}
	return out
}

// write writes the table as CSV. Formulas are neutralised.
func (t teamTable) write(w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(t.head); err != nil {
		return err
	}
	for _, row := range t.rows {
		for i := range row {
			row[i] = tabular.CSVCell(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
