package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	schemafiles "cultured/content/schemas"
	"cultured/internal/actor"
	"cultured/internal/config"
	"cultured/internal/fault"
	"cultured/internal/fetch"
	"cultured/internal/schema"
	"cultured/internal/schema/schemafile"
)

// schemas lists, updates and goes back among the schemas of an instance, while it runs or not.
func schemas(ctx context.Context, in invocation) (int, error) {
	if len(in.args) == 0 {
		return exitFailed, fault.New(fault.Invalid, "cultured.schemas_usage")
	}
	cfg, rest, err := config.Load("schemas", in.args[1:], in.getenv)
	if err != nil {
		return exitFailed, err
	}
	way, err := fetch.New(outgoing(cfg))
	if err != nil {
		return exitFailed, err
	}
	l, err := library(cfg, way)
	if err != nil {
		return exitFailed, err
	}
	switch {
	case in.args[0] == "list" && len(rest) == 0:
		err = listEditions(in, l)
	case in.args[0] == "update" && len(rest) == 1:
		err = updateSchemas(ctx, in, l, rest[0])
	case in.args[0] == "use" && len(rest) == 1:
		id := rest[0]
		if id == "shipped" {
			id = ""
		}
		err = l.Choose(console, id)
	default:
		err = fault.New(fault.Invalid, "cultured.schemas_usage")
	}
	if err != nil {
		return exitFailed, err
	}
	return exitOK, nil
}

// console is who holds the machine: an administrator by that.
var console = actor.Actor{ID: "console", Roles: []actor.Role{actor.Admin}}

// library is the collection of schemas of the data folder.
func library(cfg config.Config, way *fetch.Client) (*schema.Library, error) {
	shipped, err := schema.LoadPack(schemafiles.Files)
	if err != nil {
		return nil, err
	}
	served, err := schema.LoadPack(schemafiles.Files)
	if err != nil {
		return nil, err
	}
	l := &schema.Library{Pack: served, Shipped: shipped, Shelf: schemafile.Shelf{Dir: filepath.Join(cfg.Data, "schemas")}, Now: time.Now, NewID: schemafile.NewID}
	if way.Allowed() {
		l.Fetch = fetched(way)
	}
	return l, l.Refresh()
}

// fetched reads files through the one way out.
func fetched(way *fetch.Client) func(ctx context.Context, address string, limit int64) ([]byte, error) {
	return func(ctx context.Context, address string, limit int64) (raw []byte, err error) {
		answer, err := way.Open(ctx, fetch.Request{Address: address, Limit: limit})
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, answer.Body.Close()) }()
		return io.ReadAll(answer.Body)
	}
}

func updateSchemas(ctx context.Context, in invocation, l *schema.Library, from string) (err error) {
	var e schema.Edition
	if strings.Contains(from, "://") {
		e, err = l.UpdateFrom(ctx, console, from)
	} else {
		e, err = updateFromFolder(l, from)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(in.stdout, in.p.T("cultured.schemas_updated", e.Schemas, e.Snapshot, e.From))
	for _, name := range e.Skipped {
		if err == nil {
			_, err = fmt.Fprintln(in.stdout, in.p.T("cultured.schemas_skipped", name))
		}
	}
	return err
}

func updateFromFolder(l *schema.Library, dir string) (schema.Edition, error) {
	index, address, read, err := schemafile.Folder(dir)
	if err != nil {
		return schema.Edition{}, err
	}
	g, err := schema.Gather(index, address, read, l.Now())
	if err != nil {
		return schema.Edition{}, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return schema.Edition{}, err
	}
	return l.Take(g, dir)
}

func listEditions(in invocation, l *schema.Library) error {
	list, err := l.Editions(console)
	if err != nil {
		return err
	}
	used := func(id string) string {
		if id == l.Used() {
			return "* "
		}
		return "  "
	}
	for _, e := range list {
		if _, err := fmt.Fprintln(in.stdout, used(e.ID)+in.p.T("cultured.schemas_edition", e.ID, e.Schemas, e.Snapshot, e.From)); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(in.stdout, used("")+in.p.T("cultured.schemas_shipped", len(l.Shipped.All()), l.Shipped.Snapshot()))
	return err
}
