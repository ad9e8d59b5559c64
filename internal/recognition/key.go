package recognition

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"strings"

	"cultured/internal/fault"
)

// base58 is Bitcoin's alphabet, that of multibase "z".
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// mostBase58 bounds what is decoded, in characters: a signature takes 88.
const mostBase58 = 128

// multibase writes bytes as multibase base58-btc, "z" first.
func multibase(b []byte) string {
	n, r, base := new(big.Int).SetBytes(b), new(big.Int), big.NewInt(58)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, base, r)
		out = append(out, base58[r.Int64()])
	}
	for _, c := range b {
		if c != 0 {
			break
		}
		out = append(out, base58[0])
	}
	slices.Reverse(out)
	return "z" + string(out)
}

var errMultibase = errors.New("not multibase base58-btc")

// unbase reads multibase base58-btc.
func unbase(s string) ([]byte, error) {
	s, ok := strings.CutPrefix(s, "z")
	if !ok || len(s) > mostBase58 {
		return nil, errMultibase
	}
	n, base := new(big.Int), big.NewInt(58)
	for _, c := range []byte(s) {
		i := strings.IndexByte(base58, c)
		if i < 0 {
			return nil, errMultibase
		}
		n.Mul(n, base).Add(n, big.NewInt(int64(i)))
	}
	zeros := len(s) - len(strings.TrimLeft(s, base58[:1]))
	return append(make([]byte, zeros), n.Bytes()...), nil
}

// multicodec says that what follows is an Ed25519 public key (0xed as an unsigned varint).
var multicodec = []byte{0xed, 0x01}

// Multikey writes a public key as a Multikey does: "z6Mk…", 48 characters.
func Multikey(k ed25519.PublicKey) string { return multibase(slices.Concat(multicodec, k)) }

// ReadMultikey reads a public key written as a Multikey. Fault: Invalid "recognition.bad_key" for anything but Ed25519.
func ReadMultikey(s string) (ed25519.PublicKey, error) {
	b, err := unbase(s)
	if err != nil || len(b) != len(multicodec)+ed25519.PublicKeySize || !slices.Equal(b[:2], multicodec) {
		return nil, fault.New(fault.Invalid, "recognition.bad_key", short(s)).Because(err)
	}
	return ed25519.PublicKey(b[2:]), nil
}

// A verifier is the public key of an issuer, which holds a signature made by one algorithm only: which one is the key's to say, never the
// badge's.
type verifier interface {
	// algorithm is its name in a JWT.
	algorithm() string
	// holds says whether the signature is of what is signed.
	holds(signed, signature []byte) bool
}

// edKey is an Ed25519 key.
type edKey ed25519.PublicKey

func (edKey) algorithm() string { return "EdDSA" }

func (k edKey) holds(signed, signature []byte) bool {
	return ed25519.Verify(ed25519.PublicKey(k), signed, signature)
}

// rsaKey is an RSA key, which signs JWTs only.
type rsaKey struct{ *rsa.PublicKey }

func (rsaKey) algorithm() string { return "RS256" }

func (k rsaKey) holds(signed, signature []byte) bool {
	sum := sha256.Sum256(signed)
	return rsa.VerifyPKCS1v15(k.PublicKey, crypto.SHA256, sum[:], signature) == nil
}

// Sizes of RSA keys that are read, in bits: shorter ones are forged, longer ones make verifying slow.
const leastRSA, mostRSA = 2048, 8192

// readMultikey reads a Multikey as a verifier.
func readMultikey(s string) (verifier, error) {
	k, err := ReadMultikey(s)
	return edKey(k), err
}

// readJWK reads a public key written as a JSON Web Key: Ed25519 (RFC 8037) or RSA (RFC 7518). Fault: Invalid "recognition.bad_key".
func readJWK(v any) (verifier, error) {
	e := base64.RawURLEncoding.Strict()
	bad := fault.New(fault.Invalid, "recognition.bad_key", short(text(v, "kty")+" "+text(v, "crv")))
	switch {
	case text(v, "kty") == "OKP" && text(v, "crv") == "Ed25519":
		x, err := e.DecodeString(text(v, "x"))
		if err != nil || len(x) != ed25519.PublicKeySize {
			return nil, bad.Because(err)
		}
		return edKey(x), nil
	case text(v, "kty") == "RSA":
		n, err := e.DecodeString(text(v, "n"))
		exponent, wrong := e.DecodeString(text(v, "e"))
		if err != nil || wrong != nil || len(n) > mostRSA/8 || len(exponent) == 0 || len(exponent) > 4 {
			return nil, bad.Because(errors.Join(err, wrong))
		}
		k := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(exponent).Int64())}
		if k.N.BitLen() < leastRSA || k.E < 3 || k.E%2 == 0 {
			return nil, bad
		}
		return rsaKey{k}, nil
	}
	return nil, bad
}
