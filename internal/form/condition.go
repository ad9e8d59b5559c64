package form

import (
	"slices"
	"time"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A Condition shows a block only when the answer to an earlier one is, or holds, a value; or when several such tests are met.
type Condition struct {
	Block string      `json:"block"` // name of the earlier block
	Value string      `json:"value"` // "" is any answer
	Not   bool        `json:"not,omitempty"`
	Order Order       `json:"order,omitempty"` // of numbers and days; "" is the same
	More  []Condition `json:"more,omitempty"`  // further tests, which have no further ones
	Any   bool        `json:"any,omitempty"`   // one of all the tests is enough
}

// An Order is how an answer stands to a value.
type Order string

// The orders.
const (
	Same   Order = ""
	Below  Order = "<"
	AtMost Order = "<="
	Above  Order = ">"
	From   Order = ">="
)

// Orders lists every order.
func Orders() []Order { return []Order{Same, Below, AtMost, Above, From} }

// TestsMost is how many tests a condition has at most.
const TestsMost = 5

// Tests are the tests of a condition, each alone.
func (c Condition) Tests() []Condition {
	one := c
	one.More, one.Any = nil, false
	return append([]Condition{one}, c.More...)
}

// Join makes a condition of tests; nil of none.
func Join(tests []Condition, any bool) *Condition {
	if len(tests) == 0 {
		return nil
	}
	c := tests[0]
	if len(tests) > 1 {
		c.More, c.Any = slices.Clone(tests[1:]), any
	}
	return &c
}

// Holds reports whether the condition is met by the answers.
func (c Condition) Holds(v Values) bool {
	for _, one := range c.Tests() {
		if met := one.met(v); met == c.Any {
			return met
		}
	}
	return !c.Any
}

// met reports whether one test is; where nothing was answered, nothing is equal, below or above.
func (c Condition) met(v Values) bool {
	met := len(v[c.Block]) > 0
	if met && (c.Value != "" || c.Order != Same) {
		met = slices.ContainsFunc(v[c.Block], func(s string) bool { return c.Order.stands(s, c.Value) })
	}
	return met != c.Not
}

// stands compares an answer with a value: days as days, numbers as numbers, and whether they are the same as people read them.
func (o Order) stands(answer, value string) bool {
	if o == Same {
		return french.Fold(answer) == french.Fold(value)
	}
	low, lowOK := measure(answer)
	high, highOK := measure(value)
	if !lowOK || !highOK {
		return false
	}
	return map[Order]bool{Below: low < high, AtMost: low <= high, Above: low > high, From: low >= high}[o]
}

// measure is a day in seconds since 1970, or a number.
func measure(text string) (float64, bool) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return float64(day.Unix()), true
	}
	return french.Number(text)
}

func (b Block) validateCondition(out *fault.List, before []Block) {
	if b.When == nil {
		return
	}
	if len(b.When.More) >= TestsMost {
		out.Add("when", "form.many_tests", TestsMost)
		return
	}
	for _, c := range b.When.Tests() {
		i := slices.IndexFunc(before, func(o Block) bool { return o.Name == c.Block && o.Kind.Asks() })
		switch {
		case i < 0 || before[i].Within != "" && before[i].Within != b.Within:
			out.Add("when", "form.condition_later")
		case c.Order != Same && !c.orders(before[i].Kind):
			out.Add("when", "form.condition_order", before[i].Label)
		case before[i].Kind.Chooses() && c.Value != "" && !slices.Contains(before[i].Options, c.Value):
			out.Add("when", "form.condition_option", c.Value, before[i].Label)
		default:
			continue
		}
		return
	}
}

// orders reports whether answers of a kind stand in an order to the value.
func (c Condition) orders(k Kind) bool {
	_, isDay := time.Parse(time.DateOnly, c.Value)
	_, isNumber := french.Number(c.Value)
	if k == Date {
		return isDay == nil
	}
	return isNumber && (k == Number || k == Computed || k == Repeat) && slices.Contains(Orders(), c.Order)
}
