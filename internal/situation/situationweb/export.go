package situationweb

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/situation"
	"cultured/internal/tabular"
	"cultured/internal/web"
)

// export gives the list of the address as a file: situations.csv with a row a record and competence, situations.json with
// everything.
func (d Desk) export(w http.ResponseWriter, r *http.Request) error {
	c, err := d.kept(r)
	if err != nil {
		return err
	}
	kept := c.kept
	switch file := r.PathValue("file"); file {
	case "situations.csv":
		_, named, err := d.competences(r)
		if err != nil {
			return err
		}
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return writeTable(w, c, named)
	case "situations.json":
		if kept == nil {
			kept = []situation.Situation{}
		}
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, kept)
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// writeTable writes one row for each record and competence, one for a record without any. Formulas are neutralised.
func writeTable(w io.Writer, c choice, named map[competency.ItemID]competence) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"id", "kind", "title", "text", "service", "frequency", "theme", "session", "session_title", "mentions", "cards", "competence", "competence_label", "standing", "action", "owner", "due", "done", "datasets"}); err != nil {
		return err
	}
	for _, s := range c.kept {
		var cards []string
		for _, card := range s.Origin.Cards {
			cards = append(cards, strconv.FormatInt(card.Number, 10))
		}
		links := s.Links
		if len(links) == 0 {
			links = []situation.Link{{}}
		}
		for _, l := range links {
			line := []string{string(s.ID), string(s.Kind), s.Title, s.Text, c.refs.where(s), s.Frequency, s.Origin.Theme, s.Origin.Session, s.Origin.Title, strconv.Itoa(s.Mentions()), strings.Join(cards, " "),
				string(l.Competence), named[l.Competence].label, string(l.Standing), s.Action, s.Owner, s.Due, s.Done, strings.Join(s.Datasets, " ")}
			for i := range line {
				line[i] = tabular.CSVCell(line[i])
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}
