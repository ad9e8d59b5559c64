package dataset

import (
	"strings"
	"unicode/utf8"
)

// cp1252High gives the byte of each rune that Windows-1252 puts between 0x80 and 0x9F.
// Source: Unicode consortium, CP1252.TXT; the five free bytes stand for themselves, as browsers do (WHATWG Encoding).
var cp1252High = map[rune]byte{'€': 0x80, '‚': 0x82, 'ƒ': 0x83, '„': 0x84, '…': 0x85, '†': 0x86, '‡': 0x87, 'ˆ': 0x88, '‰': 0x89,
	'Š': 0x8A, '‹': 0x8B, 'Œ': 0x8C, 'Ž': 0x8E, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97,
	'˜': 0x98, '™': 0x99, 'š': 0x9A, '›': 0x9B, 'œ': 0x9C, 'ž': 0x9E, 'Ÿ': 0x9F,
	0x81: 0x81, 0x8D: 0x8D, 0x8F: 0x8F, 0x90: 0x90, 0x9D: 0x9D}

// unmojibake undoes UTF-8 read as Windows-1252 ("Ã©" → "é"). It is certain only when the whole text goes back to bytes
// that are UTF-8, hold something else than ASCII, and say letters or signs French uses; else ok is false.
func unmojibake(s string) (after string, ok bool) {
	if len(s) > 1<<16 {
		return s, false
	}
	var b strings.Builder
	for _, r := range s {
		switch c, special := cp1252High[r]; {
		case special:
			b.WriteByte(c)
		case r < 0x80 || r >= 0xA0 && r <= 0xFF:
			b.WriteByte(byte(r))
		default:
			return s, false
		}
	}
	after = b.String()
	if after == s || !utf8.ValidString(after) {
		return s, false
	}
	for _, r := range after {
		if r >= 0x80 && (r < 0xA0 || r > 0x17F && !strings.ContainsRune("‘’“”–—…•€™\u202F\u2009œŒ", r)) {
			return s, false
		}
	}
	return after, true
}
