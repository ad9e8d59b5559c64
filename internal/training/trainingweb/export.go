package trainingweb

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/tabular"
	"cultured/internal/training"
	"cultured/internal/web"
)

// An exported is a resource as its JSON says it: nothing of who follows it but a crowd.
type exported struct {
	training.Resource
	LinkChecked time.Time        `json:"link_checked,omitzero"`
	LinkOutcome training.Outcome `json:"link,omitempty"`
	Followers   int              `json:"followers_at_least,omitempty"`
}

// export gives the list of the address as a file: resources.csv with a row a resource and competence, resources.json with everything.
func (d Desk) export(w http.ResponseWriter, r *http.Request) error {
	all, err := d.Training.Inventory(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	kept := readFilter(r.URL.Query()).Keep(all, french.Fold)
	switch file := r.PathValue("file"); file {
	case "resources.csv":
		known, err := d.Competences(r.Context(), web.Actor(r), string(web.VisitOf(r).Lang))
		if err != nil {
			return err
		}
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return writeTable(w, kept, known)
	case "resources.json":
		list := []exported{}
		for _, e := range kept {
			one := exported{e.Resource, e.Link.At, e.Link.Outcome, e.Followers}
			one.By, one.Reviewer = "", "" // identifiers say nothing outside
			list = append(list, one)
		}
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, list)
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// writeTable writes one row for each resource and competence. Formulas are neutralised.
func writeTable(w io.Writer, list []training.Entry, known map[string]Competence) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"id", "title_fr", "title_en", "summary_fr", "summary_en", "address", "publisher", "kind", "format", "minutes", "level", "audience", "licence", "languages",
		"competence", "competence_label", "state", "reviewed", "link", "link_checked", "followers_at_least"}); err != nil {
		return err
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	for _, e := range list {
		for _, code := range e.Competences {
			line := []string{string(e.ID), e.Title.FR, e.Title.EN, e.Summary.FR, e.Summary.EN, e.Address, e.Publisher, e.Kind, e.Format, number(e.Minutes), strconv.Itoa(e.Level), e.Audience, e.Licence, strings.Join(e.Languages, " "),
				code, known[code].Label, string(e.State), day(e.Reviewed), string(e.Link.Outcome), day(e.Link.At), number(e.Followers)}
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
