package main

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// TestMain lets the test's own program be the process that reads a Parquet file, as the product's is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == parquetCommand || os.Args[1] == queryCommand) {
		os.Exit(run(context.Background(), invocation{args: os.Args[1:], getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}))
	}
	os.Exit(m.Run())
}

// A damaged file that ends the engine's process does not end ours. testdata/damaged.parquet is types.parquet with bytes changed at random, found by
// FuzzForeign: reading it again and again has ended the process it was read in.
func TestParquet_thatEndsTheEngineIsABadFile(t *testing.T) {
	data, err := os.ReadFile("testdata/damaged.parquet")
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if _, _, err := parquetRead(t, reader(t.TempDir()), data, "damaged.parquet", tabular.Options{}); err != nil && !fault.Is(err, "tabular.broken") {
			t.Errorf("got %v", err)
		}
	}
}

// A process that ends without a word, whatever of, leaves a sentence and nothing else.
func TestParquet_whoseProcessIsKilledIsABadFile(t *testing.T) {
	path, err := filepath.Abs("../../internal/duck/testdata/types.parquet")
	if err != nil {
		t.Fatal(err)
	}
	rows := &parquetRows{dir: t.TempDir(), size: 1}
	if err := rows.start(path); err != nil {
		t.Fatal(err)
	}
	if err := rows.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := rows.receive(); !fault.Is(err, "tabular.broken") {
		t.Errorf("got %v", err)
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(rows.dir); !os.IsNotExist(err) {
		t.Errorf("the folder is left: %v", err)
	}
}

// The process that reads what strangers send knows no setting of ours: the environment holds addresses and passwords.
func TestParquet_readsWithoutOurSettings(t *testing.T) {
	t.Setenv("CULTURED_DATABASE", "postgres://user:secret@localhost/db")
	rows := &parquetRows{dir: t.TempDir()}
	path, err := filepath.Abs("../../internal/duck/testdata/types.parquet")
	if err != nil {
		t.Fatal(err)
	}
	if err := rows.start(path); err != nil {
		t.Fatal(err)
	}
	for _, pair := range rows.process.Env {
		if strings.HasPrefix(pair, "CULTURED_") {
			t.Errorf("the process is given %s", pair)
		}
	}
	if p, err := rows.receive(); err != nil || p.Count != 3 {
		t.Errorf("got %+v, %v", p, err)
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
}

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
	for name, r := range map[string]tabular.Reader{"server": h.reader(), "alone": reader("")} {
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
	table, n, err := parquetRead(t, reader(""), data, "crues.parquet", tabular.Options{})
	if err != nil || n != 63_068 || len(table.Columns()) != 3 {
		t.Errorf("got %v, %d rows, %v", table, n, err)
	}
}
