package recognition

import (
	"crypto/ed25519"
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

// readJWK reads an Ed25519 public key written as a JSON Web Key (RFC 8037).
func readJWK(v any) (ed25519.PublicKey, error) {
	x, err := base64.RawURLEncoding.Strict().DecodeString(text(v, "x"))
	if err != nil || text(v, "kty") != "OKP" || text(v, "crv") != "Ed25519" || len(x) != ed25519.PublicKeySize {
		return nil, fault.New(fault.Invalid, "recognition.bad_key", short(text(v, "kty")+" "+text(v, "crv"))).Because(err)
	}
	return x, nil
}
