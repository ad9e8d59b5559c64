package recognition

import "cultured/internal/fault"

// A Line is one thing to tell of a report: the key of what it is, and a value, which is a text of the issuer or a time.
type Line struct {
	Key   string
	Value any
}

// Said is what a report comes to, in sentences of the catalogue, the verdict first.
func (r Report) Said() []*fault.Error {
	say := func(key string) *fault.Error { return fault.New(fault.Conflict, key) }
	out := []*fault.Error{say("recognition.verdict_" + string(r.Verdict))}
	if r.Why != nil {
		out = append(out, r.Why)
	}
	if r.Reason != "" {
		out = append(out, fault.New(fault.Conflict, "recognition.reason", short(r.Reason)))
	}
	if r.OnlyKey {
		out = append(out, say("recognition.only_key"))
	}
	if r.Holder != "" {
		out = append(out, say("recognition.holder_"+r.Holder))
	}
	return out
}

// Lines are what the badge says, for people; what it does not say is left out.
func (b Badge) Lines() (out []Line) {
	add := func(key, value string) {
		if value != "" {
			out = append(out, Line{key, value})
		}
	}
	add("recognition.line_name", b.Name)
	add("recognition.line_issuer", b.Issuer.Name)
	add("recognition.line_issuer_id", b.Issuer.ID)
	add("recognition.line_holder", b.Recipient.ID)
	if !b.From.IsZero() {
		out = append(out, Line{"recognition.line_from", b.From})
	}
	if !b.Until.IsZero() {
		out = append(out, Line{"recognition.line_until", b.Until})
	}
	add("recognition.line_description", b.Description)
	add("recognition.line_criteria", b.Criteria)
	for _, a := range b.Alignments {
		name := a.Name
		if a.Framework != "" {
			name += " (" + a.Framework + ")"
		}
		add("recognition.line_alignment", name)
	}
	for _, e := range b.Evidence {
		add("recognition.line_evidence", joined(e.Name, e.Narrative, e.ID))
	}
	return out
}

// joined sets the texts that are not empty beside each other.
func joined(parts ...string) (out string) {
	for _, p := range parts {
		if p != "" && out != "" {
			out += " – "
		}
		out += p
	}
	return out
}
