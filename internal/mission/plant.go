package mission

import (
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"cultured/internal/french"
)

func swapDigits(r *rand.Rand, cell string) (string, bool) {
	b := []byte(cell)
	var places []int
	for i := 0; i+1 < len(b); i++ {
		if digit(b[i]) && digit(b[i+1]) && b[i] != b[i+1] {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return cell, false
	}
	i := places[r.IntN(len(places))]
	b[i], b[i+1] = b[i+1], b[i]
	return string(b), true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func loseZero(_ *rand.Rand, cell string) (string, bool) {
	return strings.TrimLeft(cell, "0"), coded(cell) && strings.Trim(cell, "0") != ""
}

func otherDate(r *rand.Rand, cell string) (string, bool) {
	day, _, ok := french.Date(cell)
	if !ok {
		return cell, false
	}
	layouts := []string{"02/01/2006", "2.1.2006", "02-01-06"}
	if !strings.Contains(cell, "-") || len(cell) < len(time.DateOnly) || cell[4] != '-' {
		layouts = []string{time.DateOnly, "2.1.2006", "02-01-06"}
	}
	other := day.Format(layouts[r.IntN(len(layouts))])
	if back, _, ok := french.Date(other); !ok || !back.Equal(day) { // two figures of a year say a century of our own
		other = day.Format(layouts[0])
	}
	return other, true
}

func strayspaces(r *rand.Rand, cell string) (string, bool) {
	if strings.TrimSpace(cell) == "" {
		return cell, false
	}
	if i := strings.IndexByte(cell, ' '); i > 0 && r.IntN(2) == 0 {
		return cell[:i] + " " + cell[i:], true
	}
	return []string{" " + cell, cell + " ", cell + "  "}[r.IntN(3)], true
}

func decimalComma(_ *rand.Rand, cell string) (string, bool) {
	_, isNumber := french.Number(cell)
	return strings.Replace(cell, ".", ",", 1), isNumber && strings.Count(cell, ".") == 1
}

func otherCase(_ *rand.Rand, cell string) (string, bool) {
	up := strings.ToUpper(cell)
	if up == cell {
		up = strings.ToLower(cell)
	}
	return up, strings.ContainsFunc(cell, unicode.IsLetter)
}

func tenTimes(r *rand.Rand, cell string) (string, bool) {
	n, ok := french.Number(cell)
	if !ok || n == 0 || coded(cell) {
		return cell, false
	}
	if i := strings.IndexByte(cell, '.'); i > 0 { // the decimal point lost or moved
		return strings.Replace(cell, ".", "", 1), true
	}
	return cell + []string{"0", "00"}[r.IntN(2)], true
}
