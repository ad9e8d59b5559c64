package tabular

import (
	"errors"
	"io"

	"cultured/internal/fault"
)

// ratioFree is how much may be unpacked before the ratio counts: small files of zeros harm nobody.
const ratioFree = 10 << 20

// guard stops unpacking past the limits. total, if set, is shared by all the parts of one container.
type guard struct {
	r      io.Reader
	limits Limits
	size   int64 // of the file as received
	n      int64
	total  *int64
}

// Read implements io.Reader. Faults: TooLarge "tabular.expands_too_much".
func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.n += int64(n)
	sum := g.n
	if g.total != nil {
		*g.total += int64(n)
		sum = *g.total
	}
	if sum > g.limits.Expanded || sum > ratioFree && sum/g.limits.Ratio > g.size {
		most := g.limits.Expanded
		if most/g.limits.Ratio > g.size {
			most = max(ratioFree, g.size*g.limits.Ratio)
		}
		return n, fault.New(fault.TooLarge, "tabular.expands_too_much", most)
	}
	return n, err
}

// broken turns an error met while reading a format into a fault; faults pass through.
func broken(format string, err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fault.New(fault.Invalid, "tabular.broken", format, err.Error()).Because(err)
}
