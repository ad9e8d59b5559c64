package sqlite

import (
	"bytes"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the engine itself, as the judge
)

// made has the engine write a file, and returns its bytes.
func made(t testing.TB, statements ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	d, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	d.SetMaxOpenConns(1)
	for _, s := range statements {
		if _, err := d.Exec(s); err != nil {
			t.Fatal(s, err)
		}
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// text writes a value so that its kind shows.
func text(v Value) string {
	switch v.Kind {
	case Integer:
		return strconv.FormatInt(v.Int, 10)
	case Real:
		return strconv.FormatFloat(v.Real, 'g', -1, 64)
	case Text:
		return "'" + string(v.Bytes) + "'"
	case Blob:
		return "x" + hex.EncodeToString(v.Bytes)
	}
	return "null"
}

// read reads a table to its end, a line a row.
func read(data []byte, table string) (names []string, rows []string, err error) {
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	t, ok := f.Table(table)
	if !ok {
		return nil, nil, fmt.Errorf("no table %s", table)
	}
	for _, c := range t.Columns {
		names = append(names, c.Name+" "+c.Type)
	}
	for r := f.Rows(t, 1<<20); ; {
		values, err := r.Next()
		if err == io.EOF {
			return names, rows, nil
		}
		if err != nil {
			return names, rows, err
		}
		line := make([]string, len(values))
		for i, v := range values {
			line[i] = text(v)
		}
		rows = append(rows, strings.Join(line, "|"))
	}
}

// asked has the engine read the same table.
func asked(t testing.TB, data []byte, table string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var columns []string
	names, err := d.Query(`SELECT name FROM pragma_table_xinfo('` + table + `') WHERE hidden <> 2 ORDER BY cid`)
	if err != nil {
		t.Fatal(err)
	}
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			t.Fatal(err)
		}
		q := `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		columns = append(columns, fmt.Sprintf("CASE typeof(%[1]s) WHEN 'null' THEN 'null' WHEN 'text' THEN '''' || %[1]s || '''' WHEN 'blob' THEN 'x' || lower(hex(%[1]s)) ELSE CAST(%[1]s AS TEXT) END", q))
	}
	rows, err := d.Query("SELECT " + strings.Join(columns, " || '|' || ") + ` FROM "` + table + `"`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out = append(out, line)
	}
	return out
}

var files = []struct {
	name       string
	statements []string
	columns    string
}{
	{"every kind of value", []string{
		`CREATE TABLE t (id INTEGER PRIMARY KEY, i, r REAL, s TEXT, b BLOB)`,
		`INSERT INTO t VALUES (-9223372036854775808, 127, 0.5, 'été', x'00ff'), (1, -129, -1.25e100, '', x''), (2, 8388607, NULL, NULL, NULL),
		 (3, 2147483648, 0.0625, 'a''b', 'not a blob'), (4, 140737488355328, 0.1, '|', 7), (5, 9223372036854775807, 3.25, 0, 1.5), (6, 0, 1.5, 1, 2)`},
		"id INTEGER|i |r REAL|s TEXT|b BLOB"},
	{"many small pages", []string{`PRAGMA page_size=512`, `CREATE TABLE t (n INT, s)`,
		`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n < 5000) INSERT INTO t SELECT n*7919, 'ligne ' || n FROM c`}, "n INT|s "},
	{"rows larger than a page", []string{`PRAGMA page_size=1024`, `CREATE TABLE t (n, s)`,
		`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+37 FROM c WHERE n < 20000) INSERT INTO t SELECT n, printf('%.*c', n, 'x') || 'é' FROM c`}, "n |s "},
	{"rows that come and go", []string{`CREATE TABLE t (n, s)`,
		`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n < 3000) INSERT INTO t SELECT n, hex(randomblob(40)) FROM c`,
		`DELETE FROM t WHERE n % 3 = 0`, `UPDATE t SET s = s || s || s WHERE n % 5 = 0`}, "n |s "},
	{"columns added later", []string{`CREATE TABLE t (a)`, `INSERT INTO t VALUES (1)`, `ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'x''y'`,
		`ALTER TABLE t ADD COLUMN c DEFAULT -2.5`, `ALTER TABLE t ADD COLUMN d INT DEFAULT 0x10`, `ALTER TABLE t ADD COLUMN e`, `ALTER TABLE t ADD f DEFAULT 010`, `INSERT INTO t VALUES (2, 3, 4, 5, 6, 7)`},
		"a |b TEXT|c |d INT|e |f "},
	{"UTF-16", []string{`PRAGMA encoding='UTF-16be'`, `CREATE TABLE t (s TEXT, n)`, `INSERT INTO t VALUES ('Élancourt 𝄞', 1), ('', 'œ')`}, "s TEXT|n "},
	{"without rowid", []string{`PRAGMA page_size=512`, `CREATE TABLE t (v TEXT, k2 INT, k1 TEXT, w DEFAULT 3, PRIMARY KEY (k1, k2)) WITHOUT ROWID`,
		`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n < 2000) INSERT INTO t SELECT 'v' || n, n, 'k' || (n % 10), printf('%.*c', n % 400, 'w') FROM c`},
		"v TEXT|k2 INT|k1 TEXT|w "},
	{"a statement that is hard to read", []string{"CREATE TABLE IF NOT EXISTS \"t\" ( -- titre, (et)\n\"Nom, de \"\"famille\"\"\" VARCHAR (50) NOT NULL DEFAULT 'a,b)', /* ; */ [clé (1)] DECIMAL(10, 2) CHECK ([clé (1)] > 0 OR 1)," +
		"`x` UNSIGNED BIG INT REFERENCES autre(a), \"primary\" TEXT COLLATE NOCASE, y GENERATED ALWAYS AS (x * 2) VIRTUAL, z INT AS (x + 1) STORED, CONSTRAINT c UNIQUE (x), CHECK (x <> 3), FOREIGN KEY (x) REFERENCES autre(b))",
		"INSERT INTO t VALUES ('n', 1.5, 2, 'p')"}, `Nom, de "famille" VARCHAR(50)|clé (1) DECIMAL(10,2)|x UNSIGNED BIG INT|primary TEXT|z INT`},
	{"a key that is no rowid", []string{`CREATE TABLE t (a INTEGER PRIMARY KEY DESC, b)`, `INSERT INTO t VALUES (5, 6)`}, "a INTEGER|b "},
	{"a key declared apart", []string{`CREATE TABLE t (b, a INTEGER, CONSTRAINT k PRIMARY KEY (a AUTOINCREMENT))`, `INSERT INTO t VALUES (5, 6)`}, "b |a INTEGER"},
	{"nothing", []string{`CREATE TABLE t (a)`}, "a "},
}

func TestRows_areThoseTheEngineReads(t *testing.T) {
	for _, c := range files {
		t.Run(c.name, func(t *testing.T) {
			data := made(t, c.statements...)
			names, rows, err := read(data, "t")
			if err != nil || strings.Join(names, "|") != c.columns {
				t.Fatalf("got %q, %v", names, err)
			}
			want := asked(t, data, "t")
			for i := range min(len(rows), len(want)) {
				if rows[i] != want[i] {
					t.Fatalf("row %d: got %.200s, want %.200s", i, rows[i], want[i])
				}
			}
			if len(rows) != len(want) {
				t.Errorf("got %d rows, want %d", len(rows), len(want))
			}
		})
	}
}

func TestOpen_tellsWhatIsMissing(t *testing.T) {
	data := made(t, `PRAGMA journal_mode=WAL`, `CREATE TABLE t (a, b AS (a+1))`, `CREATE VIEW v AS SELECT 1`, `CREATE INDEX i ON t(a)`, `CREATE VIRTUAL TABLE f USING fts5(x)`)
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil || !f.Pending {
		t.Fatalf("got %+v, %v", f, err)
	}
	var names []string
	for _, table := range f.Tables {
		names = append(names, table.Name)
	}
	if table, ok := f.Table("T"); !ok || !slices.Equal(table.Computed, []string{"b"}) || !slices.Contains(names, "f_data") || slices.Contains(names, "v") || slices.Contains(names, "f") {
		t.Errorf("got %v, %q", table, names)
	}
}

func TestRows_refuseWhatIsBroken(t *testing.T) {
	data := made(t, files[2].statements...)
	if _, rows, err := read(data[:len(data)/2], "t"); err != ErrBroken || len(rows) == 0 {
		t.Errorf("cut: got %d rows, %v", len(rows), err)
	}
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r := f.Rows(&f.Tables[0], 1000)
	for err == nil {
		_, err = r.Next()
	}
	if err != ErrTooLarge {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
	circle := slices.Clone(data)
	root := int(f.Tables[0].root-1) * 1024
	circle[root+8], circle[root+9], circle[root+10], circle[root+11] = 0, 0, 0, byte(f.Tables[0].root) // its rightmost child is itself
	if _, _, err := read(circle, "t"); err != ErrBroken {
		t.Errorf("in circles: got %v, want ErrBroken", err)
	}
	for n := range 120 {
		if _, _, err := read(data[:n], "t"); err != ErrBroken {
			t.Fatalf("%d bytes: got %v, want ErrBroken", n, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, i := range []int{0, 4, 5, 7, 9} {
		f.Add(made(f, append([]string{`PRAGMA page_size=512`}, files[i].statements...)...))
	}
	f.Add(made(f, `PRAGMA page_size=512`, `CREATE TABLE t (k INT PRIMARY KEY, s) WITHOUT ROWID`, `INSERT INTO t VALUES (1, 'a'), (2, printf('%.*c', 900, 'w'))`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for i := range file.Tables[:min(len(file.Tables), 10)] {
			r := file.Rows(&file.Tables[i], 1<<16)
			for n := 0; n < 1000; n++ {
				v, err := r.Next()
				if err != nil {
					break
				}
				if len(v) != len(file.Tables[i].Columns) {
					t.Fatalf("%d values of %d columns", len(v), len(file.Tables[i].Columns))
				}
			}
		}
	})
}

func FuzzParseTable(f *testing.F) {
	for _, c := range files {
		for _, s := range c.statements {
			f.Add(s)
		}
	}
	f.Fuzz(func(_ *testing.T, sql string) { parseTable(sql) })
}
