package recognition

import (
	"bytes"
	"context"
	"strings"

	"cultured/internal/fault"
)

// Known is a source of documents at hand, by address, with another to ask for the rest. Next is required.
type Known struct {
	Documents map[string][]byte
	Next      Source
}

// Find implements [Source].
func (k Known) Find(ctx context.Context, address string) ([]byte, error) {
	if raw, ok := k.Documents[address]; ok {
		return raw, nil
	}
	return k.Next.Find(ctx, address)
}

// Add keeps a document given by hand: an issuer's profile, a DID document, a status list. Its own id says where it would be
// found. Faults: Invalid "recognition.not_json", "recognition.no_address".
func (k *Known) Add(raw []byte) (err error) {
	defer fault.Wrap(&err, "recognition.Add")
	raw = bytes.TrimSpace(raw)
	e, err := open(raw)
	if err != nil {
		return err
	}
	address, err := documentOf(text(e.doc, "id"))
	if err != nil {
		return fault.New(fault.Invalid, "recognition.no_address").Because(err)
	}
	if k.Documents == nil {
		k.Documents = map[string][]byte{}
	}
	k.Documents[address] = raw
	return nil
}

// mostDocuments bounds what one badge makes us ask of other machines.
const mostDocuments = 6

// A Session is a source for one badge: it asks Next for each document once, and for a few only. It is not safe for concurrent use.
type Session struct {
	Next  Source
	known map[string][]byte
	asked int
}

// Find implements [Source]. Faults: Denied "recognition.too_many_documents"; those of Next.
func (s *Session) Find(ctx context.Context, address string) ([]byte, error) {
	if raw, ok := s.known[address]; ok {
		return raw, nil
	}
	if s.asked++; s.asked > mostDocuments {
		return nil, fault.New(fault.Denied, "recognition.too_many_documents")
	}
	raw, err := s.Next.Find(ctx, address)
	if err != nil {
		return nil, err
	}
	if s.known == nil {
		s.known = map[string][]byte{}
	}
	s.known[address] = raw
	return raw, nil
}

// Secure refuses a document that was found elsewhere than under https, after redirects. Fault: Denied "recognition.insecure".
func Secure(address string) error {
	if !strings.HasPrefix(address, "https://") {
		return fault.New(fault.Denied, "recognition.insecure", host(address))
	}
	return nil
}
