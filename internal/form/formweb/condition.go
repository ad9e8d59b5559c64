package formweb

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// A testField asks for one test of a condition.
type testField struct {
	When, How ui.Choice
	Value     ui.Field
}

// The ways an answer is tested, as the page names them.
var hows = []struct {
	name  string
	order form.Order
	not   bool
}{{"is", form.Same, false}, {"not", form.Same, true}, {"from", form.From, false}, {"above", form.Above, false}, {"most", form.AtMost, false}, {"below", form.Below, false}}

// numbered is the name of a field of the nth test, from 0.
func numbered(name string, n int) string {
	if n == 0 {
		return name
	}
	return name + strconv.Itoa(n+1)
}

// condition asks for the tests there are, and one more.
func (page *blockPage) condition(p *i18n.Printer, in blockDraft) {
	var tests []form.Condition
	if in.block.When != nil {
		tests = in.block.When.Tests()
	}
	var options []ui.Option
	var values []string
	for _, o := range in.form.Blocks {
		if in.already && o.Name == in.block.Name {
			break // only an answer before can be waited for
		}
		if o.Kind.Asks() {
			options = append(options, ui.Option{Value: o.Name, Label: o.Label})
			values = append(values, o.Options...)
		}
	}
	if len(options) == 0 || in.block.Kind == form.Repeat {
		return
	}
	for n := range min(len(tests)+1, form.TestsMost) {
		c := form.Condition{}
		if n < len(tests) {
			c = tests[n]
		}
		page.Tests = append(page.Tests, oneTest(p, n, c, options, distinct(values)))
	}
	page.Tests[0].When.Error = in.errs.For("when")
	page.Any = &ui.Group{Name: "any", Label: p.T("formweb.tests_join"), Options: []ui.Option{{Value: "", Label: p.T("formweb.tests_all"), Selected: in.block.When == nil || !in.block.When.Any},
		{Value: "any", Label: p.T("formweb.tests_any"), Selected: in.block.When != nil && in.block.When.Any}}}
	if len(page.Tests) < 2 {
		page.Any = nil
	}
}

func oneTest(p *i18n.Printer, n int, c form.Condition, options []ui.Option, values []string) testField {
	t := testField{When: ui.Choice{Name: numbered("when", n), Label: p.T("formweb.show_when"), Empty: p.T("formweb.always")}, How: ui.Choice{Name: numbered("how", n), Label: p.T("formweb.show_how")},
		Value: ui.Field{Name: numbered("value", n), Label: p.T("formweb.show_value"), Hint: p.T("formweb.show_value_hint"), Value: c.Value, Suggestions: values, Optional: true, Autocomplete: "off"}}
	if n > 0 {
		t.When.Label, t.When.Empty, t.Value.Hint = p.T("formweb.show_when_more"), p.T("formweb.no_more_tests"), ""
	}
	for _, o := range options {
		o.Selected = o.Value == c.Block
		t.When.Options = append(t.When.Options, o)
	}
	for _, h := range hows {
		t.How.Options = append(t.How.Options, ui.Option{Value: h.name, Label: p.T("formweb.how_" + h.name), Selected: h.order == c.Order && h.not == c.Not})
	}
	return t
}

// readCondition reads the tests a page sent; nil for none.
func readCondition(r *http.Request) *form.Condition {
	var tests []form.Condition
	for n := range form.TestsMost {
		block := r.PostFormValue(numbered("when", n))
		if block == "" {
			continue
		}
		c := form.Condition{Block: block, Value: strings.TrimSpace(r.PostFormValue(numbered("value", n)))}
		for _, h := range hows {
			if h.name == r.PostFormValue(numbered("how", n)) {
				c.Order, c.Not = h.order, h.not
			}
		}
		tests = append(tests, c)
	}
	return form.Join(tests, r.PostFormValue("any") != "")
}

func conditionText(p *i18n.Printer, f form.Form, c form.Condition) string {
	var parts []string
	for _, one := range c.Tests() {
		parts = append(parts, testText(p, f, one))
	}
	if len(parts) == 1 {
		return p.T("formweb.when_one", parts[0])
	}
	return p.T(map[bool]string{true: "formweb.when_any", false: "formweb.when_all"}[c.Any], strings.Join(parts, p.T("formweb.when_between")))
}

func testText(p *i18n.Printer, f form.Form, c form.Condition) string {
	label := c.Block
	if at := f.Find(c.Block); at >= 0 {
		label = f.Blocks[at].Label
	}
	switch {
	case c.Order != form.Same:
		for _, h := range hows {
			if h.order == c.Order {
				return p.T("formweb.when_order", label, p.T("formweb.how_"+h.name), c.Value)
			}
		}
	case c.Value == "" && c.Not:
		return p.T("formweb.when_unanswered", label)
	case c.Value == "":
		return p.T("formweb.when_answered", label)
	case c.Not:
		return p.T("formweb.when_not", label, c.Value)
	}
	return p.T("formweb.when_is", label, c.Value)
}

// A jsonTest is one test as the page's script reads it.
type jsonTest struct {
	Field string     `json:"field"`
	Value string     `json:"value"`
	Not   bool       `json:"not"`
	Order form.Order `json:"order"`
}

func whenOf(c form.Condition, kept form.Values) *when {
	tests := []jsonTest{}
	for _, one := range c.Tests() {
		tests = append(tests, jsonTest{form.Block{Name: one.Block}.Field(), one.Value, one.Not, one.Order})
	}
	raw, _ := json.Marshal(tests) // texts and truths are always written
	return &when{Tests: string(raw), Any: c.Any, Hidden: !c.Holds(kept)}
}
