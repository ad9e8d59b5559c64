package form

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/codelist"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/identifier"
)

// Values are what somebody answers, by block; in a group by [RowKey], and the group itself has its number of rows. As typed, a Point has two texts, latitude then longitude. As kept, a number is
// digits with a point, a day 2006-01-02, a phone number E.164 where it can be, a commune its code, a point "latitude,longitude",
// a file its [Attachment.Value].
type Values map[string][]string

// First is the first text of a block, "" when there is none.
func (v Values) First(name string) string {
	if len(v[name]) == 0 {
		return ""
	}
	return v[name][0]
}

// Shown lists the blocks that an answer is asked for, in each row of a group: those whose condition the kept answers meet. What hangs on
// a hidden block is hidden, unless it waits for the absence of an answer.
func (f *Form) Shown(kept Values) (out []Block) {
	for _, b := range f.Expand(kept) {
		if b.When == nil || b.When.Holds(kept) {
			out = append(out, b)
		}
	}
	return out
}

// Read makes an answer of what was typed, or says what to mend in each field, in reading order. Blocks are read in order, so that a
// condition sees earlier answers as they are kept; what was typed into a hidden block is dropped, and so are rows left blank. What is
// computed is computed here, whatever was typed.
func (f *Form) Read(typed Values) (kept Values, out fault.List) {
	typed, kept = f.Compact(typed), Values{}
	for _, b := range f.Expand(typed) {
		if !b.Kind.Asks() || b.When != nil && !b.When.Holds(kept) {
			continue
		}
		var values []string
		var problem *fault.Error
		switch b.Kind {
		case Repeat:
			if values, problem = b.readRows(typed.Rows(b.Name)); problem != nil {
				kept[b.Name] = typed[b.Name] // its rows are judged all the same
			}
		case Computed:
			if v, ok := f.compute(b, kept); ok {
				values = []string{v}
			}
		default:
			if problem = f.astray(b, typed[b.Name], kept); problem == nil {
				values, problem = b.narrowed(kept).read(typed[b.Name])
			}
		}
		if problem != nil {
			problem.Field = b.Field()
			out = append(out, problem)
		} else if len(values) > 0 {
			kept[b.Name] = values
		}
	}
	return kept, out
}

func (b Block) read(typed []string) ([]string, *fault.Error) {
	var given []string
	for _, t := range typed {
		if t = strings.TrimSpace(strings.ReplaceAll(t, "\r\n", "\n")); t != "" {
			given = append(given, t)
		}
	}
	if len(given) == 0 {
		if !b.Required {
			return nil, nil
		}
		if b.Kind.Chooses() {
			return nil, b.wrong("form.choose_one")
		}
		if b.Kind.Attaches() {
			return nil, b.wrong("form.file_missing")
		}
		return nil, b.wrong("form.answer_missing")
	}
	switch b.Kind {
	case One, Many:
		return b.readChoice(given)
	case Point:
		return b.readPoint(given)
	case File, Photo:
		return b.readFiles(given)
	}
	value, problem := b.readOne(given[0])
	if problem != nil {
		return nil, problem
	}
	return []string{value}, nil
}

func (b Block) wrong(key string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, key, append([]any{b.Label}, args...)...)
}

func (b Block) readOne(text string) (string, *fault.Error) {
	most := LineMost
	if b.Kind == LongText || b.Kind == Address {
		most = LongTextMost
	}
	if n := utf8.RuneCountInString(text); n > most {
		return "", b.wrong("form.answer_long", most, n)
	}
	switch b.Kind {
	case Number:
		return b.readNumber(text)
	case Date:
		return b.readDate(text)
	case Email:
		if !identifier.IsEmail(text) {
			return "", b.wrong("form.answer_email")
		}
	case Phone:
		if e164, ok := identifier.PhoneE164(text); ok {
			return e164, nil
		}
		return "", b.wrong("form.answer_phone")
	case Commune:
		return b.readCommune(text)
	case Line, LongText:
		return b.readText(text)
	}
	return text, nil
}

func (b Block) readText(text string) (string, *fault.Error) {
	n := utf8.RuneCountInString(text)
	if low, err := strconv.Atoi(b.Min); err == nil && n < low {
		return "", b.wrong("form.answer_short", low, n)
	}
	if high, err := strconv.Atoi(b.Max); err == nil && n > high {
		return "", b.wrong("form.answer_long", high, n)
	}
	return text, nil
}

func (b Block) readNumber(text string) (string, *fault.Error) {
	value, ok := french.Decimal(text)
	n, isNumber := french.Number(text)
	if !ok || !isNumber {
		return "", b.wrong("form.answer_number")
	}
	return value, b.outside(n)
}

// outside is the fault of a measure beyond the block's limits, nil when there is none.
func (b Block) outside(n float64) *fault.Error {
	if low, ok := b.measure(b.Min); b.Min != "" && ok && n < low {
		return b.wrong("form.answer_low", b.Min)
	}
	if high, ok := b.measure(b.Max); b.Max != "" && ok && n > high {
		return b.wrong("form.answer_high", b.Max)
	}
	return nil
}

func (b Block) readDate(text string) (string, *fault.Error) {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		read, layout, ok := french.Date(text)
		if !ok || !strings.Contains(strings.ReplaceAll(layout, "2006", ""), "2") { // a month or a year alone has no day
			return "", b.wrong("form.answer_date")
		}
		day = read
	}
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
	if first, err := time.Parse(time.DateOnly, b.Min); err == nil && day.Before(first) {
		return "", b.wrong("form.answer_early", first)
	}
	if last, err := time.Parse(time.DateOnly, b.Max); err == nil && day.After(last) {
		return "", b.wrong("form.answer_late", last)
	}
	return day.Format(time.DateOnly), nil
}

// readCommune keeps the code: of a name that one commune has, or as it was typed.
func (b Block) readCommune(text string) (string, *fault.Error) {
	if code := strings.ToUpper(text); codelist.IsCommune(code) {
		return code, nil
	}
	found := codelist.CommunesNamed(text)
	switch len(found) {
	case 0:
		return "", b.wrong("form.answer_commune")
	case 1:
		return found[0].Code, nil
	}
	var codes []string
	for _, c := range found[:min(len(found), 4)] {
		codes = append(codes, c.Code)
	}
	return "", b.wrong("form.answer_communes", text, strings.Join(codes, ", "))
}

func (b Block) readChoice(given []string) ([]string, *fault.Error) {
	var kept []string
	for _, o := range b.Options { // in the form's order, each once
		if slices.Contains(given, o) {
			kept = append(kept, o)
		}
	}
	for _, g := range given {
		if !slices.Contains(b.Options, g) {
			return nil, b.wrong("form.answer_option", g)
		}
	}
	if b.Kind == One {
		if len(kept) > 1 {
			return nil, b.wrong("form.answer_only_one")
		}
		return kept, nil
	}
	if low, err := strconv.Atoi(b.Min); err == nil && len(kept) < low {
		return nil, b.wrong("form.answer_few", low)
	}
	if high, err := strconv.Atoi(b.Max); err == nil && len(kept) > high {
		return nil, b.wrong("form.answer_many", high)
	}
	return kept, nil
}
