package tabular

import (
	"errors"
	"io"

	"cultured/internal/fault"
)

// What may be unpacked before the ratio counts: small files of zeros harm nobody.
const (
	// workbookFree is for the XML of workbooks. Where each row has its number, a million rows that are all alike pack about
	// 100 times smaller, far from Limits.Ratio; a bomb packs 700 to 1,000 times smaller.
	workbookFree = 10 << 20
	// textFree is for packed texts. One line repeated packs about 1,000 times smaller, as much as deflate can (1,032), so no
	// ratio tells a dull table from a bomb: only its size does.
	textFree = 32 << 20
)

// textRatio is the ratio of packed texts past textFree. A wide and sparse table, where only a number changes from line to
// line, may reach 250.
const textRatio = 500

// guard stops unpacking past the limits. What came out is compared with what went in so far, not with the whole file: a
// bomb is known by its first megabytes, however large it is. Parts of one container share their counts.
type guard struct {
	r        io.Reader
	in, out  *int64 // packed bytes read and unpacked bytes given, so far
	expanded int64  // most bytes that come out
	free     int64  // bytes that may come out before the ratio counts
	ratio    int64  // most bytes out per byte in
}

// Read implements io.Reader. Faults: TooLarge "tabular.expands_too_much".
func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	*g.out += int64(n)
	if most := min(g.expanded, max(g.free, *g.in*g.ratio)); *g.out > most {
		return n, fault.New(fault.TooLarge, "tabular.expands_too_much", most)
	}
	return n, err
}

// broken turns an error met while reading a format into a fault; faults pass through.
func broken(format string, err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.New(fault.Invalid, "tabular.broken", format).Because(err)
}
