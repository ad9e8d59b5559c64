package main

import (
	"context"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/recognition"
	"cultured/internal/recognition/recognitiondb"
	"cultured/internal/recognition/recognitionweb"
)

// openRecognition builds the room of badges. It asks other machines for what issuers publish, where anything may go out.
func (h *house) openRecognition() error {
	sealing, err := secret(h.cfg)
	if err != nil {
		return err
	}
	store := &recognitiondb.Store{DB: h.db, Now: time.Now}
	h.recognition = &recognition.Service{Keys: store, Secret: sealing, Base: recognition.Secured(h.cfg.BaseURL), Name: h.organisation, Now: time.Now, Next: recognition.Nothing{}}
	if h.fetch.Allowed() {
		h.recognition.Next = documents{h.fetch}
	}
	return nil
}

// organisation says how an organisation is called, or the one this server is first of all for.
func (h *house) organisation(ctx context.Context, id string) (string, string, error) {
	o, err := h.account.House(ctx, actor.Actor{Organisation: id})
	if err == nil && o.ID == "" {
		err = fault.New(fault.NotFound, "recognition.no_issuer")
	}
	return o.ID, o.Name, err
}

func (h *house) recognitionDesk() recognitionweb.Desk {
	return recognitionweb.Desk{Service: h.recognition, Outgoing: h.fetch.Allowed(), Address: h.cfg.BaseURL}
}
