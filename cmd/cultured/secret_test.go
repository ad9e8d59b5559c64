package main

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"cultured/internal/config"
	"cultured/internal/fault"
)

func TestSecret_isMadeOnceAndNeverGuessed(t *testing.T) {
	cfg := config.Config{Data: t.TempDir()}
	var group sync.WaitGroup
	found := make([][]byte, 8)
	for i := range found {
		group.Go(func() {
			var err error
			if found[i], err = secret(cfg); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, s := range found {
		if len(s) < leastSecret || !bytes.Equal(s, found[0]) {
			t.Fatalf("got %q beside %q", s, found[0])
		}
	}
	left, err := filepath.Glob(filepath.Join(cfg.Data, ".secret-*"))
	info, wrong := os.Stat(filepath.Join(cfg.Data, "secret"))
	if err != nil || wrong != nil || len(left) > 0 || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("left %v, %v, %v: want a file of its owner alone", left, info, wrong)
	}
	short := filepath.Join(cfg.Data, "short")
	if err := os.WriteFile(short, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, named := range []string{short, filepath.Join(cfg.Data, "not there")} {
		if _, err := secret(config.Config{Data: cfg.Data, SecretFile: named}); !fault.Is(err, "cultured.no_secret") {
			t.Errorf("%s: got %v", named, err)
		}
	}
}
