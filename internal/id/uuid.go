package id

import (
	"crypto/rand"
	"crypto/sha1" // the standard asks for it: it names, it protects nothing
	"encoding/hex"
	"time"
)

// UUID returns a new UUID of version 7: 48 bits of milliseconds, then random ones. Other software asks for this layout.
// Source: RFC 9562, 5.7.
func UUID(now time.Time) string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand aborts the program instead
	ms := now.UnixMilli()
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	return uuid(raw, 7)
}

// NamedUUID returns the UUID of version 5 of a name inside another UUID: always the same. A space that is no UUID counts
// as a text. Source: RFC 9562, 5.5.
func NamedUUID(space, name string) string {
	within, err := hex.DecodeString(bare(space))
	if err != nil || !IsUUID(space) {
		within = []byte(space)
	}
	sum := sha1.Sum(append(within, name...))
	return uuid([16]byte(sum[:16]), 5)
}

func uuid(raw [16]byte, version byte) string {
	raw[6] = raw[6]&0x0f | version<<4
	raw[8] = raw[8]&0x3f | 0x80
	h := hex.EncodeToString(raw[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func bare(s string) string {
	out := make([]byte, 0, 32)
	for i := range len(s) {
		if s[i] != '-' {
			out = append(out, s[i])
		}
	}
	return string(out)
}

// IsUUID reports whether s is a UUID in lower case, of any version.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f':
		default:
			return false
		}
	}
	return true
}
