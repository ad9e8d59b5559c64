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
	"cultured/internal/web"
)

// grace is how long requests on their way may take when the server stops.
const grace = 10 * time.Second

// serve runs the server until it is told to stop.
func serve(ctx context.Context, in invocation) (int, error) {
	cfg, _, err := config.Load("serve", in.args, in.getenv, in.stderr)
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
	listener, err := net.Listen("tcp", h.cfg.Listen)
	if err != nil {
		return err
	}
	if err := h.queue.Start(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: site, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(h.log.Handler(), slog.LevelWarn)}
	servers := []*http.Server{server}
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(listener) }()
	if metrics != nil {
		side := &http.Server{Addr: h.cfg.Metrics, Handler: metrics, ReadHeaderTimeout: 10 * time.Second}
		servers = append(servers, side)
		go func() { failed <- side.ListenAndServe() }()
	}
	if err := h.welcome(ctx, in); err != nil {
		return err
	}
	h.open.Store(true)
	go h.tidy(ctx)
	select {
	case err = <-failed:
	case <-ctx.Done():
		_, _ = fmt.Fprintln(in.stdout, in.p.T("cultured.stopping"))
	}
	stop, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	for _, s := range servers {
		if e := s.Shutdown(stop); e != nil {
			err = errors.Join(err, e, s.Close())
		}
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
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
			err = errors.Join(h.dataset.Sweep(ctx), swept)
		}
		if err != nil && ctx.Err() == nil {
			h.log.Error("tidying", "err", err)
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
