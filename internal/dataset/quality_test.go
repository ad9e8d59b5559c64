package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// csvOpener opens rows whose cells are separated by "|".
func csvOpener(rows ...string) Opener {
	return func() (tabular.Table, error) {
		b := []byte(strings.Join(rows, "\n") + "\n")
		return tabular.Open(bytes.NewReader(b), int64(len(b)), "test.csv", tabular.Options{Separator: "|", Encoding: "utf-8", HeaderRow: 1})
	}
}

// reasons counts the findings by reason.
func reasons(found []finding.Finding) map[string]int {
	out := map[string]int{}
	for _, f := range found {
		out[strings.TrimPrefix(f.Reason, "dataset.")]++
	}
	return out
}

// many repeats a row n times, with its number in place of %d.
func many(n int, row string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = strings.ReplaceAll(row, "%d", fmt.Sprint(i))
	}
	return out
}

func TestFindings(t *testing.T) {
	for _, tc := range []struct {
		name string
		rows []string
		want map[string]int
	}{
		{"a clean table", []string{"a|b", "1|x", "2|y"}, map[string]int{}},
		{"spaces", []string{"a|b", " x|1", "y  z|2", "y z|3"}, map[string]int{"spaces": 2}},
		{"no-break spaces in numbers", []string{"a|n", "x|1\u00A0234", "y|2", "z|3"}, map[string]int{"no_break": 1, "grouped_numbers": 1}},
		{"a no-break space in a sentence is right", []string{"a|b", "Allô\u00A0!|1", "x|2"}, map[string]int{}},
		{"invisible characters", []string{"a|b", "x\u200By|1", "z|2"}, map[string]int{"control": 1}},
		{"damaged accents", []string{"a|b", "mÃ©diathÃ¨que|1", "MÂCON|2"}, map[string]int{"mojibake": 1}},
		{"lost characters", []string{"a|b", "caf\uFFFD|1", "x|2"}, map[string]int{"lost_characters": 1}},
		{"marks for missing values", []string{"a|n", "x|n/d", "y|NC", "z|4"}, map[string]int{"missing_mark": 2}},
		{"NC among texts may be an answer", []string{"a|n", "x|NC", "y|autre réponse", "z|réponse"}, map[string]int{"missing_mark": 1}},
		{"texts among numbers", []string{"a|n", "x|1", "y|2", "z|3", "t|annulé"}, map[string]int{"not_number": 1}},
		{"hidden numbers", []string{"a|n", "x|1", "y|2", "z|3", "t|<11"}, map[string]int{"secret_mark": 1}},
		{"decimal commas", []string{"a|n", "x|1,5", "y|2", "z|3"}, map[string]int{"decimal_comma": 1}},
		{"dates in two forms", []string{"a|d", "x|2024-01-02", "y|25/12/2024", "z|2024-01-03"}, map[string]int{"date_layout": 1}},
		{"French dates", []string{"a|d", "x|25/12/2024", "y|03/01/2024"}, map[string]int{"local_dates": 1}},
		{"dates whose order nothing proves", []string{"a|d", "x|05/12/2024", "y|03/01/2024"}, map[string]int{"unsure_dates": 1}},
		{"a date with the month first", []string{"a|d", "x|05/11/2024", "y|03/01/2024", "z|03/02/2024", "t|12/25/2024"}, map[string]int{"local_dates": 1, "month_first": 1}},
		{"a date as a number", []string{"a|d", "x|2024-01-02", "y|2024-01-05", "z|2024-01-07", "t|45300"}, map[string]int{"excel_date": 1}},
		{"made-up dates", []string{"a|d", "x|2024-01-02", "y|1900-01-01", "z|2024-01-07", "t|9999-12-31", "u|2024-02-02", "v|2024-02-03"}, map[string]int{"placeholder_date": 2}},
		{"a wrong SIRET", []string{"siret", "21310555400017", "35600000000048", "21310555400018"}, map[string]int{"invalid_siret": 1}},
		{"one row, and its SIRET is none: the name is enough", []string{"siret|b", "123456|1"}, map[string]int{"invalid_siret": 1}},
		{"a code of INSEE longer than a commune's is another", []string{"code_insee|b", "751140101|1"}, map[string]int{}},
		{"separators alone at the end", []string{"a|b", "1|x", "2|y", "|", "|"}, map[string]int{"empty_row": 1}},
		{"a line without anything at the end", []string{"a|b", "1|x", "2|y", "", ""}, map[string]int{}},
		{"a SIRET with spaces", []string{"siret|a", "213 105 554 00017|1", "35600000000048|2"}, map[string]int{"code_form": 1}},
		{"SIRET as numbers with decimals", []string{"siret|a", "21310555400017.0|1", "35600000000048|2", "35600000000048,00|3"}, map[string]int{"decimal_code": 2}},
		{"a SIRET rounded by a spreadsheet", []string{"siret|a", "21860194600000.0|1", "35600000000048|2", "21310555400017|3"}, map[string]int{"rounded_code": 1}},
		{"codes as numbers with decimals, zeros lost too", []string{"code_postal|a", "1000.0|1", "31000.0|2", "69001.0|3"}, map[string]int{"decimal_code": 3}},
		{"overseas territories as regions", []string{"region|a", "977|1", "978|2", "76|3", "94|4"}, map[string]int{}},
		{"lost zeros", []string{"code_postal|a", "1000|1", "31000|2", "69001|3"}, map[string]int{"leading_zero": 1}},
		{"a shortened number", []string{"siret|a", "2,13105E+13|1", "21310555400017|2", "35600000000048|3"}, map[string]int{"science": 1}},
		{"spellings", append([]string{"a|n", "CAEN|1", "Bayeux|2", "bayeux|3"}, many(4, "Caen|%d0")...), map[string]int{"variant": 2}},
		{"typing mistakes", append([]string{"a|n", "Toulosue|1"}, many(30, "Toulouse|%d0")...), map[string]int{"near_value": 1}},
		{"an outlier", append([]string{"a|n", "x|999999"}, many(400, "x%d|20.%d")[100:]...), map[string]int{"outlier": 1}},
		{"the end of a long tail is no outlier", append([]string{"a|n"}, many(400, "x%d|%d.5")...), map[string]int{}},
		{"another unit, by its size", append([]string{"a|n", "x|1820"}, many(99, "x%d|1.%d")[10:]...), map[string]int{"unit_larger": 1}},
		{"units beside numbers", append([]string{"a|n", "x|1,5 km", "y|300 m", "z|12"}, many(30, "x%d|%d,5 km")...), map[string]int{"other_unit": 1, "no_unit": 1}},
		{"a unit among numbers", append([]string{"a|n", "x|12 k€"}, many(30, "x%d|%d")...), map[string]int{"lone_unit": 1}},
		{"numbers of streets have no unit", append([]string{"a|n", "x|12 bis", "y|3 ter"}, many(30, "x%d|%d")...), map[string]int{}},
		{"an impossible date", []string{"a|d", "x|2024-02-31", "y|2024-02-28", "z|2024-03-01", "t|2024-03-02"}, map[string]int{"impossible_date": 1}},
		{"a period is no broken date", []string{"a|d", "x|2024-02-03/2025-02-03", "y|2024-02-28", "z|2024-03-01", "t|2024-03-02"}, map[string]int{}},
		{"too few dates to say which is far", append([]string{"a|d", "x|2204-05-01"}, many(30, "x%d|2024-03-%d")[10:]...), map[string]int{}},
		{"a year mistyped", append(append([]string{"a|d", "x|2204-05-01"}, many(30, "x%d|2024-03-%d")[10:]...), many(30, "y%d|2024-05-%d")[10:]...), map[string]int{"far_date": 1}},
		{"signs and points of codes tell something", append([]string{"a|n", "-200 x|1", "1.5 x|1"}, append(many(9, "200 x|%d"), many(9, "15 x|%d")...)...), map[string]int{}},
		{"plurals and feminines are no typing mistakes", append([]string{"a|n", "Déléguée|1", "Directeurs|1"}, append(many(30, "Délégué|%d0"), many(30, "Directeur|%d0")...)...), map[string]int{}},
		{"rows", []string{"a|b|c", "1|2|3", "||", "1|2|3", "1|2", "1|2|3|4"}, map[string]int{"empty_row": 1, "duplicate_row": 2, "short_row": 1, "long_row": 1}},
		{"a total at the end", []string{"a|n", "x|1", "y|2", "Total|3"}, map[string]int{"total_row": 1}},
		{"columns without a name or with the same", []string{"a||a", "1|2|3", "4|5|6"}, map[string]int{"unnamed_column": 1, "repeated_column": 1}},
		{"an empty column", []string{"a|b", "1|", "4|"}, map[string]int{"empty_column": 1}},
		{"persons", []string{"nom|prénom", "Durand|Zoé", "Petit|Léo"}, map[string]int{"personal": 2}},
		{"places swapped", []string{"latitude|longitude", "1.44|43.6", "2.35|48.85"}, map[string]int{"swapped": 1}},
		{"one place swapped, one away", []string{"latitude|longitude", "43.6|1.44", "48.85|2.35", "45.1|3.2", "1.44|43.6", "0|0"}, map[string]int{"swapped_point": 1, "outside_france": 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, found := examine(t, csvOpener(tc.rows...), nil)
			if got := reasons(found); !maps.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestSafeFixesMendWhatTheySay(t *testing.T) {
	open := csvOpener("nom|n|d|cp|ville", " x|1,5|25/12/2024|1000|Caen", "y  z|n/d|2024-01-02|31000|CAEN", "mÃ©dia|2|2024-01-03|69001|Caen", "||||",
		"t|3|2024-01-04|75001|Caen", "u|4|2024-01-05|75002|Caen", "Total|10,5|||")
	before, _ := examine(t, open, nil)
	plan := before.SafeFixes()
	after, found := examine(t, open, plan)
	if after.Problems() != 0 {
		t.Errorf("got %d problems after, want none: %v", after.Problems(), reasons(found))
	}
	if before.Fixable != before.Problems() || after.Dropped != 2 || after.Rows != 5 {
		t.Errorf("got %d mendable of %d, %d rows dropped, %d left", before.Fixable, before.Problems(), after.Dropped, after.Rows)
	}
	var got []string
	for row, err := range StorageRows(context.Background(), open, plan, after.Profile) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(row.Number, ":", strings.Join(row.Cells, "|")))
	}
	want := []string{"2:x|1.5|2024-12-25|01000|Caen", "3:y z||2024-01-02|31000|Caen", "4:média|2|2024-01-03|69001|Caen",
		"6:t|3|2024-01-04|75001|Caen", "7:u|4|2024-01-05|75002|Caen"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if again, _ := examine(t, open, plan.Without(0)); again.Problems() == 0 {
		t.Error("undoing a fix changes nothing")
	}
}

func TestFixExamples(t *testing.T) {
	for _, k := range FixKinds() {
		if k.Rows || mends[k.Kind] == nil {
			continue
		}
		after, _ := Apply(Fix{Kind: k.Kind, Semantic: map[string]Semantic{"leading_zero": "code_postal", "code_form": "siren"}[k.Kind]}, k.Before)
		if k.Kind == "leading_zero" {
			after, _ = Apply(Fix{Kind: k.Kind, Semantic: "commune"}, k.Before)
		}
		if after != k.After {
			t.Errorf("%s: got %q, want %q", k.Kind, after, k.After)
		}
	}
}

// A date with points is not a moment to the fraction of a second.
func TestDatesWithPointsAreMended(t *testing.T) {
	if after, changed := Apply(Fix{Kind: "iso_date"}, "12.12.1997"); !changed || after != "1997-12-12" {
		t.Errorf("got %q", after)
	}
}

func TestUncertainValuesStay(t *testing.T) {
	for _, tc := range []struct{ kind, value string }{
		{"iso_date", "mars 2024"}, {"iso_date", "2024"}, {"iso_date", "31/02/2024"}, {"iso_date", "2024-01-02T10:00:00+01:00"},
		{"decimal_comma", "12,5 %"}, {"decimal_comma", "1,2,3"}, {"spaces", "12 rue Haute"}, {"mojibake", "MÂCON"}, {"mojibake", "Ångström"},
		{"leading_zero", "9999"}, {"excel_date", "12"}, {"missing", "Nice"}, {"code_form", "21310555400018"},
		{"decimal_zero", "21860194600000.0"}, {"decimal_zero", "21310555400017.5"},
	} {
		if after, changed := Apply(Fix{Kind: tc.kind, Semantic: "siret"}, tc.value); changed {
			t.Errorf("%s of %q: got %q, want no change", tc.kind, tc.value, after)
		}
	}
}

func TestTotalsInTheMiddleStay(t *testing.T) {
	open := csvOpener("a|n", "x|1", "Total x|1", "y|2", "Total y|2", "||", "Total|3")
	r, _ := examine(t, open, Plan{{Kind: "drop_total_rows"}})
	if r.Rows != 3 || r.Dropped != 2 {
		t.Errorf("got %d rows, %d dropped, want 3 and 2", r.Rows, r.Dropped)
	}
}

func TestSchemaFixesReplay(t *testing.T) {
	s, _, err := schema.Parse([]byte(`{"fields":[{"name":"date","type":"date"},{"name":"actif","type":"boolean","trueValues":["oui"],"falseValues":["non"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	open := csvOpener("Date|actif", "25/12/2024|OUI", "2024-01-02|non", "2024-01-03|oui")
	var found []finding.Finding
	r, err := Examine(context.Background(), open, Examination{Schema: &s, Sink: func(f finding.Finding) { found = append(found, f) }})
	if err != nil {
		t.Fatal(err)
	}
	if r.Valid || r.Verdict.Level != LevelError || r.Errors != 3 {
		t.Errorf("got %d errors %v, want 3", r.Errors, reasons(found))
	}
	r, err = Examine(context.Background(), open, Examination{Schema: &s, Plan: r.SafeFixes()})
	if err != nil || !r.Valid || r.Verdict.Key != "dataset.verdict_valid" {
		t.Errorf("after the fixes: got %v %+v, want a valid table", err, r.Groups)
	}
}

func TestExamineStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Examine(ctx, csvOpener("a", "1"), Examination{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
	refused := fault.New(fault.Invalid, "tabular.empty")
	if _, err := Examine(context.Background(), func() (tabular.Table, error) { return nil, refused }, Examination{}); !fault.Is(err, "tabular.empty") {
		t.Errorf("got %v, want the opener's fault", err)
	}
}

func TestProgressGoesUpToItsTotal(t *testing.T) {
	last, end := int64(-1), int64(0)
	open := csvOpener(append([]string{"a|b"}, many(9000, " %d|%d")...)...)
	_, err := Examine(context.Background(), open, Examination{Progress: func(done, total int64) {
		if done < last || total > 0 && done > total {
			t.Errorf("got %d of %d after %d", done, total, last)
		}
		last, end = done, total
	}})
	if err != nil || last != end || last == 0 {
		t.Errorf("got %d of %d, %v", last, end, err)
	}
}

func FuzzApply(f *testing.F) {
	for _, k := range FixKinds() {
		f.Add(k.Before)
	}
	f.Add("1,23457E+12")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, value string) {
		for kind := range mends {
			for _, s := range []Semantic{"", "siret", "commune"} {
				fix := Fix{Kind: kind, Semantic: s}
				once, changed := Apply(fix, value)
				if changed == (once == value) {
					t.Errorf("%s of %q: changed is %v, got %q", kind, value, changed, once)
				}
				if kind == "mojibake" {
					continue // a text damaged twice is mended twice
				}
				if twice, again := Apply(fix, once); again {
					t.Errorf("%s of %q: got %q, then %q", kind, value, once, twice)
				}
			}
		}
		c := describeCell(value)
		for _, typ := range []Type{TypeText, TypeInteger, TypeNumber, TypeBoolean, TypeDate, TypeDateTime} {
			canonical(value, typ)
		}
		if c.kind == kindBlank && strings.Trim(value, " ") != "" && !isBlankRow([]string{value}) {
			t.Errorf("%q is taken for blank", value)
		}
	})
}
