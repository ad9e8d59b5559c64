package mission

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// A claim is a sentence about the data with a figure in it: the true one, or one planted beside it.
type claim struct {
	figure string
	right  string // value of the option
}

// False and True are the options of a mission of claims.
const (
	False = "false"
	True  = "true"
)

// claims draws, for each case with a question, whether its sentence is true, and its figure. Where there are four, two at least are false and two true: no single word
// answers them all.
func (m Mission) claims(v *Variant, r *rand.Rand) error {
	v.claims = map[int]claim{}
	wrong := make([]bool, len(v.Cases))
	several := min(2, len(wrong)/2)
	planted := several + r.IntN(max(1, len(wrong)-2*several+1))
	for i := range wrong {
		wrong[i] = i < planted
	}
	r.Shuffle(len(wrong), func(i, j int) { wrong[i], wrong[j] = wrong[j], wrong[i] })
	for i, at := range v.Cases {
		q := m.Cases[at].Question
		if q == nil {
			continue
		}
		n, err := q.answer(v.Truth)
		if err != nil {
			return fmt.Errorf("case %d: %w", at+1, err)
		}
		c := claim{right: True}
		if wrong[i] {
			c.right = False
			n = astray(r, n)
		}
		c.figure = figure(n)
		v.claims[at] = c
	}
	return nil
}

// figure writes a number with one decimal at most.
func figure(n float64) string { return strconv.FormatFloat(math.Round(n*10)/10, 'f', -1, 64) }

// astray is a figure one might believe, and which is wrong by a tenth at least.
func astray(r *rand.Rand, n float64) float64 {
	by := max(1, math.Ceil(math.Abs(n)*(0.12+0.3*r.Float64())))
	if r.IntN(2) == 0 && n-by >= 0 {
		return n - by
	}
	return n + by
}

// Right is the option that is right for the case at a place of the mission, in this variant.
func (m Mission) Right(v Variant, at int) string {
	if c, ok := v.claims[at]; ok {
		return c.right
	}
	return m.Cases[at].Right
}

// Text is what a case says in this variant, in a language: its figure stands in place of {0}.
func (m Mission) Text(v Variant, at int, lang string, number func(any) string) string {
	s := m.Cases[at].Text.In(lang)
	if c, ok := v.claims[at]; ok {
		n, _ := strconv.ParseFloat(c.figure, 64) // written above
		return strings.ReplaceAll(s, "{0}", number(n))
	}
	return s
}
