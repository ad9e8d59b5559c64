package tabular

import (
	"encoding/binary"
	"math"
	"strings"
	"time"
)

// namedPage reads the encoding a .cpg file names, "" when it is none that is read here. Code page 437 has its French letters
// where 850 has them.
func namedPage(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, name)
	switch {
	case name == "utf8", name == "65001":
		return "utf-8"
	case strings.HasSuffix(name, "1252"):
		return "windows-1252"
	case strings.HasSuffix(name, "885915"), name == "28605", name == "latin9":
		return "iso-8859-15"
	case strings.HasSuffix(name, "88591"), name == "28591", name == "latin1":
		return "iso-8859-1"
	case strings.HasSuffix(name, "850"), strings.HasSuffix(name, "437"):
		return "ibm850"
	case name == "macintosh", name == "macroman", name == "10000":
		return "macroman"
	}
	return ""
}

// dbfLanguages are the marks of language of a dBASE table that name an encoding read here. 0x57 is whatever the machine had.
// Sources: Microsoft, "Code Pages Supported by Visual FoxPro"; ESRI, "ArcPad reference: supported code pages".
var dbfLanguages = map[byte]string{
	0x01: "ibm850", 0x02: "ibm850", 0x0D: "ibm850", 0x0E: "ibm850", 0x37: "ibm850",
	0x03: "windows-1252", 0x58: "windows-1252", 0x59: "windows-1252", 0x04: "macroman",
}

func realOf(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

// julianText writes a moment of FoxPro: a Julian day, and milliseconds since midnight. Zero is none.
func julianText(b []byte) string {
	day, ms := int64(binary.LittleEndian.Uint32(b)), int64(binary.LittleEndian.Uint32(b[4:]))
	const epoch = 2440588 // 1 January 1970
	if day == 0 || day > 5_373_484 || ms >= 86_400_000 {
		return ""
	}
	return time.Unix((day-epoch)*86400+(ms+500)/1000, 0).UTC().Format("2006-01-02T15:04:05")
}
