package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Lang is a language of the interface, as in BCP 47.
type Lang string

// The languages of the interface. Every key exists in each.
const (
	French  Lang = "fr"
	English Lang = "en"
)

// Langs lists the languages, the default first.
func Langs() []Lang { return []Lang{French, English} }

// A message is one sentence per plural form, each cut at its arguments.
type message map[string][]piece

// A piece is literal text followed by an argument; arg is -1 after the last one.
type piece struct {
	text string
	arg  int
	size bool // the argument is a number of bytes
}

// A Catalogue holds every sentence of the product in every language.
type Catalogue struct {
	messages map[Lang]map[string]message
	raw      map[Lang]map[string]string
}

// Load reads text/fr.json and text/en.json of each source. It refuses a key that two sources define.
func Load(sources ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{messages: map[Lang]map[string]message{}, raw: map[Lang]map[string]string{}}
	for _, lang := range Langs() {
		c.messages[lang], c.raw[lang] = map[string]message{}, map[string]string{}
		for _, src := range sources {
			if err := c.add(lang, src); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func (c *Catalogue) add(lang Lang, src fs.FS) error {
	b, err := fs.ReadFile(src, "text/"+string(lang)+".json")
	if err != nil {
		return fmt.Errorf("i18n: %w", err)
	}
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(b, &entries); err != nil {
		return fmt.Errorf("i18n: text/%s.json: %w", lang, err)
	}
	for key, raw := range entries {
		if _, twice := c.messages[lang][key]; twice {
			return fmt.Errorf("i18n: key %q is defined twice (%s)", key, lang)
		}
		m, err := parse(raw)
		if err != nil {
			return fmt.Errorf("i18n: %s (%s): %w", key, lang, err)
		}
		c.messages[lang][key], c.raw[lang][key] = m, string(raw)
	}
	return nil
}

// Keys lists every key of a language, sorted; Raw gives a key's JSON value. Both serve the guards.
func (c *Catalogue) Keys(lang Lang) []string { return slices.Sorted(maps.Keys(c.messages[lang])) }

// Raw returns the JSON of a key's value, "" when it does not exist.
func (c *Catalogue) Raw(lang Lang, key string) string { return c.raw[lang][key] }

// Has reports whether the key exists in the default language.
func (c *Catalogue) Has(key string) bool { _, ok := c.messages[French][key]; return ok }

// For returns the printer of a language; an unknown one gives French.
func (c *Catalogue) For(lang Lang) *Printer {
	if _, ok := c.messages[lang]; !ok {
		lang = French
	}
	return &Printer{lang: lang, messages: c.messages[lang]}
}

func parse(raw json.RawMessage) (message, error) {
	forms := map[string]string{}
	var one string
	if err := json.Unmarshal(raw, &one); err == nil {
		forms["other"] = one
	} else if err := json.Unmarshal(raw, &forms); err != nil {
		return nil, fmt.Errorf("neither a sentence nor plural forms: %w", err)
	}
	if _, ok := forms["other"]; !ok {
		return nil, fmt.Errorf("no form %q", "other")
	}
	m := message{}
	for form, s := range forms {
		m[form] = cut(s)
	}
	return m, nil
}

// cut splits a sentence at {0}, {1}…, {0B}…; a brace that is not an argument stays as it is.
func cut(s string) []piece {
	var out []piece
	text := ""
	for s != "" {
		i := strings.IndexByte(s, '{')
		j := strings.IndexByte(s[max(i, 0):], '}') + max(i, 0)
		if i < 0 || j < i {
			break
		}
		number, size := strings.CutSuffix(s[i+1:j], "B")
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 || n > 9 {
			text, s = text+s[:i+1], s[i+1:]
			continue
		}
		out = append(out, piece{text + s[:i], n, size})
		text, s = "", s[j+1:]
	}
	return append(out, piece{text + s, -1, false})
}
