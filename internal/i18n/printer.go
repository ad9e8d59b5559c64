package i18n

import (
	"fmt"
	"strings"
	"time"
)

// A Keyed argument is itself a catalogue key, translated where it stands: a frequency, a licence, a role.
type Keyed interface{ TextKey() string }

// A Sentence is an argument that is a whole sentence, with arguments of its own: why something failed, within what failed.
type Sentence interface {
	Sentence() (key string, args []any)
}

// Key is the simplest Keyed argument.
type Key string

// TextKey implements [Keyed].
func (k Key) TextKey() string { return string(k) }

// A Printer says things in one language. It is immutable and safe for concurrent use.
type Printer struct {
	lang     Lang
	messages map[string]message
}

// Lang is the printer's language.
func (p *Printer) Lang() Lang { return p.lang }

// T returns the sentence of a key with its arguments: strings as they are, whole numbers grouped, floats with up to two
// decimals, times as dates, those that are a key or a sentence translated. A key that does not exist shows as ⟦key⟧; a test forbids it.
func (p *Printer) T(key string, args ...any) string {
	m, ok := p.messages[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	pieces := m["other"]
	if len(m) > 1 && len(args) > 0 {
		if n, ok := whole(args[0]); ok {
			if form, ok := m[p.plural(n)]; ok {
				pieces = form
			}
		}
	}
	if len(pieces) == 1 {
		return pieces[0].text
	}
	var b strings.Builder
	for _, pc := range pieces {
		b.WriteString(pc.text)
		if pc.arg >= 0 && pc.arg < len(args) {
			b.WriteString(p.say(args[pc.arg], pc.size))
		}
	}
	return b.String()
}

// Has reports whether the key exists.
func (p *Printer) Has(key string) bool { _, ok := p.messages[key]; return ok }

// say formats an argument, as a size where the sentence wants one.
func (p *Printer) say(arg any, size bool) string {
	if !size {
		return p.Say(arg)
	}
	if f, stored := arg.(float64); stored { // numbers come back so from JSON
		arg = int64(f)
	}
	if n, ok := whole(arg); ok {
		return p.Bytes(n)
	}
	return p.Say(arg)
}

// Say formats one argument as T does.
func (p *Printer) Say(arg any) string {
	switch v := arg.(type) {
	case string:
		return v
	case Keyed:
		return p.T(v.TextKey())
	case Sentence:
		key, args := v.Sentence()
		return p.T(key, args...)
	case float64:
		return p.Decimal(v, 2)
	case time.Time:
		return p.Date(v)
	case fmt.Stringer:
		return v.String()
	}
	if n, ok := whole(arg); ok {
		return p.Number(n)
	}
	return fmt.Sprint(arg)
}

// plural is the CLDR category of a whole number.
func (p *Printer) plural(n int64) string {
	switch {
	case n == 1 || n == -1, n == 0 && p.lang == French:
		return "one"
	case p.lang == French && n != 0 && n%1_000_000 == 0:
		return "many"
	}
	return "other"
}

func whole(arg any) (int64, bool) {
	switch v := arg.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	case uint64:
		return int64(v), true
	}
	return 0, false
}
