package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cultured/internal/backup"
	"cultured/internal/config"
	"cultured/internal/fault"
)

// writeBackup writes everything the instance holds into one file, while it runs or not.
func writeBackup(ctx context.Context, in invocation) (code int, err error) {
	cfg, rest, err := config.Load("backup", in.args, in.getenv)
	if err != nil {
		return exitFailed, err
	}
	if len(rest) != 1 {
		return exitFailed, fault.New(fault.Invalid, "cultured.backup_usage")
	}
	if _, err := os.Stat(cfg.Data); err != nil {
		return exitFailed, fault.New(fault.Invalid, "cultured.no_data", cfg.Data)
	}
	h, err := ground(ctx, cfg, logger(cfg, in))
	if err != nil {
		return exitFailed, err
	}
	defer func() { err = keepFirst(err, h.close(ctx)) }()
	if rest[0] == "-" {
		return exitOK, h.backup(ctx, in.stdout)
	}
	// A backup that is cut short must never stand where the last good one stood.
	part := rest[0] + ".part"
	file, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return exitFailed, err
	}
	if err := h.backup(ctx, file); err != nil {
		return exitFailed, keepFirst(err, file.Close(), os.Remove(part))
	}
	if err := keepFirst(file.Sync(), file.Close()); err != nil {
		return exitFailed, err
	}
	return exitOK, os.Rename(part, rest[0])
}

func (h *house) backup(ctx context.Context, w io.Writer) error {
	return h.instance().Write(ctx, w, backup.Manifest{At: time.Now().UTC(), Version: version})
}

func (h *house) instance() backup.Instance {
	return backup.Instance{DB: h.db, Blobs: h.blobs, Temp: h.blobs.TempDir()}
}

// restore makes an instance of a backup. The place it restores to must be empty.
func restore(ctx context.Context, in invocation) (code int, err error) {
	cfg, rest, err := config.Load("restore", in.args, in.getenv)
	if err != nil {
		return exitFailed, err
	}
	if len(rest) != 1 {
		return exitFailed, fault.New(fault.Invalid, "cultured.restore_usage")
	}
	var src io.Reader = in.stdin
	if rest[0] != "-" {
		file, err := os.Open(rest[0])
		if err != nil {
			return exitFailed, fault.New(fault.Invalid, "cultured.no_file", rest[0]).Because(err)
		}
		defer func() { _ = file.Close() }() // read only
		src = file
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, "cultured.db")); err == nil && cfg.Database == "" {
		return exitFailed, fault.New(fault.Conflict, "cultured.not_empty", cfg.Data)
	}
	made := absent(cfg.Data)
	h, err := ground(ctx, cfg, logger(cfg, in))
	if err != nil {
		return exitFailed, err
	}
	defer func() {
		if err = keepFirst(err, h.close(ctx)); err != nil {
			err = errors.Join(err, remove(made)) // a backup that is refused leaves nothing in the way of the next
		}
	}()
	var people int
	if err := h.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM account_person`).Scan(&people); err != nil {
		return exitFailed, err
	}
	if people > 0 {
		return exitFailed, fault.New(fault.Conflict, "cultured.not_empty", databaseName(cfg))
	}
	m, err := h.instance().Read(ctx, src)
	if err != nil {
		return exitFailed, err
	}
	if err := h.furnish(ctx); err != nil {
		return exitFailed, err
	}
	if _, err := h.dataset.Revive(ctx); err != nil { // the queue is not part of a backup
		return exitFailed, err
	}
	_, err = io.WriteString(in.stdout, in.p.T("cultured.restored", in.p.DateTime(m.At))+"\n")
	return exitOK, err
}

// absent lists what a restore will make in the folder and is not there yet.
func absent(data string) (paths []string) {
	for _, name := range []string{"cultured.db", "cultured.db-wal", "cultured.db-shm", "files"} {
		path := filepath.Join(data, name)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			paths = append(paths, path)
		}
	}
	return paths
}

func remove(paths []string) error {
	var errs []error
	for _, path := range paths {
		errs = append(errs, os.RemoveAll(path))
	}
	return errors.Join(errs...)
}

// keepFirst returns the first error that is one.
func keepFirst(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
