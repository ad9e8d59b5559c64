package schema

import (
	"testing"

	"cultured/content/schemas"
	"cultured/internal/finding"
)

const tenColumns = `{"fields": [
	{"name": "id", "type": "integer", "constraints": {"required": true}}, {"name": "nom", "constraints": {"required": true}},
	{"name": "sexe", "constraints": {"enum": ["F", "M"]}}, {"name": "annee", "type": "year"},
	{"name": "nombre", "type": "integer", "constraints": {"minimum": 0}}, {"name": "montant", "type": "number", "constraints": {"minimum": 0}},
	{"name": "date", "type": "date"}, {"name": "siret", "constraints": {"pattern": "^\\d{14}$"}},
	{"name": "actif", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, {"name": "libelle"}]}`

var tenHeader = []string{"id", "nom", "sexe", "annee", "nombre", "montant", "date", "siret", "actif", "libelle"}
var tenCells = []string{"123456", "Élodie", "F", "1987", "42", "1234.56", "2024-02-29", "21860194600013", "oui", "une phrase un peu plus longue"}

func TestRow_validCellsCostNoAllocation(t *testing.T) {
	c, findings := NewChecker(parse(t, tenColumns), tenHeader)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	sink := func(f finding.Finding) { t.Errorf("got %+v", f) }
	if n := testing.AllocsPerRun(100, func() { c.Row(2, tenCells, sink) }); n != 0 {
		t.Errorf("got %v allocations a row, want 0", n)
	}
}

func BenchmarkRow(b *testing.B) {
	c, _ := NewChecker(parse(b, tenColumns), tenHeader)
	sink := func(finding.Finding) {}
	b.ReportAllocs()
	for b.Loop() {
		c.Row(2, tenCells, sink)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkRow_withAKey(b *testing.B) {
	s := parse(b, tenColumns)
	s.PrimaryKey = []string{"id"}
	c, _ := NewChecker(s, tenHeader)
	cells := append([]string(nil), tenCells...)
	sink := func(finding.Finding) {}
	n := 0
	for b.Loop() {
		n++
		cells[0] = number(n)
		c.Row(n, cells, sink)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkRow_tenErrors(b *testing.B) {
	c, _ := NewChecker(parse(b, tenColumns), tenHeader)
	cells := []string{"12,5", "", "f", "87", "-1", "1 234,56", "29/02/2024", "218 601 946 00013", "OUI", ""}
	sink := func(finding.Finding) {}
	b.ReportAllocs()
	for b.Loop() {
		c.Row(2, cells, sink)
	}
}

func BenchmarkLoadPack(b *testing.B) {
	for b.Loop() {
		if _, err := LoadPack(schemas.Files); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRank(b *testing.B) {
	p := pack(b)
	e, err := p.Find("deliberations")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p.Rank(e.Columns, nil)
	}
}
