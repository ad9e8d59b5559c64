package db_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"cultured/internal/account/accountdb"
	"cultured/internal/catalogue/cataloguedb"
	"cultured/internal/cleaning/cleaningdb"
	"cultured/internal/competency/competencydb"
	"cultured/internal/contact/contactdb"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/form/formdb"
	"cultured/internal/grid/griddb"
	"cultured/internal/job"
	"cultured/internal/learning/learningdb"
	"cultured/internal/mission/missiondb"
	"cultured/internal/outbox"
	"cultured/internal/recognition/recognitiondb"
	"cultured/internal/register/registerdb"
	"cultured/internal/rule/ruledb"
	"cultured/internal/situation/situationdb"
	"cultured/internal/training/trainingdb"
	"cultured/internal/workshop/workshopdb"
)

// every migration of the product, along the import arrows.
var every = []db.Migration{
	{Room: "outbox", Files: outbox.Migrations}, {Room: "job", Files: job.Migrations}, {Room: "account", Files: accountdb.Migrations},
	{Room: "dataset", Files: datasetdb.Migrations}, {Room: "catalogue", Files: cataloguedb.Migrations},
	{Room: "cleaning", Files: cleaningdb.Migrations},
	{Room: "rule", Files: ruledb.Migrations},
	{Room: "competency", Files: competencydb.Migrations}, {Room: "workshop", Files: workshopdb.Migrations},
	{Room: "situation", Files: situationdb.Migrations}, {Room: "mission", Files: missiondb.Migrations},
	{Room: "form", Files: formdb.Migrations}, {Room: "learning", Files: learningdb.Migrations}, {Room: "recognition", Files: recognitiondb.Migrations},
	{Room: "training", Files: trainingdb.Migrations}, {Room: "register", Files: registerdb.Migrations}, {Room: "contact", Files: contactdb.Migrations}, {Room: "grid", Files: griddb.Migrations},
}

// both opens one database of each engine with every table in it.
func both(t *testing.T) (lite, pg *db.DB) {
	t.Helper()
	pg = open(t, dbtest.Postgres(t))
	lite = open(t, filepath.Join(t.TempDir(), "app.db"))
	for _, d := range []*db.DB{lite, pg} {
		if err := d.Migrate(t.Context(), every...); err != nil {
			t.Fatal(err)
		}
	}
	return lite, pg
}

func TestEvery_namesEachFolderOfMigrations(t *testing.T) {
	var folders []string
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && e.Name() == "migrations" {
			folders = append(folders, path)
		}
		return err
	})
	if err != nil || len(folders) != len(every) {
		t.Errorf("got %v (%v), want the %d listed in this test", folders, err, len(every))
	}
	for _, room := range every {
		files, err := fs.Glob(room.Files, "migrations/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: got %v, %v", room.Room, files, err)
		}
		for _, f := range files {
			raw, err := fs.ReadFile(room.Files, f)
			if err != nil || !strings.HasPrefix(string(raw), "-- +goose Up\n") {
				t.Errorf("%s %s does not start with its direction (%v)", room.Room, f, err)
			}
		}
	}
}

// columns lists "table.column type null key" of every table of the rooms.
func columns(t *testing.T, d *db.DB) []string {
	t.Helper()
	query := `SELECT m.name || '.' || c.name || ' ' || lower(c.type) || CASE WHEN c."notnull" = 0 AND c.pk = 0 THEN ' null' ELSE '' END ||
			CASE WHEN c.pk > 0 THEN ' key' ELSE '' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'goose_%' AND m.name NOT LIKE 'sqlite_%'`
	if d.Engine == db.Postgres {
		query = `SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type || CASE WHEN c.is_nullable = 'YES' THEN ' null' ELSE '' END ||
			CASE WHEN k.column_name IS NOT NULL THEN ' key' ELSE '' END
		FROM information_schema.columns c
		LEFT JOIN information_schema.table_constraints p ON p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY'
		LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = p.constraint_name AND k.column_name = c.column_name
		WHERE c.table_schema = 'public' AND c.table_name NOT LIKE 'goose_%'`
	}
	list, err := db.Rows(t.Context(), d, func(row func(...any) error) (s string, err error) { return s, row(&s) }, query)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

func TestMigrate_givesBothEnginesTheSameColumns(t *testing.T) {
	lite, pg := both(t)
	a, b := columns(t, lite), columns(t, pg)
	for _, c := range a {
		if !slices.Contains(b, c) {
			t.Errorf("PostgreSQL has no %s", c)
		}
	}
	for _, c := range b {
		if !slices.Contains(a, c) {
			t.Errorf("SQLite has no %s", c)
		}
	}
	for _, want := range []string{"account_person.id text key", "dataset_version.number bigint key", "catalogue_record.removed boolean", "outbox_event.seq bigint key", "account_person.service text null"} {
		if !slices.Contains(a, want) {
			t.Errorf("%s is not seen: the test looks past what it should compare", want)
		}
	}
	for _, d := range []*db.DB{lite, pg} {
		if err := d.Migrate(t.Context(), every...); err != nil {
			t.Errorf("%s, a second time: %v", d.Engine, err)
		}
	}
}

// checked gives a value to the columns that take only some.
var checked = map[string]string{"account_person.state": "active"}

// fill puts two rows into every table of the rooms. Texts are equal in all columns of a row, so foreign keys hold.
func fill(t *testing.T, d *db.DB) {
	t.Helper()
	tables := map[string][]string{}
	var order []string
	for _, c := range columns(t, d) {
		table, _, _ := strings.Cut(c, ".")
		tables[table] = append(tables[table], strings.TrimPrefix(c, table+"."))
	}
	for _, first := range []string{"outbox_", "account_organisation", "account_service", "account_person", "account_", "dataset_dataset", "dataset_", "catalogue_record", "catalogue_", "competency_framework", "competency_", "workshop_session", "workshop_"} {
		for table := range tables {
			if strings.HasPrefix(table, first) && !slices.Contains(order, table) {
				order = append(order, table)
			}
		}
	}
	for _, table := range order {
		for i := range 2 {
			var names []string
			var values []any
			for _, c := range tables[table] {
				name, kind, _ := strings.Cut(c, " ")
				names = append(names, name)
				switch {
				case checked[table+"."+name] != "":
					values = append(values, checked[table+"."+name])
				case i == 1 && strings.Contains(kind, "null"):
					values = append(values, nil)
				case strings.HasPrefix(kind, "text"):
					values = append(values, fmt.Sprintf("%d é’\u00a0<&>\"\\ \t\n\u2028 🎉", i))
				case strings.HasPrefix(kind, "boolean"):
					values = append(values, i == 0)
				default:
					values = append(values, int64(1)<<60+int64(i)) // beyond what a float carries
				}
			}
			if _, err := d.Exec(`INSERT INTO `+table+` (`+strings.Join(names, ", ")+`) VALUES (`+db.In(1, len(names))+`)`, values...); err != nil {
				t.Fatalf("%s: %v", table, err)
			}
		}
	}
}

func dump(t *testing.T, d *db.DB) string {
	t.Helper()
	var out bytes.Buffer
	if err := d.Dump(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDump_goesFromOneEngineToTheOtherAndBack(t *testing.T) {
	lite, pg := both(t)
	fill(t, lite)
	first := dump(t, lite)
	for _, table := range []string{"account_person", "catalogue_text", "dataset_version", "outbox_event", "outbox_counter"} {
		if !strings.Contains(first, `{"table":"`+table+`"`) {
			t.Errorf("%s is not in the dump", table)
		}
	}
	if strings.Contains(first, `"job_`) || strings.Contains(first, "goose") {
		t.Error("what belongs to one machine is in the dump")
	}
	if err := pg.Load(t.Context(), strings.NewReader(first)); err != nil {
		t.Fatal(err)
	}
	second := dump(t, pg)
	again := open(t, filepath.Join(t.TempDir(), "again.db"))
	if err := again.Migrate(t.Context(), every...); err != nil {
		t.Fatal(err)
	}
	if err := again.Load(t.Context(), strings.NewReader(second)); err != nil {
		t.Fatal(err)
	}
	third := dump(t, again)
	for name, got := range map[string]string{"PostgreSQL": second, "SQLite again": third} {
		if !slices.Equal(lines(got), lines(first)) {
			t.Errorf("%s differs:\n%s\nwant\n%s", name, got, first)
		}
	}
}

// lines in an order of their own: rows have none.
func lines(s string) []string {
	list := strings.Split(s, "\n")
	slices.Sort(list)
	return list
}

func TestLoad_ofABrokenDumpLeavesEverythingAsItWas(t *testing.T) {
	dbtest.Each(t, every, func(t *testing.T, d *db.DB) {
		before := dump(t, d)
		good := before + `{"table":"outbox_cursor","columns":["subscriber","seq"]}` + "\n" + `{"row":["x",1]}` + "\n"
		late := errors.New("the checksum at the end is wrong")
		for _, c := range []struct {
			name    string
			r       io.Reader
			unknown bool
		}{
			{"cut in a line", strings.NewReader(good[:len(good)-4]), false},
			{"an error after the last line", io.MultiReader(strings.NewReader(good), iotest.ErrReader(late)), false},
			{"no dump at all", strings.NewReader("PK\x03\x04"), false},
			{"a row before its table", strings.NewReader(`{"row":[1]}`), false},
			{"a table of a newer version", strings.NewReader(good + `{"table":"workshop_card","columns":["id"]}`), true},
			{"a column of a newer version", strings.NewReader(good + `{"table":"outbox_cursor","columns":["subscriber","mood"]}`), true},
			{"a name that is SQL", strings.NewReader(`{"table":"outbox_cursor; DROP TABLE outbox_event","columns":["seq"]}`), true},
			{"a column that is SQL", strings.NewReader(`{"table":"outbox_cursor","columns":["seq) SELECT 1 --"]}`), true},
			{"a table that is not dumped", strings.NewReader(`{"table":"goose_outbox","columns":["id"]}`), true},
		} {
			err := d.Load(t.Context(), c.r)
			if err == nil || errors.Is(err, db.Unknown) != c.unknown {
				t.Errorf("%s: got %v, want unknown %v", c.name, err, c.unknown)
			}
			if got := dump(t, d); got != before {
				t.Errorf("%s: got\n%s\nwant what was there", c.name, got)
			}
		}
		if err := d.Load(t.Context(), strings.NewReader(good)); err != nil {
			t.Error(err)
		}
	})
}

func TestOpen_saysWhatIsWrong(t *testing.T) {
	for _, address := range []string{filepath.Join(t.TempDir(), "no", "such", "folder", "app.db"), "postgres://nobody@127.0.0.1:1/none?connect_timeout=1"} {
		if d, err := db.Open(t.Context(), address); err == nil {
			_ = d.Close()
			t.Errorf("%s: opened", address)
		}
	}
	odd := filepath.Join(t.TempDir(), "a folder?#%41", "é.db")
	if err := os.Mkdir(filepath.Dir(odd), 0o700); err != nil {
		t.Fatal(err)
	}
	open(t, odd)
	if _, err := os.Stat(odd); err != nil {
		t.Errorf("the file is elsewhere: %v", err)
	}
}
