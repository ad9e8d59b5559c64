package competency

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// An Alignment links a competence to an item of somebody else's framework.
type Alignment struct {
	Scheme  string `json:"scheme"`          // ID of [Schemes], or another name
	Code    string `json:"code,omitempty"`  // as that framework cites it: "1.3"
	URI     string `json:"uri,omitempty"`   // address of the item there
	Label   Text   `json:"label,omitempty"` // its name there
	Match   Match  `json:"match"`
	Source  string `json:"source,omitempty"`  // where the link was read or who drew it
	Checked string `json:"checked,omitempty"` // day somebody checked it, "2026-03-02"; "" was never checked
	Note    string `json:"note,omitempty"`
	// Foreign is the association as another program wrote it in CASE; an edit drops it.
	Foreign json.RawMessage `json:"foreign,omitempty"`
}

// Key is what makes an alignment one of its competence: no competence has two with the same.
func (a Alignment) Key() string { return a.Scheme + "\x1f" + a.Code + "\x1f" + a.URI }

// Match says how two items compare, after SKOS.
type Match string

// The matches.
const (
	Exact   Match = "exact"   // the same
	Close   Match = "close"   // near enough for most uses
	Broad   Match = "broad"   // theirs is wider
	Narrow  Match = "narrow"  // theirs is narrower
	Related Match = "related" // they have to do with each other; nothing more is claimed
)

// Matches lists them from the strongest.
func Matches() []Match { return []Match{Exact, Close, Broad, Narrow, Related} }

// Label is the catalogue key of the match's name.
func (m Match) Label() string { return "competency.match_" + string(m) }

// A Scheme is a framework one may align with.
type Scheme struct {
	ID       string
	Name     string // a proper name, the same in every language
	Homepage string
}

// Schemes lists those the program knows by name. An alignment may name another.
func Schemes() []Scheme {
	return []Scheme{
		{"pix", "Pix", "https://pix.fr/competences"},
		{"pix-donnees", "Pix+ Données", "https://pix.fr"},
		{"digcomp", "DigComp", "https://joint-research-centre.ec.europa.eu/digcomp_en"},
		{"odi", "ODI Data Skills Framework", "https://theodi.org"},
		{"esco", "ESCO", "https://esco.ec.europa.eu"},
	}
}

// SchemeName is the name of a scheme, or id itself for one the program does not know.
func SchemeName(id string) string {
	for _, s := range Schemes() {
		if s.ID == id {
			return s.Name
		}
	}
	return id
}

// SchemeRank orders schemes as pages list them: those known first.
func SchemeRank(id string) int {
	for i, s := range Schemes() {
		if s.ID == id {
			return i
		}
	}
	return len(Schemes())
}

// CompareAlignments orders by scheme, then code, then address.
func CompareAlignments(a, b Alignment) int {
	return cmp.Or(cmp.Compare(SchemeRank(a.Scheme), SchemeRank(b.Scheme)), cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Code, b.Code), cmp.Compare(a.URI, b.URI))
}

// Clean returns the alignment without stray spaces.
func (a Alignment) Clean() Alignment {
	a.Scheme, a.Code, a.URI = line(a.Scheme), line(a.Code), strings.TrimSpace(a.URI)
	a.Label, a.Source, a.Note = a.Label.Clean(), line(a.Source), clean(a.Note)
	return a
}

// validAddress reports whether s is an absolute address: https, http or urn.
func validAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, " \n\t<>\"") {
		return false
	}
	return (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" || u.Scheme == "urn" && u.Opaque != ""
}

// WebAddress is s if a browser can open it, else "".
func WebAddress(s string) string {
	if validAddress(s) && strings.HasPrefix(s, "http") {
		return s
	}
	return ""
}

func validDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
