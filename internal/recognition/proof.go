package recognition

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"time"

	"cultured/internal/fault"
)

const (
	proofType   = "DataIntegrityProof"
	cryptosuite = "eddsa-rdfc-2022"
	purpose     = "assertionMethod"
)

// A Signer signs in the name of an issuer.
type Signer struct {
	Key    ed25519.PrivateKey
	Method string // address of the public key, under the issuer's: "https://…/issuer#z6Mk…"
}

// Sign returns the credential with a Data Integrity proof made at now, as the only one of a list. What it signs is JSON; what
// it returns is compact JSON with its keys in order. Faults: those of reading and of canonicalisation.
func (s Signer) Sign(credential []byte, now time.Time) (_ []byte, err error) {
	defer fault.Wrap(&err, "recognition.Sign")
	doc, err := decode(credential)
	if err != nil {
		return nil, err
	}
	proof := map[string]any{"type": proofType, "created": stamp(now), "verificationMethod": s.Method, "cryptosuite": cryptosuite, "proofPurpose": purpose}
	digest, err := hashes(doc, proof)
	if err != nil {
		return nil, err
	}
	proof["proofValue"] = multibase(ed25519.Sign(s.Key, digest))
	doc["proof"] = []any{proof}
	return json.Marshal(doc)
}

// stamp writes a moment as credentials do.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// hashes is what is signed: the hash of the proof's options, then that of the document, each in canonical form.
func hashes(doc, proof map[string]any) ([]byte, error) {
	options := maps.Clone(proof)
	delete(options, "proofValue")
	options["@context"] = doc["@context"]
	bare := maps.Clone(doc)
	delete(bare, "proof")
	about, err := canonical(options)
	if err != nil {
		return nil, err
	}
	statements, err := canonical(bare)
	if err != nil {
		return nil, err
	}
	first, second := sha256.Sum256([]byte(about)), sha256.Sum256([]byte(statements))
	return append(first[:], second[:]...), nil
}

// proofs returns the Data Integrity proofs of a document that are of our suite. Fault: Invalid "recognition.no_proof",
// "recognition.other_proof" when there are others only.
func proofs(doc map[string]any) (out []map[string]any, err error) {
	all := many(doc["proof"])
	for _, p := range all {
		o, _ := p.(map[string]any)
		if o["type"] == proofType && o["cryptosuite"] == cryptosuite {
			out = append(out, o)
		}
	}
	switch {
	case len(all) == 0:
		return nil, fault.New(fault.Invalid, "recognition.no_proof")
	case len(out) == 0:
		name := text(all[0], "cryptosuite")
		if name == "" {
			name = text(all[0], "type")
		}
		return nil, fault.New(fault.Invalid, "recognition.other_proof", short(name))
	}
	return out, nil
}

// signed says whether a proof was made over the document with the key.
func signed(doc, proof map[string]any, key verifier) (bool, error) {
	signature, err := unbase(text(proof, "proofValue"))
	if err != nil || len(signature) != ed25519.SignatureSize || text(proof, "proofPurpose") != purpose || key.algorithm() != "EdDSA" {
		return false, nil // a signature that is none
	}
	digest, err := hashes(doc, proof)
	if err != nil {
		return false, err
	}
	return key.holds(digest, signature), nil
}
