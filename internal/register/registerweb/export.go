package registerweb

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"

	"cultured/internal/document"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/register"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type printPage struct {
	Head    ui.PageHead
	Entries []printed
}

// printed is one entry on paper.
type printed struct {
	Name  string
	Parts []part
}

var printTemplate = ui.Page[printPage](pages, "pages/print.tmpl")

// print is the whole register on one page, an entry a sheet.
func (d Desk) print(w http.ResponseWriter, r *http.Request) error {
	by, p := web.Actor(r), web.VisitOf(r).P
	all, err := d.Register.Open(r.Context(), by)
	if err != nil {
		return err
	}
	name, err := d.Organisation(r.Context(), by)
	if err != nil {
		return err
	}
	page := printPage{Head: ui.PageHead{Eyebrow: name, Title: p.T("registerweb.title"), Lead: p.T("registerweb.count_on", len(all.Entries), p.Date(i18n.Civil(d.Now())))}}
	for _, e := range all.Entries {
		page.Entries = append(page.Entries, printed{e.Name, sheet(p, e, opinionText(p, all, e))})
	}
	return printTemplate.Render(w, r, http.StatusOK, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p)}, page)
}

// export gives the register as a table with an activity a row, or as a text.
func (d Desk) export(w http.ResponseWriter, r *http.Request) error {
	p := web.VisitOf(r).P
	all, err := d.Register.Open(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	name := p.T("registerweb.file")
	switch format, _ := strings.CutPrefix(r.PathValue("file"), "register."); format {
	case "csv":
		web.Attachment(w, "text/csv; charset=utf-8; header=present", name+".csv")
		return writeCSV(w, p, all)
	case "ods", "xlsx":
		web.Attachment(w, tabular.SheetType(format), name+"."+format)
		return writeSheet(w, p, all, format)
	case "odt":
		doc := document.Document{Lang: string(p.Lang()), Title: p.T("registerweb.title"), Made: d.Now()}
		for _, e := range all.Entries {
			doc.Blocks = append(doc.Blocks, document.Heading{Level: 2, Text: e.Name})
			for _, one := range sheet(p, e, opinionText(p, all, e)) {
				doc.Blocks = append(doc.Blocks, document.Heading{Level: 3, Text: one.Title}, textTable(p, one))
			}
		}
		web.Attachment(w, document.MediaType(format), name+".odt")
		return doc.Write(w, format)
	}
	return fault.New(fault.NotFound, "web.not_found")
}

func textTable(p *i18n.Printer, one part) document.Table {
	t := document.Table{Header: []string{p.T("registerweb.column_field"), p.T("registerweb.column_value")}}
	for _, i := range one.Items {
		text := i.Text
		if text == "" {
			text = p.T("registerweb.not_filled")
		}
		t.Rows = append(t.Rows, []string{i.Label, text})
	}
	return t
}

// row is the fields of an entry, in words; header their names.
func row(p *i18n.Printer, all register.Register, e register.Entry) (header, cells []string) {
	for _, one := range sheet(p, e, opinionText(p, all, e)) {
		for _, i := range one.Items {
			header, cells = append(header, i.Label), append(cells, i.Text)
		}
	}
	return header, cells
}

func writeCSV(w io.Writer, p *i18n.Printer, all register.Register) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header, _ := row(p, all, register.Entry{})
	if err := out.Write(header); err != nil {
		return err
	}
	for _, e := range all.Entries {
		_, cells := row(p, all, e)
		for i := range cells {
			cells[i] = tabular.CSVCell(cells[i])
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeSheet(w io.Writer, p *i18n.Printer, all register.Register, format string) error {
	header, _ := row(p, all, register.Entry{})
	out, err := tabular.NewSheetWriter(format, w, p.T("registerweb.sheet"), header)
	if err != nil {
		return err
	}
	for _, e := range all.Entries {
		_, texts := row(p, all, e)
		cells := make([]tabular.Cell, len(texts))
		for i, text := range texts {
			cells[i] = tabular.TextCell(text)
		}
		if err := out.Row(cells); err != nil {
			return err
		}
	}
	return out.Close()
}
