package blob

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// HoldPrefix starts the name of a folder, made in [Disk.TempDir], that asks for time: while it exists, in whichever
// process, each file the store deletes is first linked into it under its hash. A backup of a running server needs it.
const HoldPrefix = "hold-"

const (
	lockEnding = ".lock"
	runPrefix  = "run-"
)

// claim makes a folder in root for the unfinished files of this process, and removes those of processes that are gone:
// a lock held for as long as a process lives tells them apart. A second process, making a backup of a running server,
// must not take its uploads away.
func claim(root string) (own string, lock *os.File, err error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", nil, err
	}
	turn, err := os.OpenFile(filepath.Join(root, "turn"+lockEnding), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, turn.Close()) }() // closing gives the turn to the next process
	if err := lockFile(turn, true); err != nil {
		return "", nil, err
	}
	if err := sweep(root); err != nil {
		return "", nil, err
	}
	if own, err = os.MkdirTemp(root, runPrefix); err != nil {
		return "", nil, err
	}
	if lock, err = os.OpenFile(own+lockEnding, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return "", nil, err
	}
	return own, lock, lockFile(lock, false)
}

// sweep removes from root all that no living process holds.
func sweep(root string) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), lockEnding)
		if name == "turn" || alive(filepath.Join(root, name+lockEnding)) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(root, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// alive reports whether a process holds the lock at path.
func alive(path string) bool {
	lock, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer func() { _ = lock.Close() }() // nothing was written
	return lockFile(lock, false) != nil
}

// spare links the file at path into every folder that asks for time.
func spare(root, path string) error {
	runs, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if !run.IsDir() {
			continue
		}
		inside, err := os.ReadDir(filepath.Join(root, run.Name()))
		if ignoreMissing(err) != nil {
			return err
		}
		for _, e := range inside {
			if !e.IsDir() || !strings.HasPrefix(e.Name(), HoldPrefix) {
				continue
			}
			err := os.Link(path, filepath.Join(root, run.Name(), e.Name(), filepath.Base(path)))
			if err := ignoreMissing(err); err != nil && !errors.Is(err, os.ErrExist) {
				return err
			}
		}
	}
	return nil
}
