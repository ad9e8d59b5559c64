package recognition

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"cultured/internal/fault"
)

// A Source finds documents of other people by their address, which begins with https://: keys and status lists. It may
// keep some, and it may refuse to go out; its faults are told to whoever verifies.
type Source interface {
	Find(ctx context.Context, address string) ([]byte, error)
}

// Nothing is a source that has no document: a badge is then verified as far as it stands alone.
type Nothing struct{}

// Find implements [Source]. Fault: Denied "recognition.offline".
func (Nothing) Find(_ context.Context, address string) ([]byte, error) {
	return nil, fault.New(fault.Denied, "recognition.offline", host(address))
}

// host is the part of an address that people recognise.
func host(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return short(address)
}

// A method is a key as a signature names it.
type method struct {
	issuer, id string // the credential's issuer, and the address of the key
}

// key finds the public key of a method. It is the issuer's only where the issuer's own document says so.
// Faults: Invalid "recognition.other_key" when the key is not the issuer's; "recognition.bad_key"; "recognition.odd_issuer"
// for an issuer that keys cannot be found of; NotFound "recognition.key_gone"; those of the source.
func (m method) key(ctx context.Context, src Source) (verifier, error) {
	base, fragment, _ := strings.Cut(m.id, "#")
	if base != m.issuer {
		return nil, fault.New(fault.Invalid, "recognition.other_key", short(m.id))
	}
	if written, ok := strings.CutPrefix(m.issuer, "did:key:"); ok {
		if fragment != "" && fragment != written {
			return nil, fault.New(fault.Invalid, "recognition.other_key", short(m.id))
		}
		return readMultikey(written)
	}
	address, err := documentOf(m.issuer)
	if err != nil {
		return nil, err
	}
	raw, err := src.Find(ctx, address)
	if err != nil {
		return nil, err
	}
	doc, err := decode(raw)
	if err != nil {
		return nil, err
	}
	if text(doc, "id") != m.issuer {
		return nil, fault.New(fault.Invalid, "recognition.other_document", host(address))
	}
	return m.listed(doc)
}

// documentOf is where an issuer's document is: its own address, or that of its did:web.
func documentOf(issuer string) (string, error) {
	name, web := strings.CutPrefix(issuer, "did:web:")
	if !web {
		if u, err := url.Parse(issuer); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			return "", fault.New(fault.Invalid, "recognition.odd_issuer", short(issuer))
		}
		return issuer, nil
	}
	parts := strings.Split(name, ":")
	for i, p := range parts {
		plain, err := url.PathUnescape(p)
		if err != nil || plain == "" || plain == "." || plain == ".." || strings.ContainsAny(plain, "/?#@\\") {
			return "", fault.New(fault.Invalid, "recognition.odd_issuer", short(issuer))
		}
		parts[i] = plain
	}
	if len(parts) == 1 {
		parts = append(parts, ".well-known")
	}
	u := url.URL{Scheme: "https", Host: parts[0], Path: "/" + strings.Join(parts[1:], "/") + "/did.json"}
	return u.String(), nil
}

// listed finds the method in the issuer's document, among those it uses to state things.
func (m method) listed(doc map[string]any) (verifier, error) {
	stated := false
	var found map[string]any
	for _, v := range slices.Concat(many(doc[purpose]), many(doc["verificationMethod"])) {
		if s, ok := v.(string); ok {
			stated = stated || m.named(s)
			continue
		}
		if o, _ := v.(map[string]any); m.named(text(o, "id")) {
			found = o
			stated = stated || slices.ContainsFunc(many(doc[purpose]), func(e any) bool { return m.named(identity(e)) })
		}
	}
	switch {
	case !stated || found == nil:
		return nil, fault.New(fault.NotFound, "recognition.key_gone", short(m.id))
	case identity(found["controller"]) != m.issuer:
		return nil, fault.New(fault.Invalid, "recognition.other_key", short(m.id))
	}
	if k := found["publicKeyJwk"]; k != nil {
		return readJWK(k)
	}
	return readMultikey(text(found, "publicKeyMultibase"))
}

// named says whether an address, which may be written as "#key", is that of the method.
func (m method) named(s string) bool {
	return s == m.id || s != "" && s[0] == '#' && m.issuer+s == m.id
}
