// Package id makes identifiers and secrets. Identifiers sort by the time they were made; secrets cannot be guessed.
package id

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford base 32, lower case: no i, l, o, u

// New returns a 26-character identifier: 48 bits of milliseconds, then 80 random bits (the ULID layout, lower case).
// Source: https://github.com/ulid/spec
func New(now time.Time) string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(now.UnixMilli())<<16)
	_, _ = rand.Read(raw[6:]) // never fails: crypto/rand aborts the program instead
	return encode(raw)
}

// Secret returns 52 characters carrying 256 random bits, for links and sessions. Store only its hash.
func Secret() string {
	var a, b [16]byte
	_, _ = rand.Read(a[:])
	_, _ = rand.Read(b[:])
	return encode(a) + encode(b)
}

// encode writes 128 bits as 26 base-32 digits, most significant first.
func encode(raw [16]byte) string {
	hi, lo := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])
	var out [26]byte
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

// Valid reports whether s has the shape New gives: cheap protection for anything that becomes a path or a key.
func Valid(s string) bool {
	if len(s) != 26 {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z') {
			return false
		}
	}
	return true
}
