package learningweb

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/learning"
	"cultured/internal/tabular"
	"cultured/internal/web"
)

// export gives the visitor's evidence as a file: evidence.csv with a row a piece and competence, evidence.json with everything.
func (d Desk) export(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	all, err := d.Mine(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	switch file := r.PathValue("file"); file {
	case "evidence.csv":
		f, err := d.framework(r)
		if err != nil {
			return err
		}
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return writeTable(w, f, all, string(v.Lang))
	case "evidence.json":
		if all == nil {
			all = []learning.Evidence{}
		}
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, all)
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// writeTable writes one row for each piece of evidence and competence. Formulas are neutralised.
func writeTable(w io.Writer, f Framework, all []learning.Evidence, lang string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"id", "date", "kind", "title", "competence", "competence_label", "level", "checks", "reviews", "version", "sha256", "address", "until", "withdrawn", "note", "file"}); err != nil {
		return err
	}
	for _, e := range all {
		for _, l := range e.Shows {
			var checks, reviews []string
			for _, c := range e.Checks {
				checks = append(checks, string(c.How)+" "+c.Result)
			}
			for _, r := range e.Reviews {
				reviews = append(reviews, string(r.State))
			}
			line := []string{string(e.ID), day(e.At), e.Artefact.Kind, e.Artefact.Title.In(lang), l.Code, f.find(l.Code).Label, strconv.Itoa(l.Level), strings.Join(checks, ", "), strings.Join(reviews, ", "),
				e.Artefact.Version, e.Artefact.Hash, e.Artefact.Address, day(e.Until), day(e.Withdrawn), e.Note, e.Artefact.Name}
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

// day is a date as files write it, "" for none.
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.DateOnly)
}
