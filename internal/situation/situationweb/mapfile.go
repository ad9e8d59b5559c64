package situationweb

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/situation"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A drawing is both pictures of the map in one, for a file of its own.
type drawing struct {
	Title         string
	Width, Height int
	Heads         []string
	Panels        []panel
	TiesY         int
	Ties          ties
}

var drawingTemplate = ui.Page[drawing](pages, "pages/drawing.tmpl", "pages/panel.tmpl", "pages/ties.tmpl")

// mapFile gives the map of the address as a file: map.csv with a row a situation and competence, gaps.csv with a row a competence
// and service, map.json with both, map.svg with the pictures.
func (d Desk) mapFile(w http.ResponseWriter, r *http.Request) error {
	a, err := d.atlas(r)
	if err != nil {
		return err
	}
	switch file := r.PathValue("file"); file {
	case "map.csv":
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return writeCSV(w, []string{"situation", "kind", "title", "service", "theme", "session", "mentions", "competence", "competence_label", "family", "standing", "datasets"}, a.linkRows())
	case "gaps.csv":
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return writeCSV(w, []string{"competence", "competence_label", "family", "service", "needed", "held", "develop", "gap"}, a.tallyRows())
	case "map.json":
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, a.table())
	case "map.svg":
		text, err := drawingTemplate.Text(a.p, a.drawing())
		if err != nil {
			return err
		}
		web.Attachment(w, "image/svg+xml", file)
		_, err = io.WriteString(w, text)
		return err
	}
	return fault.New(fault.NotFound, "web.not_found")
}

func writeCSV(w io.Writer, head []string, rows [][]string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(head); err != nil {
		return err
	}
	for _, row := range rows {
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

// linkRows are the links; a situation without any has one row all the same.
func (a atlas) linkRows() (rows [][]string) {
	for _, s := range a.kept {
		links := s.Links
		if len(links) == 0 {
			links = []situation.Link{{}}
		}
		for _, l := range links {
			c := a.named[l.Competence]
			rows = append(rows, []string{string(s.ID), string(s.Kind), s.Title, a.refs.where(s), s.Origin.Theme, s.Origin.Title, strconv.Itoa(s.Mentions()), string(l.Competence), c.label, c.family, string(l.Standing), strings.Join(s.Datasets, " ")})
		}
	}
	return rows
}

func (a atlas) tallyRows() (rows [][]string) {
	for _, t := range a.tallies(a.refs.where) {
		c := a.named[t.Competence]
		rows = append(rows, []string{string(t.Competence), c.label, c.family, t.Group, strconv.Itoa(t.Needed), strconv.Itoa(t.Held), strconv.Itoa(t.Develop), strconv.Itoa(t.Gap())})
	}
	return rows
}

// A mapTable is the map as machines read it.
type mapTable struct {
	Situations  []situation.Situation `json:"situations"`
	Competences []mapCompetence       `json:"competences"`
}

// A mapCompetence is how often one competence is mentioned in one service; Gap is needed − held, 0 at least.
type mapCompetence struct {
	ID      string `json:"id"`
	Label   string `json:"label,omitempty"`
	Family  string `json:"family,omitempty"`
	Service string `json:"service"`
	Needed  int    `json:"needed"`
	Held    int    `json:"held"`
	Develop int    `json:"develop"`
	Gap     int    `json:"gap"`
}

func (a atlas) table() mapTable {
	t := mapTable{Situations: append([]situation.Situation{}, a.kept...), Competences: []mapCompetence{}}
	for _, one := range a.tallies(a.refs.where) {
		c := a.named[one.Competence]
		t.Competences = append(t.Competences, mapCompetence{string(one.Competence), c.label, c.family, one.Group, one.Needed, one.Held, one.Develop, one.Gap()})
	}
	return t
}

// drawing sets the panels in three columns, each under the shortest, and the links below.
func (a atlas) drawing() drawing {
	const margin, titles, width = 24, 66, 3*panelWidth + 4*24
	out := drawing{Title: a.p.T("situationweb.map"), Width: max(width, 960+2*margin), Panels: a.panels(), Ties: a.ties()}
	for _, s := range situation.Standings() {
		out.Heads = append(out.Heads, a.p.T("situation."+string(s)))
	}
	tall := [3]int{64, 64, 64}
	for i := range out.Panels {
		col := 0
		for j := range tall {
			if tall[j] < tall[col] {
				col = j
			}
		}
		n := &out.Panels[i]
		n.Title = strings.Join(wrap(n.Title, panelLetters)[:1], "")
		n.X, n.Y = margin+col*(panelWidth+margin), tall[col]+titles
		tall[col] += titles + n.Height
	}
	out.TiesY = max(tall[0], tall[1], tall[2]) + margin
	out.Height = out.TiesY + out.Ties.Height + margin
	return out
}
