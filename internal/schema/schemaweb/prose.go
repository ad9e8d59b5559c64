package schemaweb

import (
	"net/url"
	"regexp"
	"strings"
)

// A block is a paragraph, or a list when it has items. Nothing of a schema is ever taken as HTML: the page writes the
// elements and the template escapes every text.
type block struct {
	Spans []span
	Items [][]span
}

// A span is a piece of text: plain, a link, or written in fixed-width letters.
type span struct {
	Text, Href string
	Fixed      bool
}

// The few marks of Markdown that schemas use: [text](address), <address>, bare addresses, `code`, **strong**, ![image](…).
var mark = regexp.MustCompile("!?\\[([^\\]]*)\\]\\(([^)\\s]*)[^)]*\\)|<?(https?://[^\\s<>()\"]+[^\\s<>()\".,;:!?’'])>?|`([^`]+)`")

// bullet starts an item of a list, or a heading, whose mark is dropped.
var bullet = regexp.MustCompile(`^(?:[-*+•]|\d{1,2}[.)])\s+`)

// blocks reads a text as a schema writes it, paragraphs parted by blank lines.
func blocks(s string) []block {
	var out []block
	var lines []string
	flush := func() {
		if len(lines) > 0 {
			out = append(out, block{Spans: spans(strings.Join(lines, " "))})
		}
		lines = nil
	}
	inList := false
	for line := range strings.Lines(strings.ReplaceAll(s, "\r", "") + "\n\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			flush()
			inList = false
		case bullet.MatchString(line):
			flush()
			if !inList {
				out = append(out, block{})
			}
			inList = true
			last := &out[len(out)-1]
			last.Items = append(last.Items, spans(bullet.ReplaceAllString(line, "")))
		default:
			inList = false
			lines = append(lines, strings.TrimSpace(strings.TrimLeft(line, "#")))
		}
	}
	return out
}

// spans cuts one line at its marks.
func spans(s string) []span {
	var out []span
	plain := func(text string) {
		if text = strings.NewReplacer("**", "", "__", "").Replace(text); text != "" {
			out = append(out, span{Text: text})
		}
	}
	at := 0
	for _, m := range mark.FindAllStringSubmatchIndex(s, -1) {
		plain(s[at:m[0]])
		at = m[1]
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return s[m[2*n]:m[2*n+1]]
		}
		switch {
		case m[6] >= 0:
			out = append(out, span{Text: group(3), Href: webAddress(group(3))})
		case m[8] >= 0:
			out = append(out, span{Text: group(4), Fixed: true})
		default:
			href := webAddress(group(2))
			if text := strings.TrimSpace(strings.Trim(group(1), "*_`")); text != "" {
				out = append(out, span{Text: text, Href: href})
			} else if href != "" {
				out = append(out, span{Text: href, Href: href})
			}
		}
	}
	plain(s[at:])
	return out
}

// webAddress returns s when it is an address of the web a page may link to, else "".
func webAddress(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// plainText is the text without its marks, on one line.
func plainText(s string) string {
	var b strings.Builder
	for _, bl := range blocks(s) {
		for _, line := range append([][]span{bl.Spans}, bl.Items...) {
			for _, sp := range line {
				b.WriteString(sp.Text)
			}
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
