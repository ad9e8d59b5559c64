package e2e

import (
	"regexp"
	"strings"
	"testing"
)

// The demonstration tells a story a visitor can follow: somebody who showed things at several levels, a badge that holds, one that is asked for, a
// cohort, and figures in which nobody can be made out.
func TestTheDemonstrationShowsWhatPeopleLearnt(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, t.TempDir(), database, "--demo")
		says := func(v *visitor, path string, parts ...string) string {
			t.Helper()
			page := words(v.want(t, path))
			for _, part := range parts {
				if !strings.Contains(page, part) {
					t.Errorf("%s does not say %q", path, part)
				}
			}
			return page
		}
		agent := s.signIn(t, "agent")
		says(agent, "/learning", "N1 Découvre", "N2 Applique", "Regardée par un collègue", "Relecture demandée", "mode-emploi-permanences.txt", "1 travail à relire")
		says(agent, "/missions/M22", "Réussi")
		says(agent, "/cohorts", "Des horaires d’accueil auxquels on se fie")
		badge := regexp.MustCompile(`href="(/credentials/[0-9a-z]+)"`).FindStringSubmatch(agent.want(t, "/badges"))
		if badge == nil {
			t.Fatal("the agent holds no badge")
		}
		if page := says(s.visitor(t), badge[1], "Valide", "Hugo Tessier"); strings.Contains(page, "Depuis") {
			t.Error("the badge rests on something that is gone")
		}
		says(s.signIn(t, "steward"), "/badge-requests", "Karim Haddad")
		says(s.signIn(t, "facilitator"), "/cohorts", "Des horaires d’accueil")
		team := says(s.signIn(t, "rh"), "/learning/team", "D4.1 Diagnostiquer la qualité", "Camille Fauvel", "Yanis Caron")
		if strings.Contains(team, "D4.3") || strings.Contains(team, "Karim") {
			t.Error("two people of sixteen can be made out")
		}
	})
}
