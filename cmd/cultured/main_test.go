package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/jba/templatecheck"

	"cultured/internal/config"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// built puts the whole house together in an empty folder.
func built(t *testing.T) *house {
	t.Helper()
	ctx := context.Background()
	cfg, _, err := config.Load("serve", []string{"--data", t.TempDir(), "--dev"}, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	h, err := ground(ctx, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(ctx); err != nil {
			t.Error(err)
		}
	})
	if err := h.furnish(ctx); err != nil {
		t.Fatal(err)
	}
	return h
}

// TestRoutes keeps the list of every address the program answers. Run with UPDATE=1 to accept a change.
func TestRoutes(t *testing.T) {
	site, err := built(t).site(nil)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(site.Routes(), "\n") + "\n"
	golden(t, "testdata/routes.golden", got)
}

// golden compares a text with a golden file. UPDATE=1 writes the file again: read what changed before keeping it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
	}
}

func TestEveryTemplateFitsItsType(t *testing.T) {
	words, err := sentences()
	if err != nil {
		t.Fatal(err)
	}
	if err := ui.Prepare(words); err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs() {
		for _, r := range ui.Registered() {
			tmpl, err := r.Parse(words.For(lang))
			if err != nil {
				t.Errorf("%s (%s): %v", r.Name, lang, err)
				continue
			}
			if err := templatecheck.CheckHTML(tmpl, r.Zero); err != nil {
				t.Errorf("%s (%s): %v", r.Name, lang, err)
			}
		}
	}
}
