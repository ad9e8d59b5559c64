package identifier

import "strings"

const laPoste = "356000000"

// IsSIREN says whether s is a SIREN: nine digits, Luhn key, not all zeros.
// Source: INSEE, "Numéro SIREN"; décret n° 97-497 du 16 mai 1997.
func IsSIREN(s string) bool { return digits(s, 9) && s != "000000000" && luhn(s) }

// IsSIRET says whether s is a SIRET: fourteen digits, a valid SIREN and a Luhn key. The establishments of La Poste
// (SIREN 356000000) satisfy either Luhn or a sum of digits that is a multiple of five.
// Source: INSEE, "Numéro SIRET"; the La Poste exception is INSEE's, of 2006.
func IsSIRET(s string) bool {
	if !digits(s, 14) || !IsSIREN(s[:9]) {
		return false
	}
	if luhn(s) {
		return true
	}
	if s[:9] != laPoste {
		return false
	}
	sum := 0
	for i := range len(s) {
		sum += int(s[i] - '0')
	}
	return sum%5 == 0
}

// IsEPCI says whether s may be the code of an intercommunal body: the SIREN of a public body, which starts with 2.
// Source: INSEE, Code officiel géographique, "Établissements publics de coopération intercommunale"; SIRENE numbering.
func IsEPCI(s string) bool { return IsSIREN(s) && s[0] == '2' }

// IsRNA says whether s is a number of the national register of associations: W, three characters for the registry
// (751 Paris, 2A1 Ajaccio, 9R1 Saint-Denis de La Réunion) and six digits. It has no key.
// Source: arrêté du 14 octobre 2009 portant création du RNA; numbers met in the register's open files.
func IsRNA(s string) bool {
	return len(s) == 10 && s[0] == 'W' && isDigit(s[1]) && (isDigit(s[2]) || isUpper(s[2])) && digits(s[3:], 7)
}

// IsVAT says whether s is a French intra-community VAT number: FR, a two-character key, a SIREN. Numeric keys are
// (12 + 3 × (SIREN mod 97)) mod 97; keys with letters follow the newer formula. Monaco's numbers (000…) hold no SIREN.
// Source: CGI annexe III art. 286 ter; European Commission, VIES algorithms, section FR.
func IsVAT(s string) bool {
	if len(s) != 13 || s[:2] != "FR" || !digits(s[4:], 9) {
		return false
	}
	key, siren := s[2:4], s[4:]
	if siren[:3] != "000" && !IsSIREN(siren) {
		return false
	}
	n := number(siren)
	if digits(key, 2) {
		return number(key) == (n%97*3+12)%97
	}
	const alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	a, b := strings.IndexByte(alphabet, key[0]), strings.IndexByte(alphabet, key[1])
	if a < 0 || b < 0 {
		return false
	}
	check := a*34 + b - 100
	if a < 10 {
		check = a*24 + b - 10
	}
	return (n+1+check/11)%11 == check%11
}

// IsUAI says whether s is the number of a school or university (UAI, once RNE): seven digits and a letter, the
// remainder of the number by 23 in an alphabet without I, O and Q.
// Source: ministère de l'Éducation nationale, "Base centrale des établissements", circulaire n° 75-325 of 1975.
func IsUAI(s string) bool {
	if len(s) != 8 || !digits(s[:7], 7) {
		return false
	}
	return s[7] == "ABCDEFGHJKLMNPRSTUVWXYZ"[number(s[:7])%23]
}

// IsFINESS says whether s is the number of a health or social establishment: nine characters that start with its
// department and end with a Luhn key, for which the letters of 2A and 2B count 1 and 2.
// Source: DREES, FINESS, "Structure du numéro"; the value of letters checked on the hospitals of Ajaccio and Bastia.
func IsFINESS(s string) bool {
	if len(s) != 9 {
		return false
	}
	if s[0] == '2' && (s[1] == 'A' || s[1] == 'B') {
		s = "2" + string(rune(s[1]-'A'+'1')) + s[2:]
	} else if s[0] == '9' && s[1] > '8' || len(s) > 1 && s[:2] == "00" {
		return false
	}
	return digits(s, 9) && luhn(s)
}

// number reads digits, at most 18.
func number(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
