package ui

import (
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
)

var token = regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6});`)

// themes reads the light block and the two dark blocks of the tokens.
func themes(t *testing.T) (light, system, chosen map[string]Colour) {
	t.Helper()
	b, err := os.ReadFile("style/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	read := func(from, to string) map[string]Colour {
		_, rest, ok := strings.Cut(string(b), from)
		block, _, end := strings.Cut(rest, to)
		if !ok || !end {
			t.Fatalf("no block %q", from)
		}
		m := map[string]Colour{}
		for _, f := range token.FindAllStringSubmatch(block, -1) {
			m[f[1]] = mustColour(f[2])
		}
		return m
	}
	return read("\n:root, [data-theme=\"light\"] {", "\n}"), read(":root:not([data-theme=\"light\"]) {", "\n}"), read("\n[data-theme=\"dark\"] {", "\n}")
}

func TestTokens_bothDarkBlocksAreTheSame(t *testing.T) {
	light, system, chosen := themes(t)
	for name := range light {
		if system[name] != chosen[name] {
			t.Errorf("--%s: got %s for the system's dark, want %s", name, system[name], chosen[name])
		}
		if _, ok := chosen[name]; !ok {
			t.Errorf("--%s has no dark value", name)
		}
	}
}

func TestTokens_canBeRead(t *testing.T) {
	light, _, dark := themes(t)
	for theme, m := range map[string]map[string]Colour{"light": light, "dark": dark} {
		for _, pair := range []struct {
			ink, ground string
			ratio       float64
		}{
			{"ink", "ground", 7}, {"ink", "surface", 7}, {"ink", "sunken", 7}, {"ink-soft", "ground", 4.5}, {"ink-soft", "surface", 4.5},
			{"ink-soft", "sunken", 4.5}, {"accent", "ground", 4.5}, {"accent", "surface", 4.5}, {"accent", "accent-soft", 4.5}, {"accent", "sunken", 4.5},
			{"accent-strong", "accent-soft", 4.5}, {"on-accent", "accent", 4.5}, {"on-accent", "accent-strong", 4.5}, {"on-band", "band", 7},
			{"warm", "band", 4.5}, {"on-warm", "warm", 7}, {"info", "info-soft", 4.5}, {"success", "success-soft", 4.5}, {"warning", "warning-soft", 4.5},
			{"error", "error-soft", 4.5}, {"neutral", "neutral-soft", 4.5}, {"error", "surface", 4.5}, {"error", "ground", 4.5}, {"success", "surface", 4.5},
			{"ink", "error-soft", 7}, {"ink-soft", "accent-soft", 4.5}, {"surface", "error", 4.5},
			{"line-strong", "surface", 3}, {"line-strong", "ground", 3}, {"middling", "surface", 3}, {"focus", "ground", 3},
		} {
			if got := Contrast(m[pair.ink], m[pair.ground]); got < pair.ratio {
				t.Errorf("%s: %s on %s: got contrast %.2f, want %.1f", theme, pair.ink, pair.ground, got, pair.ratio)
			}
		}
	}
}

// lightness is L* of CIE 1976 in [0, 100].
func lightness(c Colour) float64 {
	if y := c.Luminance(); y > 0.008856 {
		return 116*math.Cbrt(y) - 16
	}
	return 903.3 * c.Luminance()
}

func TestTokens_familiesDifferInGrey(t *testing.T) {
	light, _, dark := themes(t)
	for theme, m := range map[string]map[string]Colour{"light": light, "dark": dark} {
		for n := 2; n <= 9; n++ {
			before, this := lightness(m["family-"+itoa(n-1)]), lightness(m["family-"+itoa(n)])
			if this-before < 6 {
				t.Errorf("%s: family %d: got lightness %.1f after %.1f, want 6 more", theme, n, this, before)
			}
		}
	}
}

func TestAccentCSS_isReadableWhateverTheAccent(t *testing.T) {
	for _, accent := range []string{"#ffff00", "#000000", "#ffffff", "#e4007c", "#0b5a66", "#7f7f7f"} {
		css := AccentCSS(accent)
		light, dark, ok := strings.Cut(css, "@media")
		if !ok {
			t.Fatalf("%s: got %q, want both themes", accent, css)
		}
		find := func(block, name string) Colour {
			_, rest, _ := strings.Cut(block, "--"+name+":")
			return mustColour(rest[:7])
		}
		if got := Contrast(find(light, "accent"), mustColour("#f4f7f6")); got < 4.5 {
			t.Errorf("%s: got contrast %.2f in light, want 4.5", accent, got)
		}
		if got := Contrast(find(light, "band"), white); got < 7 {
			t.Errorf("%s: got contrast %.2f on the band, want 7", accent, got)
		}
		if got := Contrast(find(light, "accent"), find(light, "accent-soft")); got < 4.5 {
			t.Errorf("%s: got contrast %.2f on the soft accent, want 4.5", accent, got)
		}
		if got := Contrast(find(dark, "accent"), mustColour(darkSurface)); got < 4.5 {
			t.Errorf("%s: got contrast %.2f in dark, want 4.5", accent, got)
		}
		if got := Contrast(find(dark, "accent"), find(dark, "accent-soft")); got < 4.5 {
			t.Errorf("%s: got contrast %.2f on the dark soft accent, want 4.5", accent, got)
		}
	}
}

func FuzzAccentCSS(f *testing.F) {
	for _, s := range []string{"#0b5a66", "", "red", "#fff", "#0b5a6;}", "#+1a2b3"} {
		f.Add(s)
	}
	shape := regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	f.Fuzz(func(t *testing.T, s string) {
		css := AccentCSS(s)
		if got, want := css != "", shape.MatchString(s); got != want {
			t.Errorf("%q: got a sheet %v, want %v", s, got, want)
		}
		if got := strings.Count(css, "{"); css != "" && got != 4 {
			t.Errorf("%q: got %d blocks, want 4", s, got)
		}
	})
}
