package e2e

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// givenPath is the page of a badge in the list of those given.
var givenPath = regexp.MustCompile(`href="(/credentials/[0-9a-z]+)"`)

// A badge whose giver was told so is there after a power cut, and none is there by half.
func TestABadgeGivenSurvivesTheEndOfTheProcess(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		named := []string{"--demo", "--base-url", "http://badges.example"} // the same after the cut, as badges want it
		s := serve(t, t.TempDir(), database, named...)
		told, enough := make(chan string, 64), make(chan struct{})
		var group sync.WaitGroup
		var once sync.Once
		for _, who := range []string{"agent", "facilitator", "rh"} {
			v := s.signIn(t, "steward")
			group.Go(func() {
				for _, offer := range []string{"premiers-pas", "donnee-fiable", "ouvrir-en-regle", "donnees-protegees", "chiffres-qui-parlent", "passer-le-relais"} {
					form := url.Values{"email": {who + "@demo.example"}, "seen": {"A montré ce qu’il fallait, devant moi, le 3 mars."}}
					a, err := v.try("POST", "/badges/"+offer+"/give", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
					if err != nil {
						return // the power is cut
					}
					if strings.HasPrefix(a.path, "/credentials/") {
						told <- a.path
					}
					if len(told) >= 5 {
						once.Do(func() { close(enough) })
					}
				}
			})
		}
		<-enough
		s.kill()
		group.Wait()
		close(told)
		s = s.again(t, named...)
		steward := s.signIn(t, "steward")
		var kept []string
		for _, found := range givenPath.FindAllStringSubmatch(steward.want(t, "/badge-requests"), -1) {
			kept = append(kept, found[1])
		}
		for path := range told {
			if !slices.Contains(kept, path) {
				t.Errorf("%s was told to be given, and is not there", path)
			}
		}
		stranger := s.visitor(t)
		for _, path := range kept {
			if page := words(stranger.want(t, path)); !strings.Contains(page, "Valide") {
				t.Errorf("%s does not verify:\n%s", path, page)
			}
		}
		if len(kept) < 5 || len(kept) == 18 {
			t.Errorf("%d badges are there: the power was not cut in the middle", len(kept))
		}
	})
}
