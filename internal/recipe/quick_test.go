package recipe

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// What is reckoned quickly is what fractions give, to the letter.
func FuzzQuick(f *testing.F) {
	f.Add("12.50", "-3", "+")
	f.Add("0.05", "0.95", "-")
	f.Add("99999999999999999", "99999999999999999", "*")
	f.Add("-0", "0.00", "+")
	f.Fuzz(func(t *testing.T, v, w, sign string) {
		if !strings.Contains("+-*", sign) || len(sign) != 1 {
			return
		}
		got, ok := reckonQuickly(sign, v, w)
		if !ok {
			return
		}
		x, okx := exact(v)
		y, oky := exact(w)
		if !okx || !oky {
			t.Fatalf("%q %s %q is %s, and one of them is no number", v, sign, w, got)
		}
		want := map[string]func(*big.Rat, *big.Rat) *big.Rat{"+": x.Add, "-": x.Sub, "*": x.Mul}[sign](x, y)
		if got != decimal(want) {
			t.Errorf("%s %s %s: got %s, want %s", v, sign, w, got, decimal(want))
		}
	})
}

func TestQuick_isExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		v := fmt.Sprintf("%d.%0*d", rng.Int64N(1e6)-5e5, 1+rng.IntN(9), rng.Int64N(10))
		w := fmt.Sprint(rng.Int64N(1e10) - 5e9)
		for sign, op := range map[string]func(z, x, y *big.Rat) *big.Rat{"+": (*big.Rat).Add, "-": (*big.Rat).Sub, "*": (*big.Rat).Mul} {
			x, _ := exact(v)
			y, _ := exact(w)
			if got, ok := reckonQuickly(sign, v, w); ok && got != decimal(op(new(big.Rat), x, y)) {
				t.Fatalf("%s %s %s: got %s, want %s", v, sign, w, got, decimal(op(new(big.Rat), x, y)))
			}
		}
	}
	for _, v := range []string{"", "-", ".5", "5.", "1,5", "1e3", "1.2.3", "123456789012345678", "+1", "0x1", "1 000"} {
		if q, ok := quickOf(v); ok {
			t.Errorf("%q is read as %v", v, q)
		}
	}
}
