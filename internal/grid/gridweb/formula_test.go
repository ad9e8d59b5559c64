package gridweb_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"cultured/internal/grid"
)

// filled sends a formula as a script does.
func (w *world) filled(t *testing.T, who, fill string) result {
	t.Helper()
	w.now = w.now.Add(time.Minute) // at a pace
	_, out := w.edits(t, who, `{"base":3,"edits":[{"key":"`+strconv.Itoa(len(w.log.ops))+who+`","kind":"edit","fill":`+fill+`}]}`)
	out[0].Left, out[0].Error = plain(out[0].Left), plain(out[0].Error)
	return out[0]
}

// plain writes a text with spaces that break.
func plain(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

func TestAFormulaFillsRowsAndIsKept(t *testing.T) {
	at := newWorld(t)
	out := at.filled(t, "ada", `{"column":"Prix","formula":"=[Prix]*1,2","from":3,"rows":[5]}`)
	if out.Seq != 2 || len(out.Op.Changes) != 1 || out.Op.Changes[0]["value"] != "1481.4" || out.Op.Changes[0]["row"] != float64(5) {
		t.Fatalf("one row: got %+v", out)
	}
	if op := at.log.ops[1]; op.Formula != "=[Prix]*1,2" || op.Kind != grid.Edit || op.Person != "ada" {
		t.Errorf("the log holds %+v", op)
	}
	out = at.filled(t, "ada", `{"column":"Prix","formula":"=ARRONDI([Prix];0)"}`)
	if out.Seq != 3 || !strings.Contains(out.Left, "1. « Prix » est vide") {
		t.Errorf("a column with an empty cell: got %+v", out)
	}
	if op := at.log.ops[2]; len(op.Changes) != 119 || op.Changes[0] != (grid.Change{Row: 1, Column: "Prix", Before: "1234.5", After: "1235"}) || op.Changes[3].After != "1481" {
		t.Errorf("got %d changes, the first %+v", len(op.Changes), op.Changes[0])
	}
	page := at.ask(t, "lin", "/datasets/d/grid/history?op=3&before=4", "").Body.String()
	for _, want := range []string{"<code>=ARRONDI([Prix];0)</code>", "<code>=[Prix]*1,2</code>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the history does not hold %s", want)
		}
	}
	if cell := at.ask(t, "lin", "/datasets/d/grid/cell?row=5&column=prix", "").Body.String(); !strings.Contains(cell, "<code>=ARRONDI([Prix];0)</code>") {
		t.Error("the cell does not say which formula made it")
	}
	at.do(t, "ada", grid.Op{Kind: grid.Undo, Of: 3, Base: 3})
	if op := at.log.ops[3]; len(op.Changes) != 119 || op.Changes[0].After != "1234.5" && op.Changes[118].After != "1234.5" {
		t.Errorf("undone: got %d changes", len(op.Changes))
	}
}

func TestAFormulaThatCannotBe(t *testing.T) {
	at := newWorld(t)
	for _, tt := range []struct{ fill, want string }{
		{`{"column":"Prix","formula":"=[Pri]*2"}`, "Vouliez-vous dire [Prix]"}, {`{"column":"Prix","formula":"=ARRONDI([Prix];2"}`, "n’est pas fermée"}, {`{"column":"Prix","formula":"=B2*2"}`, "écrivez [Prix]"},
		{`{"column":"Prit","formula":"=1"}`, "Prit"}, {`{"column":"Prix","formula":"=1","look":"filter=no:eq:1"}`, "no:eq:1"},
	} {
		if out := at.filled(t, "ada", tt.fill); out.Seq != 0 || !strings.Contains(out.Error, tt.want) {
			t.Errorf("%s: got %+v, want %q", tt.fill, out, tt.want)
		}
	}
	for _, tt := range []struct{ formula, want string }{
		{`=[Nom]*2`, "n’est pas un nombre"}, {`=[Prix]/0`, "Division par zéro"}, {`=\"cher\"`, "« cher » n’est pas un nombre, et la colonne"},
	} {
		if out := at.filled(t, "ada", `{"column":"Prix","formula":"`+tt.formula+`"}`); out.Seq != 0 || !strings.Contains(out.Left, "120. ") || !strings.Contains(out.Left, tt.want) {
			t.Errorf("%s: got %+v, want %q", tt.formula, out, tt.want)
		}
	}
	if len(at.log.ops) > 1 {
		t.Errorf("the log holds %+v", at.log.ops)
	}
	if rec := at.ask(t, "eve", "/datasets/d/grid/edits", `{"base":3,"edits":[{"key":"k","kind":"edit","fill":{"column":"Prix","formula":"=1"}}]}`); rec.Code != http.StatusForbidden {
		t.Errorf("somebody who may not: got %d", rec.Code)
	}
	if rec := at.ask(t, "stranger", "/datasets/d/grid/formula?as=json&column=prix&formula=1", ""); rec.Code != http.StatusNotFound {
		t.Errorf("a stranger tries a formula: got %d", rec.Code)
	}
}

func TestAFormulaIsTried(t *testing.T) {
	at := newWorld(t)
	var out struct {
		Error string
		Total int64
		Rows  []struct {
			Row                int64
			Before, After, Why string
		}
	}
	rec := at.ask(t, "bob", "/datasets/d/grid/formula?as=json&column=prix&place=1&formula="+url.QueryEscape(`=SI([Prix]>1000;"grand";[Prix]*2)`), "")
	if err := json.Unmarshal([]byte(plain(rec.Body.String())), &out); err != nil || out.Total != 120 || len(out.Rows) != 8 {
		t.Fatalf("got %v %s", err, rec.Body)
	}
	if r := out.Rows[0]; r.Row != 2 || !strings.Contains(r.Why, "« Prix » est vide") {
		t.Errorf("an empty cell: got %+v", r)
	}
	if r := out.Rows[1]; r.Before != "1234,5" || r.After != "1234,5" || !strings.Contains(r.Why, "« grand » n’est pas un nombre") {
		t.Errorf("a text for a number: got %+v", r)
	}
	rec = at.ask(t, "ada", "/datasets/d/grid/formula?as=json&column=nom&formula="+url.QueryEscape(`=MAJUSCULE([Nom)`), "")
	if err := json.Unmarshal([]byte(plain(rec.Body.String())), &out); err != nil || !strings.Contains(out.Error, "crochet") {
		t.Errorf("got %v %s", err, rec.Body)
	}
	if len(at.log.ops) != 0 {
		t.Error("trying writes nothing")
	}
}

func TestThePageOfFormulas(t *testing.T) {
	at := newWorld(t)
	for _, tt := range []struct {
		name, who, query string
		status           int
		want             []string
	}{
		{"asks for a column and a formula", "ada", "?column=prix", 200, []string{"Remplir par une formule", `<option value="prix" selected>`, "[Nom] [Prix]", "ARRONDI"}},
		{"shows what it would write", "ada", "?column=prix&formula=" + url.QueryEscape("[Prix]*2"), 200, []string{"2469", "Remplir 120 lignes", "est vide"}},
		{"says what is wrong", "ada", "?column=prix&formula=" + url.QueryEscape("=SOM([Prix])"), 422, []string{"La fonction « SOM » n’existe pas ici."}},
		{"has who may only see it propose", "eve", "?column=prix&formula=1", 200, []string{`value="propose"`}},
	} {
		rec := at.ask(t, tt.who, "/datasets/d/grid/formula"+tt.query, "")
		if rec.Code != tt.status {
			t.Errorf("%s: got %d: %s", tt.name, rec.Code, rec.Body)
		}
		for _, want := range tt.want {
			if !strings.Contains(plain(rec.Body.String()), want) {
				t.Errorf("%s: %q is not on the page", tt.name, want)
			}
		}
	}
	rec := at.ask(t, "ada", "/datasets/d/grid/formula", url.Values{"column": {"prix"}, "formula": {"[Prix]*2"}, "do": {"edit"}, "key": {"f"}, "back": {"sort=nom"}}.Encode())
	if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/datasets/d/grid?sort=nom" || len(at.log.ops) != 2 || len(at.log.ops[1].Changes) != 119 {
		t.Fatalf("filling: got %d to %s, %d operations", rec.Code, rec.Header().Get("Location"), len(at.log.ops))
	}
	if rec = at.ask(t, "ada", "/datasets/d/grid/formula", url.Values{"column": {"prix"}, "formula": {"[Prix]*2"}, "do": {"edit"}, "key": {"f"}}.Encode()); rec.Code != http.StatusSeeOther || len(at.log.ops) != 2 {
		t.Error("the same form sent again fills again")
	}
	at.ask(t, "eve", "/datasets/d/grid/formula", url.Values{"column": {"nom"}, "formula": {"MAJUSCULE([Nom])"}, "do": {"propose"}, "text": {"Plus net"}}.Encode())
	if op := at.log.ops[2]; op.Kind != grid.Propose || op.Formula != "MAJUSCULE([Nom])" || len(op.Changes) != 120 {
		t.Fatalf("a proposal: got %s %q with %d changes", op.Kind, op.Formula, len(op.Changes))
	}
	if page := at.ask(t, "ada", "/datasets/d/grid/proposals", "").Body.String(); !strings.Contains(page, "<code>MAJUSCULE([Nom])</code>") {
		t.Error("the proposal does not say its formula")
	}
	at.do(t, "ada", grid.Op{Kind: grid.Accept, Of: 3})
	if op := at.log.ops[3]; op.Formula != "MAJUSCULE([Nom])" || op.Credit != "eve" {
		t.Errorf("accepted: got %+v", op.Formula)
	}
}

func TestAFormulaInTheFormOfACell(t *testing.T) {
	at := newWorld(t)
	form := func(value string) url.Values {
		return url.Values{"row": {"5"}, "column": {"prix"}, "was": {`"1234.5"`}, "seen": {"0"}, "base": {"3"}, "value": {value}, "do": {"edit"}}
	}
	if rec := at.ask(t, "ada", "/datasets/d/grid/cell", form("=[Prix]+0,5").Encode()); rec.Code != http.StatusSeeOther || len(at.log.ops) != 2 || at.log.ops[1].Changes[0].After != "1235" || at.log.ops[1].Formula != "=[Prix]+0,5" {
		t.Fatalf("got %d %+v", rec.Code, at.log.ops)
	}
	for value, want := range map[string]string{"=[Nom]+1": "n’est pas un nombre", "=[Nom": "commencez par une apostrophe"} {
		if rec := at.ask(t, "ada", "/datasets/d/grid/cell", form(value).Encode()); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(plain(rec.Body.String()), want) {
			t.Errorf("%s: got %d without %q", value, rec.Code, want)
		}
	}
	text := url.Values{"row": {"5"}, "column": {"nom"}, "was": {`"<Lieu 5>"`}, "base": {"3"}, "value": {"'=A1"}, "do": {"edit"}}
	if at.ask(t, "ada", "/datasets/d/grid/cell", text.Encode()); at.log.ops[2].Changes[0].After != "=A1" || at.log.ops[2].Formula != "" {
		t.Errorf("a text that begins with a sign: got %+v", at.log.ops[2])
	}
}
