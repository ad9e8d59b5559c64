package identifier

import (
	"net/netip"
	"net/url"
	"strings"
)

// overseas are the calling codes of the French territories that have one, with the first digits of their national
// numbers.
// Source: ARCEP, décision n° 2018-0881 (plan national de numérotation), annexe.
var overseas = []struct {
	code     string
	prefixes []string
}{
	{"590", []string{"590", "690", "691", "976", "977"}}, {"594", []string{"594", "694", "976"}},
	{"596", []string{"596", "696", "697", "976"}}, {"262", []string{"262", "263", "269", "639", "692", "693", "976"}},
	{"508", []string{"508", "708", "808"}},
}

// IsPhone says whether s is a phone number usable in France, as people write it: ten digits that start with 0, or +33
// or 0033 and nine digits, or an overseas calling code, with spaces, dots or hyphens between groups and an optional
// (0); or a short number (15, 112, 3949, 116000).
// Source: ARCEP, décision n° 2018-0881.
func IsPhone(s string) bool {
	_, ok := PhoneE164(s)
	return ok
}

// PhoneE164 returns the number in international form, "+33123456789"; short numbers stay as they are.
// Source: ITU-T E.164.
func PhoneE164(s string) (string, bool) {
	var b [20]byte
	n := 0
	s = strings.Replace(s, "(0)", "", 1)
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9', r == '+' && n == 0:
			if n == len(b) {
				return "", false
			}
			b[n] = byte(r)
			n++
		case r == '.' || r == '-' || r == '/' || r == '\u2011' || isSpace(r):
		default:
			return "", false
		}
	}
	d := string(b[:n])
	switch {
	case strings.HasPrefix(d, "+"):
		return international(d[1:])
	case strings.HasPrefix(d, "00"):
		return international(d[2:])
	case len(d) == 10 && d[0] == '0' && d[1] != '0':
		for _, o := range overseas {
			if o.code == d[1:4] {
				return "+" + o.code + d[1:], true
			}
		}
		return "+33" + d[1:], true
	}
	return d, short(d)
}

// international checks a number without its + sign. Numbers of other countries are not known here.
func international(d string) (string, bool) {
	if strings.HasPrefix(d, "33") {
		d = "33" + strings.TrimPrefix(d[2:], "0")
		return "+" + d, len(d) == 11 && d[2] != '0'
	}
	for _, o := range overseas {
		if rest, ok := strings.CutPrefix(d, o.code); ok {
			rest = strings.TrimPrefix(rest, "0")
			for _, p := range o.prefixes {
				if strings.HasPrefix(rest, p) && (len(rest) == 9 || o.code == "508" && len(rest) == 6) {
					return "+" + o.code + rest, true
				}
			}
			return "+" + o.code + rest, o.code == "508" && len(rest) == 6
		}
	}
	return "", false
}

// short says whether d is a short number open to the public.
func short(d string) bool {
	switch len(d) {
	case 2:
		return d == "15" || d == "17" || d == "18"
	case 3:
		return d == "112" || d == "114" || d == "115" || d == "119" || d == "191" || d == "196" || d == "197"
	case 4:
		return d[0] == '3' || d[:2] == "10"
	case 6:
		return d[:3] == "116" || d[:3] == "118"
	}
	return false
}

// IsEmail says whether s is an e-mail address as used in practice: a dot-atom of at most 64 bytes, @, a domain with at
// least one dot and a top level of two letters or more. Quoted local parts, comments and address literals are refused.
// Source: RFC 5321 § 4.1.2 and RFC 1035 § 2.3.1; accented letters as in RFC 6531.
func IsEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	local := s[:at]
	if local[0] == '.' || local[at-1] == '.' || strings.Contains(local, "..") {
		return false
	}
	for _, r := range local {
		if !alphanumeric(r) && !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r) {
			return false
		}
	}
	return isDomain(s[at+1:])
}

// isDomain says whether s is a host name with at least two labels.
func isDomain(s string) bool {
	if len(s) > 253 {
		return false
	}
	labels, last := 0, ""
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if !alphanumeric(r) && r != '-' {
				return false
			}
		}
		labels, last = labels+1, label
	}
	return labels >= 2 && len(last) >= 2 && !digits(last, len(last))
}

// alphanumeric says whether r is an ASCII letter or digit, or an accented one.
func alphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r >= 0xC0 && r != 0xD7 && r != 0xF7
}

// IsURL says whether s is an address one can follow: http, https or ftp, a host name with a dot or an IP address,
// no space. Whether it answers is not checked.
// Source: RFC 3986.
func IsURL(s string) bool {
	if len(s) > 2048 || strings.ContainsFunc(s, isSpace) {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return false
	}
	switch u.Scheme {
	case "http", "https", "ftp":
	default:
		return false
	}
	host := u.Hostname()
	if isDomain(strings.TrimSuffix(host, ".")) {
		return true
	}
	_, err = netip.ParseAddr(host)
	return err == nil
}

// IsUUID says whether s is a UUID in its 36-character form, either case, any version.
// Source: RFC 9562 § 4.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !isDigit(c) && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}
