// Package fault is the vocabulary of what can go wrong. A fault is made for two readers: a person, who sees its
// catalogue key translated, and an engineer, who sees the wrapped cause in the log.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what the caller can do about a fault; it is not an HTTP status.
type Kind int

// The kinds of fault. The zero value is Internal: an error nobody named is our bug until shown otherwise.
const (
	Internal Kind = iota // our bug or a broken machine: nothing the person can mend
	Invalid              // what was sent is wrong: mend it and send it again
	NotFound             // it does not exist, or it is not yours to see
	Denied               // you are known, and may not do this
	SignIn               // nobody is signed in, and this asks for somebody
	Conflict             // somebody or something was faster, or the state forbids it
	Busy                 // try again later
	TooLarge             // over a limit that is a setting
)

// Error is a fault a person may see. Key and Args are a message in the catalogue, never prose;
// Err is for the log only and is never shown.
type Error struct {
	Kind  Kind
	Key   string // for example "dataset.file_empty"; must exist in every language
	Field string // form field at fault, if any
	Args  []any  // in the order of the message's {0}, {1}; one may be a fault itself, told where it stands
	Err   error
}

// New returns a fault of the kind, with the catalogue key and its arguments.
func New(kind Kind, key string, args ...any) *Error { return &Error{Kind: kind, Key: key, Args: args} }

// Field returns an Invalid fault about one field of a form.
func Field(field, key string, args ...any) *Error {
	return &Error{Kind: Invalid, Key: key, Field: field, Args: args}
}

// Because returns a copy of e with cause kept for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Err = cause
	return &c
}

// Sentence gives what a person reads: a catalogue key and its arguments.
func (e *Error) Sentence() (key string, args []any) { return e.Key, e.Args }

// Error implements error, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key)
	if len(e.Args) > 0 {
		fmt.Fprintf(&b, "%v", e.Args)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, " (field %s)", e.Field)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf says the kind of the first fault in err's chain; Internal if there is none.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Kind
	}
	return Internal
}

// Is reports whether err carries a fault with the key.
func Is(err error, key string) bool {
	f, ok := errors.AsType[*Error](err)
	return ok && f.Key == key
}

// Wrap prefixes a non-nil *err with the operation, once per exported function:
//
//	defer fault.Wrap(&err, "dataset.Keep(%s)", id)
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf(format+": %w", append(args, *err)...)
	}
}

// List is several field faults found in one form. It is itself an error of kind Invalid.
type List []*Error

// Add appends a field fault.
func (l *List) Add(field, key string, args ...any) { *l = append(*l, Field(field, key, args...)) }

// Err returns nil for an empty list, else the list as an error.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// Error implements error.
func (l List) Error() string {
	parts := make([]string, len(l))
	for i, f := range l {
		parts[i] = f.Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap lets errors.As find the first fault, and with it the kind.
func (l List) Unwrap() []error {
	errs := make([]error, len(l))
	for i, f := range l {
		errs[i] = f
	}
	return errs
}
