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

	"cultured/internal/fault"
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
		case "YAML", "XML": // not tables
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
	r := table.Reading()
	rows := 0
	switch Part(r.Format) {
	case PartSheet:
		rows, err = filledRows(data, name, r.Sheets)
	case PartLayer:
		rows, err = layerRows(data, name, r.Sheets)
	default:
		rows, err = countRows(table)
	}
	if err != nil {
		return err.Error()
	}
	var diffs []string
	if s.encoding != "" && !sameEncoding(s.encoding, r) {
		diffs = append(diffs, "encoding "+r.Encoding)
	}
	if sep := map[string]string{"TAB": "\t", "-": ""}[s.separator]; s.separator != "" && r.Separator != sep &&
		r.Separator != s.separator {
		diffs = append(diffs, fmt.Sprintf("separator %q not %q", r.Separator, s.separator))
	}
	if n, err := strconv.Atoi(s.columns); err == nil && n != len(table.Columns()) {
		diffs = append(diffs, fmt.Sprintf("columns %d not %d", len(table.Columns()), n))
	}
	if n, err := strconv.Atoi(s.rows); err == nil && n != rows {
		diffs = append(diffs, fmt.Sprintf("rows %d not %d", rows, n))
	}
	return strings.Join(diffs, "; ")
}

// filledRows counts the filled rows of every sheet, as the catalogue does for workbooks: headers included.
func filledRows(data []byte, name string, sheets []Sheet) (n int, err error) {
	for _, sheet := range sheets {
		table, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{Sheet: sheet.Name, HeaderRow: 1})
		if fault.Is(err, "tabular.empty_sheet") {
			continue
		}
		if err != nil {
			return n, err
		}
		rows, err := countRows(table)
		n += rows + 1
		table.Close()
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// layerRows counts the rows of every layer.
func layerRows(data []byte, name string, layers []Sheet) (n int, err error) {
	for _, layer := range layers {
		table, err := Open(bytes.NewReader(data), int64(len(data)), name, Options{Sheet: layer.Name})
		if err != nil {
			return n, err
		}
		rows, err := countRows(table)
		n += rows
		table.Close()
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func countRows(table Table) (n int, err error) {
	for ; ; n++ {
		if _, err := table.Next(); err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
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

// jsonKeys is why the objects of JSON have another count of rows here.
const jsonKeys = "the catalogue counts the members of the object; the rows here are the records of the table in it, or the object itself"

// exceptions are the files whose line of the catalogue is not what is read, with the reason.
var exceptions = map[string]exception{
	"messy/bal/ban_short.csv":                                                                                    {"encoding ibm850", "the catalogue says cp1252; CRÈVE and DÉVORAH only read so in MS-DOS code page 850"},
	"messy/frictionless/blank-rows-multiple.csv":                                                                 {"rows 2 not 13", blankRows},
	"messy/frictionless/blank-rows.csv":                                                                          {"rows 2 not 3", blankRows},
	"messy/frictionless/countries.csv":                                                                           {"rows 5 not 6", blankRows},
	"messy/frictionless/country-2.csv":                                                                           {"rows 5 not 6", blankRows},
	"messy/frictionless/empty.csv":                                                                               {"tabular.Open: tabular.empty", "0 bytes"},
	"messy/frictionless/invalid.csv":                                                                             {"columns 4 not 2", "the header has four cells, one blank, one repeated"},
	"messy/frictionless/issue-1004-data2.csv":                                                                    {"columns 4 not 2", "the header has four cells; the catalogue counted the row below"},
	"messy/frictionless/skip-rows-before-headers.csv":                                                            {"rows 2 not 3", "a title row above the header"},
	"messy/frictionless/skip-rows.csv":                                                                           {"rows 3 not 4", "a title row above the header"},
	"messy/frictionless/structure-errors.csv":                                                                    {"rows 3 not 4", blankRows},
	"messy/frictionless/without-headers-extra.csv":                                                               {"columns 3 not 2; rows 3 not 2", "no header: every row is data"},
	"messy/frictionless/without-headers.csv":                                                                     {"rows 3 not 2", "no header: every row is data"},
	"messy/qsv/iwfg09_Phos_river_200911.csv":                                                                     {"rows 11 not 26", "twelve title rows and three blank ones above the header"},
	"messy/qsv/password-protected-password123.ods":                                                               {"tabular.Open: tabular.password", "encrypted"},
	"messy/qsv/password-protected-password123.xlsx":                                                              {"tabular.Open: tabular.password", "encrypted"},
	"messy/qsv/snifftest-flexible.csv":                                                                           {"rows 5 not 8", "comment rows above the header"},
	"messy/qsv/snifftest.csv":                                                                                    {"rows 3 not 6", "comment rows above the header"},
	"messy/subventions/lot_2017.csv":                                                                             {"rows 13 not 34", blankRows},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_corrupt.csv":                                      {`separator "," not "-"`, "each line is one quoted cell that holds a CSV line; the separator found is harmless"},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_empty_rows.csv":                                   {"rows 2 not 4", blankRows},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_empty_rows_old.csv":                               {"rows 2 not 4", blankRows},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_no_header.csv":                                    {"rows 2 not 1", "no header: every row is data"},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_no_header_old.csv":                                {"rows 2 not 1", "no header: every row is data"},
	"schemas/exemples/ma-cantine/fichiers/achats/purchases_bad_wrong_header_old.csv":                             {"columns 8 not 7", "the header has eight cells; the catalogue counted the rows below"},
	"schemas/exemples/ma-cantine/fichiers/canteen_managers/canteen_managers_bad_empty_rows.csv":                  {"rows 1 not 2", blankRows},
	"schemas/exemples/ma-cantine/fichiers/canteens/canteens_bad_empty_rows.csv":                                  {"rows 1 not 3", blankRows},
	"schemas/exemples/ma-cantine/fichiers/diagnostics/diagnostics_bad_file_format.ods":                           {"tabular.Open: tabular.empty_sheet[Sheet1]", "no cell at all"},
	"schemas/exemples/ma-cantine/fichiers/diagnostics_complete/diagnostics_complete_bad_empty_rows.csv":          {"rows 1 not 3", blankRows},
	"schemas/exemples/ma-cantine/fichiers/diagnostics_simple/diagnostics_simple_bad_empty_rows.csv":              {"rows 2 not 4", blankRows},
	"tables/budget_gironde/aggregated-atemporal.csv":                                                             {"rows 140 not 144", blankRows},
	"tables/budget_gironde/aggregated-temporal.csv":                                                              {"rows 146 not 150", blankRows},
	"tables/synthetique/contacts_partenaires_SYNTHETIQUE.csv":                                                    {"rows 288 not 290", "two title rows above the header"},
	"geo/fond/france-epci-dep-reg-2026.topojson":                                                                 {`rows 1255 not 1374`, "the catalogue adds up the layers of the topology; the first one is read"},
	"geo/fond/world-atlas-countries-110m.json":                                                                   {`rows 177 not 178`, "the catalogue adds up the layers of the topology; the first one is read"},
	"geo/fond/world-atlas-countries-50m.json":                                                                    {`rows 241 not 242`, "the catalogue adds up the layers of the topology; the first one is read"},
	"messy/csv-detective/a_test_file.json":                                                                       {`rows 11 not 15`, jsonKeys},
	"messy/csv-spectrum/json/location_coordinates.json":                                                          {`rows 1 not 4`, jsonKeys},
	"messy/frictionless/doublequote.csv.zip":                                                                     {`rows 5 not 1`, "the catalogue counts the files of the archive"},
	"messy/frictionless/table.csv.zip":                                                                           {`rows 2 not 1`, "the catalogue counts the files of the archive"},
	"messy/frictionless/without-rows.csv.zip":                                                                    {`rows 0 not 1`, "the catalogue counts the files of the archive"},
	"messy/qsv/NYC311-5.csv.zst":                                                                                 {`tabular.Open: tabular.unsupported[Zstandard (.zst)]`, "Zstandard is refused"},
	"messy/qsv/any_sheets.xls":                                                                                   {`rows 7 not 10`, "openpyxl and xlrd count as here; the catalogue has three more, perhaps of the chart"},
	"messy/qsv/any_sheets.xlsb":                                                                                  {`tabular.Open: tabular.unsupported[Excel (.xlsb)]`, "binary workbooks are refused"},
	"messy/qsv/any_sheets.xlsx":                                                                                  {`rows 4 not 7`, "openpyxl and xlrd count as here; the catalogue has three more, perhaps of the chart"},
	"messy/qsv/boston311-100-invalidsnappy.csv.sz":                                                               {`tabular.Open: tabular.binary[4]`, "not the Snappy its name says: its content is nothing known"},
	"messy/qsv/formula_empty_string_value.xls":                                                                   {`tabular.Open: tabular.empty_sheet[Лист1]`, "its only cell is a formula that gives an empty text"},
	"schemas/catalogue/schemas-tableschema.json":                                                                 {`rows 60 not 3`, jsonKeys},
	"schemas/catalogue/schemas.json":                                                                             {`rows 95 not 3`, jsonKeys},
	"schemas/exemples/decp/json/concessions.json":                                                                {`rows 2 not 1`, jsonKeys},
	"schemas/exemples/decp/json/concessions_avec_modifications.json":                                             {`rows 2 not 1`, jsonKeys},
	"schemas/exemples/decp/json/marches_avec_modifications.json":                                                 {`rows 2 not 1`, jsonKeys},
	"schemas/exemples/decp/json/marches_concessions.json":                                                        {`rows 2 not 1`, jsonKeys},
	"schemas/exemples/decp/schema_decp_v2.0.3.json":                                                              {`rows 16 not 6`, jsonKeys},
	"schemas/exemples/irve/datapackage.json":                                                                     {`rows 2 not 5`, jsonKeys},
	"schemas/latest/139bercy/format-commande-publique/schema_decp_v2.0.2.json":                                   {`rows 16 not 5`, jsonKeys},
	"schemas/latest/GouvernementFR/referentiel-donnees-communication-publique/communiques-de-presse_schema.json": {`rows 2 not 8`, jsonKeys},
	"schemas/latest/MTES-MCT/acceslibre-schema/datapackage.json":                                                 {`rows 6 not 5`, jsonKeys},
	"schemas/latest/PnX-SI/schema_randonnee/schema.json":                                                         {`rows 38 not 17`, jsonKeys},
	"schemas/latest/betagouv/schema-projet-collectivites-transition-ecologique/datapackage.json":                 {`rows 4 not 6`, jsonKeys},
	"schemas/latest/cnigfr/schema-operations-amenagement/datapackage.json":                                       {`rows 3 not 5`, jsonKeys},
	"schemas/latest/cnigfr/schema-paysage/datapackage.json":                                                      {`rows 7 not 5`, jsonKeys},
	"schemas/latest/cnigfr/schema-sites-economiques/datapackage.json":                                            {`rows 4 not 5`, jsonKeys},
	"schemas/latest/etalab/schema-amenagements-cyclables/schema_amenagements_cyclables.json":                     {`rows 1 not 3`, jsonKeys},
	"schemas/latest/etalab/schema-comptage-mobilites/datapackage.json":                                           {`rows 3 not 5`, jsonKeys},
	"schemas/latest/etalab/schema-dispositif-aide/datapackage.json":                                              {`rows 2 not 5`, jsonKeys},
	"schemas/latest/etalab/schema-indice-durabilite/datapackage.json":                                            {`rows 2 not 5`, jsonKeys},
	"schemas/latest/etalab/schema-irve/datapackage.json":                                                         {`rows 2 not 5`, jsonKeys},
	"schemas/latest/etalab/schema-zfe/schema.json":                                                               {`rows 1 not 3`, jsonKeys},
	"schemas/latest/gip-inclusion/data-inclusion-schema/schemas_v1_service.json":                                 {`rows 33 not 5`, jsonKeys},
	"schemas/latest/macaron-ai/onstreet-parking-schema/onstreet-parking.schema.json":                             {`rows 3 not 15`, jsonKeys},
	"schemas/latest/metis-reseaux/infos-travaux/informations_travaux.json":                                       {`rows 11 not 14`, jsonKeys},
	"tables/cantine_nantes/menus.json":                                                                           {`rows 1 not 10`, jsonKeys},
	"tables/crues_garonne/hauteur_eau_quotidienne_toulouse.parquet":                                              {`tabular.Open: tabular.unsupported[Parquet]`, "Parquet is read by an engine lent to the reader, and tested with it in cmd/cultured"},
	"tables/marches/e-marchespublics_json.zip":                                                                   {`rows 470 not 1`, "the catalogue counts the files of the archive"},
	"tables/marches/marches-publics.info_json.zip":                                                               {`rows 4509 not 1`, "the catalogue counts the files of the archive"},
}
