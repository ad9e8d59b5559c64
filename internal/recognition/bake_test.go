package recognition

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"cultured/internal/fault"
)

const drawing = `<?xml version="1.0"?><!-- d --><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>B &amp; co</title><rect width="9" height="9"/></svg>`

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBake_comesOutAsItWentIn(t *testing.T) {
	h := found(t, "https://badges.example/issuer", 1)
	a := h.award()
	a.Class.Description = `<&> ]]> "guillemets"`
	proof, jwt := h.give(t, a, nil)
	for form, badge := range map[string][]byte{"proof": proof, "jwt": []byte(jwt)} {
		for kind, bake := range map[string]func([]byte) ([]byte, error){
			"png": func(b []byte) ([]byte, error) { return BakePNG(picture(t), b) },
			"svg": func(b []byte) ([]byte, error) { return BakeSVG([]byte(drawing), b) },
		} {
			baked, err := bake(badge)
			if err != nil {
				t.Fatal(kind, err)
			}
			if got, err := Unbake(baked); err != nil || !bytes.Equal(got, badge) {
				t.Errorf("%s in %s: got %s (%v)", form, kind, got, err)
			}
			if r := verdict(t, baked, h.known, midway); r.Verdict != Valid {
				t.Errorf("%s in %s: got %s", form, kind, r.Verdict)
			}
			if kind == "png" {
				if _, err := png.Decode(bytes.NewReader(baked)); err != nil {
					t.Errorf("it is no picture any more: %v", err)
				}
			}
		}
	}
}

func TestUnbake_refusesWhatReadersWouldReadDifferently(t *testing.T) {
	one, err := BakePNG(picture(t), []byte(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	list, err := chunks(one)
	if err != nil {
		t.Fatal(err)
	}
	twice := bytes.Replace(one, list[1].full, append(bytes.Clone(list[1].full), list[1].full...), 1)
	broken := bytes.Clone(one)
	broken[len(broken)-20] ^= 1
	svg, err := BakeSVG([]byte(drawing), []byte(`{"a":1}`))
	if err != nil {
		t.Fatal(err)
	}
	again, err := BakePNG(one, []byte(`{"b":2}`))
	if got, wrong := Unbake(again); err != nil || wrong != nil || string(got) != `{"b":2}` {
		t.Errorf("baked anew: got %s (%v, %v)", got, err, wrong)
	}
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"two iTXt chunks":        {twice, "recognition.two_badges"},
		"a wrong checksum":       {broken, "recognition.bad_picture"},
		"a cut picture":          {one[:len(one)-6], "recognition.bad_picture"},
		"something after":        {append(bytes.Clone(one), "ey.."...), "recognition.bad_picture"},
		"no badge":               {picture(t), "recognition.no_badge_inside"},
		"a drawing without":      {[]byte(drawing), "recognition.no_badge_inside"},
		"a drawing with two":     {bytes.Replace(svg, []byte("<title>"), append([]byte(`<c xmlns="`+svgSpace+`"><credential verify="x"/></c>`), "<title>"...), 1), "recognition.two_badges"},
		"a page":                 {[]byte("<html><body/></html>"), "recognition.bad_picture"},
		"entities of its own":    {[]byte(`<!DOCTYPE svg [<!ENTITY a "b">]>` + drawing[21:]), "recognition.bad_picture"},
		"nine megabytes":         {bytes.Repeat([]byte("a"), 9<<20), "recognition.too_large"},
		"a namesake of no space": {[]byte(strings.Replace(drawing, "<title>", `<credential verify="x"/><title>`, 1)), "recognition.no_badge_inside"},
	} {
		if got, err := Unbake(c.raw); !fault.Is(err, c.want) {
			t.Errorf("%s: got %.40q, %v, want %s", name, got, err, c.want)
		}
	}
}

func FuzzUnbake(f *testing.F) {
	one, err := BakePNG(picture(f), []byte(`{"a":1}`))
	if err != nil {
		f.Fatal(err)
	}
	svg, err := BakeSVG([]byte(drawing), []byte(`{"a":1}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(one)
	f.Add(svg)
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := Unbake(raw)
		if err == nil && len(out) > len(raw) {
			t.Errorf("got %d bytes out of %d", len(out), len(raw))
		}
		if baked, err := BakeSVG(raw, []byte(`{"a":1}`)); err == nil {
			if got, err := Unbake(baked); err != nil || string(got) != `{"a":1}` {
				t.Errorf("got %q (%v) from %q", got, err, baked)
			}
		}
	})
}
