package identifier

// IsParcel says whether s may be the identifier of a cadastral parcel (IDU): fourteen characters, the code of its commune, three
// digits for a commune absorbed (000 for none), a section of two letters or of a zero or digit and a letter, four digits that are not all
// zero. Sections of two digits exist in Alsace and Moselle. It has no key; whether the parcel exists is not checked.
// Source: DGFiP and Etalab, "Plan cadastral informatisé", identifiant de parcelle.
func IsParcel(s string) bool {
	if len(s) != 14 || !IsCommune(s[:5]) || !digits(s[5:8], 3) || !digits(s[10:], 4) || s[10:] == "0000" {
		return false
	}
	switch a, b := s[8], s[9]; {
	case isDigit(a) && isDigit(b):
		return s[:2] == "57" || s[:2] == "67" || s[:2] == "68"
	default:
		return (a == '0' || isDigit(a) || isUpper(a)) && isUpper(b)
	}
}

// IsRNB says whether s has the form of an identifier of the national register of buildings (RNB): twelve characters among the
// digits without 0 and the capitals without I, L, O and U, with at least a digit and a letter. The register draws them by chance and gives
// them no key, so a mistyped one is not seen.
// Source: IGN, ADEME and DINUM, "Référentiel national des bâtiments", definition of the RNB ID.
func IsRNB(s string) bool {
	if len(s) != 12 {
		return false
	}
	figures, letters := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '1' && c <= '9':
			figures++
		case isUpper(c) && c != 'I' && c != 'L' && c != 'O' && c != 'U':
			letters++
		default:
			return false
		}
	}
	return figures > 0 && letters > 0
}

// IsFANTOIR says whether s has the form of the code of a way in FANTOIR: four characters, the first a digit or a capital (A to Z for
// places that are no streets), and the RIVOLI key letter, which is never I, O or Q; alone ("1030L") or after the commune ("010531030L", or
// with the direction: "0100531030L"). The key is not checked.
// Source: DGFiP, "Fichier FANTOIR des voies et lieux-dits", descriptif.
func IsFANTOIR(s string) bool {
	switch len(s) {
	case 10:
		if !IsCommune(s[:5]) {
			return false
		}
		s = s[5:]
	case 11:
		if !IsCommune(s[:2] + s[3:6]) {
			return false
		}
		s = s[6:]
	case 5:
	default:
		return false
	}
	key := s[4]
	return (isDigit(s[0]) || isUpper(s[0])) && digits(s[1:4], 3) && isUpper(key) && key != 'I' && key != 'O' && key != 'Q'
}

// IsObjectID says whether s is a MongoDB identifier as data portals show it: 24 hexadecimal digits in small letters, not all decimal.
// Source: MongoDB manual, "ObjectId".
func IsObjectID(s string) bool {
	if len(s) != 24 {
		return false
	}
	letters := false
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
		case c >= 'a' && c <= 'f':
			letters = true
		default:
			return false
		}
	}
	return letters
}
