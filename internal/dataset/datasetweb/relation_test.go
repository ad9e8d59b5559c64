package datasetweb_test

import (
	"fmt"
	"strings"
	"testing"
)

// stations is a file of readings at six stations, whose codes tell their labels but for three rows.
func stations() string {
	var b strings.Builder
	b.WriteString("releve,code_station,libelle_station,hauteur\n")
	for i := range 60 {
		fmt.Fprintf(&b, "r%d,ST%d,%s,%d\n", i, 100+i%6*37, []string{"Auterive", "Cazères", "Muret", "Portet", "Toulouse", "Verdun"}[i%6], i*i%13)
	}
	return b.String() + "x,ST100,Muret,3\ny,ST174,,4\nz,ST174,,5\n"
}

func TestColumnsThatGoTogether(t *testing.T) {
	b := open(t).browser("")
	at := b.check("stations.csv", stations())
	has(t, b.page(at), "Un même code avec deux libellés", "Libellés manquants", "Compléter les libellés manquants")
	has(t, b.page(at+"/columns"), "différente dans releve", "Colonnes qui vont ensemble", "code_station", at+"/findings?field=libelle_station&reason=dataset.label_conflict")
	has(t, b.page(at+"/findings?reason=dataset.label_conflict&field=libelle_station"), "« Muret » est le libellé du code « ST100 », qui a ailleurs le libellé « Auterive » (lignes : 10)", "Ligne 62",
		"Comment nous le voyons", "E. F. Codd, 1971", "Règle : Codd (1971)")
	has(t, b.get(at+"/findings.csv").Body.String(), "63,3,libelle_station,warning,dataset.missing_label", ",fill_label,Muret,")
	has(t, b.get(at+"/findings.sarif").Body.String(), `"fullDescription":{"text":"Sur beaucoup de lignes`)
	b.cookies["lang"] = "en"
	has(t, b.page(at+"/columns"), "another value in releve", "Columns that go together", "Rows that say otherwise")
	delete(b.cookies, "lang")

	b.follow(at+"/mend", "reason", "dataset.missing_label", "field", "libelle_station")
	has(t, b.page(at), "C’est réparé")
	has(t, b.get(at+"/download?format=csv").Body.String(), "\ny,ST174,Muret,4\nz,ST174,Muret,5")
	b.follow(at+"/undo", "to", "before")
	has(t, b.page(at), "Libellés manquants")
}
