package dataset

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A levelScore counts, for each level, the columns told rightly, told wrongly and missed.
type levelScore struct {
	columns              int
	right, wrong, missed map[Privacy]float64
}

// TestPrivacyOfRealColumns holds the level of each column of the files of privacy.tsv. Where the shared files are not here, those that come with
// the code are judged, and the same floors apply.
func TestPrivacyOfRealColumns(t *testing.T) {
	files, rows := listed(t, "privacy.tsv")
	score := levelScore{right: map[Privacy]float64{}, wrong: map[Privacy]float64{}, missed: map[Privacy]float64{}}
	least := 100
	if _, err := os.Stat(shared); err == nil {
		least = 450
	}
	for _, file := range files {
		for _, path := range []string{"testdata/" + file, shared + file, "testdata/columns/" + strings.ReplaceAll(file, "/", "__"), "testdata/" + filepath.Base(file)} {
			if _, err := os.Stat(path); err != nil || strings.HasPrefix(path, "testdata/columns/") && rows[file][0][1] != "*" {
				continue // what is labelled may come after the beginning
			}
			if r := examineReal(t, path); r.err != nil {
				t.Errorf("%s: %v", path, r.err)
			} else {
				score.file(t, file, r.report.Profile, rows[file])
			}
			break
		}
	}
	for _, level := range []Privacy{PrivacyNone, PrivacyPersonal, PrivacySensitive} {
		precision, recall := score.right[level]/(score.right[level]+score.wrong[level]), score.right[level]/(score.right[level]+score.missed[level])
		t.Logf("%-10s precision %.3f, recall %.3f, of %.0f", level, precision, recall, score.right[level]+score.missed[level])
		if precision < 0.9 || recall < 0.9 {
			t.Errorf("%q: precision %.3f and recall %.3f, want at least 0.9", level, precision, recall)
		}
	}
	if score.columns < least {
		t.Errorf("%d columns judged, want at least %d", score.columns, least)
	}
}

func (s *levelScore) file(t *testing.T, file string, p Profile, labels [][]string) {
	t.Helper()
	seen := 0
	for _, c := range p.Columns {
		label := "-"
		if i := slices.IndexFunc(labels, func(row []string) bool { return row[1] == c.Name }); i >= 0 {
			label, seen = labels[i][2], seen+1
		}
		known, excused := strings.CutPrefix(label, "!")
		want := Privacy(strings.TrimPrefix(known, "-"))
		s.columns++
		if c.Privacy == want {
			s.right[want]++
			if excused {
				t.Errorf("%s, %s: found now: take away the exclamation mark", file, c.Name)
			}
			continue
		}
		s.wrong[c.Privacy]++
		s.missed[want]++
		if !excused {
			t.Errorf("%s, %s: got %q (%v), want %q", file, c.Name, c.Privacy, c.Traces, want)
		}
	}
	if labels[0][1] != "*" && seen != len(labels) {
		t.Errorf("%s: %d of %d labelled columns are there", file, seen, len(labels))
	}
}

// No number with a valid checksum passes, though one cell in thousands holds it and whatever its column says.
func TestIdentifiersAreNotMissed(t *testing.T) {
	filler := func(n int) []string { return slices.Repeat([]string{"dossier complet"}, n) }
	for name, tc := range map[string]struct {
		header string
		rows   []string
		want   Privacy
	}{
		"a NIR among texts":                         {"objet", append(filler(5000), "voir 2 85 05 78 006 084 41"), PrivacySensitive},
		"a NIR among numbers":                       {"reference", append(slices.Repeat([]string{"184"}, 900), "285057800608441"), PrivacySensitive},
		"a column of NIR with another name":         {"id", []string{"285057800608441", "182039204801295", "199072A00405156"}, PrivacySensitive},
		"an IBAN among texts":                       {"objet", append(filler(5000), "rib FR76 3000 6000 0112 3456 7890 189"), PrivacyPersonal},
		"SIRET of businesses that are one person's": {"siret|forme", []string{"90000001900019|entrepreneur individuel", "82345671000024|SARL"}, PrivacyPersonal},
		"SIREN with INSEE's category 1000":          {"siren|categorie_juridique", []string{"900000019|1000", "823456710|5499"}, PrivacyPersonal},
		"SIRET of organisations":                    {"siret|forme", []string{"90000001900019|association", "82345671000024|SARL"}, PrivacyNone},
		"a NIR whose key is wrong":                  {"objet", append(filler(50), "voir 2 85 05 78 006 084 42"), PrivacyNone},
		"coordinates":                               {"latitude", []string{"45.1673606604235", "45.1757", "45.2", "45.16"}, PrivacyNone},
	} {
		if got := profileOf(tc.header, tc.rows...).Columns[0].Privacy; got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}

// A finding says where a text tells about somebody, and never what.
func TestTraces_areToldWithoutWhatTheySay(t *testing.T) {
	open := bytesOpener([]byte("observations\nRAS\nvoir 2 85 05 78 006 084 41\n"+strings.Repeat("dossier complet\n", 9)), "x.csv")
	_, found := examine(t, open, nil)
	told := 0
	for _, f := range found {
		if f.Reason == "dataset.trace_identifier" {
			told++
			if f.Row != 3 || f.Value != "" || len(f.Args) != 1 || f.Args[0] != "observations" {
				t.Errorf("row %d, value %q, said of %q", f.Row, f.Value, f.Args)
			}
		}
		if strings.Contains(f.Value+strings.Join(f.Args, ""), "2 85") {
			t.Errorf("%s says it: %v", f.Reason, f)
		}
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
}
