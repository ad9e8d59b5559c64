package recognition

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"cultured/internal/fault"
)

// SignJWT returns the credential as a VC-JWT (EdDSA): header, claims and signature, separated by dots. The claims are the
// credential itself with iss, sub, jti, nbf and exp made of it.
func (s Signer) SignJWT(credential []byte) (_ string, err error) {
	defer fault.Wrap(&err, "recognition.SignJWT")
	doc, err := decode(credential)
	if err != nil {
		return "", err
	}
	delete(doc, "proof")
	for name, v := range claims(doc) {
		doc[name] = v
	}
	payload, err := json.Marshal(doc)
	if err != nil {
		return "", err
	}
	header, err := json.Marshal(map[string]string{"alg": "EdDSA", "typ": "JWT", "kid": s.Method})
	if err != nil {
		return "", err
	}
	e := base64.RawURLEncoding
	body := e.EncodeToString(header) + "." + e.EncodeToString(payload)
	return body + "." + e.EncodeToString(ed25519.Sign(s.Key, []byte(body))), nil
}

// claims are those that a JWT repeats of its credential.
func claims(doc map[string]any) map[string]any {
	out := map[string]any{"iss": identity(doc["issuer"]), "jti": text(doc, "id")}
	if sub := text(doc, "credentialSubject", "id"); sub != "" {
		out["sub"] = sub
	}
	for name, field := range map[string]string{"nbf": "validFrom", "exp": "validUntil"} {
		if t, err := time.Parse(time.RFC3339, text(doc, field)); err == nil {
			out[name] = float64(t.Unix())
		}
	}
	return out
}

// A token is a JWT cut into what it holds.
type token struct {
	header, claims map[string]any
	body           string // what is signed
	signature      []byte
}

// isToken recognises a JWT by its look: three words of base64url, the first of which is a JSON object.
func isToken(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("ey")) && bytes.Count(raw, []byte(".")) == 2
}

// readToken cuts a JWT. Faults: Invalid "recognition.bad_token", "recognition.other_algorithm"; those of decode.
func readToken(raw []byte) (t token, err error) {
	bad := fault.New(fault.Invalid, "recognition.bad_token")
	if len(raw) > 2*mostBytes {
		return t, fault.New(fault.TooLarge, "recognition.too_large", mostBytes)
	}
	parts := strings.Split(string(raw), ".")
	if len(parts) != 3 {
		return t, bad
	}
	e := base64.RawURLEncoding.Strict()
	var plain [3][]byte
	for i, p := range parts {
		if plain[i], err = e.DecodeString(p); err != nil || strings.ContainsAny(p, "\r\n") {
			return t, bad.Because(err)
		}
	}
	if t.header, err = decode(plain[0]); err != nil {
		return t, bad.Because(err)
	}
	if t.claims, err = decode(plain[1]); err != nil {
		return t, err
	}
	if alg := text(t.header, "alg"); alg != "EdDSA" && alg != "RS256" {
		return t, fault.New(fault.Invalid, "recognition.other_algorithm", short(alg))
	}
	if t.header["crit"] != nil {
		return t, bad
	}
	t.body, t.signature = parts[0]+"."+parts[1], plain[2]
	return t, nil
}

// check holds a token against its issuer's key and against itself. It returns why it does not hold, nil when it does.
func (t token) check(ctx context.Context, src Source) error {
	issuer, kid := identity(t.claims["issuer"]), text(t.header, "kid")
	if kid == "" {
		return fault.New(fault.NotFound, "recognition.key_unnamed")
	}
	if strings.HasPrefix(kid, "#") {
		kid = issuer + kid
	}
	key, err := method{issuer, kid}.key(ctx, src)
	if err != nil {
		return err
	}
	if key.algorithm() != text(t.header, "alg") || !key.holds([]byte(t.body), t.signature) {
		return fault.New(fault.Conflict, "recognition.bad_signature")
	}
	for name, want := range claims(t.claims) {
		if t.claims[name] != want && (name != "exp" || t.claims[name] != nil) {
			return fault.New(fault.Conflict, "recognition.claim_differs", name)
		}
	}
	if t.claims["exp"] != nil && text(t.claims, "validUntil") == "" {
		return fault.New(fault.Conflict, "recognition.claim_differs", "exp")
	}
	return nil
}
