package config

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"cultured/internal/fault"
)

func none(string) string { return "" }

func TestLoad(t *testing.T) {
	env := map[string]string{"CULTURED_DATA": "/srv", "CULTURED_LISTEN": "127.0.0.1:1"}
	c, rest, err := Load("serve", []string{"--listen", ":2", "--demo", "--read-time=5s", "file"}, func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "/srv" || c.Listen != ":2" || !c.Demo || c.ReadTime != 5*time.Second || c.BaseURL != "http://localhost:2" || len(rest) != 1 {
		t.Errorf("got %+v %v", c, rest)
	}
}

func TestLoad_readsFlagsAfterWhatIsNoFlag(t *testing.T) {
	for _, args := range [][]string{{"copy.zip", "--data", "there"}, {"--data", "there", "copy.zip"}, {"--data", "there", "--", "copy.zip"}} {
		c, rest, err := Load("backup", args, none)
		if err != nil || c.Data != "there" || len(rest) != 1 || rest[0] != "copy.zip" {
			t.Errorf("%v: got %q and %v, %v", args, c.Data, rest, err)
		}
	}
	if _, _, err := Load("backup", []string{"copy.zip", "--unicorn"}, none); err == nil {
		t.Error("an unknown flag after a file is taken")
	}
}

func TestLoad_saysWhichSettingIsWrongAndHowToWriteIt(t *testing.T) {
	for _, c := range []struct {
		args []string
		key  string
		said string // the arguments of the sentence
	}{
		{[]string{"--listen=nowhere"}, "config.bad_address", "[--listen nowhere]"},
		{[]string{"--metrics", "9090"}, "config.bad_address", "[--metrics 9090]"},
		{[]string{"-base-url=ftp://x"}, "config.bad_url", "[--base-url ftp://x]"},
		{[]string{"--cells=-3"}, "config.bad_number", "[--cells -3 1]"},
		{[]string{"--proxies=-1"}, "config.bad_number", "[--proxies -1 0]"},
		{[]string{"--cells=99999999999999999999"}, "config.bad_number", "[--cells 99999999999999999999 1]"},
		{[]string{"--demo=maybe"}, "config.bad_boolean", "[--demo maybe]"},
		{[]string{"--read-time=forever"}, "config.bad_duration", "[--read-time forever]"},
		{[]string{"--outgoing-networks=127.0.0.0/8"}, "config.bad_networks", "[--outgoing-networks 127.0.0.0/8]"},
		{[]string{"--log-format=xml"}, "config.bad_format", "[--log-format xml]"},
		{[]string{"--demo", "--unicorn=1", "--dev"}, "config.unknown", "[--unicorn]"},
		{[]string{"--demo", "-u"}, "config.unknown", "[-u]"},
		{[]string{"--=3"}, "config.unknown", "[--]"},
		{[]string{"--demo", "--data"}, "config.no_value", "[--data]"},
	} {
		_, _, err := Load("serve", c.args, none)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || f.Key != c.key || fmt.Sprint(f.Args) != c.said {
			t.Errorf("%v: got %v, want %s%s", c.args, err, c.key, c.said)
		}
	}
	_, _, err := Load("serve", nil, func(name string) string { return map[string]string{"CULTURED_CELLS": "many"}[name] })
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Args[0] != "CULTURED_CELLS" {
		t.Errorf("a wrong variable: got %v, want its name", err)
	}
}

func TestLoad_tellsWhoAsksForHelp(t *testing.T) {
	for _, arg := range []string{"-h", "--help"} {
		if _, _, err := Load("serve", []string{arg}, none); !errors.Is(err, flag.ErrHelp) {
			t.Errorf("%s: got %v, want flag.ErrHelp", arg, err)
		}
	}
}

func TestEverySettingIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Text.ReadFile("text/fr.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	helps := 0
	for _, s := range Settings() {
		if !strings.Contains(string(doc), "`--"+s.Flag+"`") || !strings.Contains(string(doc), "`"+s.Env+"`") {
			t.Errorf("docs/config.md does not describe --%s (%s)", s.Flag, s.Env)
		}
		if words[s.Key] == "" {
			t.Errorf("%s has no sentence", s.Key)
		}
	}
	for key := range words {
		if strings.HasPrefix(key, "config.help_") {
			helps++
		}
	}
	if helps != len(Settings()) {
		t.Errorf("got %d sentences for %d settings", helps, len(Settings()))
	}
}
