package schemaweb

import (
	"fmt"
	"strings"
	"testing"
)

func TestBlocks(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"nothing", "  \n", ""},
		{"a paragraph over two lines", "Une ligne\net la suite.", "P(Une ligne et la suite.)"},
		{"two paragraphs", "Un.\n\nDeux.", "P(Un.) P(Deux.)"},
		{"a list after a sentence", "Trois cas :\n- un\n- deux\n\nVoilà.", "P(Trois cas :) L(un|deux) P(Voilà.)"},
		{"a numbered list", "1. un\n2) deux", "L(un|deux)"},
		{"a link", "Voir [le site](https://exemple.fr/a).", "P(Voir <le site→https://exemple.fr/a>.)"},
		{"a bare address keeps its full stop out", "Voir https://exemple.fr/a.", "P(Voir <https://exemple.fr/a→https://exemple.fr/a>.)"},
		{"code", "Le champ `NOM` compte", "P(Le champ `NOM` compte)"},
		{"strong marks are dropped", "C’est **obligatoire**", "P(C’est obligatoire)"},
		{"a heading is a paragraph", "## Titre\n\nTexte", "P(Titre) P(Texte)"},
		{"a script is no link", "[clic](javascript:alert(1))", "P(<clic→>))"},
		{"HTML stays text", "<b onclick=x>a</b>", "P(<b onclick=x>a</b>)"},
		{"a code with a hyphen is no list", "-5 à 10", "P(-5 à 10)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := sketch(blocks(tc.in)); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// sketch writes blocks on one line.
func sketch(list []block) string {
	var out []string
	for _, b := range list {
		if b.Items == nil {
			out = append(out, "P("+sketchSpans(b.Spans)+")")
			continue
		}
		var items []string
		for _, it := range b.Items {
			items = append(items, sketchSpans(it))
		}
		out = append(out, "L("+strings.Join(items, "|")+")")
	}
	return strings.Join(out, " ")
}

func sketchSpans(list []span) string {
	var b strings.Builder
	for _, s := range list {
		switch {
		case s.Fixed:
			b.WriteString("`" + s.Text + "`")
		case s.Href != "" || s.Text == "clic":
			fmt.Fprintf(&b, "<%s→%s>", s.Text, s.Href)
		default:
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Whatever a schema writes, a link leads to the web and every block holds something.
func FuzzBlocks(f *testing.F) {
	for _, s := range []string{"", "- a\n- b", "[x](javascript:1)", "`a` **b** <https://exemple.fr>", "![i](data:,x)", "#\n\n-\n", "[](  )"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, b := range blocks(s) {
			for _, line := range append([][]span{b.Spans}, b.Items...) {
				for _, sp := range line {
					if sp.Href != "" && !strings.HasPrefix(sp.Href, "http://") && !strings.HasPrefix(sp.Href, "https://") {
						t.Errorf("%q links to %q", s, sp.Href)
					}
				}
			}
		}
		if plain := plainText(s); strings.ContainsAny(plain, "\n\r") {
			t.Errorf("%q: got several lines: %q", s, plain)
		}
	})
}

func TestBreakable(t *testing.T) {
	for in, want := range map[string]string{"": "", "abc": "abc", "https://a.fr/b_c": "https:/·/·a.fr/·b_·c", strings.Repeat("x", 300): strings.Repeat("x", 240) + "…"} {
		if got := strings.Join(breakable(in), "·"); got != want {
			t.Errorf("breakable(%q): got %q, want %q", in, got, want)
		}
	}
}
