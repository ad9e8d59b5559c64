package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a recipe takes out of a table is nowhere to be had: not in the file as it came, which stays with those who keep the dataset.
func TestWhatARecipeTakesOutIsNotPublished(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, t.TempDir(), database, "--demo")
		public := demonstrated(t, s)
		steward, colleague, nobody := s.signIn(t, "steward"), s.signIn(t, "rh"), s.visitor(t)
		slug := public[0].ID
		nobody.want(t, "/catalogue/"+slug+"/original")
		if public[0].Downloads["original"] == "" {
			t.Fatal("a file nothing was taken out of must be offered")
		}
		path := "/datasets/" + behind(t, steward, public[0].Title)
		column := strings.Trim(strings.FieldsFunc(nobody.want(t, "/catalogue/"+slug+"/data/"+slug+".csv"), func(r rune) bool { return r == ',' || r == '\n' || r == '\r' })[1], `"`)
		do := func(act string, form url.Values) {
			form.Set("revision", regexp.MustCompile(`name="revision" value="(\d+)"`).FindStringSubmatch(steward.want(t, path+"/clean?add=drop"))[1])
			if a := steward.post(t, path+"/clean/"+act, form); a.status != http.StatusOK {
				t.Fatalf("%s: got %d\n%s", act, a.status, words(a.body))
			}
		}
		do("step", url.Values{"kind": {"drop"}, "columns": {column}})
		do("apply", url.Values{})
		eventually(t, "the second version is there", func() bool { return steward.get(t, path+"/versions/2/original").status == http.StatusOK })
		eventually(t, "the record knows it, and it is published", func() bool {
			steward.post(t, path+"/record/act", url.Values{"action": {"publish"}})
			return !strings.Contains(nobody.want(t, "/catalogue/"+slug+"/dictionary.csv"), column+",")
		})
		if a := nobody.get(t, "/catalogue/"+slug+"/original"); a.status != http.StatusNotFound {
			t.Errorf("everybody reads the file as it came: got %d", a.status)
		}
		if a := colleague.get(t, path+"/versions/2/original"); a.status != http.StatusNotFound {
			t.Errorf("a colleague reads it: got %d", a.status)
		}
		for _, page := range []string{"/catalogue/" + slug, "/catalogue/" + slug + "/record/dcat.ttl", "/dcat.jsonld", "/api/v1/datasets/" + slug} {
			if strings.Contains(nobody.want(t, page), slug+"/original") {
				t.Errorf("%s still leads there", page)
			}
		}
		for _, page := range []string{path + "/use", path + "/history"} {
			if strings.Contains(colleague.want(t, page), "/original") {
				t.Errorf("%s leads a colleague there", page)
			}
			if !strings.Contains(steward.want(t, page), "/original") {
				t.Errorf("%s: who keeps the dataset no longer finds the file", page)
			}
		}
		i := slices.IndexFunc(published(t, s), func(p publishedDataset) bool { return p.ID == slug })
		if i < 0 || published(t, s)[i].Downloads["original"] != "" {
			t.Error("the interface still offers the file as it came")
		}
	})
}
