package config

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

func TestLoad(t *testing.T) {
	env := map[string]string{"CULTURED_DATA": "/srv", "CULTURED_LISTEN": "127.0.0.1:1"}
	c, rest, err := Load("serve", []string{"--listen", ":2", "--demo", "--read-time=5s", "file"}, func(k string) string { return env[k] }, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "/srv" || c.Listen != ":2" || !c.Demo || c.ReadTime != 5*time.Second || c.BaseURL != "http://localhost:2" || len(rest) != 1 {
		t.Errorf("got %+v %v", c, rest)
	}
}

func TestLoad_saysWhichSettingIsWrong(t *testing.T) {
	for args, want := range map[string]string{
		"--listen=nowhere":    "listen",
		"--base-url=ftp://x":  "base-url",
		"--cells=-3":          "cells",
		"--read-time=forever": "read-time",
		"--log-format=xml":    "log-format",
	} {
		_, _, err := Load("serve", []string{args}, func(string) string { return "" }, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want a sentence naming %s", args, err, want)
		}
	}
}

func TestEverySettingIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Flags() {
		if !strings.Contains(string(doc), "`--"+name+"`") || !strings.Contains(string(doc), "`"+Env(name)+"`") {
			t.Errorf("docs/config.md does not describe --%s (%s)", name, Env(name))
		}
	}
}
