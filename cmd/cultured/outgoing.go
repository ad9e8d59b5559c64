package main

import (
	"context"
	"io"
	"time"

	"cultured/internal/config"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/fetch"
	"cultured/internal/recognition"
	"cultured/internal/tabular"
)

// outgoing is what the settings allow to go out.
func outgoing(cfg config.Config) fetch.Settings {
	networks, _ := fetch.ReadNetworks(cfg.OutgoingNetworks) // checked when the settings were read
	return fetch.Settings{Allowed: cfg.Outgoing, Proxy: cfg.OutgoingProxy, Only: fetch.ReadList(cfg.OutgoingHosts),
		Never: fetch.ReadList(cfg.OutgoingRefused), Networks: networks, Time: cfg.OutgoingTime,
		Agent: "Culture-D/" + version + " (+" + cfg.BaseURL + ")"}
}

// fetcher is what the dataset room asks of the client.
type fetcher struct{ client *fetch.Client }

// Address implements [dataset.Fetcher].
func (f fetcher) Address(typed string) (string, error) {
	if !f.client.Allowed() {
		return "", fault.New(fault.Denied, "fetch.off")
	}
	u, err := fetch.ReadAddress(typed)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

// Fetch implements [dataset.Fetcher].
func (f fetcher) Fetch(ctx context.Context, o dataset.Origin, limit int64) (dataset.Fetched, error) {
	a, err := f.client.Open(ctx, fetch.Request{Address: o.Address, Known: fetch.Mark{ETag: o.ETag, Modified: o.Modified}, Limit: limit})
	if err != nil {
		return dataset.Fetched{}, err
	}
	return dataset.Fetched{Unchanged: a.Unchanged, Body: a.Body, Name: a.Name, Bytes: a.Bytes,
		Origin: dataset.Origin{Address: o.Address, ETag: a.Mark.ETag, Modified: a.Mark.Modified}}, nil
}

// refreshDue fetches the datasets whose time has come, where anything may go out: otherwise their time stays, and no page
// of theirs fills with the same refusal every day.
func (h *house) refreshDue(ctx context.Context) error {
	if !h.fetch.Allowed() {
		return nil
	}
	return h.dataset.RefreshDue(ctx)
}

// client is what asks other machines for a command that was told to: whoever types it allows it. The other settings of what
// goes out are read from the environment, and the usual variables name a proxy where none is set.
func (in invocation) client() (*fetch.Client, error) {
	cfg, _, err := config.Load("check", nil, in.getenv)
	if err != nil {
		return nil, err
	}
	set := outgoing(cfg)
	set.Allowed = true
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if set.Proxy == "" {
			set.Proxy = in.getenv(name)
		}
	}
	return fetch.New(set)
}

// fetched receives the file of an address given at the command line.
func (in invocation) fetched(ctx context.Context, address string) (source, error) {
	client, err := in.client()
	if err != nil {
		return source{}, err
	}
	a, err := client.Open(ctx, fetch.Request{Address: address, Limit: tabular.DefaultLimits.Bytes})
	if err != nil {
		return source{}, err
	}
	defer func() { _ = a.Body.Close() }() // read to its end, or of no use
	return kept(a.Body, a.Name)
}

// documents is what the recognition room asks of the client: keys and status lists of issuers.
type documents struct{ client *fetch.Client }

// mostDocument bounds such a document, in bytes, and documentTime what is waited for it.
const (
	mostDocument = 1 << 20
	documentTime = 10 * time.Second
)

// Find implements [recognition.Source].
func (d documents) Find(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, documentTime)
	defer cancel()
	a, err := d.client.Open(ctx, fetch.Request{Address: address, Limit: mostDocument})
	if err != nil {
		return nil, err
	}
	defer func() { _ = a.Body.Close() }() // read to its end, or of no use
	if err := recognition.Secure(a.Address); err != nil {
		return nil, err
	}
	return io.ReadAll(a.Body)
}
