package cleaningweb_test

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/recipe"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// A counter answers "SELECT count(*) AS n FROM donnees" and refuses everything else. It stands for the engine.
type counter struct {
	sql     string
	rows    int
	columns []recipe.Typed
}

func counts(q recipe.Question) (recipe.Inquiry, error) {
	return &counter{sql: q.SQL, columns: q.Columns}, nil
}

func (c *counter) Add([]string) error { c.rows++; return nil }
func (c *counter) Close() error       { return nil }
func (c *counter) Ask() (recipe.Verdict, error) {
	if !strings.Contains(c.sql, "count(*) AS n") {
		return recipe.Verdict{Refused: &recipe.Refusal{Why: "error", Said: "Binder Error: no such thing"}}, nil
	}
	return recipe.Verdict{Columns: []string{"n"}, Uses: []string{c.columns[0].Name}}, nil
}

func (c *counter) Next() ([]string, error) {
	if c.rows < 0 {
		return nil, io.EOF
	}
	n := c.rows
	c.rows = -1
	return []string{strconv.Itoa(n)}, nil
}

// follow takes the first column for the first field of a schema.
func follow(table tabular.Table, m *recipe.Map) error {
	if m.Titled = "Subventions"; len(m.Fields) == 0 {
		m.Fields = []recipe.Mapped{{Field: "nomBeneficiaire", Column: table.Columns()[0]}}
	}
	m.Rule = &schema.Schema{}
	return nil
}

func TestClean_asksInSQL(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/datasets/d/clean?add=sql", 200, "Question en SQL", `&#34;Montant&#34;`, "s’appelle donnees")
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"sql"}, "query": {""}}), "nothing asked", 422, "Écrivez ce qu’il faut ici")
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"sql"}, "query": {"SELECT x FROM donnees"}}), "not understood", 422, `aria-invalid="true"`, "Binder Error: no such thing", "SELECT x FROM donnees</textarea>")
		h.step(t, url.Values{"kind": {"trim"}, "columns": {"Commune"}})
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"sql"}, "query": {"SELECT x FROM donnees"}}), "not understood, second", 422, "Étape 2 : la question")
		holds(t, h.post(t, "ada", "change", url.Values{"do": {"undo"}}), "undo", 303)
		h.step(t, url.Values{"kind": {"sql"}, "query": {"SELECT count(*) AS n\nFROM donnees"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "Interroger le tableau en SQL, ce qui donne « n » : SELECT count(*) AS n FROM donnees", "<td>3</td>", "3 lignes en entrée, 1 ligne en sortie", "en sort : 1 ligne, 1 colonne")
		h.page(t, "ada", "/datasets/d/clean?edit=0", 200, "SELECT count(*) AS n\nFROM donnees</textarea>")
		holds(t, h.post(t, "ada", "apply", url.Values{}), "apply", 303)
		if step, ok := h.plan[0].Recipe[0].(*recipe.SQL); !ok || len(step.Into) != 1 || step.Uses[0] != "Commune" {
			t.Errorf("the plan holds %+v", h.plan[0].Recipe)
		}
	})
}

func TestClean_followsASchema(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.page(t, "ada", "/datasets/d/clean?add=map", 200, "Quel schéma", "scdl/subventions", "seront proposées")
		holds(t, h.post(t, "ada", "step", url.Values{"kind": {"map"}}), "no schema", 422, "Choisissez")
		h.step(t, url.Values{"kind": {"map"}, "schema": {"scdl/subventions"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "colonnes du schéma « Subventions » : « Commune → nomBeneficiaire »", "Les autres colonnes suivent", `<th scope="col">nomBeneficiaire`)
		h.page(t, "ada", "/datasets/d/clean?edit=0", 200, "nomBeneficiaire – ", "autres champs, facultatifs", `<option value="Commune" selected>`, "obligatoire", "Laissées telles quelles")
		h.step(t, url.Values{"kind": {"map"}, "at": {"0"}, "schema": {"scdl/subventions"}, "drop": {"on"}, "fields.of": {"scdl/subventions"}, "fields.field": {"nomBeneficiaire", "montant", "nature"}, "fields.column": {"", "Montant", ""}, "fields.constant": {"", "", "aide"}, "fields.convert": {"on", "", "on"}, "fields.values": {"", "", ""}})
		h.page(t, "ada", "/datasets/d/clean", 200, "Ne garder que les colonnes du schéma", "« Montant → montant », « = aide → nature »", "<td>aide</td>")
		h.step(t, url.Values{"kind": {"map"}, "at": {"0"}, "schema": {"scdl/deliberations"}, "fields.of": {"scdl/subventions"}, "fields.field": {"montant"}, "fields.column": {"Montant"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "« Commune → nomBeneficiaire »") // what was chosen for another schema does not count
	})
}

func TestClean_sortsExplodesAndLocates(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.text = "ville;domaines\nCaen;sport, culture\nNulle-Part;jeunesse\nAlbi;\n"
		h.step(t, url.Values{"kind": {"explode"}, "column": {"domaines"}, "by": {","}})
		h.step(t, url.Values{"kind": {"sort"}, "columns": {"ville"}})
		h.step(t, url.Values{"kind": {"commune"}, "column": {"ville"}})
		h.page(t, "ada", "/datasets/d/clean", 200, "1 ligne ajoutée", "Trier les lignes selon « ville »", "1 ligne sans commune certaine", "sans correspondance, par exemple : Nulle-Part", "<td>14118</td>", `<th scope="col">latitude`)
	})
}
