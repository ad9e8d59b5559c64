package ui

import (
	"fmt"
	"math"
	"net/http"
	"strconv"

	"cultured/internal/web"
)

// darkSurface is the lightest surface of the dark theme; that of the light theme is white.
const darkSurface = "#1b2326"

// validAccent reports whether s is "#rrggbb".
func validAccent(s string) bool {
	_, ok := parseColour(s)
	return ok
}

// BrandPath is where [BrandSheet] is served.
const BrandPath = "/brand.css"

// BrandSheet answers with the style sheet of the organisation's accent, made readable in both themes. The layout asks for it only when the
// organisation has an accent, with the accent in the address, so that browsers may keep it.
func BrandSheet(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	_, err := fmt.Fprint(w, AccentCSS(web.VisitOf(r).Site.Accent))
	return err
}

// AccentCSS gives the tokens of an accent "#rrggbb", darkened or lightened until it can be read (contrast ≥ 4.5) on the surfaces of each
// theme; "" for anything that is not a colour.
func AccentCSS(accent string) string {
	c, ok := parseColour(accent)
	if !ok {
		return ""
	}
	light, dark := Readable(c, white, 6), Readable(c, mustColour(darkSurface), 7)
	lightSoft, darkSoft := light.mix(white, 0.9), dark.mix(mustColour("#12191c"), 0.85)
	const rules = "--accent:%s;--accent-strong:%s;--accent-soft:%s;--on-accent:%s;--band:%s"
	lightRules := fmt.Sprintf(rules, light, light.mix(black, 0.25), lightSoft, white, Readable(c, white, 9))
	darkRules := fmt.Sprintf(rules, dark, dark.mix(white, 0.25), darkSoft, "#0d1416", dark.mix(mustColour("#12191c"), 0.8))
	return ":root,[data-theme=light]{" + lightRules + "}\n" +
		"@media (prefers-color-scheme:dark){:root:not([data-theme=light]){" + darkRules + "}}\n" +
		"[data-theme=dark]{" + darkRules + "}\n"
}

// A Colour is red, green and blue in [0, 1], sRGB.
type Colour struct{ R, G, B float64 }

var black, white = Colour{}, Colour{1, 1, 1}

func mustColour(s string) Colour {
	c, ok := parseColour(s)
	if !ok {
		panic("ui: not a colour: " + s)
	}
	return c
}

func parseColour(s string) (Colour, bool) {
	if len(s) != 7 || s[0] != '#' {
		return Colour{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return Colour{}, false
	}
	return Colour{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, true
}

// String gives "#rrggbb".
func (c Colour) String() string {
	b := func(v float64) int { return int(math.Round(255 * min(max(v, 0), 1))) }
	return fmt.Sprintf("#%02x%02x%02x", b(c.R), b(c.G), b(c.B))
}

func (c Colour) mix(d Colour, share float64) Colour {
	at := func(a, b float64) float64 { return a + (b-a)*share }
	return Colour{at(c.R, d.R), at(c.G, d.G), at(c.B, d.B)}
}

// Luminance is the relative luminance in [0, 1]. Source: WCAG 2.2, "relative luminance".
func (c Colour) Luminance() float64 {
	lin := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}

// Contrast is the contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, "contrast ratio".
func Contrast(a, b Colour) float64 {
	x, y := a.Luminance(), b.Luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Readable darkens c on a light ground, or lightens it on a dark one, no more than needed for the contrast ratio.
func Readable(c, ground Colour, ratio float64) Colour {
	to := black
	if ground.Luminance() < 0.18 {
		to = white
	}
	for share := 0.0; share < 1; share += 0.02 {
		if m := mustColour(c.mix(to, share).String()); Contrast(m, ground) >= ratio {
			return m
		}
	}
	return to
}
