package recipe

import (
	"regexp"
	"strconv"
	"strings"
)

// grel turns an expression of OpenRefine's language that rewrites a cell into steps: a chain of calls on value.
func grel(column, expression string) (Recipe, string) {
	expression = strings.TrimSpace(strings.TrimPrefix(expression, "grel:"))
	if expression == "null" || expression == `""` { // empties the column
		return Recipe{&Replace{Columns: []string{column}, Find: `(?s)\A.*\z`, Regexp: true}}, ""
	}
	rest, ok := strings.CutPrefix(expression, "value")
	if !ok || strings.HasPrefix(strings.TrimSpace(rest), "+") {
		return around(column, expression)
	}
	steps, why := calls(column, rest)
	if len(steps) == 0 && why == "" {
		why = toldExpression
	}
	return steps, why
}

// around reads texts written before and after the value: "0" + value + " €". An empty cell stays empty here.
func around(column, expression string) (Recipe, string) {
	var sides [2]strings.Builder
	side, rest := 0, expression
	for {
		rest = strings.TrimSpace(rest)
		if text, left, ok := quoted(rest); ok {
			sides[side].WriteString(strings.ReplaceAll(text, "$", "$$"))
			rest = left
		} else if left, ok := strings.CutPrefix(rest, "value"); ok && side == 0 {
			side, rest = 1, strings.TrimSpace(left)
		} else {
			return nil, toldExpression
		}
		left, more := strings.CutPrefix(rest, "+")
		if !more {
			break
		}
		rest = left
	}
	if side == 0 || rest != "" {
		return nil, toldExpression
	}
	return Recipe{&Replace{Columns: []string{column}, Find: `(?s)\A(.+)\z`, With: sides[0].String() + "${1}" + sides[1].String(), Regexp: true}}, toldOther
}

var (
	call    = regexp.MustCompile(`^\s*\.\s*([A-Za-z]+)\s*\(`)
	literal = regexp.MustCompile(`^\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*`)
	pattern = regexp.MustCompile(`^\s*/((?:[^/\\]|\\.)+)/\s*`)
	group   = regexp.MustCompile(`\$(\d)`)
)

// calls turns ".trim().toUppercase()" into steps; why says that one of them is not known, or not done the same way.
func calls(column, rest string) (out Recipe, why string) {
	one := []string{column}
	for strings.TrimSpace(rest) != "" {
		m := call.FindStringSubmatch(rest)
		if m == nil {
			return nil, toldExpression
		}
		rest = rest[len(m[0]):]
		if read := argued[m[1]]; read != nil {
			step, left, ok := read(one, rest)
			if !ok {
				return nil, toldExpression
			}
			out, rest = append(out, step), left
			continue
		}
		left, ok := strings.CutPrefix(strings.TrimSpace(rest), ")")
		if m[1] == "toDate" { // formats may be named
			left, ok = dateFormats(rest)
		}
		if !ok {
			return nil, toldExpression
		}
		rest = left
		switch m[1] {
		case "trim", "strip": // around alone: what is doubled inside stays, as there
			out = append(out, &Replace{Columns: one, Find: `\A[\s\p{Z}]+|[\s\p{Z}]+\z`, Regexp: true})
		case "toUppercase":
			out = append(out, &Case{Columns: one, To: "upper"})
		case "toLowercase":
			out = append(out, &Case{Columns: one, To: "lower"})
		case "toTitlecase": // small words of French names stay small here
			out, why = append(out, &Case{Columns: one, To: "title"}), toldOther
		case "toNumber": // French numbers are read too
			out, why = append(out, &Number{Columns: one}), toldOther
		case "toDate": // dates are texts here, as ISO 8601 says
			out, why = append(out, &Date{Columns: one}), toldOther
		case "toString":
		default:
			return nil, toldExpression
		}
	}
	return out, why
}

// argued are the calls that are given something.
var argued = map[string]func(columns []string, rest string) (step *Replace, left string, ok bool){"replace": replacement, "substring": slice, "slice": slice, "split": partOf, "chomp": chomp}

var (
	span = regexp.MustCompile(`^\s*(\d{1,3})\s*(?:,\s*(\d{1,3})\s*)?\)`)
	nth  = regexp.MustCompile(`^\s*\)\s*\[\s*(\d{1,2})\s*\]`)
)

// slice reads which letters are kept: those between two places (2, 5), or from a place on (3).
func slice(columns []string, rest string) (*Replace, string, bool) {
	m := span.FindStringSubmatch(rest)
	if m == nil {
		return nil, "", false
	}
	step := &Replace{Columns: columns, Find: `\A(?s).{0,` + m[1] + `}`, Regexp: true}
	if m[2] != "" {
		from, _ := strconv.Atoi(m[1]) // three digits
		to, _ := strconv.Atoi(m[2])
		if to < from {
			return nil, "", false
		}
		before := ""
		if from > 0 {
			before = `.{0,` + m[1] + `}`
		}
		step.Find, step.With = `\A(?s)`+before+`(.{0,`+strconv.Itoa(to-from)+`}).*\z`, "${1}"
	}
	return step, rest[len(m[0]):], true
}

// partOf reads at what a text is cut and which part stays: (",")[0]. A text without it stays whole, as there.
func partOf(columns []string, rest string) (*Replace, string, bool) {
	by, rest, ok := quoted(rest)
	m := nth.FindStringSubmatch(rest)
	if !ok || by == "" || m == nil {
		return nil, "", false
	}
	by = regexp.QuoteMeta(by)
	find := `(?s)\A(.*?)` + by + `.*\z`
	if m[1] != "0" {
		find = `(?s)\A(?:.*?` + by + `){` + m[1] + `}(.*?)(?:` + by + `.*)?\z`
	}
	return &Replace{Columns: columns, Find: find, With: "${1}", Regexp: true}, rest[len(m[0]):], true
}

// chomp reads what is taken from the end.
func chomp(columns []string, rest string) (*Replace, string, bool) {
	end, rest, ok := quoted(rest)
	rest, closed := strings.CutPrefix(rest, ")")
	return &Replace{Columns: columns, Find: regexp.QuoteMeta(end) + `\z`, Regexp: true}, rest, ok && closed && end != ""
}

// dateFormats passes over what toDate is given: all the ways people write dates in France are read here.
func dateFormats(rest string) (left string, ok bool) {
	for {
		rest = strings.TrimSpace(rest)
		if left, closed := strings.CutPrefix(rest, ")"); closed {
			return left, true
		}
		if _, rest, ok = quoted(rest); !ok {
			if rest, ok = strings.CutPrefix(strings.TrimSpace(rest), "true"); !ok {
				if rest, ok = strings.CutPrefix(rest, "false"); !ok {
					return "", false
				}
			}
		}
		rest = strings.TrimPrefix(strings.TrimSpace(rest), ",")
	}
}

// replacement reads what is searched and what is written: ("a", "b") or (/a/, "b").
func replacement(columns []string, rest string) (*Replace, string, bool) {
	step := &Replace{Columns: columns}
	if m := pattern.FindStringSubmatch(rest); m != nil {
		if _, err := regexp.Compile(m[1]); err != nil { // Java knows more than RE2
			return nil, "", false
		}
		step.Find, step.Regexp, rest = m[1], true, rest[len(m[0]):]
	} else if text, left, ok := quoted(rest); ok {
		step.Find, rest = text, left
	} else {
		return nil, "", false
	}
	rest, ok := strings.CutPrefix(rest, ",")
	if !ok || step.Find == "" {
		return nil, "", false
	}
	text, rest, ok := quoted(rest)
	if !ok {
		return nil, "", false
	}
	if step.With = text; step.Regexp {
		step.With = group.ReplaceAllString(text, "$${$1}")
	}
	rest, ok = strings.CutPrefix(rest, ")")
	return step, rest, ok
}

// quoted reads a text between quotes.
func quoted(rest string) (text, left string, ok bool) {
	m := literal.FindStringSubmatch(rest)
	if m == nil {
		return "", rest, false
	}
	text = m[1] + m[2]
	text = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\'`, `'`, `\n`, "\n", `\t`, "\t").Replace(text)
	return text, rest[len(m[0]):], true
}

var other = regexp.MustCompile(`^\s*cells\s*(?:\[\s*"([^"\]]+)"\s*\]|\.([A-Za-z0-9_]+))\s*\.\s*value\s*`)

// joined turns a sum of cells and texts, such as cells["a"].value + " " + value, into a formula; what follows a single value is left
// for calls.
func joined(base, expression string) (formula, rest string, ok bool) {
	rest = strings.TrimSpace(strings.TrimPrefix(expression, "grel:"))
	var parts []string
	for {
		name := ""
		if m := other.FindStringSubmatch(rest); m != nil {
			name, rest = m[1]+m[2], rest[len(m[0]):]
		} else if left, is := strings.CutPrefix(rest, "value"); is {
			name, rest = base, strings.TrimLeft(left, " \t")
		}
		switch text, left, is := quoted(rest); {
		case name != "" && !strings.ContainsAny(name, "[]"):
			parts = append(parts, "["+name+"]")
		case name == "" && is && !strings.Contains(text, `"`):
			parts, rest = append(parts, `"`+text+`"`), left
		default:
			return "", "", false
		}
		left, more := strings.CutPrefix(rest, "+")
		if !more {
			break
		}
		rest = strings.TrimSpace(left)
	}
	if len(parts) > 1 && strings.TrimSpace(rest) != "" {
		return "", "", false
	}
	return strings.Join(parts, "&"), rest, true
}
