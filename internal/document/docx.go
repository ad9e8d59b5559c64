package document

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
)

const (
	wordSpace = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	relation  = `<Relationship Id="%s" Type="http://schemas.openxmlformats.org/%s" Target="%s"/>`
)

func (d Document) writeDOCX(w io.Writer) error {
	x := &docx{}
	x.line(`<w:pStyle w:val="Heading1"/>`, d.Title)
	d.walk(x)
	body := `<w:document` + wordSpace + `><w:body>` + x.b.String() + `<w:sectPr><w:footerReference w:type="default" r:id="r3"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>`
	made := ""
	if !d.Made.IsZero() {
		made = `<dcterms:created xsi:type="dcterms:W3CDTF">` + stamp(d.Made) + `</dcterms:created>`
	}
	const office = "officeDocument/2006/relationships/"
	return pack(zip.NewWriter(w), []part{
		{"[Content_Types].xml", docxTypes},
		{"_rels/.rels", fmt.Sprintf(relations, fmt.Sprintf(relation, "r1", office+"officeDocument", "word/document.xml")+fmt.Sprintf(relation, "r2", "package/2006/relationships/metadata/core-properties", "docProps/core.xml"))},
		{"word/_rels/document.xml.rels", fmt.Sprintf(relations, fmt.Sprintf(relation, "r1", office+"styles", "styles.xml")+fmt.Sprintf(relation, "r2", office+"numbering", "numbering.xml")+fmt.Sprintf(relation, "r3", office+"footer", "footer1.xml"))},
		{"word/document.xml", body},
		{"word/styles.xml", docxStyles(d.Lang)},
		{"word/numbering.xml", docxNumbering},
		{"word/footer1.xml", `<w:ftr` + wordSpace + `><w:p><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>`},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>` + escaped(d.Title, " ") + `</dc:title><dc:language>` + escaped(d.Lang, "") + `</dc:language>` + made + `</cp:coreProperties>`},
	})
}

// A docx writes the body of a WordprocessingML document.
type docx struct{ b strings.Builder }

// line writes a paragraph with its properties.
func (x *docx) line(properties, text string) {
	fmt.Fprintf(&x.b, `<w:p><w:pPr>%s</w:pPr><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, properties, escaped(text, `</w:t><w:br/><w:t xml:space="preserve">`))
}

func (x *docx) heading(level int, text string) {
	x.line(fmt.Sprintf(`<w:pStyle w:val="Heading%d"/>`, level), text)
}

func (x *docx) paragraph(text string) { x.line("", text) }
func (x *docx) quote(text string)     { x.line(`<w:pStyle w:val="Quote"/>`, text) }

func (x *docx) list(points []point) {
	for _, p := range points {
		x.line(`<w:pStyle w:val="ListBullet"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`, p.text)
		for _, u := range p.under {
			x.line(`<w:pStyle w:val="ListBullet"/><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>`, u)
		}
	}
}

func (x *docx) table(t Table) {
	x.b.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/><w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>`)
	widths := t.widths(9638) // of the page between its margins, in twentieths of a point
	for _, w := range widths {
		fmt.Fprintf(&x.b, `<w:gridCol w:w="%d"/>`, w)
	}
	x.b.WriteString(`</w:tblGrid>`)
	x.row(t.Header, widths, `<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`, `<w:pStyle w:val="TableHeading"/>`)
	for _, row := range t.Rows {
		x.row(row, widths, `<w:trPr><w:cantSplit/></w:trPr>`, "")
	}
	x.b.WriteString(`</w:tbl><w:p/>`) // two tables that touch are one
}

func (x *docx) row(cells []string, widths []int, properties, style string) {
	x.b.WriteString(`<w:tr>` + properties)
	for i, c := range cells {
		fmt.Fprintf(&x.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, widths[i])
		x.line(style, c)
		x.b.WriteString(`</w:tc>`)
	}
	x.b.WriteString(`</w:tr>`)
}

const docxTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const docxNumbering = `<w:numbering` + wordSpace + `><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="454" w:hanging="284"/></w:pPr></w:lvl>` +
	`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="908" w:hanging="284"/></w:pPr></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`

func docxStyles(lang string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:styles%s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="22"/><w:lang w:val="%s"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>`, wordSpace, escaped(lang, ""))
	for i, size := range headingPoints {
		fmt.Fprintf(&b, `<w:style w:type="paragraph" w:styleId="Heading%d"><w:name w:val="heading %d"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="280"/><w:outlineLvl w:val="%d"/></w:pPr><w:rPr><w:b/><w:sz w:val="%d"/></w:rPr></w:style>`, i+1, i+1, i, 2*size)
	}
	b.WriteString(`<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/><w:pPr><w:ind w:left="567" w:right="567"/></w:pPr><w:rPr><w:i/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="TableHeading"><w:name w:val="Table Heading"/><w:basedOn w:val="Normal"/><w:rPr><w:b/></w:rPr></w:style>`)
	b.WriteString(`<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(&b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="767676"/>`, side)
	}
	b.WriteString(`</w:tblBorders></w:tblPr></w:style></w:styles>`)
	return b.String()
}
