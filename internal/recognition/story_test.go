package recognition

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the badges of the stories anew")

// TestStories_tellOfTheBadgesMadeHere holds the badges of internal/e2e's stories against this room: the same key makes the
// same bytes, and one of an issuer that cannot be asked, did:key, stands alone.
func TestStories_tellOfTheBadgesMadeHere(t *testing.T) {
	alone, web := issuers(t)[3], found(t, "did:web:badges.example", 2)
	plain := alone.award()
	plain.From, plain.Until, plain.StatusList = time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC), time.Time{}, ""
	over, early := plain, plain
	over.Until, early.From = time.Date(2026, 2, 5, 8, 0, 0, 0, time.UTC), time.Date(2090, 1, 5, 8, 0, 0, 0, time.UTC)
	listed := plain
	listed.Issuer.ID, listed.StatusList = web.id, web.award().StatusList
	files := map[string][]byte{}
	give := func(h *house, name string, a Award) (jwt string) {
		raw, err := a.Credential()
		if err != nil {
			t.Fatal(err)
		}
		if files[name], err = h.signer.Sign(raw, plain.From); err != nil {
			t.Fatal(err)
		}
		if jwt, err = h.signer.SignJWT(raw); err != nil {
			t.Fatal(err)
		}
		return jwt
	}
	files["valid.jwt"] = []byte(give(alone, "valid.json", plain))
	give(alone, "over.json", over)
	give(alone, "early.json", early)
	give(web, "listed.json", listed)
	for name, taken := range map[string]Revocations{"holds": {7: Mistake}, "taken": {42: Replaced}} {
		for end, reasons := range map[string]bool{"": false, "-why": true} {
			raw, err := taken.List(web.id, listed.StatusList, reasons, plain.From)
			if err != nil {
				t.Fatal(err)
			}
			if files["list-"+name+end+".json"], err = web.signer.Sign(raw, plain.From); err != nil {
				t.Fatal(err)
			}
		}
	}
	files["issuer.json"] = web.known.Documents["https://badges.example/.well-known/did.json"]
	var err error
	if files["valid.svg"], err = BakeSVG([]byte(drawing), files["valid.json"]); err != nil {
		t.Fatal(err)
	}
	if files["valid.png"], err = BakePNG(picture(t), files["valid.json"]); err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		path := filepath.Join("..", "e2e", "testdata", "files", "badges", name)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what this room makes (%v): go test -run Stories -update", name, err)
		}
	}
}
