// Package officetest has files opened and saved by LibreOffice, which judges what is written here as the people who receive it do.
package officetest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hang is how long LibreOffice may take for one call before it counts as hung.
const hang = 25 * time.Minute

// CSV is the filter that writes every cell as a spreadsheet holds it, texts between quotes, in UTF-8. Source: "CSV Filter Parameters" of
// LibreOffice's help: separator, quotes, UTF-8, first line, formats, language, quote all texts, numbers as stored, cells as shown.
const CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false"

// An Office is a LibreOffice with a profile of its own.
type Office struct {
	program, profile string
}

// Open finds LibreOffice with the libraries of one of its programs: "libsclo.so" for spreadsheets, "libswlo.so" for texts. Without it the test is
// skipped, except where the whole suite runs, which installs it.
func Open(t testing.TB, library string) Office {
	t.Helper()
	program, err := exec.LookPath("soffice")
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err == nil { // it may be there without this program
		_, err = os.Stat(filepath.Join(filepath.Dir(program), library))
	}
	if err != nil {
		if os.Getenv("CI") != "" || os.Getenv("CULTURED_TEST_JUDGE") != "" {
			t.Fatalf("LibreOffice is not installed: %v", err)
		}
		t.Skip("LibreOffice is not installed")
	}
	return Office{program, filepath.Join(t.TempDir(), "profile")}
}

// Convert opens each file and saves it in a folder, in a format ("ods", or one with its filter, such as [CSV]), by one process. It returns the paths of
// what was saved, in the order of the files, whose names without extension differ.
func (o Office) Convert(t testing.TB, format, folder string, files ...string) (saved []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	cmd := exec.CommandContext(ctx, o.program, append([]string{"-env:UserInstallation=file://" + o.profile, "--headless", "--convert-to", format, "--outdir", folder}, files...)...)
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	extension, _, _ := strings.Cut(format, ":")
	for _, file := range files {
		path := filepath.Join(folder, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))+"."+extension)
		if _, err := os.Stat(path); err != nil {
			t.Fatalf("%s was not saved: %s", path, said)
		}
		saved = append(saved, path)
	}
	return saved
}
