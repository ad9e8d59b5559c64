package schema

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// object is a JSON object read without expecting much of it.
type object map[string]any

// decode reads one JSON value, numbers as written.
func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, io.ErrUnexpectedEOF
	}
	return v, nil
}

// text returns the first of the keys that holds a text, trimmed.
func (o object) text(keys ...string) string {
	for _, k := range keys {
		if s, ok := o[k].(string); ok {
			if s = strings.TrimSpace(s); s != "" {
				return s
			}
		}
	}
	return ""
}

// object returns the object under the key, empty if there is none.
func (o object) object(key string) object {
	m, _ := o[key].(map[string]any)
	return m
}

// truth reads a boolean, also written as text or as 0 and 1.
func (o object) truth(key string, otherwise bool) bool {
	switch v := o[key].(type) {
	case bool:
		return v
	case json.Number:
		return v.String() != "0"
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "true", "yes", "oui", "1":
			return true
		case "false", "no", "non", "0", "":
			return false
		}
	}
	return otherwise
}

// count reads a whole number that is not negative, also written as text.
func (o object) count(key string) *int {
	v, ok := o[key]
	if !ok {
		return nil
	}
	n, err := json.Number(strings.TrimSpace(plainText(v))).Int64()
	if err != nil || n < 0 || n > 1<<31 {
		return nil
	}
	i := int(n)
	return &i
}

// texts reads a list of texts; a text alone is a list of one.
func (o object) texts(key string) []string { return textList(o[key]) }

func textList(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		list := make([]string, 0, len(v))
		for _, e := range v {
			if m, ok := e.(map[string]any); ok { // Table Schema 2: {"value": "NA", "label": "…"}
				e = m["value"]
			}
			list = append(list, plainText(e))
		}
		return list
	}
	return []string{plainText(v)}
}

// plainText writes any JSON value as the text a cell would hold.
func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}
