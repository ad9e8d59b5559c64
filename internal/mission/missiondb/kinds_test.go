package missiondb_test

import (
	"bytes"
	"context"
	"io/fs"
	"slices"
	"testing"

	"cultured/content/demo"
	"cultured/content/missions"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/outbox"
	"cultured/internal/recipe"
)

// sourced is a mission that ships as an author would write it, without the bad answers its author named, and its table.
func sourced(t *testing.T, id mission.ID) (mission.Mission, *mission.Table) {
	t.Helper()
	all, err := mission.Load(missions.Files)
	ok(t, err)
	m := all[slices.IndexFunc(all, func(m mission.Mission) bool { return m.ID == id })]
	m.ID, m.Version, m.Bad = "", 0, nil
	if m.Source.File == "" {
		return m, nil
	}
	raw, err := fs.ReadFile(mission.Shelves{missions.Files, demo.Files}, "files/"+m.Source.File)
	ok(t, err)
	sheet, err := mission.ReadSheet(raw, m.Source.File)
	ok(t, err)
	return m, &sheet
}

// What an author writes of steps, a chart, a form, decisions or a sheet to fill in is kept, proved with bad answers that are found, published, worked at, and goes to another house in a pack.
func TestWrite_takesStepsChartsFormsDecisionsAndSheets(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		for _, shipped := range []mission.ID{"M25", "M36", "M12", "M23", "M18"} {
			m, sheet := sourced(t, shipped)
			id, err := s.Write(ctx, leads, mission.Writing{Mission: m, Sheet: sheet})
			ok(t, err)
			proof, err := s.Prove(ctx, leads, id)
			if err != nil || len(proof.Doubts) > 0 {
				t.Fatalf("%s: %v, %v", shipped, proof.Doubts, err)
			}
			ok(t, s.Publish(ctx, leads, id))
			work, err := s.Open(ctx, ada, id)
			ok(t, err)
			good, err := work.Good(work.Variant)
			ok(t, err)
			if try, err := s.Answer(ctx, ada, id, mission.Handed{Answer: good, Variant: work.Number}, nil); err != nil || !try.Verdict.Passed {
				t.Errorf("%s: the good answer: %+v, %v", shipped, try.Verdict, err)
			}
			tries, err := s.Works.Tries(ctx, ada, id)
			if err != nil || len(tries) != 1 || len(tries[0].Given.Recipe) != len(m.Recipe) || (tries[0].Given.Chart != nil) != (m.Chart != nil) || (tries[0].Given.Form != nil) != (len(m.Forms) > 0) {
				t.Errorf("%s: what was handed in is not kept with the try: %+v, %v", shipped, tries, err)
			}
			if _, err := s.Answer(ctx, ada, id, mission.Handed{Variant: work.Number}, nil); !fault.Is(err, "mission.answer_missing_"+string(m.Answer)) {
				t.Errorf("%s: an empty answer: %v", shipped, err)
			}
		}
		pack, err := s.Export(ctx, leads, "", "Valmoret")
		ok(t, err)
		var raw bytes.Buffer
		ok(t, pack.Write(&raw))
		read, err := mission.ReadPack(raw.Bytes())
		if err != nil || len(read.Missions) != 5 {
			t.Errorf("the pack is not read back: %d missions, %v", len(read.Missions), err)
		}
		elsewhere := actor.Actor{ID: "zoe", Organisation: "elsewhere", Roles: leads.Roles}
		if came, _, err := s.Import(ctx, elsewhere, raw.Bytes()); err != nil || came != 5 {
			t.Fatalf("another house takes %d of what was written here: %v", came, err)
		}
		mine, err := s.Mine(ctx, elsewhere)
		ok(t, err)
		for _, o := range mine {
			ok(t, s.Publish(ctx, elsewhere, o.ID))
		}
	})
}

// made is what people made in other rooms.
type made struct {
	steps map[string]recipe.Recipe
	forms []form.Form
}

func (k made) Saved(context.Context, actor.Actor) ([]mission.Prepared, error) {
	return []mission.Prepared{{ID: "r", Title: "Énergie", Version: 2, Steps: k.steps["r"]}}, nil
}

func (k made) Cleaned(_ context.Context, _ actor.Actor, id string) (mission.Prepared, error) {
	return mission.Prepared{ID: id, Title: "Extraction", Version: 1, Steps: k.steps[id]}, nil
}

func (k *made) Mine(context.Context, actor.Actor) ([]form.Form, error) { return k.forms, nil }

func (k *made) Begin(_ context.Context, _ actor.Actor, f form.Form) (form.ID, error) {
	f.ID = form.ID("f" + f.Title)
	k.forms = append(k.forms, f)
	return f.ID, nil
}

// Steps and forms are handed in from where they were made; what is not there is said in words.
func TestHand_takesWhatWasMadeInTheHouse(t *testing.T) {
	dbtest.Each(t, []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "mission", Files: missiondb.Migrations}}, func(t *testing.T, d *db.DB) {
		s, ctx := room(t, d), t.Context()
		m, sheet := sourced(t, "M25")
		kitchen := &made{steps: map[string]recipe.Recipe{"r": m.Recipe, "half": m.Recipe[:2], "none": nil}}
		s.Cookbook, s.Forms = kitchen, kitchen
		id, err := s.Write(ctx, leads, mission.Writing{Mission: m, Sheet: sheet})
		ok(t, err)
		ok(t, s.Publish(ctx, leads, id))
		work, err := s.Open(ctx, ada, id)
		ok(t, err)
		for of, want := range map[string]string{"saved:r": "", "dataset:r": "", "dataset:half": "fails", "dataset:none": "mission.recipe_none", "saved:gone": "mission.recipe_gone", "": "mission.recipe_gone"} {
			try, err := s.HandRecipe(ctx, ada, id, work.Number, of)
			switch {
			case want != "" && want != "fails":
				if !fault.Is(err, want) {
					t.Errorf("%q: %v, want %s", of, err, want)
				}
			case err != nil || try.Verdict.Passed != (want == "") || try.Given.Held != of:
				t.Errorf("%q: %+v, %v", of, try, err)
			}
		}
		m, _ = sourced(t, "M12")
		id, err = s.Write(ctx, leads, mission.Writing{Mission: m})
		ok(t, err)
		ok(t, s.Publish(ctx, leads, id))
		begun, err := s.BeginForm(ctx, ada, id, "fr")
		ok(t, err)
		if again, err := s.BeginForm(ctx, ada, id, "fr"); err != nil || again != begun || len(kitchen.forms) != 1 {
			t.Errorf("a second press makes a second form: %s, %v", again, err)
		}
		work, err = s.Open(ctx, ada, id)
		ok(t, err)
		if try, err := s.HandForm(ctx, ada, id, work.Number, string(begun)); err != nil || try.Verdict.Passed {
			t.Errorf("the form as it is at first: %+v, %v", try.Verdict, err)
		}
		good, err := work.Good(work.Variant)
		ok(t, err)
		good.Form.ID, good.Form.Code = begun, "secret1"
		kitchen.forms[0] = *good.Form
		if try, err := s.HandForm(ctx, ada, id, work.Number, string(begun)); err != nil || !try.Verdict.Passed || try.Given.Form.Code != "" {
			t.Errorf("the form put right: %+v, %v", try.Verdict, err)
		}
		if _, err := s.HandForm(ctx, ada, id, work.Number, "elsewhere"); !fault.Is(err, "mission.form_gone") {
			t.Errorf("a form that is not theirs: %v", err)
		}
	})
}
