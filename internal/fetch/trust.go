//go:build !loopback

package fetch

import "net/netip"

// trusted is nil in the product. A build with the tag "loopback", which only the end-to-end tests make, puts loopback here.
var trusted func(netip.Addr) bool
