package form

import (
	"regexp"
	"slices"
	"strings"
)

// token matches one piece of a formula, of spreadsheets or of XPath.
var token = regexp.MustCompile(`\s+|\[[^\]]*\]|\$\{[^}]+\}|"(?:[^"]|"")*"|'[^']*'|[0-9]+(?:[.,][0-9]+)?|<>|!=|<=|>=|[\p{L}][\p{L}-]*|.`)

// toXPath and fromXPath are the words and signs that mean the same in both.
var (
	toXPath = map[string]string{"/": " div ", "<>": " != ", ";": ", ", "SI": "if", "IF": "if", "ARRONDI": "round", "ROUND": "round", "NON": "not", "NOT": "not",
		"NBCAR": "string-length", "ABS": "abs", "MIN": "min", "MAX": "max", "CONCATENER": "concat"}
	fromXPath = map[string]string{"div": "/", "!=": "<>", ",": ";", "if": "SI", "round": "ARRONDI", "not": "NON", "string-length": "NBCAR", "abs": "ABS", "min": "MIN", "max": "MAX", "concat": "CONCATENER"}
)

// xpath writes the formula of a computed block; ok is false when XPath has no words for it.
func (f *Form) xpath(b Block) (out string, ok bool) {
	at := f.Find(b.Name)
	var text strings.Builder
	for _, t := range token.FindAllString(strings.TrimPrefix(b.Formula, "="), -1) {
		switch {
		case strings.TrimSpace(t) == "":
			text.WriteByte(' ')
		case t[0] == '[':
			ref, known := f.xpathRef(b, strings.TrimSpace(t[1:len(t)-1]), at)
			if !known {
				return "", false
			}
			text.WriteString(ref)
		case t[0] == '"':
			inside := strings.ReplaceAll(t[1:len(t)-1], `""`, `"`)
			if strings.ContainsAny(inside, `'"`) {
				return "", false
			}
			text.WriteString("'" + inside + "'")
		case t[0] >= '0' && t[0] <= '9':
			text.WriteString(strings.ReplaceAll(t, ",", "."))
		case toXPath[strings.ToUpper(t)] != "":
			text.WriteString(toXPath[strings.ToUpper(t)])
		case strings.Contains("()+-*=<>", t) || t == "<=" || t == ">=":
			text.WriteString(t)
		default:
			return "", false
		}
	}
	return strings.TrimSpace(text.String()), true
}

// xpathRef writes a reference: a number not given is nothing, a group's question read from outside is a total, a group its rows.
func (f *Form) xpathRef(b Block, name string, before int) (string, bool) {
	at := f.Find(name)
	if at < 0 || at >= before {
		return "", false
	}
	from := f.Blocks[at]
	switch ref := "${" + name + "}"; {
	case from.Kind == Repeat:
		return "count(" + ref + ")", true
	case from.Within != "" && from.Within != b.Within:
		return "sum(" + ref + ")", true
	case from.Kind == Number && !from.Required:
		return "coalesce(" + ref + ", 0)", true
	default:
		return ref, true
	}
}

var (
	coalesced = regexp.MustCompile(`coalesce\(\s*(\$\{[^}]+\})\s*,\s*0\s*\)`)
	wrapped   = regexp.MustCompile(`(?:sum|count)\(\s*(\$\{[^}]+\})\s*\)`)
)

// formula reads a calculation of XPath; ok is false of one that a spreadsheet's formula cannot say.
func (r *surveyReader) formula(text string) (out string, ok bool) {
	text = wrapped.ReplaceAllString(coalesced.ReplaceAllString(text, "$1"), "$1")
	var b strings.Builder
	for _, t := range token.FindAllString(text, -1) {
		switch {
		case strings.TrimSpace(t) == "":
			continue
		case strings.HasPrefix(t, "${"):
			name, known := r.names[strings.TrimSpace(t[2:len(t)-1])]
			if !known {
				return "", false
			}
			b.WriteString("[" + name + "]")
		case t[0] == '\'' || t[0] == '"':
			b.WriteString(`"` + strings.ReplaceAll(t[1:len(t)-1], `"`, `""`) + `"`)
		case t[0] >= '0' && t[0] <= '9':
			b.WriteString(strings.ReplaceAll(t, ".", ","))
		case fromXPath[t] != "":
			b.WriteString(fromXPath[t])
		case slices.Contains([]string{"(", ")", "+", "-", "*", "=", "<", ">", "<=", ">="}, t):
			b.WriteString(t)
		default:
			return "", false
		}
	}
	return b.String(), b.Len() > 0
}
