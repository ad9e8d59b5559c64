package document

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"

	"cultured/internal/opendocument"
)

const (
	odtType   = opendocument.Text
	xmlHead   = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	odfSpaces = ` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="` + opendocument.Version + `"`
)

// A part is one file of a packed document.
type part struct{ name, text string }

// pack writes parts to a ZIP and ends it.
func pack(out *zip.Writer, parts []part) error {
	for _, p := range parts {
		f, err := out.Create(p.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, xmlHead+p.text); err != nil {
			return err
		}
	}
	return out.Close()
}

func (d Document) writeODT(w io.Writer) error {
	o := &odt{}
	o.put(`<text:h text:style-name="Heading_20_1" text:outline-level="1">%s</text:h>`, d.Title)
	d.walk(o)
	content := `<office:document-content` + odfSpaces + `><office:automatic-styles>` + odtLists + o.columns.String() + `</office:automatic-styles><office:body><office:text>` + o.b.String() + `</office:text></office:body></office:document-content>`
	made := ""
	if !d.Made.IsZero() {
		made = `<meta:creation-date>` + d.Made.UTC().Format("2006-01-02T15:04:05") + `</meta:creation-date>`
	}
	lang, country, _ := strings.Cut(d.Lang, "-")
	if country == "" {
		country = "none"
	}
	out, err := opendocument.Start(w, odtType)
	if err != nil {
		return err
	}
	return pack(out, []part{
		{"content.xml", content},
		{"styles.xml", fmt.Sprintf(odtStyles, odfSpaces, escaped(lang, ""), escaped(country, ""))},
		{"meta.xml", `<office:document-meta` + odfSpaces + `><office:meta><dc:title>` + escaped(d.Title, " ") + `</dc:title><dc:language>` + escaped(d.Lang, "") + `</dc:language>` + made + `</office:meta></office:document-meta>`},
		{opendocument.ManifestPart, opendocument.Manifest(odtType, "content.xml", "styles.xml", "meta.xml")},
	})
}

// An odt writes the body of an OpenDocument text.
type odt struct {
	b       strings.Builder
	columns strings.Builder // styles of the columns of tables
	tables  int
}

// put writes a pattern with one text in it.
func (o *odt) put(pattern, text string) { fmt.Fprintf(&o.b, pattern, odtText(text)) }

// odtText keeps lines, tabs and spaces that follow each other, which OpenDocument takes for one.
func odtText(text string) string {
	text = escaped(text, "<text:line-break/>")
	return strings.NewReplacer("\t", "<text:tab/>", "  ", " <text:s/>").Replace(text)
}

func (o *odt) heading(level int, text string) {
	fmt.Fprintf(&o.b, `<text:h text:style-name="Heading_20_%d" text:outline-level="%d">%s</text:h>`, level, level, odtText(text))
}

func (o *odt) paragraph(text string) {
	o.put(`<text:p text:style-name="Text_20_body">%s</text:p>`, text)
}
func (o *odt) quote(text string) { o.put(`<text:p text:style-name="Quotations">%s</text:p>`, text) }

func (o *odt) list(points []point) {
	o.b.WriteString(`<text:list text:style-name="Points">`)
	for _, p := range points {
		o.put(`<text:list-item><text:p text:style-name="List_20_item">%s</text:p>`, p.text)
		if len(p.under) > 0 {
			o.b.WriteString(`<text:list>`)
			for _, u := range p.under {
				o.put(`<text:list-item><text:p text:style-name="List_20_item">%s</text:p></text:list-item>`, u)
			}
			o.b.WriteString(`</text:list>`)
		}
		o.b.WriteString(`</text:list-item>`)
	}
	o.b.WriteString(`</text:list>`)
}

func (o *odt) table(t Table) {
	o.tables++
	fmt.Fprintf(&o.b, `<table:table table:name="T%d">`, o.tables)
	for i, w := range t.widths(1700) { // of the page between its margins, in tenths of a millimetre
		name := fmt.Sprintf("T%d.%d", o.tables, i+1)
		fmt.Fprintf(&o.columns, `<style:style style:name="%s" style:family="table-column"><style:table-column-properties style:column-width="%.2fcm" style:rel-column-width="%d*"/></style:style>`, name, float64(w)/100, w)
		fmt.Fprintf(&o.b, `<table:table-column table:style-name="%s"/>`, name)
	}
	o.b.WriteString(`<table:table-header-rows>`)
	o.row(t.Header, "Table_20_heading")
	o.b.WriteString(`</table:table-header-rows>`)
	for _, row := range t.Rows {
		o.row(row, "Table_20_contents")
	}
	o.b.WriteString(`</table:table><text:p text:style-name="Standard"/>`) // two tables that touch look like one
}

func (o *odt) row(cells []string, style string) {
	o.b.WriteString(`<table:table-row>`)
	for _, c := range cells {
		o.put(`<table:table-cell table:style-name="Cell" office:value-type="string"><text:p text:style-name="`+style+`">%s</text:p></table:table-cell>`, c)
	}
	o.b.WriteString(`</table:table-row>`)
}

const odtLists = `<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:padding="0.1cm" fo:border="0.5pt solid #767676"/></style:style>` +
	`<text:list-style style:name="Points"><text:list-level-style-bullet text:level="1" text:bullet-char="•"><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:margin-left="0.8cm" fo:text-indent="-0.5cm"/></style:list-level-properties></text:list-level-style-bullet>` +
	`<text:list-level-style-bullet text:level="2" text:bullet-char="–"><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" fo:margin-left="1.6cm" fo:text-indent="-0.5cm"/></style:list-level-properties></text:list-level-style-bullet></text:list-style>`

var odtStyles = `<office:document-styles%[1]s><office:styles><style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm" fo:orphans="2" fo:widows="2"/><style:text-properties fo:font-family="sans-serif" fo:font-size="11pt" fo:language="%[2]s" fo:country="%[3]s"/></style:default-style>` +
	`<style:style style:name="Standard" style:family="paragraph"/><style:style style:name="Text_20_body" style:display-name="Text body" style:family="paragraph" style:parent-style-name="Standard"/><style:style style:name="List_20_item" style:display-name="List item" style:family="paragraph" style:parent-style-name="Standard"/><style:style style:name="Table_20_contents" style:display-name="Table contents" style:family="paragraph" style:parent-style-name="Standard"/>` +
	`<style:style style:name="Table_20_heading" style:display-name="Table heading" style:family="paragraph" style:parent-style-name="Standard"><style:text-properties fo:font-weight="bold"/></style:style><style:style style:name="Quotations" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-left="1cm" fo:margin-right="1cm"/><style:text-properties fo:font-style="italic"/></style:style>` +
	odtHeadings() + `</office:styles><office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/><style:footer-style/></style:page-layout></office:automatic-styles>` +
	`<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:footer><text:p><text:page-number text:select-page="current">1</text:page-number> / <text:page-count>1</text:page-count></text:p></style:footer></style:master-page></office:master-styles></office:document-styles>`

// headingPoints are the sizes of headings, by level from 1, in points.
var headingPoints = [...]int{22, 17, 14, 12, 11, 11}

func odtHeadings() string {
	var b strings.Builder
	for i, size := range headingPoints {
		fmt.Fprintf(&b, `<style:style style:name="Heading_20_%d" style:display-name="Heading %d" style:family="paragraph" style:parent-style-name="Standard" style:default-outline-level="%d"><style:paragraph-properties fo:margin-top="0.5cm" fo:keep-with-next="always"/><style:text-properties fo:font-weight="bold" fo:font-size="%dpt"/></style:style>`, i+1, i+1, i+1, size)
	}
	return b.String()
}

// stamp is a time as Office Open XML writes it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
