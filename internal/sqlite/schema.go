package sqlite

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// A token of a statement: a word in capitals, a name or text without its quotes, or one sign.
type token struct {
	text string
	kind byte // 'w' word, '"' quoted name, '\'' text, 'x' blob, 0 sign
}

// is says whether the token is an unquoted word.
func (t token) is(word string) bool { return t.kind == 'w' && strings.EqualFold(t.text, word) }

// tokens cuts a statement; comments are passed over.
func tokens(sql string) []token {
	var out []token
	for i := 0; i < len(sql); {
		c := sql[i]
		switch {
		case c <= ' ':
			i++
		case strings.HasPrefix(sql[i:], "--"):
			i = after(sql, i, "\n")
		case strings.HasPrefix(sql[i:], "/*"):
			i = after(sql, i+2, "*/")
		case c == '"' || c == '`' || c == '\'' || c == '[':
			text, n := unquote(sql[i:])
			kind := byte('"')
			if c == '\'' {
				kind = '\''
			}
			if n := len(out); c == '\'' && n > 0 && out[n-1].is("x") {
				out, kind = out[:n-1], 'x'
			}
			out = append(out, token{text, kind})
			i += n
		case wordByte(c) || c == '.' && i+1 < len(sql) && sql[i+1] >= '0' && sql[i+1] <= '9':
			start := i
			for i < len(sql) && (wordByte(sql[i]) || sql[i] == '.' && sql[start] <= '9' ||
				(sql[i] == '+' || sql[i] == '-') && sql[start] <= '9' && sql[i-1]|0x20 == 'e' && !strings.HasPrefix(sql[start:], "0x")) {
				i++
			}
			out = append(out, token{sql[start:i], 'w'})
		default:
			out = append(out, token{string(c), 0})
			i++
		}
	}
	return out
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c >= 0x80
}

// after is the place past the next mark from i, or the end.
func after(s string, i int, mark string) int {
	if j := strings.Index(s[i:], mark); j >= 0 {
		return i + j + len(mark)
	}
	return len(s)
}

// unquote reads a quoted name or text at the start of s, and its size.
func unquote(s string) (string, int) {
	end := s[0]
	if end == '[' {
		i := after(s, 1, "]")
		return strings.TrimSuffix(s[1:i], "]"), i
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != end {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == end {
			b.WriteByte(end)
			i++
			continue
		}
		return b.String(), i + 1
	}
	return b.String(), len(s)
}

// parseTable reads the columns of CREATE TABLE.
func parseTable(sql string) (t Table, ok bool) {
	all := tokens(sql)
	open := slices.IndexFunc(all, func(k token) bool { return k.kind == 0 && k.text == "(" })
	if open < 0 || !all[0].is("create") {
		return t, false
	}
	t.rowidAt = -1
	var key []string
	parts, rest := split(all[open+1:])
	for _, def := range parts {
		if len(def) == 0 {
			return t, false
		}
		if names, isKey, isConstraint := constraint(def); isConstraint {
			if isKey {
				key = names
			}
			continue
		}
		c := parseColumn(def)
		if c.computed {
			t.Computed = append(t.Computed, c.Name)
			continue
		}
		if c.key {
			key = []string{c.Name}
		}
		if len(t.Columns) >= maxColumns {
			return t, false
		}
		t.Columns = append(t.Columns, c.Column)
		if c.key && c.descending {
			t.rowidAt = -2 // INTEGER PRIMARY KEY DESC is no rowid
		}
	}
	t.keyed = slices.ContainsFunc(rest, func(k token) bool { return k.is("without") })
	switch at := -1; {
	case t.keyed:
		t.order = keyOrder(&t, key)
	case len(key) == 1 && t.rowidAt == -1:
		if at = t.Column(key[0]); at >= 0 && t.Columns[at].Type == "INTEGER" {
			t.rowidAt = at
		}
	}
	return t, len(t.Columns) > 0
}

// keyOrder says where each column of a table WITHOUT ROWID is stored: those of the key first.
func keyOrder(t *Table, key []string) []int {
	order, next := make([]int, len(t.Columns)), 0
	for i := range order {
		order[i] = -1
	}
	for _, name := range key {
		if at := t.Column(name); at >= 0 && order[at] < 0 {
			order[at] = next
			next++
		}
	}
	for i := range order {
		if order[i] < 0 {
			order[i] = next
			next++
		}
	}
	return order
}

// split cuts what is inside brackets at its commas, and gives what follows the closing one.
func split(all []token) (parts [][]token, rest []token) {
	depth, start := 0, 0
	for i, k := range all {
		if k.kind != 0 {
			continue
		}
		switch k.text {
		case "(":
			depth++
		case ")":
			if depth--; depth < 0 {
				return append(parts, all[start:i]), all[i+1:]
			}
		case ",":
			if depth == 0 {
				parts = append(parts, all[start:i])
				start = i + 1
			}
		}
	}
	return append(parts, all[start:]), nil
}

// constraint recognises a constraint of the table, and gives the columns of a primary key.
func constraint(def []token) (key []string, isKey, is bool) {
	if def[0].is("constraint") && len(def) > 2 {
		def = def[2:]
	} else if def[0].is("constraint") {
		return nil, false, true
	}
	switch {
	case def[0].is("primary"):
		for i, k := range def {
			if k.kind == 0 && k.text == "(" {
				parts, _ := split(def[i+1:])
				for _, p := range parts {
					if len(p) > 0 {
						key = append(key, p[0].text)
					}
				}
				return key, true, true
			}
		}
		return nil, false, true
	case def[0].is("unique"), def[0].is("check"), def[0].is("foreign"):
		return nil, false, true
	}
	return nil, false, false
}

// A columnDef is a column as declared.
type columnDef struct {
	Column
	key, descending, computed bool
}

// columnWords end the type of a column.
var columnWords = []string{"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"}

func parseColumn(def []token) columnDef {
	c := columnDef{Column: Column{Name: def[0].text}}
	i := 1
	var words []string
	for ; i < len(def) && !(def[i].kind == 'w' && slices.Contains(columnWords, strings.ToUpper(def[i].text))); i++ {
		words = append(words, strings.ToUpper(def[i].text))
	}
	c.Type = strings.NewReplacer(" ( ", "(", " )", ")", " , ", ",").Replace(strings.Join(words, " "))
	for depth := 0; i < len(def); i++ {
		k := def[i]
		next := func(n int) token {
			if i+n < len(def) {
				return def[i+n]
			}
			return token{}
		}
		switch {
		case k.kind == 0 && k.text == "(":
			depth++
		case k.kind == 0 && k.text == ")":
			depth--
		case depth > 0:
		case k.is("primary") && next(1).is("key"):
			c.key, c.descending = true, next(2).is("desc")
		case k.is("default"):
			c.absent = literal(def[i+1:])
		case k.is("as"):
			c.computed = true
		case k.is("stored"):
			c.computed = false
		}
	}
	return c
}

// literal is the value of a DEFAULT; what must be computed is Null.
func literal(def []token) Value {
	sign := ""
	for len(def) > 0 && def[0].kind == 0 && strings.Contains("(+-", def[0].text) {
		if def[0].text == "-" {
			sign = "-"
		}
		def = def[1:]
	}
	if len(def) == 0 {
		return Value{}
	}
	switch k := def[0]; {
	case k.kind == '\'' || k.kind == '"':
		return Value{Kind: Text, Bytes: []byte(k.text)}
	case k.kind == 'x':
		b, err := hex.DecodeString(k.text)
		if err != nil {
			return Value{}
		}
		return Value{Kind: Blob, Bytes: b}
	case k.is("true"), k.is("false"):
		v := Value{Kind: Integer}
		if k.is("true") {
			v.Int = 1
		}
		return v
	default:
		digits, base := k.text, 10
		if hexa, ok := strings.CutPrefix(strings.ToLower(digits), "0x"); ok {
			digits, base = hexa, 16
		}
		if n, err := strconv.ParseInt(sign+digits, base, 64); err == nil {
			return Value{Kind: Integer, Int: n}
		}
		if f, err := strconv.ParseFloat(sign+k.text, 64); err == nil && k.text[0] <= '9' {
			return Value{Kind: Real, Real: f}
		}
	}
	return Value{}
}
