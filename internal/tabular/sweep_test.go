package tabular

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const shared = "../../../shared/data"

// TestOpen_readsEveryRealFileAsItsSourceSays opens the tables of the shared collection and compares encoding,
// separator, rows and columns with its catalogue.
func TestOpen_readsEveryRealFileAsItsSourceSays(t *testing.T) {
	f, err := os.ReadFile(filepath.Join(shared, "SOURCES.csv"))
	if err != nil {
		t.Skip("shared data not here")
	}
	records, err := csv.NewReader(bytes.NewReader(f)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head := map[string]int{}
	for i, name := range records[0] {
		head[name] = i
	}
	checked := 0
	for _, rec := range records[1:] {
		format := strings.ToUpper(rec[head["format"]])
		switch format {
		case "CSV", "CSV.GZ", "XLSX", "ODS", "?": // "?" is a gzip of several members
		default:
			continue
		}
		checked++
		name := rec[head["fichier"]]
		s := catalogued{rec[head["encodage"]], rec[head["separateur"]], rec[head["lignes"]], rec[head["colonnes"]]}
		got := compareSource(t, name, s)
		want := exceptions[name]
		if got != want.says {
			t.Errorf("%s: got %q, want %q (%s)", name, got, want.says, want.why)
		}
	}
	t.Logf("%d files, %d of them exceptions", checked, len(exceptions))
}

type catalogued struct{ encoding, separator, rows, columns string }

// compareSource reads a file and says in what it differs from its line of the catalogue, "" if in nothing.
func compareSource(t *testing.T, name string, s catalogued) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(shared, name))
	if err != nil {
		return err.Error()
	}
	table, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{})
	if err != nil {
		return err.Error()
	}
	defer table.Close()
	rows := 0
	for {
		_, err := table.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err.Error()
		}
		rows++
	}
	var diffs []string
	r := table.Reading()
	if s.encoding != "" && !sameEncoding(s.encoding, r) {
		diffs = append(diffs, "encoding "+r.Encoding)
	}
	if sep := map[string]string{"TAB": "\t", "-": ""}[s.separator]; s.encoding != "" && r.Separator != sep &&
		r.Separator != s.separator {
		diffs = append(diffs, fmt.Sprintf("separator %q not %q", r.Separator, s.separator))
	}
	if n, err := strconv.Atoi(s.columns); err == nil && n != len(table.Columns()) {
		diffs = append(diffs, fmt.Sprintf("columns %d not %d", len(table.Columns()), n))
	}
	if n, err := strconv.Atoi(s.rows); err == nil && s.encoding != "" && n != rows {
		diffs = append(diffs, fmt.Sprintf("rows %d not %d", rows, n))
	}
	return strings.Join(diffs, "; ")
}

func sameEncoding(want string, r Reading) bool {
	switch want {
	case "UTF-8", "ASCII":
		return r.Encoding == "utf-8" && !r.BOM
	case "UTF-8 BOM":
		return r.Encoding == "utf-8" && r.BOM
	case "UTF-16":
		return strings.HasPrefix(r.Encoding, "utf-16")
	case "ISO-8859-1":
		return r.Encoding == "iso-8859-1"
	case "cp1252":
		return r.Encoding == "windows-1252" || r.Encoding == "iso-8859-1"
	}
	return r.BOM && strings.HasPrefix(r.Encoding, "windows")
}

type exception struct{ says, why string }

// blankRows is why most files have fewer rows here.
const blankRows = "the catalogue counts blank rows; they are passed over here, and still counted in Row.Number"

// exceptions are the files whose line of the catalogue is not what is read, with the reason.
var exceptions = map[string]exception{
	"messy/bal/ban_short.csv":                                                                           {"encoding ibm850", "the catalogue says cp1252; CRÈVE and DÉVORAH only read so in MS-DOS code page 850"},
	"messy/frictionless/blank-rows-multiple.csv":                                                        {"rows 2 not 13", blankRows},
	"messy/frictionless/blank-rows.csv":                                                                 {"rows 2 not 3", blankRows},
	"messy/frictionless/countries.csv":                                                                  {"rows 5 not 6", blankRows},
	"messy/frictionless/country-2.csv":                                                                  {"rows 5 not 6", blankRows},
	"messy/frictionless/empty.csv":                                                                      {"tabular.Open: tabular.empty", "0 bytes"},
	"messy/frictionless/invalid.csv":                                                                    {"columns 4 not 2", "the header has four cells, one blank, one repeated"},
	"messy/frictionless/issue-1004-data2.csv":                                                           {"columns 4 not 2", "the header has four cells; the catalogue counted the row below"},
	"messy/frictionless/skip-rows-before-headers.csv":                                                   {"rows 2 not 3", "a title row above the header"},
	"messy/frictionless/skip-rows.csv":                                                                  {"rows 3 not 4", "a title row above the header"},
	"messy/frictionless/structure-errors.csv":                                                           {"rows 3 not 4", blankRows},
	"messy/frictionless/without-headers-extra.csv":                                                      {"columns 3 not 2; rows 3 not 2", "no header: every row is data"},
	"messy/frictionless/without-headers.csv":                                                            {"rows 3 not 2", "no header: every row is data"},
	"messy/qsv/iwfg09_Phos_river_200911.csv":                                                            {"rows 23 not 26", "title rows above the header"},
	"messy/qsv/password-protected-password123.ods":                                                      {"tabular.Open: tabular.password", "encrypted"},
	"messy/qsv/password-protected-password123.xlsx":                                                     {"tabular.Open: tabular.password", "encrypted"},
	"messy/qsv/snifftest-flexible.csv":                                                                  {"rows 5 not 8", "comment rows above the header"},
	"messy/qsv/snifftest.csv":                                                                           {"rows 3 not 6", "comment rows above the header"},
	"messy/subventions/lot_2017.csv":                                                                    {"rows 13 not 34", blankRows},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_corrupt.csv":                             {`separator "," not "-"`, "each line is one quoted cell that holds a CSV line; the separator found is harmless"},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_empty_rows.csv":                          {"rows 2 not 4", blankRows},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_empty_rows_old.csv":                      {"rows 2 not 4", blankRows},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_no_header.csv":                           {"rows 2 not 1", "no header: every row is data"},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_no_header_old.csv":                       {"rows 2 not 1", "no header: every row is data"},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_wrong_header_old.csv":                    {"columns 8 not 7", "the header has eight cells; the catalogue counted the rows below"},
	"schemas/exemples/ma-cantine/fichiers/canteen_managers/canteen_managers_bad_empty_rows.csv":         {"rows 1 not 2", blankRows},
	"schemas/exemples/ma-cantine/fichiers/canteens/canteens_bad_empty_rows.csv":                         {"rows 1 not 3", blankRows},
	"schemas/exemples/ma-cantine/fichiers/diagnostics/diagnostics_bad_file_format.ods":                  {"tabular.Open: tabular.empty_sheet[Sheet1]", "no cell at all"},
	"schemas/exemples/ma-cantine/fichiers/diagnostics_complete/diagnostics_complete_bad_empty_rows.csv": {"rows 1 not 3", blankRows},
	"schemas/exemples/ma-cantine/fichiers/diagnostics_simple/diagnostics_simple_bad_empty_rows.csv":     {"rows 2 not 4", blankRows},
	"tables/budget_gironde/aggregated-atemporal.csv":                                                    {"rows 140 not 144", blankRows},
	"tables/budget_gironde/aggregated-temporal.csv":                                                     {"rows 146 not 150", blankRows},
	"tables/synthetique/contacts_partenaires_SYNTHETIQUE.csv":                                           {"rows 288 not 290", "two title rows above the header"},
}
