package main

import (
	"time"

	"cultured/internal/account/accountweb"
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/identifier"
	"cultured/internal/ui"
)

// facts says of a version of a dataset what the catalogue can derive a record from.
func (h *house) facts(ds dataset.Dataset, v dataset.Version) catalogue.Facts {
	known := dataset.FactsOf(v.Source.Name, v.Outcome.Report, ds.Dictionary)
	reading := v.Outcome.Report.Reading
	f := catalogue.Facts{FileName: v.Source.Name, Sheet: reading.Sheet, Format: reading.Format, Bytes: v.Source.Bytes, Withheld: v.Withheld(), Rows: known.Rows, Modified: v.At}
	profile := v.Outcome.Report.Profile
	for i, e := range known.Columns {
		c := catalogue.ColumnFact{Name: e.Name, Label: e.Label, Type: string(e.Type)}
		if i < len(profile.Columns) && profile.Columns[i].Privacy == dataset.PrivacyNone {
			for _, top := range profile.Columns[i].Top {
				c.Top = append(c.Top, top.Value)
			}
		}
		f.Columns = append(f.Columns, c)
	}
	if known.Dates != nil {
		f.DateMin, f.DateMax = day(known.Dates.From), day(known.Dates.To)
	}
	for _, t := range known.Territories {
		f.Territories = append(f.Territories, catalogue.Territory{Code: t.Code, Name: territoryName(t.Kind, t.Code), Kind: t.Kind, Count: t.Rows})
	}
	if b := known.Box; b != nil {
		f.BBox = &catalogue.BBox{West: b.West, South: b.South, East: b.East, North: b.North}
	}
	if known.Conforms {
		f.Schema = h.schemaOf(v.Source.Schema)
	}
	return f
}

// territoryName is the name of a département or a region; other codes have no list here yet.
func territoryName(kind, code string) string {
	switch kind {
	case "departement":
		return identifier.DepartmentName(code)
	case "region":
		return identifier.RegionName(code)
	}
	return ""
}

// personalColumns lists the columns that tell about persons.
func personalColumns(p dataset.Profile) []string {
	var out []string
	for _, c := range p.Columns {
		if c.Privacy != dataset.PrivacyNone {
			out = append(out, c.Name)
		}
	}
	return out
}

// day reads a date in canonical form; the zero time when it is none.
func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s[:min(len(s), len(time.DateOnly))])
	if err != nil {
		return time.Time{}
	}
	return t
}

func (h *house) schemaOf(ref string) catalogue.Schema {
	e, err := h.pack.Find(ref)
	if err != nil {
		return catalogue.Schema{}
	}
	return catalogue.Schema{Name: e.Name, Title: e.Title, URI: e.Source, Version: e.Version}
}

// healthPanel says how the machine is set up.
func healthPanel(p *i18n.Printer, h *house) accountweb.Panel {
	engine := "SQLite"
	if h.db.Engine == "postgres" {
		engine = "PostgreSQL"
	}
	mails := p.T("cultured.mail_none")
	if h.cfg.SMTP != "" {
		mails = p.T("cultured.mail_smtp")
	} else if h.cfg.Dev {
		mails = p.T("cultured.mail_dev")
	}
	return accountweb.Panel{Title: p.T("cultured.health"), Facts: []ui.Fact{
		{Label: p.T("cultured.version"), Value: version}, {Label: p.T("cultured.database"), Value: engine},
		{Label: p.T("cultured.mail"), Value: mails}, {Label: p.T("cultured.uploads"), Value: p.Bytes(h.cfg.UploadBytes)},
		{Label: p.T("cultured.kept_checks"), Value: ui.Span(p, h.cfg.KeepChecks)}}}
}
