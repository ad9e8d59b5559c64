package identifier

import "strings"

// Kind names a kind of identifier. Its text is stable: it is stored and is part of message keys.
type Kind string

// The kinds of identifiers.
const (
	SIREN      Kind = "siren"
	SIRET      Kind = "siret"
	RNA        Kind = "rna"
	NIR        Kind = "nir"
	VAT        Kind = "tva"
	IBAN       Kind = "iban"
	UAI        Kind = "uai"
	FINESS     Kind = "finess"
	Commune    Kind = "commune"
	PostalCode Kind = "code_postal"
	Department Kind = "departement"
	Region     Kind = "region"
	EPCI       Kind = "epci"
	Phone      Kind = "telephone"
	Email      Kind = "courriel"
	URL        Kind = "url"
	UUID       Kind = "uuid"
	ObjectID   Kind = "mongo"
	Parcel     Kind = "parcelle"
	RNB        Kind = "rnb"
	FANTOIR    Kind = "fantoir"
)

// Kinds lists every kind, from the most to the least telling: the first that fits a column is the best guess.
var Kinds = []Kind{SIRET, NIR, IBAN, VAT, UUID, ObjectID, Parcel, RNA, UAI, EPCI, SIREN, FINESS, Email, URL, Phone, RNB, FANTOIR,
	Commune, PostalCode, Department, Region}

// Check says whether value is a well-formed identifier of the kind, check digit included, as [IsSIRET] and the others
// do. An unknown kind is false.
func Check(kind Kind, value string) bool {
	check := checks[kind]
	return check != nil && check(value)
}

var checks = map[Kind]func(string) bool{
	SIREN: IsSIREN, SIRET: IsSIRET, RNA: IsRNA, NIR: IsNIR, VAT: IsVAT, IBAN: IsIBAN, UAI: IsUAI, FINESS: IsFINESS,
	Commune: IsCommune, PostalCode: IsPostalCode, EPCI: IsEPCI, Phone: IsPhone, Email: IsEmail, URL: IsURL, UUID: IsUUID,
	ObjectID: IsObjectID, Parcel: IsParcel, RNB: IsRNB, FANTOIR: IsFANTOIR,
	Department: func(v string) bool { return DepartmentName(v) != "" },
	Region:     func(v string) bool { return RegionName(v) != "" },
}

// Normalise removes what people add to an identifier: spaces of every kind around and inside, dots and hyphens inside
// where the kind never has them, lower case where the kind is upper case. A French phone number becomes "+33…". A value
// that is still not valid after that is returned with only the spaces around it removed: nothing is guessed, and no
// leading zero is added. A decimal number ("1.850578006084") is a number, whatever its digits would say without the dot.
func Normalise(kind Kind, value string) string {
	value = strings.TrimFunc(value, isSpace)
	if isDecimal(value) && !(kind == NIR && value[len(value)-3] == '.') { // of a NIR, the dot may set the key apart
		return value
	}
	var out string
	switch kind {
	case SIREN, SIRET, EPCI, NIR, VAT, IBAN, RNA, UAI, FINESS, Commune, PostalCode, Department, Region, Parcel, RNB, FANTOIR:
		out = strings.ToUpper(strip(value))
	case Phone:
		if e164, ok := PhoneE164(value); ok {
			return e164
		}
		return value
	case Email:
		if at := strings.LastIndexByte(value, '@'); at > 0 {
			out = value[:at] + strings.ToLower(value[at:])
		}
	case UUID, ObjectID:
		out = strings.ToLower(strings.Trim(value, "{}"))
	default:
		return value
	}
	if Check(kind, out) {
		return out
	}
	return value
}

// isDecimal says whether s is digits around one dot, with or without a sign: three bytes at least.
func isDecimal(s string) bool {
	whole, decimals, dot := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if len(whole) > 1 && whole[0] == '0' { // "06.12345678" is no number
		return false
	}
	return dot && whole != "" && decimals != "" && digits(whole, len(whole)) && digits(decimals, len(decimals))
}

// strip removes spaces, dots, hyphens and apostrophes.
func strip(s string) string {
	return strings.Map(func(r rune) rune {
		if isSpace(r) || r == '.' || r == '-' || r == '\'' || r == '\u2019' || r == '\u2011' {
			return -1
		}
		return r
	}, s)
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\n', '\u00A0', '\u202F', '\u2009', '\u2007', '\u200B', '\uFEFF':
		return true
	}
	return false
}

// digits says whether s is n ASCII digits.
func digits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range n {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// luhn says whether the digits of s satisfy the Luhn formula (ISO/IEC 7812-1, annex B).
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
