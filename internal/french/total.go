package french

// Total says whether a label stands before a sum: "Total", "Totaux 2024", "Sous-total", "Ensemble", "Somme".
func Total(v string) bool {
	if len(v) < 5 || len(v) > 60 {
		return false
	}
	switch v[0] | 0x20 {
	case 't', 's', 'e', ' ', '*', '=':
	default:
		return false
	}
	words := Words(v)
	if len(words) == 0 {
		return false
	}
	switch words[0] {
	case "total", "totaux":
		return true
	case "sous":
		return len(words) > 1 && (words[1] == "total" || words[1] == "totaux")
	case "ensemble", "somme":
		return len(words) == 1
	}
	return false
}
