package identifier

import "strings"

// IsNIR says whether s is a social security number with its key: fifteen characters, sex, year, month (01 to 12, and
// 20, 30 to 42, 50 to 99 for incomplete civil records), department (2A and 2B for Corsica), commune, order, and a key of 97 minus
// the remainder by 97, 2A counting 19 and 2B counting 18. It is personal data of the highest care.
// Source: INSEE, "Numéro d'inscription au répertoire"; code de la sécurité sociale R115-1.
func IsNIR(s string) bool {
	if len(s) != 15 || !strings.ContainsRune("123478", rune(s[0])) || !digits(s[1:5], 4) {
		return false
	}
	month := number(s[3:5])
	if month == 0 || month > 12 && month < 20 || month > 20 && month < 30 || month > 42 && month < 50 {
		return false
	}
	body := s[:13]
	switch s[5:7] {
	case "2A":
		body = s[:5] + "19" + s[7:13]
	case "2B":
		body = s[:5] + "18" + s[7:13]
	case "00":
		return false
	}
	if !digits(body, 13) || !digits(s[13:], 2) || s[10:13] == "000" {
		return false
	}
	return number(s[13:]) == 97-number(body)%97
}

// ibanSizes are the lengths of the IBANs of the countries that use them.
// Source: SWIFT, "IBAN Registry", release 97.
const ibanSizes = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 " +
	"EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 " +
	"KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 " +
	"PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 " +
	"XK20 YE30 "

// IsIBAN says whether s is an IBAN in electronic form (no spaces): known country, its length, remainder 1 by 97.
// Source: ISO 13616-1:2020 and the SWIFT registry.
func IsIBAN(s string) bool {
	if len(s) < 15 || len(s) > 34 || !isUpper(s[0]) || !isUpper(s[1]) || !digits(s[2:4], 2) {
		return false
	}
	at := strings.Index(ibanSizes, s[:2])
	if at < 0 || at%5 != 0 || number(ibanSizes[at+2:at+4]) != len(s) {
		return false
	}
	rest := 0
	for i := range len(s) {
		switch c := s[(i+4)%len(s)]; {
		case isDigit(c):
			rest = (rest*10 + int(c-'0')) % 97
		case isUpper(c):
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}
