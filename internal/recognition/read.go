package recognition

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"time"

	"cultured/internal/fault"
)

// A Badge is what a credential says, for people. Texts are the issuer's, unchecked and unescaped; times are zero and texts
// empty where nothing is said.
type Badge struct {
	ID, Name, Description, Criteria string
	Issuer                          Party
	Recipient                       Recipient
	From, Until                     time.Time
	Alignments                      []Alignment
	Evidence                        []Evidence
}

// A Party is an organisation or a person as it names itself.
type Party struct{ ID, Name, URL string }

// An Alignment is an item of a framework that a badge stands for.
type Alignment struct{ Name, URL, Framework, Code string }

// Evidence is what a badge rests on.
type Evidence struct{ ID, Name, Narrative, Genre string }

// A Recipient is the person a badge was given to: an identifier, or the hash of a mail address.
type Recipient struct {
	ID   string
	Hash string // "sha256$" and 64 hexadecimal digits
	Salt string
}

// HashEmail hides a mail address: SHA-256 of the address in lower case followed by the salt, as Open Badges write it.
func HashEmail(email, salt string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.TrimSpace(email)) + salt))
	return "sha256$" + hex.EncodeToString(sum[:])
}

// is compares the recipient with a mail address.
func (r Recipient) is(email string) string {
	switch {
	case email == "":
		return ""
	case !strings.HasPrefix(r.Hash, "sha256$"):
		return HolderUnsaid
	case subtle.ConstantTimeCompare([]byte(strings.ToLower(r.Hash)), []byte(HashEmail(email, r.Salt))) == 1:
		return HolderSame
	}
	return HolderOther
}

// readBadge reads what a credential says. Faults: Invalid "recognition.old_badge" for Open Badges 2 and before,
// "recognition.not_badge" for any other document.
func readBadge(doc map[string]any) (b Badge, err error) {
	if has(doc["type"], "Assertion") || has(doc["@context"], "https://w3id.org/openbadges/v2") {
		return b, fault.New(fault.Invalid, "recognition.old_badge")
	}
	subject := dig(doc, "credentialSubject")
	achievement := dig(subject, "achievement")
	if !has(doc["type"], "OpenBadgeCredential") && !has(doc["type"], "AchievementCredential") || identity(doc["issuer"]) == "" || text(achievement, "name") == "" {
		return b, fault.New(fault.Invalid, "recognition.not_badge")
	}
	b = Badge{ID: text(doc, "id"), Name: text(achievement, "name"), Description: text(achievement, "description"), Criteria: text(achievement, "criteria", "narrative"),
		Issuer: Party{ID: identity(doc["issuer"]), Name: text(doc, "issuer", "name"), URL: text(doc, "issuer", "url")}}
	b.From, _ = moment(doc, "validFrom")   // period tells of those that cannot be read
	b.Until, _ = moment(doc, "validUntil") // the same
	b.Recipient.ID = text(subject, "id")
	for _, i := range many(field(subject, "identifier")) {
		if hashed, _ := field(i, "hashed").(bool); hashed && text(i, "identityType") == "emailAddress" {
			b.Recipient.Hash, b.Recipient.Salt = text(i, "identityHash"), text(i, "salt")
		}
	}
	for _, a := range many(field(achievement, "alignment")) {
		b.Alignments = append(b.Alignments, Alignment{Name: text(a, "targetName"), URL: text(a, "targetUrl"), Framework: text(a, "targetFramework"), Code: text(a, "targetCode")})
	}
	for _, e := range many(doc["evidence"]) {
		b.Evidence = append(b.Evidence, Evidence{ID: text(e, "id"), Name: text(e, "name"), Narrative: text(e, "narrative"), Genre: text(e, "genre")})
	}
	return b, nil
}
