package tabular

import (
	"path"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// sharedBytes bounds the shared strings of a workbook, which must be held in memory while it is read.
const sharedBytes = 256 << 20

// xlsxBook is what the sheets of a workbook share.
type xlsxBook struct {
	*container
	shared    []string
	styles    []numberStyle
	epoch1904 bool
}

// workbookPath returns the name of the part that lists the sheets, "" if there is none.
func (c *container) workbookPath() string {
	if c.has("xl/workbook.xml") {
		return "xl/workbook.xml"
	}
	found := ""
	_ = c.each("_rels/.rels", func(x *xmlReader, kind xmlKind) error {
		if kind == xmlStart && x.is("Relationship") && strings.HasSuffix(string(x.attr("Type")), "/officeDocument") {
			found = strings.TrimPrefix(string(x.attr("Target")), "/")
		}
		return nil
	})
	if !c.has(strings.ToLower(found)) || strings.HasSuffix(found, "document.xml") || strings.HasSuffix(found, "presentation.xml") {
		return ""
	}
	return found
}

// openXLSX opens a workbook of Office Open XML, transitional or strict.
// Source: ECMA-376-1:2016 § 18.
func openXLSX(c *container, reading Reading, opt Options) (Table, error) {
	book := &xlsxBook{container: c}
	at := c.workbookPath()
	targets, err := c.targets(at)
	if err != nil {
		return nil, err
	}
	var sheets []sheetFile
	err = c.each(at, func(x *xmlReader, kind xmlKind) error {
		if kind != xmlStart {
			return nil
		}
		switch string(x.name) {
		case "workbookPr":
			book.epoch1904 = truth(x.attr("date1904"))
		case "sheet":
			t, ok := targets.byID[string(x.attr("id"))]
			if !ok || !strings.HasSuffix(t.kind, "/worksheet") || !c.has(strings.ToLower(t.name)) {
				return nil
			}
			state := string(x.attr("state"))
			sheets = append(sheets, sheetFile{
				Sheet: Sheet{Name: string(x.attr("name")), Hidden: state == "hidden" || state == "veryHidden"},
				bytes: c.unpacked(strings.ToLower(t.name)),
				open:  func() (rowSource, error) { return book.openSheet(t.name, opt.Limits) },
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(sheets) == 0 {
		return nil, fault.New(fault.Invalid, "tabular.broken", "XLSX")
	}
	if err := book.readStyles(targets.byKind["/styles"]); err != nil {
		return nil, err
	}
	if err := book.readShared(targets.byKind["/sharedStrings"]); err != nil {
		return nil, err
	}
	if book.epoch1904 {
		reading.note("tabular.note_date_1904")
	}
	return openSheets(sheets, reading, opt)
}

type target struct{ name, kind string }

// targetList are the parts another part points to.
type targetList struct {
	byID   map[string]target
	byKind map[string]string // by the end of the kind: "/styles"
}

// targets reads the relations of a part.
func (c *container) targets(of string) (targetList, error) {
	dir, file := path.Split(of)
	list := targetList{map[string]target{}, map[string]string{}}
	err := c.each(dir+"_rels/"+file+".rels", func(x *xmlReader, kind xmlKind) error {
		if kind != xmlStart || !x.is("Relationship") {
			return nil
		}
		name := strings.ReplaceAll(string(x.attr("Target")), "\\", "/")
		if !strings.HasPrefix(name, "/") {
			name = path.Join(dir, name)
		}
		t := target{strings.TrimPrefix(name, "/"), string(x.attr("Type"))}
		list.byID[string(x.attr("Id"))] = t
		list.byKind["/"+path.Base(t.kind)] = t.name
		return nil
	})
	return list, err
}

func truth(b []byte) bool { return string(b) == "1" || string(b) == "true" }

// readShared reads the shared strings: runs are joined, phonetic guides dropped.
func (b *xlsxBook) readShared(name string) error {
	if name == "" {
		return nil
	}
	var text []byte
	var in, phonetic bool
	size := 0
	return b.each(name, func(x *xmlReader, kind xmlKind) error {
		switch kind {
		case xmlText:
			if in && !phonetic {
				text = append(text, x.text...)
			}
			return nil
		case xmlStart:
			switch string(x.name) {
			case "si":
				text = text[:0]
			case "t":
				in = true
			case "rPh":
				phonetic = true
			}
			return nil
		}
		switch string(x.name) {
		case "t":
			in = false
		case "rPh":
			phonetic = false
		case "si":
			if size += len(text) + 16; size > sharedBytes {
				return fault.New(fault.TooLarge, "tabular.expands_too_much", sharedBytes)
			}
			b.shared = append(b.shared, officeText(text))
		}
		return nil
	})
}

// officeText resolves the _x000D_ escapes office programs write, drops carriage returns, and copies the text.
func officeText(b []byte) string {
	s := string(b)
	if strings.Contains(s, "_x") {
		s = unescapeOffice(s)
	}
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return s
}

// unescapeOffice resolves _xHHHH_. Source: ECMA-376-1:2016 § 22.4.2.4, ST_Xstring.
func unescapeOffice(s string) string {
	var out strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || len(s) < i+7 {
			out.WriteString(s)
			return out.String()
		}
		v, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			out.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		out.WriteString(s[:i])
		if v >= 0x20 || v == '\n' || v == '\t' || v == '\r' {
			out.WriteRune(rune(v))
		}
		s = s[i+7:]
	}
}
