package ui

import (
	"net/http/httptest"
	"testing"

	"cultured/internal/actor"
	"cultured/internal/i18n"
	"cultured/internal/web"
)

func TestNavigationLeadsEachRoleToItsPages(t *testing.T) {
	words, err := i18n.Load(Text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path, section, page string
		actor                     actor.Actor
		sections                  int
	}{
		{"a visitor has one row", "/catalogue/wells", "", "/catalogue", actor.Actor{}, 4},
		{"an agent is in a section", "/datasets/1/rows", "/datasets", "/datasets", actor.Actor{ID: "p", Organisation: "o"}, 4},
		{"the longest address wins", "/situations/map", "/situations", "/situations/map", actor.Actor{ID: "p", Organisation: "o"}, 4},
		{"a steward has reviews", "/reviews", "/datasets", "/reviews", actor.Actor{ID: "p", Organisation: "o", Roles: []actor.Role{actor.Steward}}, 4},
		{"a page out of the navigation marks none", "/legal", "", "", actor.Actor{ID: "p", Organisation: "o"}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := &web.Visit{P: words.For(i18n.French), Lang: i18n.French, Actor: c.actor}
			items := navigation(v, httptest.NewRequest("GET", c.path, nil), Head{})
			section, page := "", ""
			for _, it := range items {
				if it.Current && len(it.Items) == 0 {
					page = it.Href
				} else if it.Current {
					section = it.Href
				}
				for _, sub := range it.Items {
					if sub.Current {
						page = sub.Href
					}
				}
			}
			if section != c.section || page != c.page || len(items) != c.sections {
				t.Errorf("section %q page %q of %d, want %q %q of %d", section, page, len(items), c.section, c.page, c.sections)
			}
		})
	}
}
