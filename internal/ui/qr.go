package ui

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// A QR is an address as a drawing that telephones read. Make it with [NewQR].
type QR struct {
	Label string // what it is for, for who does not see it
	Size  int    // modules of a side, quiet zone included
	Path  string // the dark modules, one unit each
}

// quiet is how many modules of nothing readers need around the code (ISO/IEC 18004).
const quiet = 4

// NewQR draws a text of at most 2,000 bytes. A seventh of the drawing may be dirty or hidden. Faults: an error for a longer text.
func NewQR(label, text string) (QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return QR{}, fmt.Errorf("ui: QR code: %w", err)
	}
	side := code.Bounds().Dx()
	dark := func(x, y int) bool { return x < side && color.GrayModel.Convert(code.At(x, y)).(color.Gray).Y < 128 }
	var b strings.Builder
	for y := range side {
		for x := 0; x < side; x++ {
			start := x
			for dark(x, y) {
				x++
			}
			if x > start {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", start+quiet, y+quiet, x-start, x-start)
			}
		}
	}
	return QR{Label: label, Size: side + 2*quiet, Path: b.String()}, nil
}
