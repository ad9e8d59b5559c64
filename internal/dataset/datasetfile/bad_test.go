package datasetfile_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/fault"
)

// workbook packs one sheet whose rows are written by the function.
func workbook(t *testing.T, rows func(w io.Writer)) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	part := func(name, content string) io.Writer {
		w, err := z.Create(name)
		ok(t, err)
		_, err = io.WriteString(w, content)
		ok(t, err)
		return w
	}
	part("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`)
	part("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	part("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>`)
	part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`)
	w := part("xl/worksheets/sheet1.xml", `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	rows(w)
	_, err := io.WriteString(w, `</sheetData></worksheet>`)
	ok(t, err)
	ok(t, z.Close())
	return out.String()
}

// packed is a gzip of a text repeated.
func packed(t *testing.T, text string, times int) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	for range times {
		_, err := io.WriteString(z, text)
		ok(t, err)
	}
	ok(t, z.Close())
	return out.String()
}

// peak runs fn and returns how far the heap grew meanwhile, in MiB.
func peak(fn func()) uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	start, most, done := m.HeapAlloc, m.HeapAlloc, make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	fn()
	close(done)
	<-stopped
	return (most - start) >> 20
}

func TestBadFilesFailInPlainWordsSoonAndInBoundedMemory(t *testing.T) {
	protected, err := os.ReadFile("../../tabular/testdata/password-protected-password123.xlsx")
	ok(t, err)
	row := `<row><c t="inlineStr"><is><t>0</t></is></c><c t="inlineStr"><is><t>0</t></is></c></row>`
	bomb := workbook(t, func(w io.Writer) {
		block := strings.Repeat(row, 10_000)
		for range 40 {
			_, err := io.WriteString(w, block)
			ok(t, err)
		}
	})
	h := build(t)
	h.examined(t, nobody, trees, "warm.csv") // the engine starts once
	for _, c := range []struct {
		name, file, content, want string
		kind                      fault.Kind
	}{
		{"0 byte", "vide.csv", "", "tabular.empty", fault.Invalid},
		{"only blank lines", "blanc.csv", "\n\n\n", "tabular.no_rows", fault.Invalid},
		{"an image renamed", "image.csv", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00", "tabular.unsupported", fault.Invalid},
		{"a binary renamed", "programme.csv", strings.Repeat("\x00\x01\x02\xff\xfe", 10_000), "tabular.binary", fault.Invalid},
		{"a protected workbook", "secret.xlsx", string(protected), "tabular.password", fault.Invalid},
		{"a workbook cut short", "coupe.xlsx", bomb[:len(bomb)/2], "tabular.broken", fault.Invalid},
		{"a workbook bomb", "bombe.xlsx", bomb, "tabular.expands_too_much", fault.TooLarge},
		{"a gzip bomb", "bombe.csv.gz", packed(t, strings.Repeat("0;0\n", 100_000), 200), "tabular.expands_too_much", fault.TooLarge},
		{"a 50 MB cell", "cellule.csv", "a;b\n1;\"" + strings.Repeat("x", 50<<20) + "\"\n", "tabular.cell_too_large", fault.TooLarge},
		{"a 50 MB cell without quotes", "cellule.csv", "a;b\n1;" + strings.Repeat("x", 50<<20) + "\n", "tabular.cell_too_large", fault.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			var check dataset.Check
			grew := peak(func() { check = h.examined(t, nobody, c.content, c.file) })
			if check.State != dataset.Failed || check.Fault == nil || check.Fault.Key != c.want || check.Fault.Kind != c.kind {
				t.Errorf("got %s, %+v; want %s", check.State, check.Fault, c.want)
			}
			if check.Outcome.Table != "" || check.Outcome.Findings != "" {
				t.Errorf("got table %q and findings %q; want none", check.Outcome.Table, check.Outcome.Findings)
			}
			took := time.Since(start)
			if took > 10*time.Second || grew > 160 {
				t.Errorf("took %v and %d MiB", took, grew)
			}
			t.Logf("%v, %d MiB", took.Round(time.Millisecond), grew)
			ok(t, h.Forget(t.Context(), nobody, check.ID))
		})
	}
	h.held(t)
}

func TestTooManyColumnsFailInPlainWords(t *testing.T) {
	h := build(t)
	c := h.examined(t, nobody, strings.Repeat("a;", 99_999)+"a\n"+strings.Repeat("1;", 99_999)+"1\n", "large.csv")
	if c.State == dataset.Done { // read as one column: the person says what separates them
		_, err := h.Change(t.Context(), nobody, c.ID, func(s *dataset.Source) error { s.Options.Separator = ";"; return nil })
		ok(t, err)
		c = h.ran(t, nobody, c.ID)
	}
	if c.State != dataset.Failed || c.Fault.Key != "tabular.too_many_columns" || c.Fault.Kind != fault.TooLarge || c.Outcome.Table != "" {
		t.Errorf("got %s, %+v", c.State, c.Fault)
	}
	ok(t, h.Forget(t.Context(), nobody, c.ID))
	if got := h.held(t); len(got) > 0 {
		t.Errorf("got %v left", got)
	}
}

func TestAnExaminationThatTakesTooLongFails(t *testing.T) {
	h := build(t)
	h.ReadTime = time.Nanosecond
	c := h.examined(t, nobody, trees, "arbres.csv")
	if c.State != dataset.Failed || c.Fault.Key != "dataset.too_long" || c.Fault.Kind != fault.TooLarge {
		t.Errorf("got %s, %+v", c.State, c.Fault)
	}
	h.ReadTime = time.Minute
	_, err := h.Change(t.Context(), nobody, c.ID, func(*dataset.Source) error { return nil }) // tried again
	ok(t, err)
	if c = h.ran(t, nobody, c.ID); c.State != dataset.Done || c.Fault != nil {
		t.Errorf("got %s, %+v", c.State, c.Fault)
	}
}

func TestManyExamineKeepAndForgetTheSameFileAtOnce(t *testing.T) {
	h := build(t)
	for range 3 {
		done := make(chan error)
		for i := range 6 {
			go func() {
				done <- func() error {
					c, err := h.Submit(t.Context(), ada, dataset.SubmitForm{Body: strings.NewReader(trees), Name: fmt.Sprintf("arbres_%d.csv", i)})
					if fault.KindOf(err) == fault.Busy {
						return nil // told to try again: nothing is half there
					}
					if err == nil {
						err = h.Run(t.Context(), c.ID, quiet)
					}
					if err != nil {
						return err
					}
					if i%2 == 0 {
						return h.Forget(t.Context(), ada, c.ID)
					}
					_, err = h.Keep(t.Context(), ada, c.ID)
					return err
				}()
			}()
		}
		for range 6 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	}
	all, err := h.List(t.Context(), ada)
	ok(t, err)
	if len(all) < 6 {
		t.Errorf("got %d datasets, want most of 9", len(all))
	}
	for _, d := range all {
		_, v, err := h.Current(t.Context(), ada, d.ID)
		if err != nil || !h.blobs.Has(v.Source.Blob) || len(h.rows(t, v.Outcome)) != 4 {
			t.Errorf("%s names a file that is gone (%v)", d.Title, err)
		}
	}
}
