package config

import (
	"flag"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/fetch"
)

// given is a value with the name it is given by, flag or variable. It keeps the fault of what does not fit.
type given struct {
	flag.Value
	name  string
	wrong *error
}

// IsBoolFlag lets a flag that is true or false stand without a value.
func (g given) IsBoolFlag() bool {
	_, ok := g.Value.(boolValue)
	return ok
}

// Set implements flag.Value. The faults of the values know how to write them; here they learn the setting and the value.
func (g given) Set(s string) error {
	err := g.Value.Set(s)
	if f, ok := err.(*fault.Error); ok {
		f.Args = append([]any{g.name, s}, f.Args...)
		*g.wrong = f
	}
	return err
}

func (g given) String() string {
	if g.Value == nil { // the flag package makes an empty one
		return ""
	}
	return g.Value.String()
}

type textValue struct {
	p   *string
	ok  func(string) bool
	key string // of the fault of what is not ok
}

func text(p *string, def string) flag.Value {
	return checked(p, def, func(string) bool { return true }, "")
}

// checked is a text that must be ok, or empty.
func checked(p *string, def string, ok func(string) bool, key string) flag.Value {
	*p = def
	return textValue{p, ok, key}
}

func (v textValue) String() string { return *v.p }

func (v textValue) Set(s string) error {
	if s != "" && !v.ok(s) {
		return fault.New(fault.Invalid, v.key)
	}
	*v.p = s
	return nil
}

func isAddress(s string) bool { _, _, err := net.SplitHostPort(s); return err == nil }

func isURL(s string) bool { return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") }

// isTiles wants an address a page may name in its policy: encrypted, with its host first and the three numbers of a picture after it.
func isTiles(s string) bool {
	u, err := url.Parse(strings.NewReplacer("{z}", "0", "{x}", "0", "{y}", "0").Replace(s))
	return err == nil && u.Scheme == "https" && u.Host != "" && strings.Trim(u.Host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:") == "" &&
		strings.Contains(s, "{z}") && strings.Contains(s, "{x}") && strings.Contains(s, "{y}")
}

func isNetworks(s string) bool { _, ok := fetch.ReadNetworks(s); return ok }

func isLogFormat(s string) bool { return s == "text" || s == "json" }

type boolValue struct{ p *bool }

func boolean(p *bool) flag.Value { *p = false; return boolValue{p} }

func (v boolValue) String() string { return strconv.FormatBool(*v.p) }

func (v boolValue) Set(s string) error {
	b, err := strconv.ParseBool(s)
	if err != nil {
		return fault.New(fault.Invalid, "config.bad_boolean")
	}
	*v.p = b
	return nil
}

// A numberValue is a whole number with a least value.
type numberValue[N int | int64] struct {
	p     *N
	least int64
}

func size(p *int64, def int64) flag.Value {
	*p = def
	return numberValue[int64]{p, 1}
}

func whole(p *int, def int) flag.Value {
	*p = def
	return numberValue[int]{p, int64(min(def, 1))}
}

func (v numberValue[N]) String() string { return strconv.FormatInt(int64(*v.p), 10) }

func (v numberValue[N]) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < v.least || int64(N(n)) != n {
		return fault.New(fault.Invalid, "config.bad_number", v.least)
	}
	*v.p = N(n)
	return nil
}

type durationValue struct{ p *time.Duration }

func duration(p *time.Duration, def time.Duration) flag.Value { *p = def; return durationValue{p} }

// String writes 10m, not 10m0s.
func (v durationValue) String() string {
	s := v.p.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}

func (v durationValue) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return fault.New(fault.Invalid, "config.bad_duration")
	}
	*v.p = d
	return nil
}
