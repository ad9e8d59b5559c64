package recognition

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"cultured/internal/fault"
)

const (
	mostBytes  = 1 << 20 // of a badge as text; those seen in the wild weigh 2 to 60 kB, with their picture inside
	mostDepth  = 32      // objects and lists inside each other
	mostDigits = 15      // of a number: more would not survive being signed as a double
)

var errDepth, errTwice = errors.New("too deep"), errors.New("a key stands twice")

// decode reads one JSON object strictly: what two readers could understand differently is refused. Faults: TooLarge
// "recognition.too_large"; Invalid "recognition.not_json", "recognition.key_twice", "recognition.odd_character",
// "recognition.odd_number".
func decode(raw []byte) (map[string]any, error) {
	if len(raw) > mostBytes {
		return nil, fault.New(fault.TooLarge, "recognition.too_large", mostBytes)
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !utf8.Valid(raw) {
		return nil, fault.New(fault.Invalid, "recognition.not_json")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	v, err := value(d, 0)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return nil, f
	}
	o, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil, fault.New(fault.Invalid, "recognition.not_json").Because(err)
	}
	return o, nil
}

// value reads the next value of d.
func value(d *json.Decoder, depth int) (any, error) {
	if depth > mostDepth {
		return nil, errDepth
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return list(d, depth)
		}
		return object(d, depth)
	case string:
		return t, plain(t)
	case json.Number:
		return number(t)
	}
	return t, nil
}

func list(d *json.Decoder, depth int) (any, error) {
	out := []any{}
	for d.More() {
		v, err := value(d, depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	_, err := d.Token()
	return out, err
}

func object(d *json.Decoder, depth int) (any, error) {
	out := map[string]any{}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			return nil, err
		}
		key := k.(string) // the decoder lets nothing else stand there
		if err := plain(key); err != nil {
			return nil, err
		}
		if _, twice := out[key]; twice {
			return nil, fault.New(fault.Invalid, "recognition.key_twice", short(key)).Because(errTwice)
		}
		if out[key], err = value(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return out, err
}

// plain refuses control characters, which canonical N-Quads write in ways libraries differ on and which steer terminals, and
// what stands for a character lost.
func plain(s string) error {
	if i := strings.IndexFunc(s, func(r rune) bool {
		return r < 0x20 && r != '\n' && r != '\r' && r != '\t' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError
	}); i >= 0 {
		return fault.New(fault.Invalid, "recognition.odd_character", short(s[:i]))
	}
	return nil
}

// number keeps numbers that a double holds exactly enough to be signed.
func number(n json.Number) (any, error) {
	mantissa, _, _ := strings.Cut(strings.ToLower(n.String()), "e")
	digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(mantissa), "0")
	f, err := n.Float64()
	if err != nil || len(digits) > mostDigits {
		return nil, fault.New(fault.Invalid, "recognition.odd_number", short(n.String()))
	}
	return f, nil
}

// short cuts what a sentence quotes.
func short(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// dig follows keys through objects; a list of one stands for its element. nil when there is nothing.
func dig(v any, keys ...string) any {
	for _, k := range keys {
		o, _ := only(v).(map[string]any)
		v = o[k]
	}
	return only(v)
}

// only is the element of a list of one.
func only(v any) any {
	if l, ok := v.([]any); ok && len(l) == 1 {
		return l[0]
	}
	return v
}

// text follows keys to a text; of a text with its language, the text. "" when there is none.
func text(v any, keys ...string) string {
	v = dig(v, keys...)
	if o, ok := v.(map[string]any); ok {
		v = o["@value"]
	}
	s, _ := v.(string)
	return s
}

// identity is the id of a node, written alone or inside an object.
func identity(v any) string {
	if s, ok := only(v).(string); ok {
		return s
	}
	return text(v, "id")
}

// many is a list, whether written as one or as its only element.
func many(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// has says whether a value, alone or in a list, is s.
func has(v any, s string) bool {
	for _, e := range many(v) {
		if e == any(s) {
			return true
		}
	}
	return false
}

// field is one field of an object as it stands, a list left a list.
func field(v any, key string) any {
	o, _ := only(v).(map[string]any)
	return o[key]
}
