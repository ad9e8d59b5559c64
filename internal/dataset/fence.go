package dataset

import (
	"math"
	"slices"
)

// Fences say which numbers are far from all others.
type fences struct {
	low, high float64 // numbers under or over are far; infinite where none is
	from, to  float64 // what the others range over
}

// far says whether v is beyond the fences. The zero value has none.
func (f *fences) far(v float64) bool { return f.high > f.low && (v < f.low || v > f.high) }

// farValues finds the numbers that are far from all others: three times the interquartile range beyond the quartiles q, on
// the values and, when all are positive, on their logarithms too; and as far from the next value, at least, as that one is
// from the median, so that the end of a long tail is none. More than three numbers beyond, and one in two thousand, are no
// accident: it is how the data is. Days only count from five years on, and have no logarithms.
// Source: J. Tukey, "Exploratory Data Analysis" (1977), far out values.
func farValues(d *digest, q [3]float64, days bool) (f fences, ok bool) {
	iqr := q[2] - q[0]
	first := slices.IndexFunc(d.points, func(p weighed) bool { return p.v >= q[0] })
	if iqr <= 0 || first < 0 {
		return f, false
	}
	low, high := q[0]-3*iqr, q[2]+3*iqr
	ratio, least := 0.0, 0.0 // between the quartiles, for logarithms; of a distance
	if days {
		least = 5 * 366 * 86400
	} else if q[0] > 0 && d.min > 0 {
		ratio = q[2] / q[0]
		high = max(high, q[2]*ratio*ratio*ratio)
		low = min(low, q[0]/ratio/ratio/ratio)
	}
	f = fences{math.Inf(-1), math.Inf(1), d.min, d.max}
	for i := first; i > 0; i-- { // from the inside out
		inner, v := d.points[i].v, d.points[i-1].v
		if v < low && inner-v >= max(q[1]-inner, least) && (ratio == 0 || inner/v >= q[1]/inner) {
			f.low, f.from, ok = v+(inner-v)/2, inner, true
			break
		}
	}
	for i := first; i+1 < len(d.points); i++ {
		inner, v := d.points[i].v, d.points[i+1].v
		if v > high && v-inner >= max(inner-q[1], least) && (ratio == 0 || v/inner >= math.Sqrt(inner/q[1])) {
			f.high, f.to, ok = inner+(v-inner)/2, inner, true
			break
		}
	}
	out := 0.0
	for _, p := range d.points {
		if f.far(p.v) {
			out += p.w
		}
	}
	return f, ok && out <= max(3, d.total/2000)
}

// unitFactors are by how much a number is off when it is in a neighbouring unit: centimetres for metres, euros for
// thousands of euros, grams for tonnes.
var unitFactors = [...]float64{100, 1000, 1e6}

// unitFactor says by which factor v is above (or, under 1, below) the usual values, when these are close together and v
// divided by it is one of them.
func unitFactor(v, q1, q3 float64) (float64, bool) {
	if q1 <= 0 || v <= 0 || q3 > 2*q1 {
		return 0, false
	}
	for _, f := range unitFactors {
		switch {
		case v/f >= q1/1.2 && v/f <= q3*1.2:
			return f, true
		case v*f >= q1/1.2 && v*f <= q3*1.2:
			return 1 / f, true
		}
	}
	return 0, false
}
