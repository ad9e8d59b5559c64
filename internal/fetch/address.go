package fetch

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// longestAddress bounds an address, in bytes: what proxies and servers accept.
const longestAddress = 4096

// ReadAddress reads what a person typed or pasted as the address of a file: spaces around are removed, "https://" is
// added where there is none. It says nothing of where the address leads: [Client.Open] does.
// Faults: Invalid "fetch.no_address", "fetch.bad_address", "fetch.bad_scheme" (only http and https), "fetch.password" (a
// password would be kept and shown), "fetch.bad_port".
func ReadAddress(typed string) (*url.URL, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return nil, fault.New(fault.Invalid, "fetch.no_address")
	}
	if len(typed) > longestAddress || strings.ContainsFunc(typed, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return nil, fault.New(fault.Invalid, "fetch.bad_address", short(typed))
	}
	if !strings.Contains(typed, "://") {
		if scheme, _, ok := strings.Cut(typed, ":"); ok && !strings.Contains(scheme, ".") {
			return nil, fault.New(fault.Invalid, "fetch.bad_scheme", short(scheme))
		}
		typed = "https://" + typed
	}
	u, err := url.Parse(typed)
	if err != nil {
		return nil, fault.New(fault.Invalid, "fetch.bad_address", short(typed)) // the cause would quote a password
	}
	if err := proper(u); err != nil {
		return nil, err
	}
	u.Fragment, u.RawFragment = "", ""
	if len(u.String()) > longestAddress { // once escaped
		return nil, fault.New(fault.Invalid, "fetch.bad_address", short(u.String()))
	}
	return u, nil
}

// proper refuses addresses that are none of ours, whatever machine they lead to. It is asked at each redirect.
func proper(u *url.URL) error {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return fault.New(fault.Invalid, "fetch.bad_scheme", short(u.Scheme))
	case u.User != nil:
		return fault.New(fault.Invalid, "fetch.password")
	case u.Hostname() == "" || u.Opaque != "":
		return fault.New(fault.Invalid, "fetch.bad_address", short(u.Redacted()))
	}
	if u.Port() == "" {
		return nil
	}
	// Below 1024, ports other than the web's belong to services that a crafted request might be understood by.
	if n, err := strconv.Atoi(u.Port()); err != nil || n > 65535 || n < 1024 && n != 80 && n != 443 {
		return fault.New(fault.Invalid, "fetch.bad_port", short(u.Port()))
	}
	return nil
}

// short cuts what a sentence quotes.
func short(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// inner are names that lead inside by definition (RFC 6761, RFC 6762, RFC 8375, ICANN's "internal").
var inner = []string{"localhost", "local", "internal", "intranet", "home.arpa", "lan", "localdomain"}

var loopback = netip.MustParseAddr("127.0.0.1")

// named decides about a host by what it is called. A literal address is decided as one: IPv4 written inside IPv6 is a
// disguise, refused even when what it hides is public.
func (c *Client) named(host string) error {
	plain := strings.ToLower(strings.TrimSuffix(host, "."))
	if addr, err := netip.ParseAddr(plain); err == nil {
		if addr.Zone() != "" || addr.Is4In6() || !c.reachable(addr) {
			return refused(host)
		}
		return c.listed(plain)
	}
	if under(plain, inner) && len(c.set.Networks) == 0 && !c.reachable(loopback) {
		return refused(host)
	}
	return c.listed(plain)
}

// listed applies the administrator's lists: a name covers the names under it.
func (c *Client) listed(host string) error {
	if under(host, c.set.Never) || len(c.set.Only) > 0 && !under(host, c.set.Only) {
		return fault.New(fault.Denied, "fetch.not_listed", host)
	}
	return nil
}

// under says whether host is one of the names, or stands under one.
func under(host string, names []string) bool {
	for _, n := range names {
		n = strings.Trim(strings.ToLower(n), ".")
		if n != "" && (host == n || strings.HasSuffix(host, "."+n)) {
			return true
		}
	}
	return false
}

func refused(host string) *fault.Error { return fault.New(fault.Denied, "fetch.refused", host) }

// special are the ranges that are not the public Internet. Within IPv6 only 2000::/3 is ever allowed: the rest, such as
// addresses that stand for IPv4 ones (::/96, 64:ff9b::/96), is not listed.
var special = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
	"192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

var global6 = netip.MustParsePrefix("2000::/3")

// closed are the ranges that no setting opens: this machine, its neighbours by cable (where clouds answer with secrets),
// and groups.
var closed = prefixes("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/96", "fe80::/10", "ff00::/8", "fd00:ec2::/32")

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, s := range texts {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func within(addr netip.Addr, in []netip.Prefix) bool {
	for _, p := range in {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// public says whether an address is on the public Internet.
func public(addr netip.Addr) bool {
	addr = addr.Unmap()
	return addr.IsValid() && (addr.Is4() || global6.Contains(addr)) && !within(addr, special)
}

// reachable says whether a connection to an address may be made.
func (c *Client) reachable(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	if public(addr) || c.set.Trust != nil && c.set.Trust(addr) {
		return true
	}
	return within(addr, c.set.Networks) && !within(addr, closed)
}

// ReadNetworks reads private networks an administrator opens, such as "10.4.0.0/16", separated by commas. It fails on what
// is no network, and on one that reaches this machine, link-local addresses or groups: those are never opened.
func ReadNetworks(list string) (out []netip.Prefix, ok bool) {
	for _, s := range ReadList(list) {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, false
		}
		for _, c := range closed {
			if p.Overlaps(c) {
				return nil, false
			}
		}
		out = append(out, p.Masked())
	}
	return out, true
}

// ReadList cuts a setting at its commas and spaces.
func ReadList(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// guard is asked by the dialler for each address a name resolved to, just before the connection.
func (c *Client) guard(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return refused(address)
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || !c.reachable(addr) {
		return refused(host)
	}
	return nil
}
