package form

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// relevant writes a condition as XPath.
func (f *Form) relevant(c Condition) string {
	var parts []string
	for _, one := range c.Tests() {
		parts = append(parts, f.test(one))
	}
	return strings.Join(parts, map[bool]string{true: " or ", false: " and "}[c.Any])
}

func (f *Form) test(c Condition) string {
	ref, at := "${"+c.Block+"}", f.Find(c.Block)
	if c.Value == "" || at < 0 {
		return ref + map[bool]string{true: " = ''", false: " != ''"}[c.Not]
	}
	b := f.Blocks[at]
	if i := slices.Index(b.Options, c.Value); i >= 0 {
		test := "selected(" + ref + ", '" + choiceName(b, i) + "')"
		if c.Not {
			return "not(" + test + ")"
		}
		return test
	}
	value := "'" + strings.ReplaceAll(c.Value, "'", "’") + "'"
	switch {
	case b.Kind == Date && c.Order != Same:
		value = "date(" + value + ")"
	case b.Kind == Number || c.Order != Same:
		value = point(c.Value)
	}
	if c.Order != Same {
		return ref + " " + string(c.Order) + " " + value
	}
	return ref + map[bool]string{true: " != ", false: " = "}[c.Not] + value
}

// gates reports whether the condition of a part is asked of each of its questions too: elsewhere a part hides what it holds, here only its
// title.
func (f *Form) gates(part Block) bool {
	for _, b := range f.Blocks[f.Find(part.Name)+1:] {
		if b.Kind == Heading {
			break
		}
		if b.Kind == Repeat { // always offered; its questions say
			continue
		}
		if b.When == nil || b.When.Any != part.When.Any && len(b.When.More) > 0 {
			return false
		}
		mine := b.When.Tests()
		if part.When.Any && !reflect.DeepEqual(mine, part.When.Tests()) {
			return false
		}
		for _, one := range part.When.Tests() {
			if !slices.ContainsFunc(mine, func(o Condition) bool { return reflect.DeepEqual(o, one) }) {
				return false
			}
		}
	}
	return true
}

// A gate is a part or a group of a workbook that stands open, and what shows all it holds.
type gate struct {
	label string
	group bool
	when  *Condition
}

func (r *surveyReader) closeGate() {
	if len(r.gates) > 0 {
		r.gates = r.gates[:len(r.gates)-1]
	}
}

// shown gives a block what shows it: its own relevance and that of the parts it stands in.
func (r *surveyReader) shown(b *Block, text string) {
	if !r.condition(&b.When, text) {
		r.tell("form.xls_column", "relevant", text)
	}
	if b.Kind == Repeat {
		if b.When != nil {
			r.tell("form.xls_repeat_condition", b.Label)
		}
		return
	}
	for i := len(r.gates) - 1; i >= 0; i-- {
		both, ok := within(r.gates[i].when, b.When)
		if !ok {
			r.tell("form.xls_part_condition", r.gates[i].label, b.Label)
			continue
		}
		b.When = both
	}
}

// within is the condition that two come to; ok is false where "and" and "or" would stand in one, or too many tests.
func within(outer, own *Condition) (*Condition, bool) {
	switch {
	case outer == nil:
		return own, true
	case own == nil || reflect.DeepEqual(outer, own):
		return outer, true
	case outer.Any || own.Any:
		return own, false
	}
	tests := outer.Tests()
	for _, one := range own.Tests() {
		if !slices.ContainsFunc(tests, func(o Condition) bool { return reflect.DeepEqual(o, one) }) {
			tests = append(tests, one)
		}
	}
	if len(tests) > TestsMost {
		return own, false
	}
	return Join(tests, false), true
}

var (
	compares = regexp.MustCompile(`^\$\{([^}]+)\}\s*(=|!=|<=|>=|<|>)\s*(?:(?:date\(\s*)?(?:'([^']*)'|"([^"]*)")(?:\s*\))?|(-?[0-9]+(?:\.[0-9]+)?))$`)
	selects  = regexp.MustCompile(`^(not\(\s*)?selected\(\s*\$\{([^}]+)\}\s*,\s*['"]([^'"]*)['"]\s*\)(\s*\))?$`)
)

// condition reads a relevance that compares answers, joined by "and" or by "or"; false of any other.
func (r *surveyReader) condition(into **Condition, text string) bool {
	if strings.TrimSpace(text) == "" {
		return true
	}
	parts, any, ok := joined(text)
	if !ok || len(parts) > TestsMost {
		return false
	}
	var tests []Condition
	for _, part := range parts {
		c, ok := r.test(part)
		if !ok {
			return false
		}
		tests = append(tests, c)
	}
	*into = Join(tests, any)
	return true
}

func (r *surveyReader) test(text string) (c Condition, ok bool) {
	if m := selects.FindStringSubmatch(text); m != nil && (m[1] == "") == (m[4] == "") {
		c = Condition{Block: m[2], Value: m[3], Not: m[1] != ""}
	} else if m := compares.FindStringSubmatch(text); m != nil {
		c = Condition{Block: m[1], Value: m[3] + m[4] + m[5], Not: m[2] == "!="}
		if c.Order = Order(m[2]); m[2] == "=" || m[2] == "!=" {
			c.Order = Same
		}
		if c.Value == "" && c.Order == Same {
			c.Not = !c.Not // = '' is the absence of an answer
		}
	} else {
		return c, false
	}
	name, known := r.names[c.Block]
	at := r.form.Find(name)
	if !known || at < 0 {
		return c, false
	}
	c.Block = name
	from := r.form.Blocks[at]
	if from.Kind.Chooses() && c.Value != "" {
		c.Value = r.labelled(from, c.Value)
	}
	return c, c.Order == Same || c.orders(from.Kind)
}

// joined cuts an expression at its outermost "and"s, or "or"s; ok is false where both stand there.
func joined(text string) (parts []string, any, ok bool) {
	text = bare(text)
	all, some := cutAt(text, "and"), cutAt(text, "or")
	switch {
	case len(all) > 1 && len(some) > 1:
		return nil, false, false
	case len(some) > 1:
		parts, any = some, true
	default:
		parts = all
	}
	for i, part := range parts {
		parts[i] = bare(part)
		if len(cutAt(parts[i], "and")) > 1 || len(cutAt(parts[i], "or")) > 1 {
			return nil, false, false // brackets within
		}
	}
	return parts, any, true
}

// bare takes off the brackets that stand around a whole expression.
func bare(text string) string {
	text = strings.TrimSpace(text)
	for strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		depth := 0
		for i, c := range text {
			if c == '(' {
				depth++
			} else if c == ')' {
				depth--
			}
			if depth == 0 && i < len(text)-1 {
				return text
			}
		}
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	return text
}

// cutAt cuts at a word that stands outside of brackets and quotes.
func cutAt(text, word string) (parts []string) {
	depth, from := 0, 0
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && (c == ' ' || c == '\n' || c == '\t') && strings.HasPrefix(text[i+1:], word) && i+1+len(word) < len(text) && strings.ContainsRune(" \n\t(", rune(text[i+1+len(word)])):
			parts = append(parts, text[from:i])
			from = i + 1 + len(word)
		}
	}
	return append(parts, text[from:])
}

var parameter = regexp.MustCompile(`(start|end)\s*=\s*(-?[0-9]+(?:\.[0-9]+)?)`)

// bounds reads the least and the most of a range.
func bounds(text string) (low, high string) {
	for _, m := range parameter.FindAllStringSubmatch(text, -1) {
		if m[1] == "start" {
			low = m[2]
		} else {
			high = m[2]
		}
	}
	return low, high
}
