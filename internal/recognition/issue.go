package recognition

import (
	"encoding/json"
	"time"

	"cultured/internal/fault"
)

// A Class is what may be earned, in one language. ID, Name, Description and Criteria are required.
type Class struct {
	ID, Name, Description string
	Criteria              string // what is asked for, in Markdown
	Language              string // BCP 47, "" for not said
	Image                 string // address of its picture, or a data: address
	Alignments            []Alignment
}

// An Award gives a class to a person. ID, Issuer's ID and name, Class, Recipient and From are required.
type Award struct {
	ID        string
	Issuer    Party
	Class     Class
	Recipient Recipient
	From      time.Time
	Until     time.Time // zero for ever
	Evidence  []Evidence
	// StatusList is the address, ending in "/revocations", of the list where the issuer says whether the badge still holds, and Place its place there;
	// "" for a badge that cannot be taken back.
	StatusList string
	Place      int
}

// Credential makes an OpenBadgeCredential (Open Badges 3.0), unsigned, of an award. Faults: Invalid "recognition.award_incomplete",
// "recognition.award_dates" when it would be over before it begins.
func (a Award) Credential() ([]byte, error) {
	c := a.Class
	if a.ID == "" || a.Issuer.ID == "" || a.Issuer.Name == "" || c.ID == "" || c.Name == "" || c.Description == "" || c.Criteria == "" || a.From.IsZero() ||
		a.Recipient.ID == "" && a.Recipient.Hash == "" {
		return nil, fault.New(fault.Invalid, "recognition.award_incomplete")
	}
	if !a.Until.IsZero() && !a.Until.After(a.From) {
		return nil, fault.New(fault.Invalid, "recognition.award_dates")
	}
	doc := map[string]any{
		"@context": []any{credentialsContext, badgesContext}, "id": a.ID, "type": []any{"VerifiableCredential", "OpenBadgeCredential"},
		"issuer": a.Issuer.profile(), "name": c.Name, "validFrom": stamp(a.From), "credentialSubject": a.Recipient.subject(c),
	}
	if !a.Until.IsZero() {
		doc["validUntil"] = stamp(a.Until)
	}
	var proofs []any
	for _, e := range a.Evidence {
		proofs = append(proofs, said(map[string]any{"type": []any{"Evidence"}}, "id", e.ID, "name", e.Name, "narrative", e.Narrative, "genre", e.Genre))
	}
	if proofs != nil {
		doc["evidence"] = proofs
	}
	if a.StatusList != "" {
		doc["credentialStatus"] = entry(a.StatusList, a.Place, revocation, 1)
	}
	return json.Marshal(doc)
}

// said adds the fields that are not empty, named in pairs.
func said(o map[string]any, pairs ...string) map[string]any {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			o[pairs[i]] = pairs[i+1]
		}
	}
	return o
}

func (p Party) profile() map[string]any {
	return said(map[string]any{"id": p.ID, "type": []any{"Profile"}}, "name", p.Name, "url", p.URL)
}

// subject says who has earned what.
func (r Recipient) subject(c Class) map[string]any {
	achievement := said(map[string]any{"id": c.ID, "type": []any{"Achievement"}, "criteria": map[string]any{"narrative": c.Criteria}},
		"name", c.Name, "description", c.Description, "inLanguage", c.Language)
	if c.Image != "" {
		achievement["image"] = map[string]any{"id": c.Image, "type": "Image"}
	}
	var list []any
	for _, a := range c.Alignments {
		list = append(list, said(map[string]any{"type": []any{"Alignment"}}, "targetName", a.Name, "targetUrl", a.URL, "targetFramework", a.Framework, "targetCode", a.Code))
	}
	if list != nil {
		achievement["alignment"] = list
	}
	s := said(map[string]any{"type": []any{"AchievementSubject"}, "achievement": achievement}, "id", r.ID)
	if r.Hash != "" {
		s["identifier"] = []any{said(map[string]any{"type": "IdentityObject", "hashed": true, "identityType": "emailAddress"}, "identityHash", r.Hash, "salt", r.Salt)}
	}
	return s
}
