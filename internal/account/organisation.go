package account

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/identifier"
)

// Lengths of names, in characters.
const (
	nameMost  = 120
	emailMost = 254 // RFC 5321, forward path
)

// Organisation is a tenant: a commune, an intercommunal body, a ministry.
type Organisation struct {
	ID        string
	Name      string
	Slug      string // of the name at creation, in addresses; never changes
	SIREN     string // nine digits, or ""
	Territory string // see [TerritoryKind], or ""
	Accent    string // "#rrggbb", or "" for the product's own
	Created   time.Time
	Version   int
}

// OrganisationEdit is what an administrator may change of an organisation.
type OrganisationEdit struct {
	Name, SIREN, Territory, Accent string
	Version                        int // of the organisation when the form was shown; 0 does not check
}

// Clean trims the edit and says what is wrong with it. Faults (fields name, siren, territory, accent): "account.name_empty",
// "account.name_long", "account.siren_wrong", "account.territory_wrong", "account.accent_wrong", "account.accent_pale".
func (e OrganisationEdit) Clean() (OrganisationEdit, error) {
	var wrong fault.List
	e.Name = cleanName(&wrong, "organisation", e.Name)
	e.SIREN = strings.Join(strings.Fields(e.SIREN), "")
	if e.SIREN != "" && !identifier.IsSIREN(e.SIREN) {
		wrong.Add("siren", "account.siren_wrong", e.SIREN)
	}
	e.Territory = strings.ToUpper(strings.Join(strings.Fields(e.Territory), ""))
	if e.Territory != "" && TerritoryKind(e.Territory) == "" {
		wrong.Add("territory", "account.territory_wrong", e.Territory)
	}
	e.Accent = strings.ToLower(strings.TrimSpace(e.Accent))
	if e.Accent != "" {
		ratio, ok := AccentContrast(e.Accent)
		switch {
		case !ok:
			wrong.Add("accent", "account.accent_wrong", e.Accent)
		case ratio < contrastLeast:
			wrong.Add("accent", "account.accent_pale", ratio, contrastLeast)
		}
	}
	return e, wrong.Err()
}

// TerritoryKind says what a code of the Code officiel géographique names: "country" (FR), "region" (R and two digits),
// "department" (two or three), "commune" (five), "epci" (nine, a SIREN); "" for anything else.
func TerritoryKind(code string) string {
	region, isRegion := strings.CutPrefix(code, "R")
	switch {
	case code == "FR":
		return "country"
	case isRegion && identifier.RegionName(region) != "":
		return "region"
	case len(code) <= 3 && identifier.DepartmentName(code) != "":
		return "department"
	case len(code) == 5 && identifier.IsCommune(code):
		return "commune"
	case len(code) == 9 && identifier.IsEPCI(code):
		return "epci"
	}
	return ""
}

// contrastLeast is what text in the accent needs on white. Source: WCAG 2.2, success criterion 1.4.3.
const contrastLeast = 4.5

// AccentContrast is the contrast ratio, 1 to 21, of a colour "#rrggbb" with white; ok is false for anything else.
// Source: WCAG 2.2, "contrast ratio".
func AccentContrast(accent string) (ratio float64, ok bool) {
	if len(accent) != 7 || accent[0] != '#' {
		return 0, false
	}
	n, err := strconv.ParseUint(accent[1:], 16, 32)
	if err != nil {
		return 0, false
	}
	linear := func(part uint64) float64 {
		v := float64(part) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	luminance := 0.2126*linear(n>>16) + 0.7152*linear(n>>8&255) + 0.0722*linear(n&255)
	return 1.05 / (luminance + 0.05), true
}

// Department is a service of an organisation, with the number of its people who are not erased.
type Department struct {
	ID           string
	Organisation string
	Name         string
	People       int
	Created      time.Time
}

// Slug turns a name into lower-case letters, digits and single hyphens, 60 at most; "organisation" when nothing is left.
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range french.Fold(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			gap = false
		default:
			gap = true
		}
		if b.Len() >= 60 {
			break
		}
	}
	if b.Len() == 0 {
		return "organisation"
	}
	return b.String()
}

// cleanName trims a name and collapses its white space; control characters are white space.
func cleanName(wrong *fault.List, field, name string) string {
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' }), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		wrong.Add(field, "account.name_empty")
	case n > nameMost:
		wrong.Add(field, "account.name_long", n, nameMost)
	case !utf8.ValidString(name):
		wrong.Add(field, "account.name_empty")
	}
	return name
}
