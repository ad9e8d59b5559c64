package personal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cultured/internal/identifier"
)

const (
	sizeNIR   = 15
	longIBAN  = 34
	shortIBAN = 15
)

// numbers finds the identifiers whose checksum is right. Every place where one may start is tried.
func (f *finder) numbers(v string) {
	for i := range len(v) {
		switch c := v[i]; {
		case isDigit(c) && (i == 0 || !isDigit(v[i-1])):
			f.nir(v, i)
		case isLetter(c) && i+3 < len(v) && isLetter(v[i+1]) && (i == 0 || !isLetter(v[i-1])):
			f.iban(v[i:])
		}
	}
}

func (f *finder) nir(v string, at int) {
	code, rest := compact(v[at:], sizeNIR)
	written := v[at : len(v)-len(rest)]
	decimal := strings.Count(written, ".") == 1 && len(written) == sizeNIR+1 || // 45.1673606604235
		len(written) == sizeNIR && at > 1 && v[at-1] == '.' && isDigit(v[at-2]) // 0.316096040933421
	if identifier.IsNIR(code) && !goesOn(rest) && !decimal {
		f.add(NIR, .99)
	}
}

func (f *finder) iban(v string) {
	code, _ := compact(v, longIBAN)
	for size := min(len(code), longIBAN); size >= shortIBAN; size-- {
		if identifier.IsIBAN(code[:size]) {
			f.add(IBAN, .99)
			return
		}
	}
}

// goesOn says whether a number that stops before rest is only the beginning of a longer one.
func goesOn(rest string) bool { return rest != "" && isDigit(rest[0]) }

// phones finds French numbers of ten digits, or of nine after +33.
func (f *finder) phones(v string) {
	for i := range len(v) {
		c := v[i]
		if c != '0' && c != '+' || i > 0 && (isDigit(v[i-1]) || isLetter(v[i-1])) || i > 1 && separatedDigit(v[:i]) || c == '0' && i+1 < len(v) && (v[i+1] == '.' || v[i+1] == ',') {
			continue
		}
		number, rest := v[i:], ""
		if plus, ok := strings.CutPrefix(v[i:], "+33"); ok {
			number = "0" + strings.TrimLeft(strings.Replace(plus, "(0)", "", 1), " 0.\u00a0\u202f-")
		} else if double, ok := strings.CutPrefix(v[i:], "0033"); ok {
			number = "0" + strings.TrimLeft(double, " 0.\u00a0\u202f-")
		}
		number, rest = compact(number, 10)
		if written := v[i : len(v)-len(rest)]; strings.ContainsAny(written, "/_") || len(number) != 10 || goesOn(rest) || number[1] == '0' || number[1] == '8' || !identifier.IsPhone(number) {
			continue
		}
		if number[1] == '6' || number[1] == '7' {
			f.add(Phone, .9)
		} else {
			f.add(Phone, .5) // a line may be that of an office
		}
	}
}

// separatedDigit says whether v ends with a digit and a separator inside a number: what follows does not start one.
func separatedDigit(v string) bool {
	c := v[len(v)-1]
	return (c == '.' || c == '-' || c == '/') && isDigit(v[len(v)-2])
}

// emails finds addresses.
func (f *finder) emails(v string) {
	for rest := v; ; {
		at := strings.IndexByte(rest, '@')
		if at < 0 {
			return
		}
		from := strings.LastIndexFunc(rest[:at], outsideEmail)
		start := 0
		if from >= 0 {
			_, n := utf8.DecodeRuneInString(rest[from:])
			start = from + n
		}
		end := len(rest)
		if to := strings.IndexFunc(rest[at+1:], outsideEmail); to >= 0 {
			end = at + 1 + to
		}
		if address := strings.Trim(rest[start:end], ".-'"); identifier.IsEmail(address) {
			local, _, _ := strings.Cut(address, "@")
			if IsOffice(local) {
				f.add(Email, .3)
			} else {
				f.add(Email, .95)
			}
		}
		rest = rest[at+1:]
	}
}

func outsideEmail(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".@!#$%&'*+=?^_`{|}~-", r)
}
