package tabular

import "strings"

// Encodings are the names Options.Encoding takes, in the order a page should offer them.
var Encodings = []string{"utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "macroman", "ibm850", "utf-16le", "utf-16be"}

// aliases are other names of the encodings, as descriptors and other tools write them, without case and signs.
// Source: IANA, Character Sets; "ascii" is a part of UTF-8, and "utf-16" says by its mark which one it is.
var aliases = map[string]string{"utf8sig": "utf-8", "ascii": "utf-8", "usascii": "utf-8", "cp1252": "windows-1252", "win1252": "windows-1252", "ansi": "windows-1252",
	"latin1": "iso-8859-1", "l1": "iso-8859-1", "latin9": "iso-8859-15", "macintosh": "macroman", "mac": "macroman", "cp850": "ibm850", "dos850": "ibm850", "dosibm850": "ibm850", "dos": "ibm850", "utf16": ""}

// EncodingNamed gives the name of [Encodings] for one a person or a descriptor gives; ok is false for one that is not read
// here. "" is "", which detects.
func EncodingNamed(given string) (name string, ok bool) {
	if given == "" {
		return "", true
	}
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
				return r
			}
			return -1
		}, strings.ToLower(s))
	}
	for _, known := range Encodings {
		if bare(known) == bare(given) {
			return known, true
		}
	}
	name, ok = aliases[bare(given)]
	return name, ok
}

// The upper halves of the single-byte encodings: the runes of bytes 0x80 to 0xFF. Bytes windows-1252 leaves undefined
// keep their ISO-8859-1 control, as the WHATWG Encoding Standard says.
// Sources: unicode.org/Public/MAPPINGS, files CP1252.TXT, 8859-15.TXT, CP850.TXT (MS-DOS in western Europe) and ROMAN.TXT (with the euro of Mac OS 8.5).
var (
	windows1252 = [128]rune([]rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ" + latin1Upper))
	iso8859x15  = [128]rune([]rune(controls + "\u00a0¡¢£€¥Š§š©ª«¬\u00ad®¯°±²³Žµ¶·ž¹º»ŒœŸ¿" + latin1Letters))
	macRoman    = [128]rune([]rune("ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…" +
		"\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ"))
	ibm850 = [128]rune([]rune("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐" +
		"└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0"))
)

const (
	controls = "\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f" +
		"\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f"
	latin1Letters = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"
	latin1Upper   = "\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿" + latin1Letters
)

// EncodingTitle is what people call an encoding of [Encodings], in any language.
func EncodingTitle(name string) string {
	if title, ok := titles[name]; ok {
		return title
	}
	return name
}

var titles = map[string]string{"utf-8": "UTF-8", "windows-1252": "Windows-1252", "iso-8859-1": "ISO 8859-1", "iso-8859-15": "ISO 8859-15", "macroman": "Mac Roman",
	"ibm850": "DOS (IBM 850)", "utf-16le": "UTF-16", "utf-16be": "UTF-16"}

// charset returns the upper half of a single-byte encoding. ISO-8859-1 is read as windows-1252, which only differs
// where ISO-8859-1 has controls no text uses. UTF-8 has windows-1252 too, for its stray bytes.
func charset(name string) *[128]rune {
	switch name {
	case "macroman":
		return &macRoman
	case "ibm850":
		return &ibm850
	case "iso-8859-15":
		return &iso8859x15
	}
	return &windows1252
}
