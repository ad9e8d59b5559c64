package main

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"cultured/internal/cleaning/cleaningdb"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/fetch"
	"cultured/internal/outbox"
	"cultured/internal/recipe"
)

// A service that answers as the national address base does is asked once for each address, whatever it becomes; what it said first stays.
func TestGeocoder_asksOnceAndKeeps(t *testing.T) {
	rooms := []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "dataset", Files: datasetdb.Migrations}, {Room: "cleaning", Files: cleaningdb.Migrations}}
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) {
		asked, latitude := 0, "43.6"
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			file, _, err := r.FormFile("data")
			if err != nil || r.Method != http.MethodPost || r.FormValue("columns") != "adresse" {
				t.Errorf("got %s, %v", r.Method, err)
				return
			}
			rows, err := csv.NewReader(file).ReadAll()
			if err != nil || rows[0][1] != "adresse" {
				t.Errorf("got %q, %v", rows, err)
				return
			}
			out := csv.NewWriter(w)
			_ = out.Write([]string{"n", "adresse", "longitude", "latitude", "result_score", "result_label"})
			for _, row := range rows[1:] {
				asked++
				score := "0.9"
				if row[1] == "Nulle part" {
					score = "0.1"
				}
				_ = out.Write([]string{row[0], row[1], "1.44", latitude, score, "Trouvé, " + row[1]})
			}
			out.Flush()
		}))
		defer s.Close()
		client, err := fetch.New(fetch.Settings{Allowed: true, Trust: netip.Addr.IsLoopback})
		if err != nil {
			t.Fatal(err)
		}
		g := &geocoder{s.URL, client, &cleaningdb.Places{DB: d, Now: time.Now}}
		want := []recipe.Place{{Found: true, Latitude: 43.6, Longitude: 1.44, Label: "Trouvé, 1 rue X", Score: 0.9}, {}, {}}
		for round := range 2 {
			got, err := g.Places(t.Context(), "o", []string{"1 rue X", "", "Nulle part"})
			if err != nil || !reflect.DeepEqual(got, want) || asked != 2 {
				t.Errorf("round %d: got %+v, %v, %d asked", round, got, err, asked)
			}
			latitude = "44"
		}
		if got, err := g.Places(t.Context(), "elsewhere", []string{"1 rue X"}); err != nil || got[0].Latitude != 44 {
			t.Errorf("what one organisation asked is another's: %+v, %v", got, err)
		}
		var kept string
		if err := d.QueryRow(`SELECT address FROM cleaning_place WHERE organisation = 'o' ORDER BY address LIMIT 1`).Scan(&kept); err != nil || strings.Contains(kept, "rue") {
			t.Errorf("an address is kept as it was asked: %q, %v", kept, err)
		}
		off, err := fetch.New(fetch.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		g.client = off
		if _, err := g.Places(t.Context(), "o", []string{"2 rue Y"}); !fault.Is(err, "fetch.off") {
			t.Errorf("nothing may go out: %v", err)
		}
	})
}

func TestReadPlaces_refusesWhatIsNoAnswer(t *testing.T) {
	for _, text := range []string{"", "{}", "n,latitude\n0,1\n", "n,latitude,longitude,result_label,result_score\n", "n,latitude,longitude,result_label,result_score\n7,1,1,x,1\n", "n,latitude,longitude,result_label,result_score\nx,1,1,x,1\n"} {
		if _, err := readPlaces(strings.NewReader(text), []string{"a"}); !fault.Is(err, "cultured.bad_geocoder") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
