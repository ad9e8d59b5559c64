package personal

import (
	"cmp"
	"slices"
	"strings"
)

// A Kind is what a trace is of. Its text is stable: it is stored, and names the key "dataset.trace_kind_…".
type Kind string

// The kinds.
const (
	NIR         Kind = "nir"         // social security number, its key right
	IBAN        Kind = "iban"        // bank account, its key right
	Email       Kind = "email"       // address of somebody, not that of an office
	Phone       Kind = "phone"       // French number, of a mobile or of a line
	Address     Kind = "address"     // number and way
	Name        Kind = "name"        // of a person: title or first name, and family name
	Birth       Kind = "birth"       // day of birth
	Health      Kind = "health"      // article 9, as the five below
	Religion    Kind = "religion"    //
	Union       Kind = "union"       //
	Origin      Kind = "origin"      //
	Opinion     Kind = "opinion"     //
	Orientation Kind = "orientation" //
	Justice     Kind = "justice"     // article 10: offences and convictions
)

// Kinds lists them, the gravest first.
func Kinds() []Kind {
	return []Kind{NIR, Health, Religion, Union, Origin, Opinion, Orientation, Justice, IBAN, Birth, Name, Email, Phone, Address}
}

// Sensitive says whether the law asks for more than care: GDPR articles 9, 10 and 87.
func (k Kind) Sensitive() bool {
	switch k {
	case NIR, Health, Religion, Union, Origin, Opinion, Orientation, Justice:
		return true
	}
	return false
}

// A Trace is a kind found in a text, and how sure it is, in ]0, 1].
type Trace struct {
	Kind       Kind
	Confidence float64
}

// Likely is the confidence from which a trace should stop a publication until somebody looked.
const Likely = 0.6

// Find lists what v tells about persons, one trace a kind, the surest, in the order of [Kinds]. Identifiers are found wherever they stand and
// however they are spaced; names and words need a text.
func Find(v string) []Trace { return found(v, true) }

// Identifiers lists the traces that have a checksum only: it is fast, and misses none.
func Identifiers(v string) []Trace { return found(v, false) }

func found(v string, words bool) []Trace {
	digits, letters, spaces, at := census(v)
	var f finder
	if digits >= 14 {
		f.numbers(v)
	}
	if words {
		if at {
			f.emails(v)
		}
		if digits >= 9 {
			f.phones(v)
		}
		if letters >= 4 && spaces > 0 {
			f.text(v)
		}
	}
	slices.SortFunc(f.out, func(a, b Trace) int { return cmp.Compare(rank(a.Kind), rank(b.Kind)) })
	return f.out
}

func rank(k Kind) int { return slices.Index(Kinds(), k) }

func census(v string) (digits, letters, spaces int, at bool) {
	for i := range len(v) {
		switch c := v[i]; {
		case isDigit(c):
			digits++
		case c == ' ' || c == '\'' || c == '-' || c == '\n':
			spaces++
		case c == '@':
			at = true
		case c >= 'A':
			letters++
		}
	}
	return digits, letters, spaces, at
}

// A finder gathers traces.
type finder struct{ out []Trace }

func (f *finder) add(k Kind, confidence float64) {
	for i := range f.out {
		if f.out[i].Kind == k {
			f.out[i].Confidence = max(f.out[i].Confidence, confidence)
			return
		}
	}
	f.out = append(f.out, Trace{k, confidence})
}

func (f *finder) has(k Kind) bool {
	return slices.ContainsFunc(f.out, func(t Trace) bool { return t.Kind == k })
}

// sure says whether a kind was found beyond doubt: a name, with its title.
func (f *finder) sure(k Kind) bool {
	return slices.ContainsFunc(f.out, func(t Trace) bool { return t.Kind == k && t.Confidence >= .8 })
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }

// compact copies the first most letters and digits of v, one separator at most between two of them ("1 85 03", "FR76-3000", "06.12"), in
// capitals. It returns what stands next to them.
func compact(v string, most int) (out string, rest string) {
	buf := make([]byte, 0, 40)
	i := 0
	for i < len(v) && len(buf) < most {
		if c := v[i]; isDigit(c) || isLetter(c) {
			buf = append(buf, c)
			i++
			continue
		}
		n := separator(v[i:])
		if n == 0 || i+n >= len(v) || !isDigit(v[i+n]) && !isLetter(v[i+n]) {
			break
		}
		i += n
	}
	return strings.ToUpper(string(buf)), v[i:]
}

// separator is the size of the one separator at the start of v that may stand inside a number, 0 for none.
func separator(v string) int {
	for _, s := range [...]string{" ", ".", "-", "/", "_", "\u00a0", "\u202f", "\u2011"} {
		if strings.HasPrefix(v, s) {
			return len(s)
		}
	}
	return 0
}
