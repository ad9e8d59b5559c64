package main

import (
	"encoding/json"
	"testing"

	"cultured/content/framework"
	missionfiles "cultured/content/missions"
	pathfiles "cultured/content/paths"
	resourcefiles "cultured/content/resources"
	"cultured/internal/mission"
	"cultured/internal/training"
)

// TestShippedPathsLeadSomewhere keeps each step of the paths that ship to a mission or a resource that ships, and the competences of
// resources to the framework that ships.
func TestShippedPathsLeadSomewhere(t *testing.T) {
	missions, err := mission.Load(missionfiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := resourcefiles.Files.ReadFile("resources.json")
	if err != nil {
		t.Fatal(err)
	}
	resources, err := training.LoadResources(raw)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := training.LoadPaths(pathfiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	known, proved := map[string]bool{}, map[string]int{}
	for _, m := range missions {
		known[training.Step{Kind: training.MissionStep, Ref: string(m.ID)}.Key()] = true
	}
	codes := frameworkCodes(t)
	for _, r := range resources {
		known[training.Step{Kind: training.ResourceStep, Ref: string(r.ID)}.Key()] = true
		for _, c := range r.Competences {
			if !codes[c] {
				t.Errorf("%s is about %s, which the framework does not have", r.ID, c)
			}
		}
	}
	if len(paths) != 3 {
		t.Errorf("%d paths ship, want 3", len(paths))
	}
	for _, p := range paths {
		clear(proved)
		for _, s := range p.Steps {
			if s.Kind != training.EventStep && !known[s.Key()] {
				t.Errorf("%s leads to %s, which is not there", p.ID, s.Key())
			}
			if s.Note.FR == "" || s.Note.EN == "" || p.Title.EN == "" || p.Summary.EN == "" || s.Kind == training.EventStep && s.Title.EN == "" {
				t.Errorf("%s: %s is not said in both languages", p.ID, s.Key())
			}
			if s.When == training.AtLevel && proved[s.Code] < s.Level {
				t.Errorf("%s: %s waits for level %d of %s, which no step before it leads to", p.ID, s.Key(), s.Level, s.Code)
			}
			for _, m := range missions {
				if s.Kind == training.MissionStep && s.Ref == string(m.ID) {
					for _, c := range m.Competences {
						proved[c.Code] = max(proved[c.Code], c.Level)
					}
				}
			}
		}
	}
}

func frameworkCodes(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := framework.Files.ReadFile("framework.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Items []struct{ Code string }
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, it := range f.Items {
		codes[it.Code] = true
	}
	return codes
}
