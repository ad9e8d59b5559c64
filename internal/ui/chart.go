package ui

import (
	"fmt"
	"math"
	"strings"
)

// Score is a number of points out of Max, drawn as a ring of Max segments. Label is required and says what is scored.
type Score struct {
	Value, Max int
	Label      string
	Small      bool
	Criteria   []Criterion
}

// Criterion is one point of a [Score]. Advice says how to win it; Href leads to where.
type Criterion struct {
	Label, Advice, Href string
	Met                 bool
}

// Grade is "low" under 4/9, "high" from 7/9, else "middle".
func (s Score) Grade() string {
	switch share := float64(s.Value) / float64(max(s.Max, 1)); {
	case share < 4.0/9:
		return "low"
	case share < 7.0/9:
		return "middle"
	}
	return "high"
}

// Track is the dash pattern of a ring of Max segments whose path length is 10 each.
func (s Score) Track() string { return strings.TrimSpace(strings.Repeat("8 2 ", max(s.Max, 1))) }

// Length is the path length of the ring.
func (s Score) Length() int { return 10 * max(s.Max, 1) }

// Dash is the dash pattern of the segments won, then nothing for the rest of the ring.
func (s Score) Dash() string {
	n := min(max(s.Value, 0), s.Max)
	if n == 0 {
		return fmt.Sprintf("0 %d", s.Length())
	}
	return strings.Repeat("8 2 ", n-1) + fmt.Sprintf("8 %d", s.Length()-10*n+2)
}

func newScore(label string, value, max int) Score { return Score{Label: label, Value: value, Max: max} }

// Smaller draws it for a card.
func (s Score) Smaller() Score { s.Small = true; return s }

// Split is a whole cut into parts, drawn as one bar with its words. Label is required.
type Split struct {
	Label string
	Parts []Part
	Terse bool // the bar alone; the words are read aloud
}

// Part is one part of a [Split]: Text is its value as written, Kind its meaning.
type Part struct {
	Label, Text, Kind string
	Value             float64
}

// Segment is a part placed on the bar, in thousandths.
type Segment struct {
	Kind     string
	X, Width float64
}

// Segments places the parts; a part that is not zero is at least 6 thousandths wide, so that it is seen.
func (s Split) Segments() []Segment {
	total, extra := 0.0, 0.0
	for _, p := range s.Parts {
		total += max(p.Value, 0)
	}
	if total == 0 {
		return nil
	}
	widths := make([]float64, len(s.Parts))
	for i, p := range s.Parts {
		if p.Value > 0 {
			widths[i] = max(6, 1000*p.Value/total)
			extra += widths[i]
		}
	}
	var out []Segment
	x := 0.0
	for i, p := range s.Parts {
		if w := widths[i] * 1000 / extra; w > 0 {
			out = append(out, Segment{Kind: key(p.Kind, Neutral), X: round(x), Width: round(w)})
			x += w
		}
	}
	return out
}

// Bars is a list of labelled bars from zero, a table to screen readers. Caption is required.
type Bars struct {
	Caption       string
	CaptionHidden bool
	LabelHead     string // head of the first column
	ValueHead     string // head of the values, with their unit
	Items         []Bar
}

// Bar is one line of [Bars]: Text is the value as written.
type Bar struct {
	Label, Text, Href, Kind string
	Value                   float64
}

// Width is the length of bar i in hundredths of the longest.
func (b Bars) Width(i int) float64 {
	longest := 0.0
	for _, it := range b.Items {
		longest = max(longest, it.Value)
	}
	if longest == 0 {
		return 0
	}
	return round(100 * max(b.Items[i].Value, 0) / longest)
}

// Histogram is a tiny drawing of how values are spread. Label is required: the sentence that says what the drawing shows.
type Histogram struct {
	Label     string
	Counts    []float64
	Low, High string // ends of the range, as written under the drawing; none when empty
	Marked    int    // index of the bin to stress, from 1; 0 stresses none
}

// HistogramWidth and HistogramHeight are the drawing's size in its own units.
const (
	HistogramWidth  = 160
	HistogramHeight = 40
)

// Box is one bar of a [Histogram], in the drawing's units.
type Box struct {
	X, Y, Width, Height float64
	Marked              bool
}

// Boxes places the bars; a count that is not zero is at least 2 high.
func (h Histogram) Boxes() []Box {
	highest := 0.0
	for _, c := range h.Counts {
		highest = max(highest, c)
	}
	step := float64(HistogramWidth) / float64(max(len(h.Counts), 1))
	var out []Box
	for i, c := range h.Counts {
		if c <= 0 {
			continue
		}
		height := max(2, float64(HistogramHeight)*c/highest)
		out = append(out, Box{X: round(float64(i) * step), Y: round(HistogramHeight - height), Width: round(max(step-1, step*0.8)),
			Height: round(height), Marked: i+1 == h.Marked})
	}
	return out
}

// round keeps two decimals: less is seen as a jump, more is noise in the page.
func round(v float64) float64 { return math.Round(v*100) / 100 }
