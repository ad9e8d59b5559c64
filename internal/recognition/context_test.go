package recognition

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"cultured/internal/fault"
)

// A context changed by one letter changes what every signature means.
func TestPinned(t *testing.T) {
	for address, want := range map[string]string{
		credentialsContext: "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f",
		badgesContext:      "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
	} {
		raw, err := contextFiles.ReadFile(pinned[address])
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(raw)
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
	if len(pinned) != 2 {
		t.Errorf("got %d contexts, want each with its hash here", len(pinned))
	}
}

func TestCredential_refusesHalfAnAward(t *testing.T) {
	h := found(t, "https://badges.example/issuer", 1)
	for name, spoil := range map[string]func(a *Award){
		"nobody":             func(a *Award) { a.Recipient = Recipient{} },
		"no criteria":        func(a *Award) { a.Class.Criteria = "" },
		"an issuer no name":  func(a *Award) { a.Issuer.Name = "" },
		"no beginning":       func(a *Award) { a.From = time.Time{} },
		"over as it begins":  func(a *Award) { a.Until = a.From },
		"a class of no name": func(a *Award) { a.Class.Name = "" },
	} {
		a := h.award()
		spoil(&a)
		if _, err := a.Credential(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestMultibase_comesBack(t *testing.T) {
	for _, b := range [][]byte{{}, {0}, {0, 0, 1}, {255, 254}, make([]byte, 64)} {
		got, err := unbase(multibase(b))
		if err != nil || hex.EncodeToString(got) != hex.EncodeToString(b) {
			t.Errorf("got %x (%v), want %x", got, err, b)
		}
	}
	for _, s := range []string{"", "x", "z0", "zO", "zé"} {
		if _, err := unbase(s); err == nil {
			t.Errorf("%q was read", s)
		}
	}
}
