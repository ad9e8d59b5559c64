package tabular

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"cultured/internal/fault"
)

// memoFiles are the files of testdata/memos.zip, by their names in lower case.
func memoFiles(t testing.TB) map[string][]byte {
	t.Helper()
	data := fixture(t, "memos.zip")
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[strings.ToLower(strings.TrimPrefix(f.Name, "memos/"))], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// longNote is the second text of each table of testdata/memos.zip.
var longNote = "Première ligne.\r\nDeuxième ligne, « très » longue : " + strings.Repeat("é", 1200)

func TestDBF_readsLongTexts(t *testing.T) {
	data := fixture(t, "memos.zip")
	for member, encoding := range map[string]string{"memos/M3.DBF": "windows-1252", "memos/fp.dbf": "windows-1252", "memos/vf.dbf": "windows-1252"} {
		r, got := records(t, data, "memos.zip", Options{Member: member})
		if r.Encoding != encoding || len(r.Members) != 3 || len(got) != 3 || noted(r, "tabular.note_memo") {
			t.Fatalf("%s: got %+v, %d rows", member, r, len(got))
		}
		for i, want := range []string{"Une note d’été", longNote, ""} {
			if v := got[i]["NOTE"]; v != want {
				t.Errorf("%s, row %d: got %.60q (%d bytes)", member, i+1, v, len(v))
			}
		}
	}
}

// dbaseIV makes a table of one long text and the file that holds it, in blocks of 1,024 bytes. Source: dBASE IV, "Memo File Structure".
func dbaseIV(text string, block byte) (table, memo []byte) {
	table = dbfOf(3, 10, "         "+string(block))
	table[0], table[43] = 0x8B, 'M'
	memo = make([]byte, 2048)
	binary.LittleEndian.PutUint16(memo[20:], 1024)
	memo = append(memo[:1024], 0xFF, 0xFF, 8, 0, 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(memo[1028:], uint32(len(text)+8))
	return table, append(memo, text...)
}

func TestDBF_saysWhichLongTextsAreLost(t *testing.T) {
	all := memoFiles(t)
	four, fourMemo := dbaseIV("Été comme hiver", '1')
	lost, _ := dbaseIV("", '9')
	wild := bytes.Clone(all["fp.fpt"])
	binary.BigEndian.PutUint32(wild[512+4:], 1<<31)
	picture := bytes.Clone(all["fp.fpt"])
	picture[512+3] = 0
	for _, c := range []struct {
		name        string
		files       map[string][]byte
		first, note string
		args        []string
	}{
		{"dBASE IV", map[string][]byte{"a.dbf": four, "a.dbt": fourMemo}, "Été comme hiver", "", nil},
		{"none sent", map[string][]byte{"a.dbf": all["m3.dbf"]}, "", "tabular.note_memo", nil},
		{"an empty file", map[string][]byte{"a.dbf": all["m3.dbf"], "a.dbt": nil}, "", "tabular.note_memo", nil},
		{"no such block", map[string][]byte{"a.dbf": lost, "a.dbt": fourMemo}, "", "tabular.note_memo_broken", []string{"1"}},
		{"cut", map[string][]byte{"a.dbf": all["fp.dbf"], "a.fpt": all["fp.fpt"][:520]}, "", "tabular.note_memo_broken", []string{"2"}},
		{"a size that is none", map[string][]byte{"a.dbf": all["fp.dbf"], "a.fpt": wild}, "", "tabular.note_memo_broken", []string{"1"}},
		{"a picture", map[string][]byte{"a.dbf": all["fp.dbf"], "a.fpt": picture}, "", "", nil},
	} {
		r, got := records(t, zippedLayer(t, c.files), "a.zip", Options{})
		value := ""
		for _, rec := range got[:min(1, len(got))] {
			note, ok := rec["NOTE"]
			if value = note; !ok {
				value = rec[firstColumn(four)]
			}
		}
		if value != c.first || c.note != "" && !noted(r, c.note, c.args...) || c.note == "" && noted(r, "tabular.note_memo") {
			t.Errorf("%s: got %q, %+v", c.name, value, r.Notes)
		}
	}
	files := map[string][]byte{"a.dbf": all["fp.dbf"], "a.fpt": all["fp.fpt"]}
	if _, _, _, err := readAll(t, zippedLayer(t, files), "a.zip", Options{Limits: Limits{CellBytes: 100}}); !fault.Is(err, "tabular.cell_too_large") {
		t.Errorf("too long: got %v", err)
	}
}

func firstColumn(table []byte) string {
	name, _, _ := bytes.Cut(table[32:43], []byte{0})
	return string(name)
}

// A shapefile has its long texts too, and a file of them that is unpacked to a spool is deleted with the rest.
func TestShapefile_readsLongTexts(t *testing.T) {
	all, memos := layerFiles(t), memoFiles(t)
	files := map[string][]byte{"a.shp": all["écoles.shp"], "a.dbf": memos["fp.dbf"], "a.fpt": memos["fp.fpt"], "a.prj": all["écoles.prj"]}
	r, got := records(t, zippedLayer(t, files), "a.zip", Options{})
	if len(r.Members) != 1 || len(got) != 3 || got[1]["NOTE"] != longNote || got[0]["latitude"] != "48.8566" {
		t.Errorf("got %+v, %v", r, got)
	}
}

func FuzzMemo(f *testing.F) {
	all := memoFiles(f)
	four, fourMemo := dbaseIV("Été", '1')
	f.Add(all["m3.dbf"], all["m3.dbt"], ".dbt")
	f.Add(all["fp.dbf"], all["fp.fpt"], ".fpt")
	f.Add(all["vf.dbf"], all["vf.fpt"], ".fpt")
	f.Add(four, fourMemo, ".dbt")
	f.Fuzz(func(t *testing.T, table, memo []byte, ext string) {
		exhaust(t, zippedLayer(t, map[string][]byte{"a.dbf": table, "a" + ext: memo}))
	})
}
