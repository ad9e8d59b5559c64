package account

import (
	"context"
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A Hasher turns passwords into what may be stored. It bounds how many run at once. Faults: Busy "account.busy".
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
	// Check reports whether the password gives the hash. With the hash "" it does the same work and says no, so that an
	// e-mail nobody has takes as long as a wrong password.
	Check(ctx context.Context, password, hash string) (bool, error)
}

// Lengths of a password, in characters. Source: NIST SP 800-63B-4 § 3.1.1.2 asks for 15 alone or 8 beside a second
// factor, CNIL 2022-100 for 12 without composition when guesses are limited; the limit above only bounds the work.
const (
	PasswordLeast = 12
	PasswordMost  = 200
)

// common lists passwords and stems met in every leak, French ones included, without case nor accents.
//
//go:embed common.txt
var commonText string

var common = func() map[string]bool {
	m := map[string]bool{}
	for _, line := range strings.Fields(commonText) {
		m[line] = true
	}
	return m
}()

// CheckPassword says what is wrong with a new password for somebody with that name and e-mail; no rule of composition.
// Faults (on field): "account.password_short", "account.password_long", "account.password_personal",
// "account.password_common", "account.password_repeats".
func CheckPassword(field, password string, about Person) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < PasswordLeast:
		return fault.Field(field, "account.password_short", n, PasswordLeast)
	case n > PasswordMost || !utf8.ValidString(password):
		return fault.Field(field, "account.password_long", PasswordMost)
	}
	folded := french.Fold(password)
	rest := folded
	for _, own := range personal(about) {
		rest = strings.ReplaceAll(rest, own, "")
	}
	if rest != folded && letters(rest) < 6 {
		return fault.Field(field, "account.password_personal")
	}
	switch {
	case isCommon(folded):
		return fault.Field(field, "account.password_common")
	case variety(folded) < 5 || monotonous(folded):
		return fault.Field(field, "account.password_repeats")
	}
	return nil
}

// personal lists the words of a person's name and e-mail worth guessing, without case nor accents, four
// letters or more, the longest first.
func personal(p Person) []string {
	local, domain, _ := strings.Cut(p.Email, "@")
	domain, _, _ = strings.Cut(domain, ".")
	words := append(strings.FieldsFunc(french.Fold(p.Name+" "+local), func(r rune) bool { return strings.ContainsRune(" .-_'’+", r) }), domain)
	words = append(words, french.Fold(strings.ReplaceAll(p.Name, " ", "")), french.Fold(p.Email), french.Fold(local))
	words = slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < 4 })
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

// letters counts a to z in a folded text.
func letters(folded string) int {
	n := 0
	for _, r := range folded {
		if r >= 'a' && r <= 'z' {
			n++
		}
	}
	return n
}

// spelled undoes the usual disguise of letters as digits and signs.
var spelled = strings.NewReplacer("@", "a", "0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "$", "s")

// isCommon recognises a listed password, or one followed or preceded by digits and signs only.
func isCommon(folded string) bool {
	if common[folded] {
		return true
	}
	core := strings.TrimFunc(folded, func(r rune) bool { return r < 'a' || r > 'z' })
	core = spelled.Replace(core)
	return common[core] || common[strings.Trim(folded, "!?.*+-_ ")]
}

// variety counts distinct characters.
func variety(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// monotonous reports whether most steps from one character to the next are 0, +1 or -1 (abcdef, 123456, aaaa), or the
// whole is one short piece repeated.
func monotonous(s string) bool {
	rs := []rune(s)
	same := 0
	for i := 1; i < len(rs); i++ {
		if d := rs[i] - rs[i-1]; d >= -1 && d <= 1 {
			same++
		}
	}
	if same*3 >= (len(rs)-1)*2 {
		return true
	}
	for size := 1; size <= 4; size++ {
		if strings.Repeat(string(rs[:size]), len(rs)/size+1)[:len(s)] == s {
			return true
		}
	}
	return false
}

// Strength says in one word how long a password would resist guessing: "fair", "good" or "strong". It supposes that CheckPassword accepted it. It counts characters and their variety only.
func Strength(password string) string {
	n, kinds := utf8.RuneCountInString(password), variety(password)
	switch {
	case n >= 20 && kinds >= 10:
		return "strong"
	case n >= 15 && kinds >= 8:
		return "good"
	}
	return "fair"
}
