package main

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// An examination is what `cultured check` took for one file.
type examination struct {
	Name   string
	Bytes  int64
	Took   time.Duration
	CPU    time.Duration // of all processors
	Memory int64         // most resident, in bytes
	Note   string        // why nothing was measured
}

// Sizes of the generated files.
const (
	csvRows  = 1_000_000
	xlsxRows = 100_000
	columns  = 10
)

// examineFiles generates a large file of each kind and checks it on the command line.
func examineFiles(ctx context.Context, o options) ([]examination, error) {
	folder, err := os.MkdirTemp("", "cultured-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	var list []examination
	for _, f := range []struct {
		name, file string
		write      func(io.Writer) error
	}{
		{fmt.Sprintf("CSV, %d rows of %d", csvRows, columns), "million.csv", writeCSV},
		{fmt.Sprintf("XLSX, %d rows of %d", xlsxRows, columns), "large.xlsx", writeXLSX},
	} {
		path := filepath.Join(folder, f.file)
		if err := writeFile(path, f.write); err != nil {
			return nil, err
		}
		e, err := examine(ctx, o.binary, path)
		if err != nil {
			return nil, err
		}
		e.Name = f.name
		say("check %s: %v, %d MiB %s", e.Name, e.Took, e.Memory>>20, e.Note)
		list = append(list, e)
		_ = os.Remove(path) // the folder goes anyway
	}
	return list, nil
}

// examine runs the command on a file; findings (exit 1) are as good as none.
func examine(ctx context.Context, binary, path string) (examination, error) {
	var e examination
	if info, err := os.Stat(path); err == nil {
		e.Bytes = info.Size()
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "check", path)
	cmd.Env = environment("")
	begin := time.Now()
	output, err := cmd.CombinedOutput()
	e.Took = time.Since(begin)
	if cmd.ProcessState == nil {
		return e, err
	}
	e.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		e.Memory = usage.Maxrss << 10 // Linux counts in KiB
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() != 1 {
		e.Note = fmt.Sprintf("not measured: exit %d: %.200s", exit.ExitCode(), output)
	}
	return e, nil
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(write(b), b.Flush(), f.Close())
}

var heads = [columns]string{"code", "nom", "commune", "montant", "nombre", "date", "actif", "note", "siren", "latitude"}

// cells are the values of row i, as a French spreadsheet would write them.
func cells(i int) [columns]string {
	towns := []string{"Évreux", "Rouen", "Le Havre", "Saint-Étienne", "Nîmes", "Besançon"}
	day := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%3650)
	return [columns]string{fmt.Sprintf("C%07d", i), fmt.Sprintf("Établissement %d", i*7919%1_000_003), towns[i%len(towns)],
		fmt.Sprintf("%d,%02d", i%100_000, i%100), fmt.Sprint(i % 1000), day.Format(time.DateOnly), []string{"oui", "non"}[i%2], "",
		fmt.Sprintf("%09d", 100_000_000+i), fmt.Sprintf("4%d,%05d", i%9, i%100_000)}
}

func writeCSV(w io.Writer) error {
	line := func(values [columns]string) error {
		for i, v := range values {
			end := ";"
			if i == columns-1 {
				end = "\n"
			}
			if _, err := io.WriteString(w, v+end); err != nil {
				return err
			}
		}
		return nil
	}
	if err := line(heads); err != nil {
		return err
	}
	for i := range csvRows {
		if err := line(cells(i)); err != nil {
			return err
		}
	}
	return nil
}

// The parts of a workbook of one sheet (ECMA-376), besides the sheet.
var workbook = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Feuille1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
}

// writeXLSX writes every cell as text in its place: what exports of business software do.
func writeXLSX(w io.Writer) error {
	z := zip.NewWriter(w)
	for _, part := range workbook {
		f, err := z.Create(part[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, part[1]); err != nil {
			return err
		}
	}
	f, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	sheet := bufio.NewWriter(f)
	fmt.Fprint(sheet, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	row := func(n int, values [columns]string) {
		fmt.Fprintf(sheet, `<row r="%d">`, n)
		for i, v := range values {
			if v != "" {
				fmt.Fprintf(sheet, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, n, v)
			}
		}
		fmt.Fprint(sheet, "</row>")
	}
	row(1, heads)
	for i := range xlsxRows {
		row(i+2, cells(i))
	}
	fmt.Fprint(sheet, "</sheetData></worksheet>")
	return errors.Join(sheet.Flush(), z.Close())
}
