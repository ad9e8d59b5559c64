package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"cultured/internal/fault"
)

const (
	mostRedirects = 5
	connectTime   = 15 * time.Second // to reach a machine, and again to agree on encryption
	answerTime    = time.Minute      // from the question to the first byte: portals compute exports
	silence       = time.Minute      // without a byte, then the transfer is given up
	mostHeader    = 64 << 10         // bytes of an answer's header
	defaultTime   = time.Hour        // of one transfer
	defaultAgent  = "Culture-D"
)

// Settings say what the administrator allows. The zero value allows nothing.
type Settings struct {
	Allowed  bool                  // requests may go out at all
	Proxy    string                // http://host:port to go through; "" for none
	Only     []string              // hosts that may be asked, with the names under them; empty for all
	Never    []string              // hosts that may not, with the names under them
	Networks []netip.Prefix        // private networks that may be reached; see [ReadNetworks]
	Time     time.Duration         // one transfer at most; 0 for one hour
	Agent    string                // User-Agent: name and version of the product, and where to complain
	Trust    func(netip.Addr) bool // addresses where a test serves; nil in the product, which a test of archtest holds
}

// A Client asks other machines for files. It is safe for concurrent use and keeps no cookie.
type Client struct {
	set  Settings
	http *http.Client
}

// New makes a client. Faults: Invalid "fetch.bad_proxy".
func New(set Settings) (*Client, error) {
	if set.Time <= 0 {
		set.Time = defaultTime
	}
	if set.Agent == "" {
		set.Agent = defaultAgent
	}
	if set.Trust == nil {
		set.Trust = trusted
	}
	c := &Client{set: set}
	proxy, err := readProxy(set.Proxy)
	if err != nil {
		return nil, err
	}
	guarded := &net.Dialer{Timeout: connectTime, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		return c.guard(address)
	}}
	transport := &http.Transport{
		DialContext:            guarded.DialContext,
		TLSHandshakeTimeout:    connectTime,
		ResponseHeaderTimeout:  answerTime,
		MaxResponseHeaderBytes: mostHeader,
		MaxConnsPerHost:        4, // other people's servers are not ours to load
		IdleConnTimeout:        10 * time.Second,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}
	if proxy != nil {
		// The proxy was chosen by the administrator and resolves names itself: it is reached without the guard, and names
		// are looked up beforehand in its place, as far as they can be.
		transport.DialContext = (&net.Dialer{Timeout: connectTime}).DialContext
		transport.Proxy = http.ProxyURL(proxy)
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: c.redirect}
	return c, nil
}

func readProxy(setting string) (*url.URL, error) {
	if setting == "" {
		return nil, nil
	}
	if !strings.Contains(setting, "://") {
		setting = "http://" + setting
	}
	u, err := url.Parse(setting)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
		return nil, fault.New(fault.Invalid, "fetch.bad_proxy") // the setting may hold a password
	}
	return u, nil
}

// Allowed says whether requests may go out at all, for pages that would offer it.
func (c *Client) Allowed() bool { return c != nil && c.set.Allowed }

// admit decides about an address before anything is sent to it. Faults: those of proper and named; Denied "fetch.refused"
// behind a proxy.
func (c *Client) admit(ctx context.Context, u *url.URL) error {
	if err := proper(u); err != nil {
		return err
	}
	if err := c.named(u.Hostname()); err != nil {
		return err
	}
	if c.set.Proxy == "" {
		return nil // the dialler decides about the addresses
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return nil // many networks resolve public names at their proxy only; the proxy's own rules hold there
	}
	for _, addr := range found {
		if !c.reachable(addr) {
			return refused(u.Hostname())
		}
	}
	return nil
}

// redirect decides about each address an answer leads to. Where from is not told: an address may hold a key.
func (c *Client) redirect(next *http.Request, before []*http.Request) error {
	if len(before) > mostRedirects {
		return fault.New(fault.Invalid, "fetch.redirects", mostRedirects)
	}
	next.Header.Del("Referer")
	return c.admit(next.Context(), next.URL)
}
