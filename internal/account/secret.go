package account

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"cultured/internal/fault"
)

// Lives of secrets.
const (
	SessionIdle    = 12 * time.Hour      // without a request
	SessionMost    = 30 * 24 * time.Hour // since sign-in, whatever happens
	LinkLife       = 15 * time.Minute
	InvitationLife = 14 * 24 * time.Hour
	setupLife      = 24 * time.Hour
	touchEvery     = time.Minute
)

// Digest is what is stored of a secret: its SHA-256 in hexadecimal. Secrets carry 256 random bits, so no salt is needed.
func Digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// A Session is one browser signed in. The secret itself is only in that browser.
type Session struct {
	ID           string // to name it in a list; opens nothing
	Hash         string // [Digest] of the secret
	Person       string
	Organisation string
	Agent        string // User-Agent header, 200 characters at most
	Created      time.Time
	LastSeen     time.Time // to the minute
	Expires      time.Time
	Current      bool // the one that asks
}

// Purpose is what a link does.
type Purpose string

// The purposes of links.
const (
	ForSetup    Purpose = "setup"      // makes the organisation and its first administrator
	ForSignIn   Purpose = "sign_in"    // signs in
	ForReset    Purpose = "reset"      // chooses a new password and signs in
	ForInvited  Purpose = "invitation" // first sign-in: chooses a password
	ForNewEmail Purpose = "email"      // confirms a new e-mail
)

// life is how long a link works.
func (p Purpose) life() time.Duration {
	if p == ForInvited {
		return InvitationLife
	}
	return LinkLife
}

// path is where a link leads.
func (p Purpose) path(secret string) string {
	switch p {
	case ForSetup:
		return "/setup/" + secret
	case ForInvited:
		return "/invitation/" + secret
	}
	return "/sign-in/link/" + secret
}

// A Link is an address that works once.
type Link struct {
	Hash         string // [Digest] of the secret
	Purpose      Purpose
	Person       string // "" for ForSetup
	Organisation string
	Email        string // new e-mail, for ForNewEmail
	Created      time.Time
	Expires      time.Time
}

// errLink is the one answer for a link that never was, was used or is too old: they look the same from outside.
func errLink() error { return fault.New(fault.NotFound, "account.link_dead") }

// Attempts counts guesses in a window.
type Attempts struct {
	Count int
	Since time.Time
	Until time.Time // nobody may try before
}

// A Limit says how many tries are free in a window, and how long to wait after that: Wait, doubled each time, up to Most.
type Limit struct {
	Free       int
	Window     time.Duration
	Wait, Most time.Duration
}

// The limits. Per e-mail alone the limit is wide, so that a stranger far away cannot keep somebody out for long.
var (
	limitPair  = Limit{Free: 5, Window: time.Hour, Wait: time.Minute, Most: 15 * time.Minute}
	limitEmail = Limit{Free: 30, Window: time.Hour, Wait: time.Minute, Most: 15 * time.Minute}
	limitSelf  = Limit{Free: 5, Window: time.Hour, Wait: time.Minute, Most: 15 * time.Minute}
	limitLinks = Limit{Free: 3, Window: 15 * time.Minute, Wait: 15 * time.Minute, Most: 15 * time.Minute}
)

// Take counts one try at now, or returns how long to wait. After the last free try the next one must wait.
func (l Limit) Take(a *Attempts, now time.Time) (wait time.Duration) {
	if now.Before(a.Until) {
		return a.Until.Sub(now)
	}
	if a.Since.IsZero() || now.Sub(a.Since) > l.Window {
		*a = Attempts{Since: now}
	}
	a.Count++
	if a.Count >= l.Free {
		pause := l.Wait
		for range min(a.Count-l.Free, 10) {
			pause = min(pause*2, l.Most)
		}
		a.Until = now.Add(min(pause, l.Most))
	}
	return 0
}

// A Try is a counted thing and its limit.
type Try struct {
	Key   string // hashed: e-mails and addresses are not kept here
	Limit Limit
}

// tryKey hashes what is counted; the table says nothing to whoever reads it.
func tryKey(kind, email, address string) string {
	return kind + ":" + Digest(email+"\x00"+network(address))
}

// network is the part of an address one subscriber holds: all of IPv4, the first 64 bits of IPv6.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

// minutes rounds a wait up.
func minutes(wait time.Duration) int { return int((wait + time.Minute - 1) / time.Minute) }
