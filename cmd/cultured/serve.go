package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"cultured/internal/config"
	"cultured/internal/fault"
	"cultured/internal/grid/griddb"
	"cultured/internal/web"
	"cultured/internal/workshop/workshopdb"
)

// grace is how long requests on their way may take when the server stops.
const grace = 10 * time.Second

// serve runs the server until it is told to stop.
func serve(ctx context.Context, in invocation) (int, error) {
	cfg, _, err := config.Load("serve", in.args, in.getenv)
	if err != nil {
		return exitFailed, err
	}
	log := logger(cfg, in)
	h, err := ground(ctx, cfg, log)
	if err != nil {
		return exitFailed, err
	}
	defer func() {
		stop, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		if err := h.close(stop); err != nil {
			log.Error("stopping", "err", err)
		}
	}()
	if err := h.furnish(ctx); err != nil {
		return exitFailed, err
	}
	if err := h.answer(ctx, in); err != nil {
		return exitFailed, err
	}
	return exitOK, nil
}

// answer starts the jobs and the doors, and holds them open until ctx ends.
func (h *house) answer(ctx context.Context, in invocation) error {
	var metrics *web.Metrics
	if h.cfg.Metrics != "" {
		metrics = web.NewMetrics()
	}
	site, err := h.site(metrics)
	if err != nil {
		return err
	}
	doors, err := h.doors(site, metrics)
	if err != nil {
		return err
	}
	if err := h.queue.Start(ctx); err != nil {
		return errors.Join(err, closeAll(doors))
	}
	failed := make(chan error, len(doors))
	for _, d := range doors {
		go func() { failed <- d.Serve(d.at) }()
	}
	if err := h.welcome(ctx, in); err != nil {
		return err
	}
	h.open.Store(true)
	go h.tidy(ctx)
	go h.db.Listen(ctx, h.log, workshopdb.Channel, h.moved)
	go h.db.Listen(ctx, h.log, griddb.Channel, h.heardGrid)
	go h.collect(ctx)
	go h.feedForms(ctx)
	select {
	case err = <-failed:
	case <-ctx.Done():
		_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.stopping"))
	}
	stop, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	for _, d := range doors {
		if e := d.Shutdown(stop); e != nil {
			err = errors.Join(err, e, d.Close())
		}
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// A door is a server and where it listens.
type door struct {
	*http.Server
	at net.Listener
}

// doors opens the doors of the settings, or none. Faults: Invalid "cultured.no_listen".
func (h *house) doors(site http.Handler, metrics *web.Metrics) (doors []door, err error) {
	open := func(setting, address string, server *http.Server) error {
		at, err := net.Listen("tcp", address)
		if err != nil {
			return fault.New(fault.Invalid, "cultured.no_listen", address, setting).Because(err)
		}
		server.ReadHeaderTimeout = 10 * time.Second
		server.RegisterOnShutdown(h.hub.Close) // or each stream would hold the door open
		doors = append(doors, door{server, at})
		return nil
	}
	err = open("--listen", h.cfg.Listen, &http.Server{Handler: site, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelWarn)})
	if err == nil && metrics != nil {
		err = open("--metrics", h.cfg.Metrics, &http.Server{Handler: metrics})
	}
	if err != nil {
		return nil, errors.Join(err, closeAll(doors))
	}
	return doors, nil
}

func closeAll(doors []door) error {
	var errs []error
	for _, d := range doors {
		errs = append(errs, d.at.Close())
	}
	return errors.Join(errs...)
}

// welcome fills the demonstration if asked, and prints where to go: on an empty instance, the link that makes the first
// administrator.
func (h *house) welcome(ctx context.Context, in invocation) error {
	if h.cfg.Demo {
		if err := h.demonstrate(ctx); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.serving", h.cfg.BaseURL))
	first, err := h.account.FirstLink(ctx)
	if err != nil {
		return err
	}
	if first != "" {
		_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.first_link", first))
	}
	return nil
}

// moved hears from another replica that a session moved; "" is that any may have.
func (h *house) moved(session string) {
	if session == "" {
		h.hub.WakeAll()
		return
	}
	h.hub.Wake(session)
}

// tidy sweeps what is over, and hears what the rooms say to each other.
func (h *house) tidy(ctx context.Context) {
	sweep, hear := time.NewTicker(time.Minute), time.NewTicker(500*time.Millisecond)
	defer sweep.Stop()
	defer hear.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-hear.C:
			err = h.hear(ctx)
		case <-sweep.C:
			_, swept := h.account.Sweep(ctx)
			err = errors.Join(h.dataset.Sweep(ctx), h.workshop.Sweep(ctx), h.refreshDue(ctx), h.linksDue(ctx), swept, h.schemas.Refresh())
		}
		if err != nil && ctx.Err() == nil {
			h.log.Error("tidying", "err", err)
		}
	}
}

// collect discards, at the start and once a day, the files that a crash left without a name or without their evidence, and the answers and datasets whose time is over.
func (h *house) collect(ctx context.Context) {
	day := time.NewTicker(24 * time.Hour)
	defer day.Stop()
	for {
		if err := errors.Join(h.dataset.Collect(ctx), h.expireAnswers(ctx), h.learning.Sweep(ctx), h.reap(ctx)); err != nil && ctx.Err() == nil {
			h.log.Error("collecting", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-day.C:
		}
	}
}

func logger(cfg config.Config, in invocation) *slog.Logger {
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(in.stderr, nil))
	}
	if in.stderr == os.Stderr && cfg.Dev {
		return slog.New(slog.NewTextHandler(in.stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return slog.New(slog.NewTextHandler(in.stderr, nil))
}
