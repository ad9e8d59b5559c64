package catalogue

// TerritoryKind guesses what a code names, as [Spatial.Kind]: 9 digits are the SIREN of a group of communes, 5 characters
// a commune (INSEE), 2 or 3 a département. "" when it is none of these.
func TerritoryKind(code string) string {
	switch len(code) {
	case 9:
		return "epci"
	case 5:
		return "commune"
	case 2, 3:
		return "departement"
	}
	return ""
}
