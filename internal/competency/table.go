package competency

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/tabular"
)

// A Sheet is one table of a framework, with a header. Its names are in English, for machines; a dictionary says what they mean.
type Sheet struct {
	Name string // file name: "items.csv"
	Rows [][]string
}

// The tables of a framework. Together they say all of it.
const (
	sheetFramework  = "framework.csv"
	sheetLevels     = "levels.csv"
	sheetItems      = "items.csv"
	sheetAlignments = "alignments.csv"
	sheetDictionary = "dictionary.csv"
)

// Sheets writes the framework as tidy tables: one row a thing, one column a fact, one column a language.
func (a Address) Sheets(f Framework) []Sheet {
	langs := f.writtenIn()
	return []Sheet{f.frameworkSheet(a, langs), f.levelSheet(langs), f.itemSheet(a, langs), f.alignmentSheet(langs)}
}

// writtenIn lists the languages of the framework, then those its texts use besides.
func (f Framework) writtenIn() []string {
	langs := slices.Clone(f.Languages)
	more := map[string]bool{}
	note := func(t Text) {
		for lang := range t {
			if !slices.Contains(langs, lang) {
				more[lang] = true
			}
		}
	}
	note(f.Title)
	note(f.Description)
	for _, l := range f.Levels {
		note(l.Label)
		note(l.Description)
	}
	for _, it := range f.Items {
		note(it.Label)
		note(it.Description)
		for _, t := range it.Levels {
			note(t)
		}
		for _, al := range it.Alignments {
			note(al.Label)
		}
	}
	return append(langs, slices.Sorted(maps.Keys(more))...)
}

func header(columns []string, langs []string, names ...string) []string {
	for _, name := range names {
		for _, lang := range langs {
			columns = append(columns, name+"_"+lang)
		}
	}
	return columns
}

func cells(row []string, langs []string, texts ...Text) []string {
	for _, t := range texts {
		for _, lang := range langs {
			row = append(row, t[lang])
		}
	}
	return row
}

func (f Framework) frameworkSheet(a Address, langs []string) Sheet {
	row := []string{string(f.ID), a.Framework(f), f.Edition, f.Creator, f.Source, f.Licence, strings.Join(f.Languages, " ")}
	return Sheet{sheetFramework, [][]string{header([]string{"id", "uri", "edition", "creator", "source", "licence", "languages"}, langs, "title", "description"),
		cells(row, langs, f.Title, f.Description)}}
}

func (f Framework) levelSheet(langs []string) Sheet {
	s := Sheet{sheetLevels, [][]string{header([]string{"position", "code"}, langs, "label", "description")}}
	for i, l := range f.Levels {
		s.Rows = append(s.Rows, cells([]string{strconv.Itoa(i + 1), l.Code}, langs, l.Label, l.Description))
	}
	return s
}

// levelCodes lists the levels any item describes: those of the framework first.
func (f Framework) levelCodes() []string {
	var codes []string
	for _, l := range f.Levels {
		codes = append(codes, l.Code)
	}
	more := map[string]bool{}
	for _, it := range f.Items {
		for code := range it.Levels {
			if !slices.Contains(codes, code) {
				more[code] = true
			}
		}
	}
	return append(codes, slices.Sorted(maps.Keys(more))...)
}

func (f Framework) itemSheet(a Address, langs []string) Sheet {
	codes := f.levelCodes()
	columns := header([]string{"id", "uri", "code", "kind", "parent", "family", "status", "successors", "mark", "modified"}, langs, "label", "description")
	for _, code := range codes {
		columns = header(columns, langs, "level_"+code)
	}
	s := Sheet{sheetItems, [][]string{columns}}
	for _, it := range f.Items {
		family, status, mark := "", "current", ""
		if up, ok := f.FamilyOf(it.Parent); ok {
			family = up.Label.In(f.Main())
		}
		if it.Retired {
			status = "retired"
		}
		if it.Mark > 0 {
			mark = strconv.Itoa(it.Mark)
		}
		var successors []string
		for _, id := range it.Successors {
			successors = append(successors, string(id))
		}
		row := []string{string(it.ID), a.Item(f, it), it.Code, string(it.Kind), string(it.Parent), family, status, strings.Join(successors, " "), mark,
			it.Modified.UTC().Format(time.RFC3339Nano)}
		row = cells(row, langs, it.Label, it.Description)
		for _, code := range codes {
			row = cells(row, langs, it.Levels[code])
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func (f Framework) alignmentSheet(langs []string) Sheet {
	s := Sheet{sheetAlignments, [][]string{header([]string{"item", "item_code", "scheme", "code", "uri", "match", "source", "checked", "note"}, langs, "label")}}
	for _, it := range f.Items {
		for _, al := range it.Alignments {
			row := []string{string(it.ID), it.Code, al.Scheme, al.Code, al.URI, string(al.Match), al.Source, al.Checked, al.Note}
			s.Rows = append(s.Rows, cells(row, langs, al.Label))
		}
	}
	return s
}

// Dictionary says what each column of the sheets means; say gives the sentence of a catalogue key.
func Dictionary(sheets []Sheet, say func(key string, args ...any) string) Sheet {
	out := Sheet{sheetDictionary, [][]string{{"file", "column", "meaning"}}}
	for _, s := range sheets {
		for _, column := range s.Rows[0] {
			base, lang := column, ""
			if i := strings.LastIndexByte(column, '_'); i > 0 && column != "item_code" {
				base, lang = column[:i], column[i+1:]
			}
			meaning := ""
			switch table := strings.TrimSuffix(s.Name, ".csv"); {
			case strings.HasPrefix(base, "level_"):
				meaning = say("competency.column_items_level", strings.TrimPrefix(base, "level_"))
			default:
				meaning = say("competency.column_" + table + "_" + base)
			}
			if lang != "" {
				meaning = say("competency.column_in_language", meaning, lang)
			}
			out.Rows = append(out.Rows, []string{s.Name, column, meaning})
		}
	}
	return out
}

// WriteCSV writes one sheet: UTF-8 with a byte-order mark, which spreadsheets need to read accents; formulas are made harmless in a
// way that [unguard] takes back.
func (s Sheet) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	for _, row := range s.Rows {
		line := make([]string, len(row))
		for i, cell := range row {
			line[i] = guard(cell)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// Pack writes the sheets and their dictionary as one ZIP archive.
func Pack(w io.Writer, sheets []Sheet, at time.Time) error {
	z := zip.NewWriter(w)
	for _, s := range sheets {
		file, err := z.CreateHeader(&zip.FileHeader{Name: s.Name, Method: zip.Deflate, Modified: at})
		if err != nil {
			return err
		}
		if err := s.WriteCSV(file); err != nil {
			return err
		}
	}
	return z.Close()
}

// guard is [tabular.CSVCell] so that it can be taken back: a text that begins with ' gets another.
func guard(s string) string {
	if strings.HasPrefix(s, "'") {
		return "'" + s
	}
	return tabular.CSVCell(s)
}

// unguard takes back what guard, or another export, put before a formula.
func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@\t\r'", s[1]) >= 0 {
		return s[1:]
	}
	return s
}
