package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cultured/internal/config"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// leastSecret is the least length of the secret, in bytes.
const leastSecret = 32

// secret reads what seals the signing keys, and makes it where no setting says where it is. Faults: Invalid "cultured.no_secret".
func secret(cfg config.Config) ([]byte, error) {
	file := cfg.SecretFile
	if file == "" {
		file = filepath.Join(cfg.Data, "secret")
		if err := plantSecret(file); err != nil {
			return nil, fault.New(fault.Invalid, "cultured.no_secret", file).Because(err)
		}
	}
	return readSecret(file)
}

// readSecret reads a secret from a file: 32 signs at least, spaces around them aside. Faults: Invalid "cultured.no_secret".
func readSecret(file string) ([]byte, error) {
	raw, err := os.ReadFile(file)
	if text := strings.TrimSpace(string(raw)); err == nil && len(text) >= leastSecret {
		return []byte(text), nil
	}
	return nil, fault.New(fault.Invalid, "cultured.no_secret", file).Because(err)
}

// plantSecret makes the file unless it is there, whole or not at all: of two servers that start at once on one folder, both read what one wrote.
func plantSecret(file string) (err error) {
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(file), ".secret-*") // readable by its owner only
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(draft.Name())) }()
	_, err = draft.WriteString(id.Secret() + "\n")
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
