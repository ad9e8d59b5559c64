package recognition

import (
	"encoding/json"
	"strings"
)

// An Issuer is an organisation that gives badges, with its keys, the one in use first. Base is where this server is, always
// under https: badges name it so, and other machines look for it there.
type Issuer struct {
	Organisation, Name, Base string
	Keys                     []Key
}

// Secured is a public address as badges name it: under https, as did:web wants it, whatever the server is reached by here.
func Secured(base string) string {
	if _, rest, ok := strings.Cut(base, "://"); ok {
		return "https://" + rest
	}
	return base
}

// did is the did:web of a server and of what stands on it.
func did(base string, path ...string) string {
	rest := strings.TrimPrefix(base, "https://")
	host, under, _ := strings.Cut(rest, "/")
	parts := []string{"did:web", strings.ReplaceAll(host, ":", "%3A")}
	if under != "" {
		path = append(strings.Split(under, "/"), path...)
	}
	return strings.Join(append(parts, path...), ":")
}

// ID is the issuer as badges name it.
func (i Issuer) ID() string { return did(i.Base, "issuers", i.Organisation) }

// Page is where people see who issues.
func (i Issuer) Page() string { return i.Base + "/issuers/" + i.Organisation }

// Party is the issuer as a badge says it.
func (i Issuer) Party() Party { return Party{ID: i.ID(), Name: i.Name, URL: i.Page()} }

// Document is the DID document of the issuer: every key it signed with. As is the server's own name, of which the organisation is
// the one that others find at /.well-known/did.json, when house is true.
func (i Issuer) Document(house bool) ([]byte, error) {
	id, other := i.ID(), i.Page()
	if house {
		id, other = did(i.Base), i.ID()
	}
	methods, names := []any{}, []any{}
	for _, k := range i.Keys {
		name := id + "#" + k.Public
		methods = append(methods, map[string]any{"id": name, "type": "Multikey", "controller": id, "publicKeyMultibase": k.Public})
		names = append(names, name)
	}
	return json.Marshal(map[string]any{"@context": []any{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"}, "id": id, "alsoKnownAs": []any{other},
		"verificationMethod": methods, purpose: names})
}

// Profile is the issuer's profile (Open Badges 3.0), which machines read.
func (i Issuer) Profile() ([]byte, error) {
	p := i.Party().profile()
	p["@context"] = []any{credentialsContext, badgesContext}
	return json.Marshal(p)
}
