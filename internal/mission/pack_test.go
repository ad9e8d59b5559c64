package mission_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"cultured/internal/fault"
	"cultured/internal/mission"
	"cultured/internal/tabular"
)

// packed makes a pack of missions that ship, as an organisation would send them.
func packed(t testing.TB, ids ...mission.ID) []byte {
	t.Helper()
	p := mission.Pack{Title: "Valmoret", Made: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC), Sheets: map[string]mission.Table{}}
	for _, id := range ids {
		m := find(t, id)
		p.Missions = append(p.Missions, m)
		if m.Source.File != "" {
			p.Sheets[m.Source.File] = source(t, m)
		}
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadPack_bringsBackWhatWasSent(t *testing.T) {
	raw := packed(t, "M05", "M19", "M44")
	p, err := mission.ReadPack(raw)
	if err != nil {
		t.Fatal(err)
	}
	if p.Title != "Valmoret" || len(p.Missions) != 3 || len(p.Sheets) != 2 {
		t.Fatalf("came in: %q, %d missions, %d tables", p.Title, len(p.Missions), len(p.Sheets))
	}
	for _, m := range p.Missions {
		was := find(t, m.ID)
		if was.Source.File != "" && !strings.HasPrefix(m.Source.File, "own-") {
			t.Errorf("%s: the table keeps the name of a file that ships: %s", m.ID, m.Source.File)
		}
		if doubts := m.Prove(p.Sheets[m.Source.File], 3, bench); len(doubts) > 0 {
			t.Errorf("%s: %v", m.ID, doubts)
		}
		m.Source.File = was.Source.File
		a, _ := json.Marshal(was)
		if b, _ := json.Marshal(m); !bytes.Equal(a, b) {
			t.Errorf("%s came in as\n%s\nand was\n%s", m.ID, b, a)
		}
	}
	// Anybody who knows Data Packages reads the tables and their terms.
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var pack struct {
		Resources []struct {
			Path     string
			Licenses []struct{ Title string }
			Schema   struct{ Fields []struct{ Name string } }
		}
	}
	f, err := z.Open("datapackage.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(f).Decode(&pack); err != nil || len(pack.Resources) != 2 {
		t.Fatalf("%+v, %v", pack, err)
	}
	for _, r := range pack.Resources {
		f, err := z.Open(r.Path)
		if err != nil || len(r.Licenses) != 1 || r.Licenses[0].Title == "" || len(r.Schema.Fields) < 2 {
			t.Fatalf("%+v, %v", r, err)
		}
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		in, err := tabular.Open(bytes.NewReader(text), int64(len(text)), r.Path, tabular.Options{})
		if err != nil || in.Columns()[0] != r.Schema.Fields[0].Name {
			t.Errorf("%s: %v", r.Path, err)
		}
	}
}

// zipped makes a zip of files, in order: name, text, name, text…
func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const packAbout = `{"format": "cultured-missions/1", "title": "X"}`

func TestReadPack_refusesInPlainWords(t *testing.T) {
	m05, err := json.Marshal(find(t, "M05"))
	if err != nil {
		t.Fatal(err)
	}
	with := func(was, is string) string {
		out := strings.Replace(string(m05), was, is, 1)
		if out == string(m05) {
			t.Fatalf("M05 has no %s", was)
		}
		return out
	}
	sheet := string(source(t, find(t, "M05")).CSV())
	link := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: "data/a.csv"}
		h.SetMode(0o777 | 1<<27) // a symbolic link
		f, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(f, "/etc/passwd") // a buffer takes everything
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	full := func(m string) []byte {
		return zipped(t, "pack.json", packAbout, "missions/a.json", m, "data/stations_qualite_cote_dor.csv", sheet)
	}
	for name, c := range map[string]struct {
		raw []byte
		key string
	}{
		"no zip":                     {[]byte("Bonjour"), "mission.pack_no_zip"},
		"nothing":                    {nil, "mission.pack_no_zip"},
		"a way out":                  {zipped(t, "pack.json", packAbout, "data/../../etc/cron.csv", "x"), "mission.pack_path"},
		"an absolute path":           {zipped(t, "/missions/a.json", "{}"), "mission.pack_path"},
		"a path of Windows":          {zipped(t, `missions\a.json`, "{}"), "mission.pack_path"},
		"a drive":                    {zipped(t, "C:/missions/a.json", "{}"), "mission.pack_path"},
		"a script":                   {zipped(t, "pack.json", packAbout, "data/run.sh", "rm -rf /"), "mission.pack_foreign"},
		"a page":                     {zipped(t, "missions/a.html", "<script>"), "mission.pack_foreign"},
		"a zip in the zip":           {zipped(t, "data/a.zip", "PK"), "mission.pack_foreign"},
		"a hidden file":              {zipped(t, "data/.htaccess.csv", "a"), "mission.pack_foreign"},
		"a link":                     {link(), "mission.pack_foreign"},
		"a file twice":               {zipped(t, "pack.json", packAbout, "pack.json", packAbout), "mission.pack_twice"},
		"a bomb":                     {zipped(t, "pack.json", packAbout, "data/a.csv", strings.Repeat("0", 61<<20)), "mission.pack_large"},
		"no pack.json":               {zipped(t, "missions/a.json", string(m05)), "mission.pack_unknown"},
		"another format":             {zipped(t, "pack.json", `{"format": "cultured-missions/9"}`), "mission.pack_unknown"},
		"no mission":                 {zipped(t, "pack.json", packAbout), "mission.pack_empty"},
		"an unreadable mission":      {zipped(t, "pack.json", packAbout, "missions/a.json", "{"), "mission.pack_mission"},
		"two missions in one":        {zipped(t, "pack.json", packAbout, "missions/a.json", string(m05)+"{}"), "mission.pack_mission"},
		"a field nobody knows":       {zipped(t, "pack.json", packAbout, "missions/a.json", `{"run": "sh"}`), "mission.pack_mission"},
		"a table that is not there":  {zipped(t, "pack.json", packAbout, "missions/a.json", string(m05)), "mission.pack_table"},
		"a table outside its folder": {zipped(t, "pack.json", packAbout, "missions/a.json", with(`"file":"stations`, `"file":"../pack.json?`)), "mission.pack_table"},
		"no licence":                 {full(with(`"licence":"Licence Ouverte 2.0"`, `"licence":""`)), "mission.lacks_licence"},
		"a source that runs":         {full(with(`"url":"https:`, `"url":"javascript:`)), "mission.bad_url"},
		"no competence":              {full(with(`"code":"D4.3"`, `"code":"<b>"`)), "mission.lacks_competence"},
		"no time":                    {full(with(`"minutes":20`, `"minutes":0`)), "mission.lacks_minutes"},
	} {
		if _, err := mission.ReadPack(c.raw); !fault.Is(err, c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	if _, err := mission.ReadPack(full(string(m05))); err != nil {
		t.Errorf("what all of these were made of: %v", err)
	}
}

func FuzzReadPack(f *testing.F) {
	f.Add(packed(f, "M19"))
	f.Add(zipped(f, "pack.json", packAbout, "missions/a.json", "{}"))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		p, err := mission.ReadPack(raw)
		if err != nil {
			return
		}
		for _, m := range p.Missions {
			_, _ = m.Draw(p.Sheets[m.Source.File], 1) // whatever it is, drawing it ends
		}
	})
}
