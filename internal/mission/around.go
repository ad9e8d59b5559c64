package mission

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/french"
)

// around plants what is of whole rows; it passes over what is of cells.
func (v *Variant) around(r *rand.Rand, m Mission, d Disturbance) error {
	switch d.Kind {
	case rowPlanted:
		for range d.Count {
			v.repeat(r, Anomaly{Kind: rowPlanted}, func([]string) {})
		}
	case nearPlanted:
		key, at := v.Table.Column(m.Key), v.Table.Column(d.Column)
		if key < 0 || at < 0 {
			return fmt.Errorf("no column %q or %q to repeat rows nearly", m.Key, d.Column)
		}
		for range d.Count {
			v.repeat(r, Anomaly{Kind: nearPlanted, Column: v.Table.Columns[at]}, func(row []string) {
				row[key], row[at] = v.freeKey(r, key), otherwiseWritten(r, row[at])
			})
		}
	case titleAbove:
		v.Above = append(v.Above, v.filled(m.Source.Title.FR), v.filled(d.Text))
		for len(v.Above) < max(3, d.Count) {
			v.Above = append(v.Above, v.filled(""))
		}
	case totalBelow:
		at := v.Table.Column(d.Column)
		if at < 0 {
			return fmt.Errorf("no column %q to add up", d.Column)
		}
		row := v.filled(d.Text)
		row[at] = strconv.FormatFloat(sum(v.Table, d.Column), 'f', -1, 64)
		v.Below = append(v.Below, row)
	}
	return nil
}

// filled is a row with a text in its first cell.
func (v *Variant) filled(text string) []string {
	row := make([]string, len(v.Table.Columns))
	row[0] = text
	return row
}

// repeat puts a copy of some row at another place, changed, and notes it.
func (v *Variant) repeat(r *rand.Rand, a Anomaly, change func(row []string)) {
	from := r.IntN(len(v.Table.Rows))
	for v.rows[from] < 0 { // a copy of a copy would be two anomalies in one
		from = r.IntN(len(v.Table.Rows))
	}
	to := r.IntN(len(v.Table.Rows) + 1)
	row := slices.Clone(v.Table.Rows[from])
	change(row)
	v.Table.Rows = slices.Insert(v.Table.Rows, to, row)
	v.rows = slices.Insert(v.rows, to, -1)
	for i := range v.Anomalies {
		if v.Anomalies[i].Row >= to {
			v.Anomalies[i].Row++
		}
		if v.Anomalies[i].Pair >= to {
			v.Anomalies[i].Pair++
		}
	}
	a.Row, a.Pair = to, from
	if from >= to {
		a.Pair++
	}
	v.Anomalies = append(v.Anomalies, a)
}

// freeKey is a key like the others that no row has.
func (v *Variant) freeKey(r *rand.Rand, key int) string {
	taken := map[string]bool{}
	for _, row := range v.Table.Rows {
		taken[plainKey(row[key])] = true
	}
	for {
		like := v.Table.Rows[r.IntN(len(v.Table.Rows))][key]
		b := []byte(like)
		for i := range b {
			if digit(b[i]) {
				b[i] = byte('0' + r.IntN(10))
			}
		}
		if k := string(b); !taken[plainKey(k)] && k[0] != '0' {
			return k
		}
		if !strings.ContainsAny(like, "0123456789") {
			return like + "-2"
		}
	}
}

// otherwiseWritten is a text as somebody else would have typed it.
func otherwiseWritten(r *rand.Rand, s string) string {
	switch r.IntN(3) {
	case 0:
		if up := strings.ToUpper(s); up != s {
			return up
		}
	case 1:
		if plain := french.Fold(s); plain != s {
			return plain
		}
	}
	return strings.TrimSpace(s) + " "
}

// File is the variant as it is downloaded, with what stands around the table.
func (v Variant) File() []byte {
	if len(v.Above)+len(v.Below) == 0 {
		return v.Table.CSV()
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	for _, rows := range [][][]string{v.Above, {v.Table.Columns}, v.Table.Rows, v.Below} {
		_ = w.WriteAll(rows) // a buffer takes everything
	}
	return b.Bytes()
}
