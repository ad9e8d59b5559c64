package ui

import (
	"errors"

	"cultured/internal/fault"
	"cultured/internal/i18n"
)

// A FormError is one thing to mend in a form, already translated. Field is the name of the field, "" for the form as a whole.
type FormError struct{ Field, Text string }

// FormErrors is everything to mend in a form, in the order of the fields.
type FormErrors []FormError

// For is what is wrong with a field, "" when nothing is.
func (e FormErrors) For(field string) string {
	for _, one := range e {
		if one.Field == field {
			return one.Text
		}
	}
	return ""
}

// FormErrorsOf translates the faults of err that a person can mend: those of a [fault.List], or one. ok is false when err is something
// else (nothing, our bug, not found, denied): return it then, for the front desk to answer.
func FormErrorsOf(p *i18n.Printer, err error) (_ FormErrors, ok bool) {
	if list, isList := errors.AsType[fault.List](err); isList {
		var out FormErrors
		for _, f := range list {
			out = append(out, FormError{Field: f.Field, Text: p.T(f.Key, f.Args...)})
		}
		return out, len(out) > 0
	}
	f, isFault := errors.AsType[*fault.Error](err)
	if !isFault {
		return nil, false
	}
	switch f.Kind {
	case fault.Invalid, fault.Conflict, fault.TooLarge:
		return FormErrors{{Field: f.Field, Text: p.T(f.Key, f.Args...)}}, true
	}
	return nil, false
}
