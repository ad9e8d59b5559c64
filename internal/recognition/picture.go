package recognition

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// A Picture is drawn in white on a disc of a colour: it stays legible at the size of a letter, and without its colour. Shapes are polygons, x
// and y in turn, in a square of 100; what lies in an even number of them is left out.
type Picture struct {
	Colour string      `json:"colour"` // "#rrggbb", dark enough for white to stand out on it
	Shapes [][]float64 `json:"shapes"`
}

var colourShape = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// leastContrast is that of a picture that carries meaning (WCAG 1.4.11 asks for 3; small pictures need more).
const leastContrast = 4.5

func (p Picture) wrong() string {
	if !colourShape.MatchString(p.Colour) || contrastWithWhite(p.rgb()) < leastContrast {
		return "white does not stand out on its colour"
	}
	if len(p.Shapes) == 0 {
		return "its picture is empty"
	}
	for _, s := range p.Shapes {
		if len(s) < 6 || len(s)%2 != 0 {
			return "a shape of its picture is no polygon"
		}
		for _, v := range s {
			if v < 15 || v > 85 {
				return "a shape of its picture leaves the disc"
			}
		}
	}
	return ""
}

func (p Picture) rgb() color.NRGBA {
	n, _ := strconv.ParseUint(strings.TrimPrefix(p.Colour, "#"), 16, 32) // its shape was checked
	return color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 255}
}

// contrastWithWhite is the ratio of WCAG 2.2.
func contrastWithWhite(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B) + 0.05)
}

// Radii of the disc and of the white ring in it.
const (
	disc, ringOut, ringIn = 49.0, 45.0, 42.5
)

// SVG draws the picture under a title, which screen readers say.
func (p Picture) SVG(title string) []byte {
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="320" height="320" role="img" aria-labelledby="title"><title id="title">`)
	_ = xml.EscapeText(&b, []byte(title)) // a buffer takes all
	fmt.Fprintf(&b, `</title><circle cx="50" cy="50" r="%g" fill="%s"/><circle cx="50" cy="50" r="%g" fill="none" stroke="#ffffff" stroke-width="%g"/>`,
		disc, p.Colour, (ringOut+ringIn)/2, ringOut-ringIn)
	b.WriteString(`<path fill="#ffffff" fill-rule="evenodd" d="`)
	for _, s := range p.Shapes {
		for i := 0; i < len(s); i += 2 {
			letter := "L"
			if i == 0 {
				letter = "M"
			}
			fmt.Fprintf(&b, "%s%g %g", letter, s[i], s[i+1])
		}
		b.WriteString("Z")
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes()
}

const (
	pngSide = 320 // pixels
	fine    = 4   // points looked at in a pixel, each way
)

// PNG draws the same as pixels, on nothing.
func (p Picture) PNG() ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, pngSide, pngSide))
	ground := p.rgb()
	for y := range pngSide {
		for x := range pngSide {
			inside, white := p.cover(x, y)
			if inside == 0 {
				continue
			}
			mix := func(c uint8) uint8 { return uint8((int(c)*(inside-white) + 255*white) / inside) }
			img.SetNRGBA(x, y, color.NRGBA{R: mix(ground.R), G: mix(ground.G), B: mix(ground.B), A: uint8(255 * inside / (fine * fine))})
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}

// cover counts, of the points of a pixel, those on the disc and those of them that are white.
func (p Picture) cover(px, py int) (inside, white int) {
	for i := range fine * fine {
		x := (float64(px) + (float64(i%fine)+0.5)/fine) * 100 / pngSide
		y := (float64(py) + (float64(i/fine)+0.5)/fine) * 100 / pngSide
		far := math.Hypot(x-50, y-50)
		if far > disc {
			continue
		}
		inside++
		if far <= ringOut && far >= ringIn || p.in(x, y) {
			white++
		}
	}
	return inside, white
}

// in says whether a point lies in an odd number of shapes.
func (p Picture) in(x, y float64) (odd bool) {
	for _, s := range p.Shapes {
		for i, j := 0, len(s)-2; i < len(s); i, j = i+2, i {
			if (s[i+1] > y) != (s[j+1] > y) && x < (s[j]-s[i])*(y-s[i+1])/(s[j+1]-s[i+1])+s[i] {
				odd = !odd
			}
		}
	}
	return odd
}
