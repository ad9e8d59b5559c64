package recognition

import (
	"embed"
	"encoding/json"
	"errors"
	"sync"

	"github.com/piprate/json-gold/ld"

	"cultured/internal/fault"
)

// The contexts a badge of ours names, in the order the standards ask for.
const (
	credentialsContext = "https://www.w3.org/ns/credentials/v2"
	badgesContext      = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
)

//go:embed contexts/*.json
var contextFiles embed.FS

// pinned are the contexts that are known, by address: what a term means is decided here, by no server.
var pinned = map[string]string{
	credentialsContext: "contexts/credentials-v2.json",
	badgesContext:      "contexts/ob-3.0.3.json",
}

// A lexicon is the pinned contexts, read.
type lexicon struct {
	documents map[string]any
	terms     map[string]bool // of all contexts, whatever the scope
}

// words reads the pinned contexts once. They ship with the program: one that cannot be read is our bug.
var words = sync.OnceValue(func() lexicon {
	x := lexicon{documents: map[string]any{}, terms: map[string]bool{}}
	for address, file := range pinned {
		raw, err := contextFiles.ReadFile(file)
		if err != nil {
			panic("recognition: " + err.Error())
		}
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			panic("recognition: " + file + ": " + err.Error())
		}
		x.documents[address] = v
		x.collect(v)
	}
	return x
})

// collect notes the terms that a context defines, and those of the scopes inside.
func (x lexicon) collect(v any) {
	o, _ := v.(map[string]any)
	scope, _ := o["@context"].(map[string]any)
	for term, meaning := range scope {
		if term[0] != '@' {
			x.terms[term] = true
		}
		x.collect(meaning)
	}
}

var errUnknownContext = errors.New("not a pinned context")

// LoadDocument implements ld.DocumentLoader: a pinned context, or nothing.
func (x lexicon) LoadDocument(address string) (*ld.RemoteDocument, error) {
	d, ok := x.documents[address]
	if !ok {
		return nil, ld.NewJsonLdError(ld.LoadingDocumentFailed, errUnknownContext)
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: ld.CloneDocument(d)}, nil
}

// admit refuses a document whose JSON could say other things than its statements do; see the package's comment. Faults:
// Invalid "recognition.unknown_context", "recognition.inline_context", "recognition.undefined_term",
// "recognition.two_descriptions", "recognition.odd_identifier".
func (x lexicon) admit(doc map[string]any) error {
	id := text(doc, "id")
	for k, v := range doc {
		if err := x.entry(k, v, id); err != nil {
			return err
		}
	}
	return nil
}

func (x lexicon) entry(key string, v any, root string) error {
	switch {
	case key == "@context":
		return x.contexts(v)
	case key == "@value" || key == "@language" || key == "@direction":
		return nil
	case !x.terms[key]:
		return fault.New(fault.Invalid, "recognition.undefined_term", short(key))
	case key == "id":
		if s, ok := v.(string); !ok || len(s) < 2 || s[:2] == "_:" {
			return fault.New(fault.Invalid, "recognition.odd_identifier")
		}
	}
	return x.inside(v, root)
}

func (x lexicon) inside(v any, root string) error {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := x.inside(e, root); err != nil {
				return err
			}
		}
	case map[string]any:
		if root != "" && v["id"] == any(root) && len(v) > 1 {
			return fault.New(fault.Invalid, "recognition.two_descriptions")
		}
		for k, e := range v {
			if err := x.entry(k, e, root); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x lexicon) contexts(v any) error {
	for _, c := range many(v) {
		address, ok := c.(string)
		if !ok {
			return fault.New(fault.Invalid, "recognition.inline_context")
		}
		if _, known := x.documents[address]; !known {
			return fault.New(fault.Invalid, "recognition.unknown_context", short(address))
		}
	}
	return nil
}
