package recipe

import (
	"slices"
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

// A parser reads a formula. The grammar, from loosest to tightest: = <> < <= > >=, then &, then + -, then * /, then a sign, then %.
// Numbers have a decimal comma or point, texts double quotes, columns brackets (a name of one word may do without), arguments a
// semicolon between them.
type parser struct {
	at   *site
	text string
	pos  int
	deep int
}

// parse reads a formula for the header of a place. Faults: Invalid "recipe.bad_formula", "recipe.no_closing", "recipe.open_quote",
// "recipe.open_bracket" and "recipe.comma" with the place in the formula, "recipe.no_function", "recipe.no_function_near",
// "recipe.bad_arguments", "recipe.cell_name", "recipe.cell_name_is"; those of a column.
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
	if p.peek() == "," {
		return p.wrong("recipe.comma", p.pos)
	}
	return p.wrong("recipe.bad_formula", p.pos)
}

// wrong is a fault at a place of the formula: its number, counted in letters from 1, and what stands from there on.
func (p *parser) wrong(key string, at int) error {
	at = min(at, len(p.text))
	rest := p.text[at:]
	if rest == "" {
		rest = "…"
	}
	return p.at.bad(key, utf8.RuneCountInString(p.text[:at])+1, rest)
}

// closed passes over the end of what was opened at a place.
func (p *parser) closed(opened int) error {
	switch {
	case p.took(")") != "":
		return nil
	case p.peek() == "":
		return p.wrong("recipe.no_closing", opened)
	}
	return p.bad()
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
	return p.chain(p.sum, p.at.glue, "&")
}

func (p *parser) sum() (answer, error)     { return p.chain(p.product, p.at.reckon, "+", "-") }
func (p *parser) product() (answer, error) { return p.chain(p.signed, p.at.reckon, "*", "/") }

func (p *parser) signed() (answer, error) {
	if p.took("-") == "" {
		a, err := p.atom()
		if err == nil && p.took("%") != "" {
			a = p.at.reckon("/", a, constant("100"))
		}
		return a, err
	}
	if p.deep++; p.deep > mostDeep {
		return nil, p.bad()
	}
	defer func() { p.deep-- }()
	a, err := p.signed()
	if err != nil {
		return nil, err
	}
	return p.at.reckon("-", constant("0"), a), nil
}

func constant(v string) answer { return func([]string) (string, bool) { return v, true } }

func (p *parser) atom() (answer, error) {
	next := p.peek()
	switch {
	case next == "(":
		opened := p.pos
		p.pos++
		a, err := p.comparison()
		if err == nil {
			err = p.closed(opened)
		}
		return a, err
	case next == "[":
		end := strings.IndexByte(p.text[p.pos:], ']')
		if end < 0 {
			return nil, p.wrong("recipe.open_bracket", p.pos)
		}
		name := p.text[p.pos+1 : p.pos+end]
		p.pos += end + 1
		return p.column(strings.TrimSpace(name))
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

// column reads the cell of a column.
func (p *parser) column(name string) (answer, error) {
	i, err := p.at.column(name)
	p.at.named = append(p.at.named, i)
	return func(cells []string) (string, bool) { return cells[i], true }, err
}

// quoted reads a text; two quotes in it are one.
func (p *parser) quoted() (answer, error) {
	var b strings.Builder
	opened := p.pos
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
	return nil, p.wrong("recipe.open_quote", opened)
}

// word reads a name: letters, with points, digits and low lines among them, and the dollar signs of spreadsheets.
func (p *parser) word() string {
	start := p.pos
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		inside := p.pos > start && (r == '.' || r == '_' || unicode.IsDigit(r))
		if !unicode.IsLetter(r) && r != '$' && !inside {
			break
		}
		p.pos += n
	}
	return p.text[start:p.pos]
}

func (p *parser) call() (answer, error) {
	word := p.word()
	name := strings.ToUpper(french.Fold(word))
	if to, ok := english[name]; ok {
		name = to
	}
	f, known := functions[name]
	opened := p.pos
	called := p.peek() == "("
	switch {
	case word == "":
		return nil, p.bad()
	case name == "VRAI" || name == "FAUX":
		if p.took("(") != "" && p.took(")") == "" {
			return nil, p.bad()
		}
		return constant(truth(name == "VRAI")), nil
	case !called:
		return p.bare(word, known || name == "SI" || name == "SIERREUR")
	case name == "SI":
		f = function{least: 2, most: 3}
	case name == "SIERREUR":
		f = function{least: 2, most: 2}
	case !known:
		return nil, p.noFunction(word, name)
	}
	p.took("(")
	args, err := p.arguments(opened)
	switch {
	case err != nil:
		return nil, err
	case len(args) < f.least || len(args) > f.most:
		return nil, p.at.bad("recipe.bad_arguments", word, f.least, f.most)
	case name == "SI":
		return choice(args), nil
	case name == "SIERREUR":
		return p.at.orElse(args[0], args[1]), nil
	}
	return p.at.apply(word, f, args), nil
}

// arguments reads what stands between parentheses, of which the first is passed already.
func (p *parser) arguments(opened int) (args []answer, err error) {
	for p.took(")") == "" {
		a, err := p.comparison()
		if err != nil {
			return nil, err
		}
		if args = append(args, a); p.took(";") == "" && p.peek() != ")" {
			return nil, p.closed(opened)
		}
		if p.peek() == "" {
			return nil, p.wrong("recipe.no_closing", opened)
		}
	}
	return args, nil
}

// bare is a word without parentheses: a column, or what spreadsheets call a cell.
func (p *parser) bare(word string, known bool) (answer, error) {
	letters := strings.TrimRight(strings.ReplaceAll(word, "$", ""), "0123456789")
	number := strings.ReplaceAll(word, "$", "")[len(letters):]
	if !known {
		a, err := p.column(word)
		if err == nil {
			return a, nil
		}
		if number == "" || len(letters) > 3 || strings.ContainsFunc(letters, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) }) {
			return nil, err
		}
		at := 0
		for _, r := range strings.ToUpper(letters) {
			at = 26*at + int(r-'A') + 1
		}
		if at >= 1 && at <= len(p.at.header) {
			return nil, p.at.bad("recipe.cell_name_is", word, p.at.header[at-1])
		}
		return nil, p.at.bad("recipe.cell_name", word)
	}
	return nil, p.bad()
}

// noFunction names the function that is nearest, if one is.
func (p *parser) noFunction(word, name string) error {
	near, best := "", 1+max(1, len(name)/4)
	for _, f := range FunctionNames() {
		for _, n := range []string{f.French, f.English} {
			if d := french.Distance(n, name, best); d < best {
				near, best = n, d
			}
		}
	}
	if near == "" {
		return p.at.bad("recipe.no_function", word)
	}
	return p.at.bad("recipe.no_function_near", word, near)
}

// apply makes the answer of a function.
func (s *site) apply(word string, f function, args []answer) answer {
	return func(cells []string) (string, bool) {
		values := make([]string, len(args))
		for i, a := range args {
			v, ok := a(cells)
			if !ok {
				return "", false
			}
			values[i] = v
		}
		v, ok := f.do(values)
		if !ok && s.trouble != nil {
			if slices.ContainsFunc(values, func(v string) bool { return strings.TrimSpace(v) == "" }) && slices.ContainsFunc(s.named, func(i int) bool { return strings.TrimSpace(cells[i]) == "" }) {
				return s.unread(cells, "")
			}
			return s.fails("recipe.answer_function", strings.ToUpper(word), listed(values))
		}
		return v, ok
	}
}

// orElse answers with its second part where the first has no answer.
func (s *site) orElse(first, second answer) answer {
	return func(cells []string) (string, bool) {
		var before Trouble
		if s.trouble != nil {
			before = *s.trouble
		}
		if v, ok := first(cells); ok {
			return v, true
		}
		if s.trouble != nil {
			*s.trouble = before
		}
		return second(cells)
	}
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
