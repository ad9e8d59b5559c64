package recognition

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// published is the vector that 1EdTech publishes with Open Badges 3.0.
type published struct {
	Private    string          `json:"privateKeyHex"`
	Multikey   string          `json:"publicKeyMultibase"`
	Credential json.RawMessage `json:"credential"`
	Options    map[string]any  `json:"proofOptions"`
	Document   string          `json:"documentHashHex"`
	Proof      string          `json:"proofHashHex"`
	Signature  string          `json:"signatureHex"`
	Value      string          `json:"proofValue"`
}

func vector(t *testing.T) (v published, key ed25519.PrivateKey) {
	t.Helper()
	raw, err := os.ReadFile("testdata/vector/vector.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	b, err := hex.DecodeString(v.Private)
	if err != nil || len(b) != ed25519.PrivateKeySize {
		t.Fatal(err, len(b))
	}
	return v, b
}

func TestSign_makesThePublishedVectorByteForByte(t *testing.T) {
	v, key := vector(t)
	if got := Multikey(key.Public().(ed25519.PublicKey)); got != v.Multikey {
		t.Errorf("got key %s, want %s", got, v.Multikey)
	}
	doc, err := decode(v.Credential)
	if err != nil {
		t.Fatal(err)
	}
	for file, d := range map[string]map[string]any{"document-canon.txt": doc, "proof-canon.txt": v.Options} {
		if file == "proof-canon.txt" {
			d["@context"] = doc["@context"]
		}
		want, err := os.ReadFile("testdata/vector/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := canonical(d); err != nil || got != string(want) {
			t.Errorf("%s: got\n%s%v, want\n%s", file, got, err, want)
		}
	}
	digest, err := hashes(doc, v.Options)
	if got := hex.EncodeToString(digest); err != nil || got != v.Proof+v.Document {
		t.Errorf("got hashes %s (%v), want %s%s", got, err, v.Proof, v.Document)
	}
	out, err := Signer{Key: key, Method: v.Options["verificationMethod"].(string)}.Sign(v.Credential, time.Date(2010, 1, 1, 19, 23, 24, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var done struct{ Proof []map[string]any }
	if err := json.Unmarshal(out, &done); err != nil || len(done.Proof) != 1 {
		t.Fatal(err, string(out))
	}
	if got := done.Proof[0]["proofValue"]; got != v.Value {
		t.Errorf("got proof %v, want %s", got, v.Value)
	}
}
