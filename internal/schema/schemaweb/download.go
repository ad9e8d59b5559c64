package schemaweb

import (
	"encoding/csv"
	"io"
	"net/http"

	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/tabular"
	"cultured/internal/web"
)

// descriptor gives the schema as its owner published it, byte for byte.
func descriptor(w http.ResponseWriter, _ *http.Request, e *schema.Entry) error {
	raw, err := e.Raw()
	if err != nil {
		return err
	}
	web.Public(w)
	web.Attachment(w, "application/json", shortName(e)+".schema.json")
	_, err = w.Write(raw)
	return err
}

// template answers for schemas of a table only. Faults: NotFound "schemaweb.no_template".
func template(answer func(http.ResponseWriter, *schema.Entry) error) func(http.ResponseWriter, *http.Request, *schema.Entry) error {
	return func(w http.ResponseWriter, _ *http.Request, e *schema.Entry) error {
		if e.Kind != schema.KindTable {
			return fault.New(fault.NotFound, "schemaweb.no_template", e.Title)
		}
		return answer(w, e)
	}
}

// templateCSV gives an empty file with the schema's columns: commas, UTF-8 with a byte-order mark, which spreadsheets need
// to read accents.
func templateCSV(w http.ResponseWriter, e *schema.Entry) error {
	web.Public(w)
	web.Attachment(w, "text/csv; charset=utf-8; header=present", shortName(e)+".csv")
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	if err := out.Write(e.Columns); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// templateXLSX gives the same as a workbook, which spreadsheets open without a question.
func templateXLSX(w http.ResponseWriter, e *schema.Entry) error {
	web.Public(w)
	web.Attachment(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", shortName(e)+".xlsx")
	out, err := tabular.NewXLSXWriter(w, "donnees", e.Columns, nil)
	if err != nil {
		return err
	}
	return out.Close()
}
