package recipe

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/french"
)

// Bounds of a formula: bytes, and how deep its parentheses go.
const (
	mostFormula = 2000
	mostDeep    = 50
)

// A parser reads a formula. The grammar, from loosest to tightest: = <> < <= > >=, then &, then + -, then * /, then a sign.
// Numbers have a decimal comma or point, texts double quotes, columns brackets, arguments a semicolon between them.
type parser struct {
	at   *site
	text string
	pos  int
	deep int
}

// parse reads a formula for the header of a place. Faults: Invalid "recipe.bad_formula" with the place in the formula,
// "recipe.no_function", "recipe.bad_arguments"; those of a column.
func parse(at *site, text string) (answer, error) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "=")
	p := &parser{at: at, text: text}
	if len(text) > mostFormula {
		return nil, at.bad("recipe.bad_formula", mostFormula, "…")
	}
	a, err := p.comparison()
	if err == nil && p.peek() != "" {
		err = p.bad()
	}
	return a, err
}

func (p *parser) bad() error {
	rest := p.text[min(p.pos, len(p.text)):]
	if rest == "" {
		rest = "…"
	}
	return p.at.bad("recipe.bad_formula", utf8.RuneCountInString(p.text[:min(p.pos, len(p.text))])+1, rest)
}

// peek returns the sign or letter that comes next, "" at the end.
func (p *parser) peek() string {
	for p.pos < len(p.text) && (p.text[p.pos] == ' ' || p.text[p.pos] == '\n') {
		p.pos++
	}
	rest := p.text[p.pos:]
	for _, two := range []string{"<>", "<=", ">="} {
		if strings.HasPrefix(rest, two) {
			return two
		}
	}
	_, n := utf8.DecodeRuneInString(rest)
	return rest[:n]
}

// took passes over a sign if it comes next.
func (p *parser) took(signs ...string) string {
	next := p.peek()
	for _, s := range signs {
		if next == s {
			p.pos += len(s)
			return s
		}
	}
	return ""
}

func (p *parser) comparison() (answer, error) {
	if p.deep++; p.deep > mostDeep {
		return nil, p.bad()
	}
	defer func() { p.deep-- }()
	a, err := p.joined()
	if err != nil {
		return nil, err
	}
	if sign := p.took("<>", "<=", ">=", "=", "<", ">"); sign != "" {
		b, err := p.joined()
		if err != nil {
			return nil, err
		}
		return weigh(sign, a, b), nil
	}
	return a, nil
}

// chain reads parts of one kind with signs between them.
func (p *parser) chain(part func() (answer, error), join func(sign string, a, b answer) answer, signs ...string) (answer, error) {
	a, err := part()
	for err == nil {
		sign := p.took(signs...)
		if sign == "" {
			return a, nil
		}
		var b answer
		if b, err = part(); err == nil {
			a = join(sign, a, b)
		}
	}
	return nil, err
}

func (p *parser) joined() (answer, error) {
	return p.chain(p.sum, func(_ string, a, b answer) answer {
		return func(cells []string) (string, bool) {
			v, ok := a(cells)
			w, ok2 := b(cells)
			return v + w, ok && ok2
		}
	}, "&")
}

func (p *parser) sum() (answer, error)     { return p.chain(p.product, reckon, "+", "-") }
func (p *parser) product() (answer, error) { return p.chain(p.signed, reckon, "*", "/") }

func (p *parser) signed() (answer, error) {
	if p.took("-") == "" {
		return p.atom()
	}
	if p.deep++; p.deep > mostDeep {
		return nil, p.bad()
	}
	defer func() { p.deep-- }()
	a, err := p.signed()
	if err != nil {
		return nil, err
	}
	return reckon("-", constant("0"), a), nil
}

func constant(v string) answer { return func([]string) (string, bool) { return v, true } }

func (p *parser) atom() (answer, error) {
	next := p.peek()
	switch {
	case next == "(":
		p.pos++
		a, err := p.comparison()
		if err == nil && p.took(")") == "" {
			err = p.bad()
		}
		return a, err
	case next == "[":
		end := strings.IndexByte(p.text[p.pos:], ']')
		if end < 0 {
			return nil, p.bad()
		}
		name := p.text[p.pos+1 : p.pos+end]
		i, err := p.at.column(strings.TrimSpace(name))
		p.at.named = append(p.at.named, i)
		p.pos += end + 1
		return func(cells []string) (string, bool) { return cells[i], true }, err
	case next == `"`:
		return p.quoted()
	case next != "" && next[0] >= '0' && next[0] <= '9':
		start := p.pos
		for p.pos < len(p.text) && (p.text[p.pos] >= '0' && p.text[p.pos] <= '9' || p.text[p.pos] == ',' || p.text[p.pos] == '.') {
			p.pos++
		}
		v := strings.ReplaceAll(p.text[start:p.pos], ",", ".")
		if _, ok := exact(v); !ok {
			p.pos = start
			return nil, p.bad()
		}
		return constant(v), nil
	}
	return p.call()
}

// quoted reads a text; two quotes in it are one.
func (p *parser) quoted() (answer, error) {
	var b strings.Builder
	for p.pos++; p.pos < len(p.text); p.pos++ {
		if p.text[p.pos] == '"' {
			if !strings.HasPrefix(p.text[p.pos+1:], `"`) {
				p.pos++
				return constant(b.String()), nil
			}
			p.pos++
		}
		b.WriteByte(p.text[p.pos])
	}
	return nil, p.bad()
}

func (p *parser) call() (answer, error) {
	start := p.pos
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if !unicode.IsLetter(r) {
			break
		}
		p.pos += n
	}
	word := p.text[start:p.pos]
	name := strings.ToUpper(french.Fold(word))
	if to, ok := english[name]; ok {
		name = to
	}
	f, known := functions[name]
	switch {
	case word == "":
		return nil, p.bad()
	case name == "VRAI" || name == "FAUX":
		if p.took("(") != "" && p.took(")") == "" {
			return nil, p.bad()
		}
		return constant(truth(name == "VRAI")), nil
	case name != "SI" && !known:
		return nil, p.at.bad("recipe.no_function", word)
	case p.took("(") == "":
		return nil, p.bad()
	}
	var args []answer
	for p.took(")") == "" {
		a, err := p.comparison()
		if err != nil {
			return nil, err
		}
		if args = append(args, a); p.took(";") == "" && p.peek() != ")" {
			return nil, p.bad()
		}
	}
	if name == "SI" {
		f.least, f.most = 2, 3
	}
	if len(args) < f.least || len(args) > f.most {
		return nil, p.at.bad("recipe.bad_arguments", word, f.least, f.most)
	}
	if name == "SI" {
		return choice(args), nil
	}
	return func(cells []string) (string, bool) {
		values := make([]string, len(args))
		for i, a := range args {
			v, ok := a(cells)
			if !ok {
				return "", false
			}
			values[i] = v
		}
		return f.do(values)
	}, nil
}

// choice answers with its second part where the first is true, else with the third, which may be missing.
func choice(args []answer) answer {
	return func(cells []string) (string, bool) {
		v, ok := args[0](cells)
		switch {
		case !ok:
			return "", false
		case v == yes:
			return args[1](cells)
		case len(args) == 3:
			return args[2](cells)
		}
		return "", true
	}
}
