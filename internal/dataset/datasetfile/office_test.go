package datasetfile_test

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cultured/internal/dataset"
	"cultured/internal/opendocument/officetest"
	"cultured/internal/tabular"
)

// realTables lists the tables that are shipped, but for the largest ones; with CULTURED_OFFICE=all, those of the shared tables, all of them: LibreOffice
// takes minutes over them.
func realTables(t *testing.T) (files []string) {
	t.Helper()
	dirs, most := []string{"../../../content/demo/files", "../testdata"}, int64(officeBytes)
	if os.Getenv("CULTURED_OFFICE") == "all" {
		dirs, most = []string{"../../../../shared/data/tables"}, math.MaxInt64
	}
	for _, dir := range dirs {
		ok(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasSuffix(path, "-rules.json") || !slices.Contains([]string{".csv", ".xlsx", ".ods", ".json", ".gz", ".zip"}, filepath.Ext(path)) {
				return err
			}
			info, err := e.Info()
			if err == nil && info.Size() <= most {
				files = append(files, path)
			}
			return err
		}))
	}
	return files
}

// officeBytes is how large a file may be to make the journey each time.
const officeBytes = 45_000

// awkward is a table of what spreadsheets are known to change.
const awkward = "code;identifiant;montant;taux;jour;moment;texte;vide;vrai\n" +
	"01004;123456789012345678;1234567890,12;0,1;01/01/1850;2024-03-31T02:30:00;\"deux\nlignes\";;oui\n" +
	"00000;99999999999999999999;-0,01;1e-7;29/02/2024;1999-12-31T23:59:59;\" = 1+1 \";;non\n" +
	"1E5;000000000000000001;0,3;33,333333333333336;14/07/1789;2000-02-29T00:00:00;'apostrophe;;oui\n" +
	"2-3;12345678901234567;100000000000000,5;1,7976931348623157;31/12/2099;2024-10-27T02:30:00;_x000D_ & <é>\ttab;;non\n" +
	"+33 1;1;7;2,5;28/02/1900;1970-01-01T00:00:00;@SOMME(A1)  deux  espaces;;oui\n" +
	"MARS1;2;8;3,5;01/03/1900;2024-01-01T12:00:01;1/2;;non\n"

// A trip is one table on its way through the office suite.
type trip struct {
	name   string
	header []string
	rows   [][]string // as our table holds them
	types  []dataset.Type
}

// TestNoValueChangesThroughLibreOffice gives each table out as both workbooks, has them opened and saved by LibreOffice in each format, and reads them
// again: every cell is what it was. Two limits are theirs: a cell of Excel holds 32,767 characters, and LibreOffice 7 loses the tabs of a cell of
// several lines when it saves it as OpenDocument.
func TestNoValueChangesThroughLibreOffice(t *testing.T) {
	office := officetest.Open(t, "libsclo.so")
	h := build(t)
	h.ReadTime = 5 * time.Minute
	dir := t.TempDir()
	given := map[dataset.Format][]string{}
	var trips []trip
	cells := 0
	add := func(name string, content []byte) {
		c := h.examined(t, ada, string(content), name)
		if c.State != dataset.Done || c.Outcome.Table == "" {
			t.Fatalf("%s: %v", name, c.Fault)
		}
		one := h.whole(t, name, c.Outcome)
		for _, f := range []dataset.Format{dataset.XLSX, dataset.ODS} {
			path := filepath.Join(dir, fmt.Sprintf("%02d-%s.%s", len(trips), f, f))
			out, err := os.Create(path)
			ok(t, err)
			ok(t, errors.Join(h.Export(t.Context(), c.Outcome, f, out), out.Close()))
			given[f] = append(given[f], path)
			one.same(t, path)
		}
		trips = append(trips, one)
		cells += len(one.rows) * len(one.header)
	}
	add("awkward.csv", []byte(awkward))
	for _, path := range realTables(t) {
		b, err := os.ReadFile(path)
		ok(t, err)
		add(filepath.Base(path), b)
	}
	for _, from := range []dataset.Format{dataset.XLSX, dataset.ODS} {
		files := given[from]
		for _, to := range []string{"xlsx", "ods", officetest.CSV} {
			began := time.Now()
			folder := filepath.Join(dir, string(from)+"-"+to[:3])
			for i, path := range office.Convert(t, to, folder, files...) {
				trips[i].same(t, path)
			}
			t.Logf("%s to %.4s: %v", from, to, time.Since(began).Round(time.Millisecond))
		}
	}
	t.Logf("%d tables, %d cells", len(trips), cells)
	if len(trips) < 10 {
		t.Errorf("only %d tables made the journey", len(trips))
	}
}

// whole reads a whole table as it is shown.
func (h *house) whole(t *testing.T, name string, o dataset.Outcome) trip {
	t.Helper()
	one := trip{name: name}
	for _, c := range o.Report.Profile.Columns {
		one.header, one.types = append(one.header, c.Name), append(one.types, c.Storage)
	}
	q := dataset.Query{Limit: 1000}
	for {
		page, err := h.Rows(t.Context(), o, q)
		ok(t, err)
		for _, r := range page.Rows {
			row := make([]string, len(r.Cells))
			for i, v := range r.Cells {
				row[i] = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(dataset.Plain(one.types[i], v))
			}
			one.rows = append(one.rows, row)
		}
		if page.Next == "" {
			return one
		}
		q.After = page.Next
	}
}

// same reads a file and compares it, cell by cell.
func (one *trip) same(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	ok(t, err)
	defer f.Close()
	info, err := f.Stat()
	ok(t, err)
	table, err := tabular.Open(f, info.Size(), filepath.Base(path), tabular.Options{HeaderRow: 1})
	ok(t, err)
	defer table.Close()
	wrong := 0
	tell := func(format string, args ...any) {
		if wrong++; wrong <= 5 {
			t.Errorf("%s as %s: %s", one.name, filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), fmt.Sprintf(format, args...))
		}
	}
	if got := table.Columns(); !slices.Equal(got, one.header) {
		tell("columns %q, want %q", got, one.header)
	}
	n := 0
	for ; ; n++ {
		row, err := table.Next()
		if err == io.EOF {
			break
		}
		ok(t, err)
		if n >= len(one.rows) {
			tell("row %d is one more: %q", n+1, row.Cells)
			break
		}
		for i, want := range one.rows[n] {
			got := ""
			if i < len(row.Cells) {
				got = row.Cells[i]
			}
			if strings.Contains(path, "xlsx") && len(want) > 32_767 {
				want = string([]rune(want)[:min(32_767, utf8.RuneCountInString(want))])
			}
			if strings.HasSuffix(path, "xlsx.ods") && strings.Contains(want, "\n") && !strings.Contains(got, "\t") {
				want = strings.ReplaceAll(want, "\t", "")
			}
			if got != want && !alike(one.types[i], got, want) {
				at := 0
				for at < min(len(got), len(want)) && got[at] == want[at] {
					at++
				}
				at = max(at-20, 0)
				tell("row %d, column %q, from byte %d: got %.60q, want %.60q", n+1, one.header[i], at, got[min(at, len(got)):], want[min(at, len(want)):])
			}
		}
	}
	if n < len(one.rows) {
		tell("%d rows, want %d", n, len(one.rows))
	}
	if wrong > 5 {
		t.Errorf("%s: %d differences", path, wrong)
	}
}

// alike says whether two cells mean the same: a number to the fifteen digits that spreadsheets show and LibreOffice writes, the last one give or take
// one; a moment and a truth in whichever way they are written.
func alike(t dataset.Type, got, want string) bool {
	switch t {
	case dataset.TypeNumber:
		a, err := strconv.ParseFloat(got, 64)
		b, other := strconv.ParseFloat(want, 64)
		return err == nil && other == nil && math.Abs(a-b) <= 1e-14*math.Abs(b)
	case dataset.TypeDateTime:
		day, hour, _ := strings.Cut(strings.Replace(got, " ", "T", 1), "T")
		return day+"T"+cmp.Or(hour, "00:00:00") == want
	case dataset.TypeBoolean:
		return strings.EqualFold(got, want)
	}
	return false
}
