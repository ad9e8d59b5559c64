package e2e

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// What stands in the form is saved with the action beside it: an agent who answers the questions and asks for a review at
// once loses nothing, and one whose answers are wrong sees them again.
func TestAnActionSavesWhatWasTyped(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	agent := s.signIn(t, "agent")
	at := regexp.MustCompile(`href="(/datasets/[0-9a-z]+)">Menus`).FindStringSubmatch(agent.want(t, "/datasets"))
	if at == nil {
		t.Fatal("no draft to work on")
	}
	path := at[1] + "/record"
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(agent.want(t, path))[1]
	form := url.Values{"version": {version}, "title": {"Menus des cantines"}, "description": {"Un menu par ligne."}, "purpose": {"Compter les repas"}, "action": {"submit"}}
	form.Set("temporal_start", "hier")
	if a := agent.post(t, path+"/act", form); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Compter les repas") || !strings.Contains(a.body, `id="record-form" method="post" action="`+path+`"`) {
		t.Errorf("a date that is none: got %d\n%s", a.status, words(a.body))
	}
	form.Set("temporal_start", "01/09/2016")
	if a := agent.post(t, path+"/act", form); a.status != http.StatusOK || !strings.Contains(a.body, "envoyée en relecture") {
		t.Fatalf("got %d\n%s", a.status, words(a.body))
	}
	if a := agent.post(t, path+"/act", url.Values{"action": {"send_back"}}); !strings.Contains(a.body, "n’attend plus de relecture") {
		t.Errorf("taking it back: got %d\n%s", a.status, words(a.body))
	}
	form.Set("version", regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(agent.want(t, path))[1])
	form.Set("limits", "Une seule ville")
	agent.post(t, path, form)
	if journal := s.signIn(t, "admin").want(t, "/admin/audit.csv?verb=dataset.renamed"); strings.Count(journal, at[1][len("/datasets/"):]) != 3 {
		t.Errorf("the journal tells of other renamings than the demonstration's two and the one above:\n%s", journal)
	}
	page := html.UnescapeString(agent.want(t, path))
	for _, want := range []string{"Compter les repas", "Brouillon", `value="01/09/2016"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
}
