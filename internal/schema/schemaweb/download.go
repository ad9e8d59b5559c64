package schemaweb

import (
	"encoding/csv"
	"io"
	"io/fs"
	"net/http"

	schemafiles "cultured/content/schemas"
	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/tabular"
	"cultured/internal/web"
)

// descriptor gives the schema as its owner published it, byte for byte.
func descriptor(w http.ResponseWriter, _ *http.Request, e *schema.Entry) error {
	raw, err := fs.ReadFile(schemafiles.Files, e.Path)
	if err != nil {
		return fault.New(fault.Internal, "schema.pack_broken", e.Name).Because(err)
	}
	web.Public(w)
	web.Attachment(w, "application/json", shortName(e)+".schema.json")
	_, err = w.Write(raw)
	return err
}

// templateCSV gives an empty file with the schema's columns: commas, UTF-8 with a byte-order mark, which spreadsheets need
// to read accents.
func templateCSV(w http.ResponseWriter, _ *http.Request, e *schema.Entry) error {
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
func templateXLSX(w http.ResponseWriter, _ *http.Request, e *schema.Entry) error {
	web.Public(w)
	web.Attachment(w, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", shortName(e)+".xlsx")
	out, err := tabular.NewXLSXWriter(w, "donnees", e.Columns, nil)
	if err != nil {
		return err
	}
	return out.Close()
}
