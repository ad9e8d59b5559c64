package recognition

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A question is a badge put before software nobody here wrote; ok is what it should say.
type question struct {
	name      string
	ok        bool
	Kind      string         `json:"kind"`
	Text      string         `json:"text"`
	Picture   []byte         `json:"picture,omitempty"`
	Documents map[string]any `json:"documents,omitempty"`
	JWK       map[string]any `json:"jwk,omitempty"`
}

// judge asks all questions at once. Without the npm packages the test is skipped, except where the whole suite runs.
func judge(t *testing.T, list []question) {
	t.Helper()
	dir := filepath.Join("testdata", "judge")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@digitalbazaar", "vc")); err != nil {
		if os.Getenv("CI") != "" || os.Getenv("CULTURED_TEST_JUDGE") != "" {
			t.Fatal("npm ci was not run in testdata/judge")
		}
		t.Skip("npm packages of testdata/judge not installed")
	}
	in, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "judge.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []struct {
		OK  bool
		Why string
	}
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(list) {
		t.Fatalf("got %d answers to %d questions (%v)", len(answers), len(list), err)
	}
	for i, a := range answers {
		if a.OK != list[i].ok {
			t.Errorf("%s, %s: got %v (%s), want %v", list[i].name, list[i].Kind, a.OK, a.Why, list[i].ok)
		}
	}
}

// loaded is what the other verifier may load: our pinned contexts, the issuer's document, and its key as a document.
func (h *house) loaded(t *testing.T) map[string]any {
	t.Helper()
	key := h.signer.Key.Public().(ed25519.PublicKey)
	out := map[string]any{
		h.id: map[string]any{"@context": "https://www.w3.org/ns/did/v1", "id": h.id, "assertionMethod": []any{h.signer.Method}},
		h.signer.Method: map[string]any{"@context": "https://w3id.org/security/multikey/v1", "id": h.signer.Method, "type": "Multikey", "controller": h.id,
			"publicKeyMultibase": Multikey(key)},
	}
	for address, d := range words().documents {
		out[address] = d
	}
	return out
}

func TestJudge_othersSayTheSameOfOurBadges(t *testing.T) {
	h := found(t, "https://badges.example/issuer", 1)
	full := h.award()
	plain := Award{ID: full.ID, Issuer: full.Issuer, Class: full.Class, Recipient: full.Recipient, From: full.From}
	plain.Class.Alignments, plain.Class.Image = nil, ""
	x := base64.RawURLEncoding.EncodeToString(h.signer.Key.Public().(ed25519.PublicKey))
	jwk := map[string]any{"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "EdDSA"}
	var list []question
	for name, a := range map[string]Award{"all there may be": full, "the least": plain} {
		proof, jwt := h.give(t, a, Revocations{3: Mistake})
		baked, err := BakePNG(picture(t), proof)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(proof), "Premiers pas", "Derniers pas", 1)
		undefined := strings.Replace(string(proof), `"name":"Valmoret"`, `"name":"Valmoret","grade":"A"`, 1)
		list = append(list,
			question{name: name, ok: true, Kind: "proof", Text: string(proof), Documents: h.loaded(t)},
			question{name: name + ", changed", Kind: "proof", Text: changed, Documents: h.loaded(t)},
			question{name: name + ", undefined term", Kind: "proof", Text: undefined, Documents: h.loaded(t)},
			question{name: name, ok: true, Kind: "jwt", Text: jwt, JWK: jwk},
			question{name: name + ", changed", Kind: "jwt", Text: strings.Replace(jwt, ".eyJ", ".eyI", 1), JWK: jwk},
			question{name: name, ok: true, Kind: "schema", Text: string(proof)},
			question{name: name + ", without issuer", Kind: "schema", Text: strings.Replace(string(proof), `"issuer":`, `"emitter":`, 1)},
			question{name: name, ok: true, Kind: "png", Picture: baked, Text: string(proof)})
	}
	for address, raw := range h.known.Documents {
		if strings.Contains(address, "/status/") {
			list = append(list, question{name: "the status list " + address, ok: true, Kind: "proof", Text: string(raw), Documents: h.loaded(t)})
		}
	}
	judge(t, list)
}
