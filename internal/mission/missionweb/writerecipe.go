package missionweb

import (
	"net/http"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/recipe"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// recipeKept is the choice of the good steps the mission has already.
const recipeKept = "kept"

// A recipePart is the good steps of a mission: those there are, as sentences, and the recipes that may take their place.
type recipePart struct {
	Hint  string
	Which ui.Choice
	Steps []string
}

func newRecipePart(p *i18n.Printer, m mission.Mission, saved []mission.Prepared) recipePart {
	part := recipePart{Hint: p.T("missionweb.write_recipe_hint", mission.Unseen), Which: ui.Choice{Name: "recipe", Label: p.T("missionweb.write_recipe_choice"), Options: []ui.Option{{Label: p.T("missionweb.write_recipe_none")}}}}
	if len(m.Recipe) > 0 {
		part.Which.Options[0] = ui.Option{Value: recipeKept, Label: p.T("missionweb.write_recipe_kept"), Selected: true}
	}
	for _, s := range saved {
		part.Which.Options = append(part.Which.Options, ui.Option{Value: mission.SavedSteps + s.ID, Label: p.T("missionweb.here_one", s.Title, s.Version)})
	}
	for _, s := range m.Recipe {
		said := s.Say()
		part.Steps = append(part.Steps, p.T(said.Key, said.Args...))
	}
	return part
}

// recipeOf reads which steps make the good answer: those of a saved recipe, or those the draft has. Faults: those of [mission.Service.Draft]; Invalid
// "mission.recipe_gone" on field "recipe".
func (d Desk) recipeOf(r *http.Request, of mission.ID, kind mission.AnswerKind) (recipe.Recipe, error) {
	chosen := r.PostFormValue("recipe")
	if kind != mission.AnswerRecipe || chosen == "" {
		return nil, nil
	}
	if chosen == recipeKept && of != "" {
		o, err := d.Draft(r.Context(), web.Actor(r), of)
		return o.Mission.Recipe, err
	}
	saved, err := d.Saved(r.Context(), web.Actor(r))
	for _, s := range saved {
		if id, ok := strings.CutPrefix(chosen, mission.SavedSteps); ok && id == s.ID {
			return s.Steps, err
		}
	}
	if err == nil {
		err = fault.Field("recipe", "mission.recipe_gone")
	}
	return nil, err
}
