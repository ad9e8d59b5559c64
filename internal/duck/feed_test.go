package duck

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestWrite_rowsThatPanicLeaveNoFile(t *testing.T) {
	e, dir := engine(t)
	path := filepath.Join(dir, "t.parquet")
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic of the rows is lost")
			}
		}()
		_, _ = e.Write(t.Context(), path, []Column{{"a", Integer}}, func(yield func(Row, error) bool) {
			for i := range 5000 {
				if !yield(Row{int64(i + 1), []string{"1"}}, nil) {
					return
				}
			}
			panic("a reader's bug")
		})
	}()
	// The engine has given the file up: the next Write may have its name.
	n, err := e.Write(t.Context(), path, []Column{{"a", Integer}}, each([]string{"1"}))
	if n != 1 || err != nil {
		t.Fatalf("after that: got %d, %v", n, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWrite_manyBatchesKeepTheirOrder(t *testing.T) {
	e, dir := engine(t)
	for _, width := range []int{1, 7, wideTable + 1} { // alone, together, as a list
		columns := make([]Column, width)
		for i := range columns {
			columns[i] = Column{"c" + strconv.Itoa(i), Integer}
		}
		path := filepath.Join(dir, strconv.Itoa(width)+".parquet")
		const rows = 2*batchRows + 5
		n, err := e.Write(t.Context(), path, columns, func(yield func(Row, error) bool) {
			cells := make([]string, width) // used again for each row, as readers do
			for i := range rows {
				for j := range cells {
					if cells[j] = strconv.Itoa(i*10 + j%10); i%3 == 1 {
						cells[j] = ""
					}
				}
				if !yield(Row{int64(2*i + 1), cells}, nil) {
					return
				}
			}
		})
		if n != rows || err != nil {
			t.Fatalf("%d columns: got %d, %v", width, n, err)
		}
		var csv strings.Builder
		if err := e.Export(t.Context(), path, Select{Columns: []string{columns[width-1].Name}}, CSV, &csv); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimRight(csv.String(), "\r\n"), "\n")
		if len(lines) != rows+1 {
			t.Fatalf("%d columns: got %d lines, want %d", width, len(lines), rows+1)
		}
		for i, line := range lines[1:] {
			want := strconv.Itoa(i*10 + (width-1)%10)
			if i%3 == 1 {
				want = ""
			}
			if strings.Trim(line, "\r\"") != want {
				t.Fatalf("%d columns, row %d: got %q, want %q", width, i, line, want)
			}
		}
	}
}

func TestWrite_whatTheRowsSayComesBackAsItIs(t *testing.T) {
	e, dir := engine(t)
	mine := errors.New("the source is cut")
	path := filepath.Join(dir, "t.parquet")
	for _, before := range []int{0, 3, batchRows, 10 * batchRows} {
		_, err := e.Write(t.Context(), path, []Column{{"a", Text}}, func(yield func(Row, error) bool) {
			for i := range before {
				if !yield(Row{int64(i + 1), []string{"x"}}, nil) {
					return
				}
			}
			yield(Row{}, mine)
		})
		if !errors.Is(err, mine) {
			t.Errorf("after %d rows: got %v, want %v", before, err, mine)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("after %d rows: there is a file", before)
		}
	}
}
