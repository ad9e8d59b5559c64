package tabular

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
)

// archived is a zip of files in the order given: name, content, name, content.
func archived(t testing.TB, method uint16, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := z.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOpen_choosesAFileOfAnArchive(t *testing.T) {
	small, large := "a;b\n1;2\n", "c;d\n"+strings.Repeat("3;4\n", 50)
	inner := string(archived(t, zip.Deflate, "petit.csv", small, "dossier/grand.csv", large))
	for _, c := range []struct {
		name         string
		data         []byte
		member       string
		want, column string
		members      int
		fault        string
	}{
		{"the only one", archived(t, zip.Deflate, "x/a.csv", small), "", "x/a.csv", "a", 1, ""},
		{"the largest", []byte(inner), "", "dossier/grand.csv", "c", 2, ""},
		{"the one asked for", []byte(inner), "petit.csv", "petit.csv", "a", 2, ""},
		{"one that is not there", []byte(inner), "absent.csv", "", "", 0, "tabular.no_member"},
		{"not the dictionary", archived(t, zip.Deflate, "dictionnaire_des_champs.csv", large, "a.csv", small), "", "a.csv", "a", 2, ""},
		{"not the read me", archived(t, zip.Deflate, "LISEZMOI.txt", large, "a.csv", small), "", "a.csv", "a", 2, ""},
		{"not what a Mac adds", archived(t, zip.Deflate, "__MACOSX/._a.csv", large, ".DS_Store", large, "a.csv", small), "", "a.csv", "a", 1, ""},
		{"the next when the first cannot be read", archived(t, zip.Deflate, "a.csv", small, "b.csv", "\n\n\n\n\n\n\n\n\n\n\n"), "", "a.csv", "a", 2, ""},
		{"a workbook", archived(t, zip.Deflate, "a.xlsx", string(fixture(t, "aube.xlsx")), "n.pdf", "%PDF-"), "", "a.xlsx", "Nom de l’attributaire", 1, ""},
		{"a workbook that is only stored", archived(t, zip.Store, "a.xlsx", string(fixture(t, "aube.xlsx"))), "", "a.xlsx", "Nom de l’attributaire", 1, ""},
		{"a gzip", archived(t, zip.Deflate, "a.csv.gz", string(gzipped(small))), "", "a.csv.gz", "a", 1, ""},
		{"a table without an extension", archived(t, zip.Deflate, "export", small, "photo", "\x89PNG\r\n"), "", "export", "a", 1, ""},
		{"a zip in a zip", archived(t, zip.Deflate, "lot.zip", inner), "", "lot.zip/dossier/grand.csv", "c", 2, ""},
		{"one of a zip in a zip", archived(t, zip.Deflate, "lot.zip", inner, "z.csv", small), "lot.zip/petit.csv", "lot.zip/petit.csv", "a", 3, ""},
		{"nothing to read", archived(t, zip.Deflate, "photo.png", "\x89PNG\r\n"), "", "", "", 0, "tabular.no_table_in_zip"},
		{"nothing at all", archived(t, zip.Deflate), "", "", "", 0, "tabular.no_table_in_zip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, columns, rows, err := readAll(t, c.data, "f.zip", Options{Member: c.member})
			if c.fault != "" {
				if !fault.Is(err, c.fault) {
					t.Errorf("got %v, want %s", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.Member != c.want || columns[0] != c.column || len(r.Members) != c.members || len(rows) == 0 {
				t.Errorf("got %+v, %q, %d rows", r, columns, len(rows))
			}
			again, _, _, err := readAll(t, c.data, "f.zip", Options{Member: r.Member})
			if err != nil || again.Member != r.Member || !slices.Equal(again.Members, r.Members) {
				t.Errorf("asked for by its own name: got %+v, %v", again, err)
			}
		})
	}
}

func TestOpen_refusesArchivesWithoutAnEnd(t *testing.T) {
	data := string(archived(t, zip.Deflate, "a.csv", "a;b\n1;2\n"))
	for range maxDepth {
		data = string(archived(t, zip.Deflate, "a.zip", data))
	}
	if _, _, _, err := readAll(t, []byte(data), "f.zip", Options{}); !fault.Is(err, "tabular.too_deep") {
		t.Errorf("got %v, want tabular.too_deep", err)
	}
}

// tempSpool is a spool that says whether it was closed.
type tempSpool struct {
	*os.File
	open *int
}

func (s tempSpool) Close() error { *s.open--; return s.File.Close() }

func TestReader_unpacksLargeFilesToASpool(t *testing.T) {
	noise := make([]byte, spoolFree)
	for i := range noise {
		noise[i] = byte(i * i >> 8)
	}
	parts := []string{"pad.bin", string(noise)}
	for name, body := range sheetParts(`<row><c><v>1</v></c></row><row><c><v>2</v></c></row>`) {
		parts = append(parts, name, body)
	}
	data := archived(t, zip.Deflate, "a.xlsx", string(archived(t, zip.Store, parts...)))
	if _, _, _, err := readAll(t, data, "f.zip", Options{}); !fault.Is(err, "tabular.expands_too_much") {
		t.Errorf("without a spool: got %v, want tabular.expands_too_much", err)
	}
	open := 0
	reader := Reader{Spool: func() (Spool, error) {
		f, err := os.Create(t.TempDir() + "/spool")
		open++
		return tempSpool{f, &open}, err
	}}
	table, err := reader.Open(bytes.NewReader(data), int64(len(data)), "f.zip", Options{})
	if err != nil {
		t.Fatal(err)
	}
	row, err := table.Next()
	if err != nil || row.Cells[0] != "1" || table.Position() > int64(len(data)) {
		t.Errorf("got %v, %v, at %d", row, err, table.Position())
	}
	if err := table.Close(); err != nil || open != 0 {
		t.Errorf("got %v and %d spools left open", err, open)
	}
	if _, err := reader.Open(bytes.NewReader(data), int64(len(data)), "f.zip", Options{Sheet: "absente"}); err == nil || open != 0 {
		t.Errorf("refused: got %v and %d spools left open", err, open)
	}
}

// lent are rows somebody else reads.
type lent struct{ left int }

func (l *lent) Next() ([]string, error) {
	if l.left--; l.left < 0 {
		return nil, io.EOF
	}
	return []string{"x", "y"}, nil
}
func (l *lent) Position() int64 { return 0 }
func (l *lent) Close() error    { return nil }

func TestReader_hasParquetReadByWhomTheCallerNames(t *testing.T) {
	reader := Reader{Parquet: func(_ io.ReaderAt, size int64, opt Options) (Table, error) {
		return NewTable([]string{"a", "b"}, &lent{3}, Reading{Format: "parquet"}, opt.Limits)
	}}
	for name, data := range map[string][]byte{"alone": []byte("PAR1data"), "in a zip": archived(t, zip.Deflate, "d/p.parquet", "PAR1data")} {
		if _, err := Open(bytes.NewReader(data), int64(len(data)), "f", Options{}); err == nil {
			t.Errorf("%s: read by nobody", name)
		}
		table, err := reader.Open(bytes.NewReader(data), int64(len(data)), "f", Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r := table.Reading()
		if r.Format != "parquet" || !r.Typed || (name == "in a zip") != (r.Member == "d/p.parquet") {
			t.Errorf("%s: got %+v", name, r)
		}
		for n := 1; n <= 3; n++ {
			if row, err := table.Next(); err != nil || row.Number != n {
				t.Errorf("%s: got %v, %v", name, row, err)
			}
		}
	}
	if !slices.Contains(reader.Extensions(), ".parquet") || slices.Contains(Reader{}.Extensions(), ".parquet") {
		t.Error("Extensions do not follow what is read")
	}
}
