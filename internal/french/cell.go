package french

// Bool reads a truth as French files say it: oui/non, vrai/faux, true/false, yes/no, o/n, 1/0; case, accents and
// spaces around do not count. ok is false for anything else, "x" and empty included.
func Bool(s string) (value, ok bool) {
	s = trim(s)
	if len(s) == 0 || len(s) > 5 {
		return false, false
	}
	var buf [16]byte
	w, _ := foldShort(buf[:], s)
	switch string(w) {
	case "oui", "vrai", "true", "yes", "o", "y", "1":
		return true, true
	case "non", "faux", "false", "no", "n", "0":
		return false, true
	}
	return false, false
}

// Missing says whether a cell holds no value: blank, or one of the marks French files put for "not known", "not
// concerned" or "withheld" (n/d, NC, -, NA, #N/A, null, « non renseigné »…). Case, accents and spaces around do not
// count. Marks that hide a small number ("<11", "s" for statistical secrecy) are values, not absences.
func Missing(s string) bool {
	s = trim(s)
	if s == "" {
		return true
	}
	if len(s) > 24 {
		return false
	}
	var buf [48]byte
	w, ok := foldShort(buf[:], s)
	if !ok {
		return false
	}
	switch string(w) {
	case "-", "--", "---", ".", "..", "...", "…", "?", "/", "#",
		"na", "n/a", "n.a.", "n.a", "#n/a", "nd", "n/d", "n.d.", "n.d", "nc", "n/c", "n.c.", "n.c", "nr", "n/r",
		"n.r.", "ns", "s/o", "s.o.", "nan", "null", "nil", "none", "(null)", "\\n", "<null>", "vide", "(vide)",
		"neant", "inconnu", "inconnue", "non renseigne", "non renseignee", "non renseignes", "nonrenseigne",
		"non disponible", "non communique", "non communiquee", "non connu", "non defini", "non applicable",
		"non concerne", "sans objet", "pas de donnee", "pas de donnees", "a completer",
		"#div/0!", "#ref!", "#value!", "#valeur!", "#nom?", "#name?", "#null!", "#nul!", "#num!", "#nombre!":
		return true
	}
	return false
}
