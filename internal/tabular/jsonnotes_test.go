package tabular

import (
	"strings"
	"testing"
)

func TestOpen_saysHowAJSONIsRead(t *testing.T) {
	for _, c := range []struct{ name, data, notes string }{
		{"a list of records", `[{"a":1},{"a":2}]`, "records()"},
		{"an answer that wraps them", `{"total": 2, "results": [{"a":1},{"a":2}]}`, "records_at(results)"},
		{"objects inside", `[{"a":1,"ou":{"ville":"Ain","code":"01"}}]`, "records() spread(ou.ville)"},
		{"a list of lists", `[["a","b"],[1,2]]`, "lists()"},
		{"records by name", `{"01":{"nom":"Ain","n":1},"02":{"nom":"Aisne","n":2},"03":{"nom":"Allier","n":3}}`, "map()"},
		{"columns", `{"nom":["Ain","Aisne"],"n":[1,2]}`, "columns()"},
		{"one record", `{"nom":"Ain","n":1}`, "one()"},
		{"records one a line", "{\"a\":1}\n{\"a\":2}\n", "lines()"},
		{"a map", `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"a":1}}]}`, "features()"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _, _, err := readAll(t, []byte(c.data), "f.json", Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range r.Notes {
				if key, ok := strings.CutPrefix(n.Key, "tabular.note_json_"); ok {
					got = append(got, key+"("+strings.Join(n.Args, "|")+")")
				}
			}
			if strings.Join(got, " ") != c.notes {
				t.Errorf("got %q, want %q", got, c.notes)
			}
		})
	}
}

func TestEncodingTitle_isForPeople(t *testing.T) {
	for _, name := range Encodings {
		if title := EncodingTitle(name); title == name || title == "" {
			t.Errorf("%s: got %q", name, title)
		} else if back, ok := EncodingNamed(title); !ok || back != name && back != "" { // what is shown may be given
			t.Errorf("%s: got %q back", title, back)
		}
	}
	r, _, _, err := readAll(t, []byte("nom;ville\n\x82t\x82;Orl\x82ans\nh\x93tel;N\x8Cmes\n"), "f.csv", Options{})
	if err != nil || r.Encoding != "ibm850" {
		t.Fatal(r.Encoding, err)
	}
	for _, n := range r.Notes {
		if n.Key == "tabular.note_encoding_guessed" && n.Args[0] != "DOS (IBM 850)" {
			t.Errorf("got %v", n)
		}
	}
}
