package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A chore is one change to the file of names, said in the ways of each program; "" where one has no way.
type chore struct {
	name   string
	recipe string // steps, as JSON
	sql    string // over t, whose columns are all texts
	refine string // operations of OpenRefine, as JSON
}

// refineOf writes an operation on all rows that rewrites a column.
func refineOf(column, expression string) string {
	return fmt.Sprintf(`[{"op":"core/text-transform","engineConfig":{"facets":[],"mode":"row-based"},"columnName":%q,"expression":%q,"onError":"keep-original","repeat":false,"repeatCount":10}]`, column, "grel:"+expression)
}

// chores are the common steps. What a question of DuckDB gives in no order is compared in none.
var chores = []chore{
	{"spaces in excess", `[{"do":"trim","columns":["libelle"]}]`, `SELECT * REPLACE (trim(regexp_replace(libelle, '\s+', ' ', 'g')) AS libelle) FROM t`, refineOf("libelle", `value.trim().replace(/\s+/,' ')`)},
	{"capitals", `[{"do":"case","columns":["libelle"],"to":"upper"}]`, `SELECT * REPLACE (upper(libelle) AS libelle) FROM t`, refineOf("libelle", "value.toUppercase()")},
	{"replace a text", `[{"do":"replace","columns":["libelle"],"find":"rang","with":"n°"}]`, `SELECT * REPLACE (replace(libelle, 'rang', 'n°') AS libelle) FROM t`, refineOf("libelle", `value.replace("rang","n°")`)},
	{"replace what an expression finds", `[{"do":"replace","columns":["libelle"],"find":"rang (\\d+)$","with":"[$1]","regexp":true}]`, `SELECT * REPLACE (regexp_replace(libelle, 'rang (\d+)$', '[\1]') AS libelle) FROM t`, refineOf("libelle", `value.replace(/rang (\d+)$/,"[$1]")`)},
	{"values written in one way", `[{"do":"cluster","column":"sexe","values":{"F":"femme","M":"homme"}}]`, `SELECT * REPLACE (CASE sexe WHEN 'F' THEN 'femme' WHEN 'M' THEN 'homme' ELSE sexe END AS sexe) FROM t`,
		`[{"op":"core/mass-edit","engineConfig":{"facets":[],"mode":"row-based"},"columnName":"sexe","expression":"value","edits":[{"from":["F"],"fromBlank":false,"fromError":false,"to":"femme"},{"from":["M"],"fromBlank":false,"fromError":false,"to":"homme"}]}]`},
	{"split a column", `[{"do":"split","column":"libelle","by":", ","into":["libelle 1","libelle 2"]}]`, `SELECT * EXCLUDE (libelle), split_part(libelle, ', ', 1) AS "libelle 1", split_part(libelle, ', ', 2) AS "libelle 2" FROM t`,
		`[{"op":"core/column-split","engineConfig":{"facets":[],"mode":"row-based"},"columnName":"libelle","guessCellType":false,"removeOriginalColumn":true,"mode":"separator","separator":", ","regex":false,"maxColumns":2}]`},
	{"a column made of others", `[{"do":"derive","into":"cle","formula":"[prenom]&\"-\"&[annee]"}]`, `SELECT *, prenom || '-' || annee AS cle FROM t`,
		`[{"op":"core/column-addition","engineConfig":{"facets":[],"mode":"row-based"},"baseColumnName":"libelle","expression":"grel:cells[\"prenom\"].value + \"-\" + cells[\"annee\"].value","onError":"set-to-blank","newColumnName":"cle","columnInsertIndex":10}]`},
	{"rows left out", `[{"do":"filter","column":"sexe","is":"equal","value":"F","drop":true}]`, `SELECT * FROM t WHERE sexe <> 'F'`,
		`[{"op":"core/row-removal","engineConfig":{"facets":[{"type":"list","name":"sexe","expression":"value","columnName":"sexe","invert":false,"omitBlank":false,"omitError":false,"selection":[{"v":{"v":"F","l":"F"}}],"selectBlank":false,"selectError":false}],"mode":"row-based"}}]`},
	{"columns left out", `[{"do":"drop","columns":["actif","date"]}]`, `SELECT * EXCLUDE (actif, date) FROM t`, `[{"op":"core/column-removal","columnName":"actif"},{"op":"core/column-removal","columnName":"date"}]`},
	{"columns into rows", `[{"do":"keep","columns":["id","nombre","montant"]},{"do":"unpivot","columns":["nombre","montant"],"name":"mesure","value":"valeur"}]`, `UNPIVOT (SELECT id, nombre, montant FROM t) ON nombre, montant INTO NAME mesure VALUE valeur`,
		`[{"op":"core/column-reorder","columnNames":["id","nombre","montant"]},{"op":"core/transpose-columns-into-rows","startColumnName":"nombre","columnCount":2,"ignoreBlankCells":true,"fillDown":true,"separator":null,"keyColumnName":"mesure","valueColumnName":"valeur"}]`},
	{"dates", `[{"do":"date","columns":["date"]}]`, `SELECT * REPLACE (strftime(CAST(date AS DATE), '%Y-%m-%d') AS date) FROM t`, ""},
	{"numbers", `[{"do":"number","columns":["montant"]}]`, `SELECT * REPLACE (CAST(CAST(montant AS DECIMAL(18,2)) AS VARCHAR) AS montant) FROM t`, ""},
	{"a number reckoned", `[{"do":"derive","into":"double","formula":"[nombre]*2"}]`, `SELECT *, TRY_CAST(nombre AS BIGINT) * 2 AS double FROM t`, ""},
	{"empty cells filled", `[{"do":"fill","columns":["prenom","departement"]}]`, `SELECT * REPLACE (last_value(prenom IGNORE NULLS) OVER w AS prenom, last_value(departement IGNORE NULLS) OVER w AS departement) FROM t WINDOW w AS (ORDER BY CAST(id AS BIGINT) ROWS UNBOUNDED PRECEDING)`, ""},
	{"repeated rows", `[{"do":"deduplicate","columns":["prenom","sexe","annee"],"keep":"first"}]`, `SELECT DISTINCT ON (prenom, sexe, annee) * FROM t ORDER BY CAST(id AS BIGINT)`, ""},
	{"groups with sums", `[{"do":"aggregate","by":["annee","sexe"],"measures":[{"fn":"count","into":"n"},{"fn":"sum","column":"montant","into":"total"}]}]`, `SELECT annee, sexe, count(*) AS n, sum(CAST(montant AS DECIMAL(18,2))) AS total FROM t GROUP BY annee, sexe`, ""},
	{"join with a list", `[{"do":"join","with":"LIST","on":"departement","take":["nom"]}]`, `SELECT t.*, l.nom FROM t LEFT JOIN l USING (departement)`, ""},
	{"sort", `[{"do":"sort","columns":["montant"]}]`, `SELECT * FROM t ORDER BY CAST(montant AS DOUBLE)`, ""},
	{"a question in SQL, never tried before", `[{"do":"sql","query":"SELECT annee, sexe, count(*) AS n FROM donnees GROUP BY annee, sexe"}]`, `SELECT annee, sexe, count(*) AS n FROM t GROUP BY annee, sexe`, ""},
	{"a question in SQL, done again", `[{"do":"sql","query":"SELECT annee, sexe, count(*) AS n FROM donnees GROUP BY annee, sexe","uses":["annee","sexe"],"wholes":["annee"],"into":["annee","sexe","n"]}]`, `SELECT annee, sexe, count(*) AS n FROM t GROUP BY annee, sexe`, ""},
}

// A bout is one chore done by two programs on the same file.
type bout struct {
	Chore        string
	Ours, Theirs finish
	Apart        time.Duration // of Theirs: without reading and writing; 0 when not known
	Same         string        // "yes", or where the results differ
}

// duckCooks reads every column as text, as a recipe does, and writes what the question gives.
const duckCooks = `import duckdb, sys
path, other, out, question = sys.argv[1:]
c = duckdb.connect(config={"threads": 2, "memory_limit": "2GB"})
c.execute("SET preserve_insertion_order = true")
c.execute(f"CREATE VIEW t AS SELECT * FROM read_csv('{path}', delim=';', header=true, all_varchar=true)")
c.execute(f"CREATE VIEW l AS SELECT * FROM read_csv('{other}', delim=';', header=true, all_varchar=true)")
c.execute(f"COPY ({question}) TO '{out}' (HEADER)")`

// measureRecipes has each chore done beside DuckDB on a million rows, and beside OpenRefine on a hundred thousand, and writes a report.
func measureRecipes(ctx context.Context, o options) error {
	births, source, err := readBirths(o.names)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "cultured-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	k := kitchen{o: o, folder: folder, list: filepath.Join(folder, "list.csv")}
	if err := os.WriteFile(k.list, []byte(departmentList()), 0o600); err != nil {
		return err
	}
	rows := min(o.rows, 1_000_000)
	path := filepath.Join(folder, "names.csv")
	if err := writeFile(path, func(w io.Writer) error { return writeNames(w, births, rows) }); err != nil {
		return err
	}
	began, busyCores := machineLoad(), busy(ctx, 3*time.Second)
	text := fmt.Sprintf("# Recipes beside others, %s\n\nMachine: %s. Made from %s. Each program reads the file, does the chore and writes a CSV file, one after the other. Aim: at most twice DuckDB's time. Memory is that of the largest process; a question in SQL runs in a second one.\n\n%s\n\n",
		time.Now().Format(time.DateOnly), thisMachine(), source, o.note)
	list, err := k.besideDuckDB(ctx, path, rows)
	if err != nil {
		return err
	}
	text += boutTable(fmt.Sprintf("%d rows of 10, beside DuckDB %s", rows, duckVersion), list)
	small, rows := filepath.Join(folder, "small.csv"), min(o.rows, 100_000)
	if err := writeFile(small, func(w io.Writer) error { return writeNames(w, births, rows) }); err != nil {
		return err
	}
	if list, err = k.besideRefine(ctx, small, rows); err != nil {
		return err
	}
	if len(list) == 0 {
		text += "OpenRefine is not installed: nothing was measured beside it.\n\n"
	} else {
		text += boutTable(fmt.Sprintf("%d rows of 10, beside OpenRefine", rows), list)
	}
	text += fmt.Sprintf("%.1f cores were busy before anything was started; load average %s when the run began, %s when it ended.\n", busyCores, began, machineLoad())
	path = filepath.Join(o.out, time.Now().Format(time.DateOnly)+"-recipes.md")
	fmt.Println(path)
	return errors.Join(os.MkdirAll(o.out, 0o755), os.WriteFile(path, []byte(text), 0o644))
}

// departmentList is a small table to join with, one row for each department of the file.
func departmentList() string {
	var b strings.Builder
	b.WriteString("departement;nom\n")
	for i := range 19 {
		fmt.Fprintf(&b, "%02d;Département %d\n", i+1, i+1)
	}
	return b.String()
}

// A kitchen is where chores are done.
type kitchen struct {
	o            options
	folder, list string
}

// ours does a chore with the program measured.
func (k kitchen) ours(ctx context.Context, c chore, path, out string, rows int) (finish, error) {
	steps := filepath.Join(k.folder, "recipe.json")
	if err := os.WriteFile(steps, []byte(strings.ReplaceAll(c.recipe, "LIST", k.list)), 0o600); err != nil {
		return finish{}, err
	}
	return contender{"cultured clean", "", []string{k.o.binary, "clean", path, "--recipe", steps, "--output", out}, 0}.run(ctx, rows), nil
}

func (k kitchen) besideDuckDB(ctx context.Context, path string, rows int) (list []bout, err error) {
	one, other := filepath.Join(k.folder, "ours.csv"), filepath.Join(k.folder, "theirs.csv")
	for _, c := range chores {
		if ctx.Err() != nil {
			return list, ctx.Err()
		}
		b := bout{Chore: c.name}
		if b.Ours, err = k.ours(ctx, c, path, one, rows); err != nil {
			return nil, err
		}
		b.Theirs = contender{"DuckDB", "", []string{k.o.peer("venv/bin/python"), "-c", duckCooks, path, k.list, other, c.sql}, 0}.run(ctx, rows)
		b.Same = sameTables(one, other)
		list = append(list, b)
		say("%s: %v beside %v, %s %s%s", c.name, b.Ours.Took, b.Theirs.Took, b.Same, b.Ours.Note, b.Theirs.Note)
		_, _ = os.Remove(one), os.Remove(other)
	}
	return list, nil
}

// sameTables says "yes" when two files hold the same header and the same rows, each as often, in any order, numbers by value.
func sameTables(one, other string) string {
	a, err := tableOf(one)
	b, err2 := tableOf(other)
	switch {
	case err != nil || err2 != nil:
		return fmt.Sprint("not compared: ", errors.Join(err, err2))
	case !slices.Equal(a.header, b.header):
		return fmt.Sprintf("no: columns %q and %q", a.header, b.header)
	case a.rows != b.rows:
		return fmt.Sprintf("no: %d and %d rows", a.rows, b.rows)
	case a.sum != b.sum:
		return "no: other values"
	}
	return "yes"
}

// A printed table is what is compared of a file: the sum of the hashes of its rows does not depend on their order.
type printed struct {
	header []string
	rows   int
	sum    uint64
}

var seed = maphash.MakeSeed()

func tableOf(path string) (p printed, err error) {
	f, err := os.Open(path)
	if err != nil {
		return p, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	for {
		row, err := r.Read()
		if err == io.EOF {
			return p, nil
		}
		if err != nil {
			return p, err
		}
		if p.header == nil {
			p.header = slices.Clone(row)
			continue
		}
		p.rows++
		var h maphash.Hash
		h.SetSeed(seed)
		for _, v := range row {
			if strings.Contains(v, ".") && strings.Trim(v, "0123456789.-") == "" {
				v = strings.TrimRight(strings.TrimRight(v, "0"), ".")
			}
			_, _ = h.WriteString(v) // never fails
			_ = h.WriteByte(0)
		}
		p.sum += h.Sum64()
	}
}

// boutTable is the report of some bouts, in Markdown.
func boutTable(title string, list []bout) string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n| chore | ours | processor | memory | theirs | of it, the chore alone | processor | memory | ours / theirs | same result |\n|---|---|---|---|---|---|---|---|---|---|\n", title)
	for _, one := range list {
		if note := one.Ours.Note + one.Theirs.Note; note != "" {
			fmt.Fprintf(&b, "| %s | %s | | | | | | | | |\n", one.Chore, note)
			continue
		}
		apart := ""
		if one.Apart > 0 {
			apart = seconds(one.Apart)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s | %.2f | %s |\n", one.Chore, seconds(one.Ours.Took), seconds(one.Ours.CPU), mebibytes(one.Ours.Memory), seconds(one.Theirs.Took), apart,
			seconds(one.Theirs.CPU), mebibytes(one.Theirs.Memory), one.Ours.Took.Seconds()/max(one.Theirs.Took.Seconds(), 0.001), one.Same)
	}
	b.WriteByte('\n')
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
