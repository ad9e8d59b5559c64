package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// A birth is one line of INSEE's file of first names: how many children were given a name in a year.
type birth struct{ year, sex, name, count string }

// readBirths reads the file of first names, or makes some where it is not there, so that a clone that stands alone can
// be measured too. source says which, for the report.
func readBirths(path string) (births []birth, source string, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return madeBirths(), "made lines: the file of first names is not here", nil
	}
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = f.Close() }() // read only
	gz, err := gzip.NewReader(f)
	if err != nil {
		return nil, "", err
	}
	lines := bufio.NewScanner(gz)
	lines.Scan() // the header
	for lines.Scan() {
		if v := strings.Split(lines.Text(), ";"); len(v) == 4 {
			births = append(births, birth{v[0], v[1], v[2], v[3]})
		}
	}
	return births, "INSEE’s first names from 1900 to 2021, repeated", lines.Err()
}

func madeBirths() (births []birth) {
	for year := 1900; year <= 2021; year++ {
		for i := range 5000 {
			births = append(births, birth{strconv.Itoa(year), "FM"[i%2 : i%2+1], fmt.Sprintf("Prénom%d", i*7919%9973), strconv.Itoa(i % 900)})
		}
	}
	return births
}

// namesHeader are the columns of the file measured, namesSchema what each must hold.
const (
	namesHeader = "id;annee;sexe;prenom;nombre;departement;date;montant;actif;libelle\n"
	namesSchema = `{"name": "naissances", "primaryKey": "id", "missingValues": [""], "fields": [
	{"name": "id", "type": "integer", "constraints": {"required": true, "minimum": 1}},
	{"name": "annee", "type": "year", "constraints": {"required": true}},
	{"name": "sexe", "type": "string", "constraints": {"enum": ["F", "M"]}},
	{"name": "prenom", "type": "string", "constraints": {"required": true, "maxLength": 60}},
	{"name": "nombre", "type": "integer", "constraints": {"minimum": 1}},
	{"name": "departement", "type": "string", "constraints": {"pattern": "^([013-8]\\d|2[1-9AB]|9[0-5])$"}},
	{"name": "date", "type": "date", "format": "%Y-%m-%d"},
	{"name": "montant", "type": "number", "constraints": {"minimum": 0}},
	{"name": "actif", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
	{"name": "libelle", "type": "string"}]}
`
)

// wrongRows is how often a row of the file breaks the schema, in its column nombre.
const wrongRows = 1000

// writeNames writes rows lines of ten columns.
func writeNames(w io.Writer, births []birth, rows int) error {
	if _, err := io.WriteString(w, namesHeader); err != nil {
		return err
	}
	var line []byte
	for i := range rows {
		b := births[i%len(births)]
		year := b.year
		if len(year) != 4 || strings.Trim(year, "0123456789") != "" {
			year = "1900"
		}
		count := b.count
		if i%wrongRows == wrongRows-1 {
			count = "n. c."
		}
		n, _ := strconv.Atoi(b.count)
		line = fmt.Appendf(line[:0], "%d;%s;%s;%s;%s;%02d;%s-%02d-%02d;%d.%02d;%s;%s (%s), rang %d\n", i+1, year, b.sex, b.name, count, i%19+1,
			year, i%12+1, i%28+1, n*7919%1000, i%100, [2]string{"non", "oui"}[i%2], b.name, b.sex, i%1000)
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// writeNamesWorkbook writes the same as a workbook of one sheet.
func writeNamesWorkbook(w io.Writer, births []birth, rows int) error {
	return writeXLSX(w, func(yield func([]string) bool) {
		var text bytes.Buffer
		if err := writeNames(&text, births, rows); err != nil {
			return
		}
		for line := range strings.Lines(text.String()) {
			if !yield(strings.Split(strings.TrimSuffix(line, "\n"), ";")) {
				return
			}
		}
	})
}
