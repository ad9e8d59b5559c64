package e2e

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// evidencePath is the page of a piece of evidence in its person’s list.
var evidencePath = regexp.MustCompile(`href="(/learning/evidence/[0-9a-z]+)"`)

// Evidence whose person was told so is there after a power cut, with what it shows, and none is there by half.
func TestEvidenceSurvivesTheEndOfTheProcess(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, t.TempDir(), database, "--demo")
		const each = 200
		who := []string{"agent", "facilitator", "rh"}
		told, enough := make(chan [2]string, each*len(who)), make(chan struct{})
		var group sync.WaitGroup
		var once sync.Once
		before := map[string]bool{} // what the demonstration shows
		for _, one := range who {
			v := s.signIn(t, one)
			for _, found := range evidencePath.FindAllStringSubmatch(v.want(t, "/learning"), -1) {
				before[found[1]] = true
			}
			group.Go(func() {
				for n := range each {
					form := url.Values{"kind": {"work"}, "title": {fmt.Sprintf("Travail %s %d", one, n)}, "competence": {"D4.1"}, "level": {"2"}, "address": {fmt.Sprintf("https://data.example/%d", n)}, "note": {"J’ai repris la liste, ligne par ligne."}}
					a, err := v.try("POST", "/learning/new", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
					if err != nil {
						return // the power is cut
					}
					if strings.HasPrefix(a.path, "/learning/evidence/") {
						told <- [2]string{one, a.path}
					}
					if len(told) >= 9 {
						once.Do(func() { close(enough) })
					}
				}
			})
		}
		<-enough
		s.kill()
		group.Wait()
		close(told)
		s = s.again(t, "--demo")
		pages, lists := map[string]*visitor{}, map[string][]string{}
		for _, one := range who {
			v := s.signIn(t, one)
			pages[one] = v
			for _, found := range evidencePath.FindAllStringSubmatch(v.want(t, "/learning"), -1) {
				if !before[found[1]] {
					lists[one] = append(lists[one], found[1])
				}
			}
		}
		kept := 0
		for note := range told {
			if one, path := note[0], note[1]; !slices.Contains(lists[one], path) {
				t.Errorf("%s was told that %s is kept, and it is not there", one, path)
			}
		}
		for one, paths := range lists {
			for _, path := range paths {
				kept++
				if page := words(pages[one].want(t, path)); !strings.Contains(page, "Travail "+one) || !strings.Contains(page, "ligne par ligne") || !strings.Contains(page, "D4.1") {
					t.Errorf("%s is there by half:\n%s", path, page)
				}
			}
		}
		if kept < 9 || kept == each*len(who) {
			t.Errorf("%d pieces are there: the power was not cut in the middle", kept)
		}
	})
}
