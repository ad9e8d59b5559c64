package dataset

import (
	"cmp"
	"math"
	"slices"
)

// A weighed value is v, met w times.
type weighed struct{ v, w float64 }

// A digest keeps the shape of a distribution in a few hundred points. While it was fed once only, it is exact.
// Source: the merging t-digest of Dunning and Ertl, scale function k1.
type digest struct {
	points   []weighed // sorted; centroids once compressed
	total    float64
	min, max float64
	feeds    int
}

const digestSize = 400

// feed adds a batch, which it sorts.
func (d *digest) feed(batch []weighed) {
	if len(batch) == 0 {
		return
	}
	slices.SortFunc(batch, func(a, b weighed) int { return cmp.Compare(a.v, b.v) })
	if d.feeds == 0 {
		d.min, d.max = batch[0].v, batch[len(batch)-1].v
	}
	d.min, d.max = min(d.min, batch[0].v), max(d.max, batch[len(batch)-1].v)
	for _, b := range batch {
		d.total += b.w
	}
	d.feeds++
	if d.feeds == 1 {
		d.points = slices.Clone(batch)
		return
	}
	if d.feeds == 2 {
		d.compress()
	}
	d.points = append(d.points, batch...)
	slices.SortFunc(d.points, func(a, b weighed) int { return cmp.Compare(a.v, b.v) })
	d.compress()
}

// compress merges neighbours while the scale function allows.
func (d *digest) compress() {
	if len(d.points) <= digestSize {
		return
	}
	k := func(q float64) float64 {
		return digestSize / (2 * math.Pi) * math.Asin(2*min(max(q, 0), 1)-1)
	}
	out := d.points[:1]
	done := 0.0
	limit := k(0) + 1
	for _, p := range d.points[1:] {
		last := &out[len(out)-1]
		if k((done+last.w+p.w)/d.total) <= limit {
			last.v += (p.v - last.v) * p.w / (last.w + p.w)
			last.w += p.w
			continue
		}
		done += last.w
		limit = k(done/d.total) + 1
		out = append(out, p)
	}
	d.points = out
}

// exact says whether every value fed is still there.
func (d *digest) exact() bool { return d.feeds <= 1 }

// quantile returns the value below which a share q of the weight lies; NaN when empty. Exact digests give a value met.
func (d *digest) quantile(q float64) float64 {
	if d.total == 0 {
		return math.NaN()
	}
	target, done := q*d.total, 0.0
	if d.exact() {
		for i, p := range d.points {
			done += p.w
			if done > target {
				return p.v
			}
			if done == target && i+1 < len(d.points) { // between two values: the middle, as for a median of an even number
				return p.v + (d.points[i+1].v-p.v)/2
			}
		}
		return d.max
	}
	before, at := d.min, 0.0
	for _, p := range d.points {
		middle := done + p.w/2
		if target < middle {
			if middle == at {
				return p.v
			}
			return before + (p.v-before)*(target-at)/(middle-at)
		}
		before, at = p.v, middle
		done += p.w
	}
	if d.total == at {
		return d.max
	}
	return before + (d.max-before)*(target-at)/(d.total-at)
}

// bins cuts the range into n equal parts and counts each; the last includes the maximum.
func (d *digest) bins(n int) []Bin {
	if d.total == 0 || d.min == d.max || math.IsInf(d.max-d.min, 0) {
		return nil
	}
	bins := make([]Bin, n)
	width := (d.max - d.min) / float64(n)
	for i := range bins {
		bins[i].From, bins[i].To = d.min+float64(i)*width, d.min+float64(i+1)*width
	}
	bins[n-1].To = d.max
	counts := make([]float64, n)
	for _, p := range d.points {
		counts[min(int((p.v-d.min)/width), n-1)] += p.w
	}
	for i := range bins {
		bins[i].Count = int64(math.Round(counts[i]))
	}
	return bins
}
