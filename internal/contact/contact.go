package contact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/identifier"
)

// What a list and a refusal may hold at most, in characters, entries and lines.
const (
	TextMost     = 2000
	TrailMost    = 100
	RefusalsMost = 5000
)

// A Consent is one time people said yes. The day is AAAA-MM-JJ.
type Consent struct {
	Day  string    `json:"day"`
	How  string    `json:"how"`  // a form, a sheet, by phone…
	Text string    `json:"text"` // the words they said yes to
	By   string    `json:"by"`   // person who wrote it down
	At   time.Time `json:"at"`
}

// A List is a dataset that holds contacts. Columns are their names, "" for none.
type List struct {
	Organisation string    `json:"-"`
	Dataset      string    `json:"-"`
	Title        string    `json:"title"` // as it was when it was marked
	Email        string    `json:"email,omitempty"`
	Phone        string    `json:"phone,omitempty"`
	Name         string    `json:"name,omitempty"`
	Trail        []Consent `json:"trail,omitempty"` // the oldest first
	Off          bool      `json:"off,omitempty"`   // it is no list any more; its trail is kept
}

// Reaches are the columns that reach people, with their name: what a file needs at least.
func (l List) Reaches() (out []string) {
	for _, c := range []string{l.Name, l.Email, l.Phone} {
		if c != "" {
			out = append(out, c)
		}
	}
	return out
}

// Validate says what keeps a list from being marked, by form field. columns are those of the dataset. Faults: Invalid "contact.no_way",
// "contact.no_column", "contact.same_column".
func (l List) Validate(columns []string) (out fault.List) {
	if l.Email == "" && l.Phone == "" {
		out.Add("email", "contact.no_way")
	}
	seen := map[string]bool{}
	for _, f := range []struct{ field, column string }{{"email", l.Email}, {"phone", l.Phone}, {"name", l.Name}} {
		switch {
		case f.column == "":
		case !slices.Contains(columns, f.column):
			out.Add(f.field, "contact.no_column")
		case seen[f.column]:
			out.Add(f.field, "contact.same_column")
		}
		seen[f.column] = true
	}
	return out
}

// Validate says what a consent lacks, by form field. today is AAAA-MM-JJ. Faults: Invalid "contact.bad_day", "contact.later", "contact.no_how", "contact.no_text",
// "contact.too_long".
func (c Consent) Validate(today string) (out fault.List) {
	if _, err := time.Parse(time.DateOnly, c.Day); err != nil {
		out.Add("day", "contact.bad_day")
	} else if c.Day > today {
		out.Add("day", "contact.later")
	}
	for _, f := range []struct{ field, text, key string }{{"how", c.How, "contact.no_how"}, {"text", c.Text, "contact.no_text"}} {
		if strings.TrimSpace(f.text) == "" {
			out.Add(f.field, f.key)
		} else if utf8.RuneCountInString(f.text) > TextMost {
			out.Add(f.field, "contact.too_long", TextMost)
		}
	}
	return out
}

// Way is one way to reach somebody, in the form that is the same however it is written: an address in small letters, a number with its country code. "" is none.
func Way(s string) string {
	s = strings.TrimSpace(s)
	if identifier.IsEmail(s) {
		return strings.ToLower(s)
	}
	if number, ok := identifier.PhoneE164(s); ok {
		return number
	}
	return ""
}

// Digest is what is kept of a way in an organisation, under a secret: the same way gives the same digest there, and nowhere else.
func Digest(secret []byte, organisation, way string) string {
	h := hmac.New(sha256.New, secret)
	_, _ = h.Write([]byte("contact\x00" + organisation + "\x00" + way)) // never fails
	return hex.EncodeToString(h.Sum(nil))
}

// Refusals reads what was typed or pasted, a way a line. Faults, of the field "ways": Invalid "contact.no_refusal", "contact.not_a_way" with the line and its
// number, "contact.many_refusals".
func Refusals(text string) (ways []string, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		way := Way(line)
		if way == "" {
			return nil, fault.Field("ways", "contact.not_a_way", n, line)
		}
		if !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
		if len(ways) > RefusalsMost {
			return nil, fault.Field("ways", "contact.many_refusals", RefusalsMost)
		}
	}
	if len(ways) == 0 {
		return nil, fault.Field("ways", "contact.no_refusal")
	}
	return ways, nil
}
