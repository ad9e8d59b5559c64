package main

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// parquetRead reads a file with a reader and counts its rows.
func parquetRead(t *testing.T, reader tabular.Reader, data []byte, name string, opt tabular.Options) (tabular.Table, int, error) {
	t.Helper()
	table, err := reader.Open(bytes.NewReader(data), int64(len(data)), name, opt)
	if err != nil {
		return nil, 0, err
	}
	t.Cleanup(func() {
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	})
	for n := 0; ; n++ {
		if _, err := table.Next(); err == io.EOF {
			return table, n, nil
		} else if err != nil {
			return table, n, err
		}
	}
}

// TestParquet_isReadByTheServerAndAlone reads a file as it came and packed, with the engine of the server and with one of its own.
func TestParquet_isReadByTheServerAndAlone(t *testing.T) {
	data, err := os.ReadFile("../../internal/duck/testdata/types.parquet")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.Create("dossier/types.parquet")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	h := built(t)
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Cleanup(func() { // runs after the tables are closed
		for _, dir := range []string{temp, h.blobs.TempDir()} {
			if left, err := filepath.Glob(filepath.Join(dir, "*parquet*")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		}
	})
	for name, r := range map[string]tabular.Reader{"server": h.reader(), "alone": reader("", alone)} {
		table, n, err := parquetRead(t, r, data, "types.parquet", tabular.Options{})
		if err != nil || n != 3 || table.Reading().Format != "parquet" || !table.Reading().Typed || table.Columns()[0] != "texte" || table.Position() != int64(len(data)) {
			t.Errorf("%s: got %v, %d rows, %v", name, table, n, err)
		}
		table, n, err = parquetRead(t, r, packed.Bytes(), "types.zip", tabular.Options{})
		if err != nil || n != 3 || table.Reading().Member != "dossier/types.parquet" {
			t.Errorf("%s, in a zip: got %v, %d rows, %v", name, table, n, err)
		}
		if _, _, err := parquetRead(t, r, data[:len(data)-9], "types.parquet", tabular.Options{}); !fault.Is(err, "tabular.broken") {
			t.Errorf("%s, cut: got %v", name, err)
		}
		small := tabular.Options{Limits: tabular.Limits{CellBytes: 4}}
		if _, _, err := parquetRead(t, r, data, "types.parquet", small); !fault.Is(err, "tabular.cell_too_large") {
			t.Errorf("%s, a cell too large: got %v", name, err)
		}
	}
}

func TestParquet_realHeightsOfARiver(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/tables/crues_garonne/hauteur_eau_quotidienne_toulouse.parquet")
	if err != nil {
		t.Skip("shared data not here")
	}
	table, n, err := parquetRead(t, reader("", alone), data, "crues.parquet", tabular.Options{})
	if err != nil || n != 63_068 || len(table.Columns()) != 3 {
		t.Errorf("got %v, %d rows, %v", table, n, err)
	}
}
