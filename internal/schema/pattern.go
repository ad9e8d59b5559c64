package schema

import (
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/dlclark/regexp2"
)

// patternTime bounds one match of a pattern that needs backtracking; once slowCells cells have exceeded it, each has
// only hurriedTime, so that a bad pattern cannot hold a large file.
const (
	patternTime = 50 * time.Millisecond
	hurriedTime = time.Millisecond
	slowCells   = 20
)

// The backtracking engine looks at the clock this often; its own default, 100 ms, is longer than our limit.
func init() { regexp2.SetTimeoutCheckPeriod(time.Millisecond) }

// compilePattern returns a function that says whether a pattern holds for a whole cell. Patterns are written for
// Python or JavaScript; Go's engine, linear in time, runs those it can; the others (back-references, look-around) run
// in a backtracking engine under a time limit, past which the cell does not match. The function may run several times
// at once.
func compilePattern(pattern string) (func(string) bool, error) {
	if n, ok := digitsOnly(pattern); ok {
		return func(v string) bool { return len(v) == n && allDigits(v) }, nil
	}
	return compileExpression(pattern, `^(?:`, `)$`, `)\z`)
}

// compileSearch is compilePattern for JSON Schema, where a pattern may hold for a part of the text.
func compileSearch(pattern string) (func(string) bool, error) {
	return compileExpression(pattern, "(?:", ")", ")")
}

// compileExpression compiles the pattern between what comes before and after it, in the dialect of each engine.
func compileExpression(pattern, before, after, afterSlow string) (func(string) bool, error) {
	if re, err := regexp.Compile(before + goDialect(pattern) + after); err == nil {
		return re.MatchString, nil
	}
	patient, err := regexp2.Compile(before+pattern+afterSlow, regexp2.None)
	if err != nil {
		return nil, err
	}
	hurried, err := regexp2.Compile(before+pattern+afterSlow, regexp2.None)
	if err != nil {
		return nil, err
	}
	patient.MatchTimeout, hurried.MatchTimeout = patternTime, hurriedTime
	var slow atomic.Int32
	return func(v string) bool {
		re := patient
		if slow.Load() >= slowCells {
			re = hurried
		}
		ok, err := re.MatchString(v)
		if err != nil {
			slow.Add(1)
		}
		return err == nil && ok
	}, nil
}

// digitsOnly recognises ^\d{14}$ and its variants, by far the most frequent patterns.
func digitsOnly(pattern string) (int, bool) {
	p := strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	p, ok := strings.CutPrefix(p, `\d{`)
	if !ok {
		if p, ok = strings.CutPrefix(p, `[0-9]{`); !ok {
			return 0, false
		}
	}
	p, ok = strings.CutSuffix(p, "}")
	if !ok || len(p) == 0 || len(p) > 3 || !allDigits(p) {
		return 0, false
	}
	n := 0
	for i := range len(p) {
		n = n*10 + int(p[i]-'0')
	}
	return n, true
}

func allDigits(v string) bool {
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
	}
	return true
}

// goDialect rewrites the escapes that Go's engine reads differently: \uXXXX, \w and \s of Unicode (as Python), escaped
// letters that are not ASCII, \/ and \Z.
func goDialect(p string) string {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c != '\\' || i+1 == len(p) {
			switch {
			case c == '[' && !inClass:
				inClass = true
				b.WriteByte(c)
				// A bracket right after the opening one is a literal.
				for _, lead := range [...]string{"^", "]"} {
					if strings.HasPrefix(p[i+1:], lead) {
						if lead == "]" {
							b.WriteByte('\\')
						}
						b.WriteString(lead)
						i++
					}
				}
				continue
			case c == '[' && !strings.HasPrefix(p[i:], "[:"):
				b.WriteByte('\\')
			case c == ']':
				inClass = false
			}
			b.WriteByte(c)
			continue
		}
		i++
		i += escape(&b, p[i:], inClass) - 1
	}
	return b.String()
}

// escape writes the escape whose letter starts p and returns the bytes it read.
func escape(b *strings.Builder, p string, inClass bool) int {
	wrap := func(class string) {
		if inClass {
			b.WriteString(class)
		} else {
			b.WriteString("[" + class + "]")
		}
	}
	switch c := p[0]; {
	case c == 'w':
		wrap(`\p{L}\p{N}\p{M}_`)
	case c == 's':
		wrap(`\s\x{B}\p{Z}\x{FEFF}`)
	case c == 'u' && len(p) >= 5 && isHex(p[1:5]):
		b.WriteString(`\x{` + p[1:5] + `}`)
		return 5
	case c == 'Z':
		b.WriteString(`\z`)
	case c >= 0x80, strings.IndexByte(`/'"-<>=!@#%&~,;: _`+"`", c) >= 0:
		// Go refuses to escape most of what needs no escape; a hyphen keeps its own inside a class.
		if c == '-' {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	default:
		b.WriteByte('\\')
		b.WriteByte(c)
	}
	return 1
}

func isHex(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
