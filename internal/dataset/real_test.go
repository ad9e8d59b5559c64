package dataset

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const shared = "../../../shared/data/"

// examineShared examines a real file whole.
func examineShared(t *testing.T, name string) (Report, bool) {
	t.Helper()
	r := examineReal(t, shared+name)
	if r.err != nil {
		t.Logf("%s: %v", name, r.err)
	}
	return r.report, r.err == nil
}

// listed reads a list of testdata: file, column, what is expected ("-" for nothing), by file.
func listed(t *testing.T, name string) (files []string, rows map[string][][]string) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string][][]string{}
	for line := range strings.Lines(string(b)) {
		parts := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(parts) != 3 {
			continue
		}
		if rows[parts[0]] == nil {
			files = append(files, parts[0])
		}
		rows[parts[0]] = append(rows[parts[0]], parts)
	}
	return files, rows
}

// A meaningScore counts what the meanings told of labelled columns are worth.
type meaningScore struct {
	labelled                 int
	right, wrong, overlooked map[string]int // by meaning
}

// judge compares the meaning of a column with the one settled by hand. "!x": x, which we know we miss.
func (s *meaningScore) judge(t *testing.T, where, got, label string) {
	t.Helper()
	want, known := strings.CutPrefix(strings.TrimPrefix(label, "-"), "!")
	s.labelled++
	switch {
	case got == want && want != "":
		s.right[want]++
		if known {
			t.Errorf("%s: %s is found now: take away the exclamation mark", where, got)
		}
	case got != want:
		if got != "" {
			s.wrong[got]++
		}
		if want != "" {
			s.overlooked[want]++
		}
		if !known || got != "" {
			t.Errorf("%s: got %q, want %q", where, got, want)
		}
	}
}

// report fails under the floors: precision is the share of the meanings told that are right, recall the share of the meanings there that
// are told.
func (s *meaningScore) report(t *testing.T, least int) {
	t.Helper()
	total := func(m map[string]int) (n int) {
		for _, v := range m {
			n += v
		}
		return n
	}
	share := func(right, others int) float64 { return float64(right) / float64(max(right+others, 1)) }
	for _, m := range slices.Sorted(maps.Keys(s.right)) {
		t.Logf("%-18s precision %.2f, recall %.2f, of %d", m, share(s.right[m], s.wrong[m]), share(s.right[m], s.overlooked[m]), s.right[m]+s.overlooked[m])
	}
	precision, recall := share(total(s.right), total(s.wrong)), share(total(s.right), total(s.overlooked))
	t.Logf("%d columns, %d with a meaning: precision %.3f, recall %.3f", s.labelled, total(s.right)+total(s.overlooked), precision, recall)
	if s.labelled < least || precision < 0.98 || recall < 0.95 {
		t.Errorf("got %d columns, precision %.3f and recall %.3f, want at least %d, 0.98 and 0.95", s.labelled, precision, recall, least)
	}
}

// judgeFile judges each labelled column of an examined file.
func (s *meaningScore) judgeFile(t *testing.T, file string, r Report, rows [][]string) {
	t.Helper()
	for _, row := range rows {
		i := slices.IndexFunc(r.Profile.Columns, func(c ColumnProfile) bool { return c.Name == row[1] })
		if i < 0 {
			t.Errorf("%s: no column %q among %q", file, row[1], r.Columns)
			continue
		}
		s.judge(t, file+", "+row[1], string(r.Profile.Columns[i].Semantic), row[2])
	}
}

func newMeaningScore() *meaningScore {
	return &meaningScore{right: map[string]int{}, wrong: map[string]int{}, overlooked: map[string]int{}}
}

// TestMeaningsOfRealColumns holds the meaning of each column of a list, made by reading the files: a false meaning and a missed one are
// both told.
func TestMeaningsOfRealColumns(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("shared data not here: the beginnings of its files are judged by TestMeaningsOfShippedColumns")
	}
	files, rows := listed(t, "columns.tsv")
	score := newMeaningScore()
	for _, file := range files {
		if r, ok := examineShared(t, file); ok {
			score.judgeFile(t, file, r, rows[file])
		} else {
			t.Errorf("%s is not read", file)
		}
	}
	score.report(t, 600)
}

// TestMeaningsOfShippedColumns judges, by the same list, the beginnings of some of these files, and the small ones, which come with the code.
func TestMeaningsOfShippedColumns(t *testing.T) {
	files, rows := listed(t, "columns.tsv")
	score := newMeaningScore()
	for _, file := range files {
		b, err := os.ReadFile("testdata/columns/" + strings.ReplaceAll(file, "/", "__"))
		if err != nil {
			b, err = os.ReadFile("testdata/" + filepath.Base(file))
		}
		if err != nil {
			continue // not shipped
		}
		r, _ := examine(t, bytesOpener(b, filepath.Base(file)), nil)
		score.judgeFile(t, file, r, rows[file])
	}
	score.report(t, 150)
}
