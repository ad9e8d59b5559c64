package recognition

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

// An rsaHouse is an issuer that signs JWTs with RSA, as older software does.
type rsaHouse struct {
	*house
	private *rsa.PrivateKey
}

func openRSA(t *testing.T, bits int) rsaHouse {
	t.Helper()
	if bits < 2048 {
		t.Setenv("GODEBUG", "rsa1024min=0")
	}
	private, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	h := rsaHouse{found(t, "https://badges.example/issuer", 1), private}
	h.publish(t, map[string]any{"id": h.id, "type": []any{"Profile"}, "name": "Valmoret", "assertionMethod": []any{h.id + "#rsa"},
		"verificationMethod": []any{map[string]any{"id": h.id + "#rsa", "type": "JsonWebKey", "controller": h.id, "publicKeyJwk": h.jwk()}}})
	return h
}

func (h rsaHouse) jwk() map[string]any {
	e := base64.RawURLEncoding
	return map[string]any{"kty": "RSA", "n": e.EncodeToString(h.private.N.Bytes()), "e": e.EncodeToString(big.NewInt(int64(h.private.E)).Bytes()), "alg": "RS256"}
}

// token writes a JWT under a header, signed by sign.
func (h rsaHouse) token(t *testing.T, header map[string]string, sign func(body []byte) []byte) string {
	t.Helper()
	a := h.award()
	a.StatusList = ""
	raw, err := a.Credential()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range claims(doc) {
		doc[name] = v
	}
	e := base64.RawURLEncoding
	head, err := json.Marshal(header)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	body := e.EncodeToString(head) + "." + e.EncodeToString(payload)
	return body + "." + e.EncodeToString(sign([]byte(body)))
}

func (h rsaHouse) sign(t *testing.T) func([]byte) []byte {
	return func(body []byte) []byte {
		sum := sha256.Sum256(body)
		out, err := rsa.SignPKCS1v15(rand.Reader, h.private, crypto.SHA256, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func TestVerify_badgesSignedWithRSA(t *testing.T) {
	h := openRSA(t, 2048)
	header := func(alg string) map[string]string {
		return map[string]string{"alg": alg, "typ": "JWT", "kid": h.id + "#rsa"}
	}
	good := h.token(t, header("RS256"), h.sign(t))
	if r := verdict(t, []byte(good), h.known, midway); r.Verdict != Valid {
		t.Errorf("got %s, %v", r.Verdict, r.Why)
	}
	judge(t, []question{{name: "RS256", ok: true, Kind: "rs256", Text: good, JWK: h.jwk()}})
	public, err := json.Marshal(h.jwk())
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	for name, c := range map[string]struct {
		raw  string
		want Verdict
	}{
		"the header says another algorithm": {h.token(t, header("EdDSA"), h.sign(t)), Tampered},
		"signed by nobody":                  {parts[0] + "." + parts[1] + ".", Tampered},
		"another's signature":               {h.token(t, header("RS256"), openRSA(t, 2048).sign(t)), Tampered},
		"a short key":                       {openRSA(t, 1024).token(t, header("RS256"), openRSA(t, 1024).sign(t)), UnknownIssuer},
	} {
		known := h.known
		if name == "a short key" {
			known = openRSA(t, 1024).known
		}
		if r := verdict(t, []byte(c.raw), known, midway); r.Verdict != c.want {
			t.Errorf("%s: got %s, %v, want %s", name, r.Verdict, r.Why, c.want)
		}
	}
	for _, alg := range []string{"HS256", "none", "RS1"} {
		forged := h.token(t, header(alg), func(body []byte) []byte {
			m := hmac.New(sha256.New, public)
			_, _ = m.Write(body) // never fails
			return m.Sum(nil)
		})
		if _, err := Verify(t.Context(), []byte(forged), Asking{Source: h.known, Now: midway}); err == nil {
			t.Errorf("%s was read", alg)
		}
	}
}

func TestReadJWK_refusesKeysNobodyShouldTrust(t *testing.T) {
	h := openRSA(t, 2048)
	for name, spoil := range map[string]func(map[string]any){
		"no exponent":       func(k map[string]any) { delete(k, "e") },
		"one as exponent":   func(k map[string]any) { k["e"] = "AQ" },
		"an even exponent":  func(k map[string]any) { k["e"] = "Ag" },
		"a huge modulus":    func(k map[string]any) { k["n"] = strings.Repeat("_", 4096) },
		"padding":           func(k map[string]any) { k["n"] = k["n"].(string) + "=" },
		"a curve it has no": func(k map[string]any) { k["kty"] = "EC" },
	} {
		k := h.jwk()
		spoil(k)
		if _, err := readJWK(k); err == nil {
			t.Errorf("%s: it was read", name)
		}
	}
}
