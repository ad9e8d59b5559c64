package recognition

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cultured/internal/fault"
)

var (
	begins = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	ends   = begins.AddDate(2, 0, 0)
	midway = begins.AddDate(1, 0, 0)
)

// A house is an issuer with what it publishes.
type house struct {
	id     string
	signer Signer
	known  *Known
}

// found makes an issuer, whose key is made of seed.
func found(t testing.TB, id string, seed byte) *house {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	mk := Multikey(key.Public().(ed25519.PublicKey))
	h := &house{id: id, signer: Signer{Key: key, Method: id + "#" + mk}, known: &Known{Next: Nothing{}}}
	h.publish(t, map[string]any{"id": id, "type": []any{"Profile"}, "name": "Valmoret",
		"verificationMethod": []any{map[string]any{"id": id + "#" + mk, "type": "Multikey", "controller": id, "publicKeyMultibase": mk}}, "assertionMethod": []any{id + "#" + mk}})
	return h
}

func (h *house) publish(t testing.TB, v any) {
	t.Helper()
	raw, ok := v.([]byte)
	if !ok {
		var err error
		if raw, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.known.Add(raw); err != nil {
		t.Fatal(err)
	}
}

// award is a badge with all there may be, of the issuer.
func (h *house) award() Award {
	return Award{ID: "https://badges.example/b/1", Issuer: Party{ID: h.id, Name: "Valmoret", URL: "https://valmoret.example"},
		Class: Class{ID: "https://badges.example/c/1", Name: "Premiers pas avec un fichier", Description: "Ouvre, vérifie et corrige un fichier.\tÀ l’aise.", Criteria: "Trois missions\nréussies.", Language: "fr",
			Image:      "https://badges.example/c/1.png",
			Alignments: []Alignment{{Name: "Nettoyer", URL: "https://badges.example/f/1", Framework: "Culture D", Code: "Q1"}, {Name: "Décrire", URL: "https://badges.example/f/2"}}},
		Recipient: Recipient{Hash: HashEmail("Ada@Valmoret.example", "sel"), Salt: "sel"}, From: begins, Until: ends,
		Evidence:   []Evidence{{Name: "Mission 3", Narrative: "12 anomalies trouvées sur 12", Genre: "automatic check"}},
		StatusList: "https://badges.example/status/1/revocations", Place: 42}
}

// give signs the award, and publishes the lists with what was taken back.
func (h *house) give(t testing.TB, a Award, taken Revocations) (proof []byte, jwt string) {
	t.Helper()
	raw, err := a.Credential()
	if err != nil {
		t.Fatal(err)
	}
	if proof, err = h.signer.Sign(raw, begins); err != nil {
		t.Fatal(err)
	}
	if jwt, err = h.signer.SignJWT(raw); err != nil {
		t.Fatal(err)
	}
	for _, reasons := range []bool{false, true} {
		list, err := taken.List(h.id, "https://badges.example/status/1/revocations", reasons, begins)
		if err != nil {
			t.Fatal(err)
		}
		if list, err = h.signer.Sign(list, begins); err != nil {
			t.Fatal(err)
		}
		h.publish(t, list)
	}
	return proof, jwt
}

func verdict(t testing.TB, raw []byte, src Source, now time.Time) Report {
	t.Helper()
	r, err := Verify(context.Background(), raw, Asking{Source: src, Now: now, Email: "ada@valmoret.example"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// issuers are the three ways an issuer names itself.
func issuers(t testing.TB) []*house {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)).Public().(ed25519.PublicKey)
	alone := &house{id: "did:key:" + Multikey(key), known: &Known{Next: Nothing{}}}
	alone.signer = Signer{Key: ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize)), Method: alone.id + "#" + Multikey(key)}
	return []*house{found(t, "https://badges.example/issuer", 1), found(t, "did:web:badges.example", 2), found(t, "did:web:badges.example%3A8443:o:valmoret", 3), alone}
}

func TestVerify_saysWhatABadgeIsWorth(t *testing.T) {
	for _, h := range issuers(t) {
		t.Run(h.id, func(t *testing.T) {
			proof, jwt := h.give(t, h.award(), Revocations{41: Mistake, 43: Replaced})
			stripped := &Known{Next: Nothing{}, Documents: map[string][]byte{}}
			for address, d := range h.known.Documents {
				if !strings.Contains(address, "/status/") {
					stripped.Documents[address] = d
				}
			}
			for form, raw := range map[string][]byte{"proof": proof, "jwt": []byte(jwt)} {
				for _, c := range []struct {
					when string
					src  Source
					now  time.Time
					want Verdict
				}{
					{"midway", h.known, midway, Valid},
					{"first second", h.known, begins, Valid},
					{"a second early", h.known, begins.Add(-time.Second), NotYet},
					{"last second", h.known, ends, Valid},
					{"a second late", h.known, ends.Add(time.Second), Expired},
					{"list not at hand", stripped, midway, Unchecked},
				} {
					if got := verdict(t, raw, c.src, c.now); got.Verdict != c.want {
						t.Errorf("%s, %s: got %s (%v), want %s", form, c.when, got.Verdict, got.Why, c.want)
					}
				}
				r := verdict(t, raw, h.known, midway)
				if r.Holder != HolderSame || r.Badge.Name != "Premiers pas avec un fichier" || len(r.Badge.Alignments) != 2 || r.Badge.Evidence[0].Name != "Mission 3" || !r.Badge.Until.Equal(ends) ||
					r.OnlyKey != strings.HasPrefix(h.id, "did:key") {
					t.Errorf("%s: got %+v", form, r)
				}
				if !r.OnlyKey {
					if got := verdict(t, raw, Nothing{}, midway); got.Verdict != UnknownIssuer || !fault.Is(got.Why, "recognition.offline") {
						t.Errorf("%s without the issuer’s key: got %s (%v)", form, got.Verdict, got.Why)
					}
				}
			}
			h.give(t, h.award(), Revocations{42: Dishonest})
			for _, raw := range [][]byte{proof, []byte(jwt)} {
				if r := verdict(t, raw, h.known, ends.AddDate(1, 0, 0)); r.Verdict != Revoked || !fault.Is(r.Why, "recognition.reason_dishonest") {
					t.Errorf("got %s, %v", r.Verdict, r.Why)
				}
			}
		})
	}
}

// Somebody else's key never makes the issuer's badge, whichever way it is offered.
func TestVerify_refusesTheKeyOfAnotherIssuer(t *testing.T) {
	ours, theirs := found(t, "https://badges.example/issuer", 1), found(t, "https://forger.example/issuer", 9)
	for address, d := range theirs.known.Documents {
		ours.known.Documents[address] = d
	}
	ours.give(t, ours.award(), nil)
	raw, err := ours.award().Credential()
	if err != nil {
		t.Fatal(err)
	}
	claimed := theirs.signer
	claimed.Method = ours.id + "#" + Multikey(claimed.Key.Public().(ed25519.PublicKey))
	named := theirs.signer
	named.Method = ours.signer.Method
	for name, s := range map[string]Signer{"their method": theirs.signer, "our address, their key": claimed, "our method, their signature": named} {
		proof, err := s.Sign(raw, begins)
		if err != nil {
			t.Fatal(err)
		}
		jwt, err := s.SignJWT(raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{proof, []byte(jwt)} {
			r := verdict(t, b, ours.known, midway)
			if name == "our address, their key" && r.Verdict == UnknownIssuer {
				continue // a key the issuer does not list is that of nobody
			}
			if r.Verdict != Tampered {
				t.Errorf("%s: got %s (%v)", name, r.Verdict, r.Why)
			}
		}
	}
}

// A list of badges taken back that the issuer did not sign takes nothing back, and gives nothing back.
func TestVerify_asksTheIssuersOwnList(t *testing.T) {
	h, forger := found(t, "https://badges.example/issuer", 1), found(t, "https://forger.example/issuer", 9)
	proof, _ := h.give(t, h.award(), Revocations{42: Mistake})
	for address, d := range forger.known.Documents {
		h.known.Documents[address] = d
	}
	list, err := Revocations{}.List(forger.id, "https://badges.example/status/1/revocations", false, begins)
	if err != nil {
		t.Fatal(err)
	}
	if list, err = forger.signer.Sign(list, begins); err != nil {
		t.Fatal(err)
	}
	h.publish(t, list)
	if r := verdict(t, proof, h.known, midway); r.Verdict != Unchecked || !fault.Is(r.Why, "recognition.bad_list") {
		t.Errorf("got %s (%v)", r.Verdict, r.Why)
	}
}

// Any byte changed to any of several others: never valid, unless what it says is the same.
func TestVerify_refusesAnyByteChanged(t *testing.T) {
	h := found(t, "https://badges.example/issuer", 1)
	proof, jwt := h.give(t, h.award(), nil)
	masks := []byte{1, 2, 4, 8, 16, 32, 64, 128, 0x29}
	if testing.Short() {
		masks = masks[:1]
	}
	for form, raw := range map[string][]byte{"proof": proof, "jwt": []byte(jwt)} {
		if got := verdict(t, raw, h.known, midway); got.Verdict != Valid {
			t.Fatalf("%s: got %s before any change", form, got.Verdict)
		}
		for i := range raw {
			mask := masks[i%len(masks)]
			changed := bytes.Clone(raw)
			changed[i] ^= mask
			r, err := Verify(context.Background(), changed, Asking{Source: h.known, Now: midway})
			if err == nil && r.Verdict != Tampered && r.Verdict != UnknownIssuer {
				t.Errorf("%s: byte %d, %q for %q: got %s", form, i, changed[i], raw[i], r.Verdict)
			}
		}
	}
}

func TestVerify_refusesWhatASignatureDoesNotCover(t *testing.T) {
	h := found(t, "https://badges.example/issuer", 1)
	proof, _ := h.give(t, h.award(), nil)
	s := string(proof)
	change := func(old, new string) string {
		if !strings.Contains(s, old) {
			t.Fatalf("no %q in %s", old, s)
		}
		return strings.Replace(s, old, new, 1)
	}
	for _, c := range []struct{ name, raw, want string }{
		{"an undefined term", change(`"name":"Valmoret"`, `"name":"Valmoret","grade":"A"`), "recognition.undefined_term"},
		{"a term out of place", change(`"name":"Valmoret"`, `"name":"Valmoret","encodedList":"u"`), "recognition.undefined_scope"},
		{"an undefined type", change(`"type":["Profile"]`, `"type":["Profile","Ministry"]`), "recognition.undefined_term"},
		{"an unknown context", change(`"@context":["https`, `"@context":["https://example.org/x","https`), "recognition.unknown_context"},
		{"a context of its own", change(`"@context":["https`, `"@context":[{"grade":"https://example.org/grade"},"https`), "recognition.inline_context"},
		{"a date hidden under its address", change(`"validUntil":"2028-03-01T09:00:00Z"`, `"https://www.w3.org/2018/credentials#validUntil":{"@type":"http://www.w3.org/2001/XMLSchema#dateTime","@value":"2028-03-01T09:00:00Z"}`), "recognition.undefined_term"},
		{"a date hidden in another place", strings.Replace(change(`,"validUntil":"2028-03-01T09:00:00Z"`, ``), `"evidence":[{`, `"evidence":[{"id":"https://badges.example/b/1","validUntil":"2028-03-01T09:00:00Z"},{`, 1), "recognition.two_descriptions"},
		{"a key twice", change(`"name":"Valmoret"`, `"name":"Valmoret","name":"Valmoret"`), "recognition.key_twice"},
		{"a nameless node named", change(`"type":["Evidence"]`, `"id":"_:b0","type":["Evidence"]`), "recognition.odd_identifier"},
		{"no proof", s[:strings.Index(s, `"proof":`)] + s[strings.Index(s, `"type":["VerifiableCredential`):], "recognition.no_proof"},
		{"another suite", change(`eddsa-rdfc-2022`, `ecdsa-rdfc-2019`), "recognition.other_proof"},
		{"another purpose", change(`"proofPurpose":"assertionMethod"`, `"proofPurpose":"authentication"`), "recognition.bad_signature"},
		{"another holder", change(`"salt":"sel"`, `"salt":"sol"`), "recognition.bad_signature"},
	} {
		r, err := Verify(context.Background(), []byte(c.raw), Asking{Source: h.known, Now: midway})
		if err == nil {
			if r.Verdict != Tampered {
				t.Errorf("%s: got %s", c.name, r.Verdict)
				continue
			}
			err = r.Why
		}
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Key != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// tangle is a badge signed by nobody, of as many subjects that look the same, each with as many competences that do.
func (h *house) tangle(subjects, competences int) []byte {
	alike := strings.Repeat(`,{"type":["Alignment"],"targetName":"x"}`, competences)[1:]
	subject := fmt.Sprintf(`,{"type":["AchievementSubject"],"achievement":{"type":["Achievement"],"name":"x","alignment":[%s]}}`, alike)
	return fmt.Appendf(nil, `{"@context":[%q,%q],"type":["VerifiableCredential","OpenBadgeCredential"],"issuer":%q,"credentialSubject":[%s],"proof":[{"type":"DataIntegrityProof",
		"cryptosuite":"eddsa-rdfc-2022","proofPurpose":"assertionMethod","verificationMethod":%q,"proofValue":%q}]}`,
		credentialsContext, badgesContext, h.id, strings.Repeat(subject, subjects)[1:], h.signer.Method, multibase(bytes.Repeat([]byte{1}, 64)))
}

// A badge built so that naming its nodes takes a factorial time is refused at once; one with many nodes that look the same
// under one parent is not.
func TestCanonical_refusesWhatWouldTakeTooLong(t *testing.T) {
	h := found(t, "https://badges.example/issuer", 1)
	for _, c := range []struct {
		subjects, competences int
		want                  string
	}{{1, 200, ""}, {2, 1, ""}, {2, 12, "recognition.too_tangled"}, {9, 1, "recognition.too_tangled"}} {
		doc, err := decode(h.tangle(c.subjects, c.competences))
		if err != nil {
			t.Fatal(err)
		}
		delete(doc, "proof")
		start := time.Now()
		_, err = canonical(doc)
		if took := time.Since(start); c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) || took > 5*time.Second {
			t.Errorf("%d subjects of %d: got %v after %v, want %q", c.subjects, c.competences, err, took, c.want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	h := found(f, "https://badges.example/issuer", 1)
	proof, jwt := h.give(f, h.award(), nil)
	f.Add(proof)
	f.Add([]byte(jwt))
	f.Add([]byte(`{"@context":[],"type":"OpenBadgeCredential"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := Verify(context.Background(), raw, Asking{Source: h.known, Now: midway})
		if err == nil && r.Verdict == Valid && !strings.Contains(string(raw), "ey") && r.Badge.Name != "Premiers pas avec un fichier" {
			t.Errorf("a badge nobody signed is valid: %s", raw)
		}
	})
}
