// Package config reads the settings: flags first, then environment variables, then defaults. Each setting is one row of
// the table in this file, and docs/config.md describes each row; a test compares the two.
package config

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Config is every setting of the server.
type Config struct {
	Data        string        // folder of the database and files
	Listen      string        // host:port
	BaseURL     string        // public address, "" = http://Listen
	Database    string        // "" = SQLite in Data; or postgres://…
	SMTP        string        // smtp://user:password@host:port; "" = no mail
	MailFrom    string        // sender address
	Proxies     int           // proxies in front, each adding one address to X-Forwarded-For
	Metrics     string        // host:port of Prometheus metrics, "" = off
	Demo        bool          // fill an empty instance with the demonstration organisation
	Dev         bool          // development: mails on /dev/mails
	UploadBytes int64         // largest file accepted
	Expanded    int64         // largest content of a compressed file
	Cells       int64         // most cells read from one file
	Columns     int           // most columns
	CellBytes   int           // largest cell
	ReadTime    time.Duration // longest reading of one file
	KeepChecks  time.Duration // how long an unsaved check is kept
	DuckMemory  int           // MiB for queries on tables
	LogFormat   string        // "text" or "json"
}

// A setting is one row of the table: flag, environment variable, default.
type setting struct {
	flag, usage string
	value       flag.Value
}

// Load reads the settings of a command from its arguments and the environment; what is left of the arguments comes
// back. Errors are sentences naming the setting.
func Load(command string, args []string, getenv func(string) string, out io.Writer) (Config, []string, error) {
	var c Config
	fs := flag.NewFlagSet(command, flag.ContinueOnError)
	fs.SetOutput(out)
	for _, s := range table(&c) {
		if v := getenv(Env(s.flag)); v != "" {
			if err := s.value.Set(v); err != nil {
				return c, nil, fmt.Errorf("%s=%q: %w", Env(s.flag), v, err)
			}
		}
		fs.Var(s.value, s.flag, s.usage)
	}
	if err := fs.Parse(args); err != nil {
		return c, nil, err
	}
	return c, fs.Args(), c.check()
}

// Env is the environment variable of a flag: "base-url" is CULTURED_BASE_URL.
func Env(name string) string {
	return "CULTURED_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// Flags lists every setting, for the documentation's guard.
func Flags() []string {
	var c Config
	var names []string
	for _, s := range table(&c) {
		names = append(names, s.flag)
	}
	return names
}

func table(c *Config) []setting {
	return []setting{
		{"data", "folder of the database and files", text(&c.Data, "var")},
		{"listen", "host:port to serve on", text(&c.Listen, "127.0.0.1:8080")},
		{"base-url", "public address, for links in mails and feeds", text(&c.BaseURL, "")},
		{"database", "postgres://… instead of SQLite in the data folder", text(&c.Database, "")},
		{"smtp", "smtp://user:password@host:port of the mail server", text(&c.SMTP, "")},
		{"mail-from", "sender of mails", text(&c.MailFrom, "culture-d@localhost")},
		{"proxies", "proxies in front of the server, 0 when it is reached directly", whole(&c.Proxies, 0)},
		{"metrics", "host:port of Prometheus metrics; off when empty", text(&c.Metrics, "")},
		{"demo", "fill an empty instance with the demonstration organisation", boolean(&c.Demo)},
		{"dev", "development: mails are shown on /dev/mails", boolean(&c.Dev)},
		{"upload-bytes", "largest file accepted", size(&c.UploadBytes, 1<<30)},
		{"expanded-bytes", "largest content of a compressed file", size(&c.Expanded, 4<<30)},
		{"cells", "most cells read from one file", size(&c.Cells, 100_000_000)},
		{"columns", "most columns of one table", whole(&c.Columns, 16_384)},
		{"cell-bytes", "largest cell", whole(&c.CellBytes, 1<<20)},
		{"read-time", "longest reading of one file", duration(&c.ReadTime, 10*time.Minute)},
		{"keep-checks", "how long an unsaved check is kept", duration(&c.KeepChecks, time.Hour)},
		{"duck-memory", "MiB of memory for queries on tables", whole(&c.DuckMemory, 512)},
		{"log-format", "text or json", text(&c.LogFormat, "text")},
	}
}

func (c *Config) check() error {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen %q: write it as host:port, for example 127.0.0.1:8080", c.Listen)
	}
	if c.BaseURL == "" {
		if host == "" || host == "0.0.0.0" || host == "::" || host == "127.0.0.1" {
			host = "localhost"
		}
		c.BaseURL = "http://" + net.JoinHostPort(host, port)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if !strings.HasPrefix(c.BaseURL, "http://") && !strings.HasPrefix(c.BaseURL, "https://") {
		return fmt.Errorf("base-url %q: write it as https://donnees.exemple.fr", c.BaseURL)
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		return fmt.Errorf("log-format %q: write text or json", c.LogFormat)
	}
	return nil
}

// DatabaseAddress is what db.Open takes.
func (c *Config) DatabaseAddress() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "cultured.db")
}

type textValue struct{ p *string }

func text(p *string, def string) flag.Value { *p = def; return textValue{p} }

func (v textValue) Set(s string) error { *v.p = s; return nil }
func (v textValue) String() string {
	if v.p == nil {
		return ""
	}
	return *v.p
}

type boolValue struct{ p *bool }

func boolean(p *bool) flag.Value { *p = false; return boolValue{p} }

func (v boolValue) IsBoolFlag() bool { return true }
func (v boolValue) String() string   { return strconv.FormatBool(v.p != nil && *v.p) }
func (v boolValue) Set(s string) (err error) {
	*v.p, err = strconv.ParseBool(s)
	return err
}

// A numberValue is a whole number with a least value.
type numberValue struct {
	set   func(int64) int64 // below zero it only tells the value
	least int64
}

func size(p *int64, def int64) flag.Value {
	*p = def
	return numberValue{func(n int64) int64 {
		if n >= 0 {
			*p = n
		}
		return *p
	}, 1}
}

func whole(p *int, def int) flag.Value {
	*p = def
	return numberValue{func(n int64) int64 {
		if n >= 0 {
			*p = int(n)
		}
		return int64(*p)
	}, int64(min(def, 1))}
}

func (v numberValue) String() string {
	if v.set == nil {
		return ""
	}
	return strconv.FormatInt(v.set(-1), 10)
}

func (v numberValue) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < v.least {
		return fmt.Errorf("write a whole number, %d or more", v.least)
	}
	v.set(n)
	return nil
}

type durationValue struct{ p *time.Duration }

func duration(p *time.Duration, def time.Duration) flag.Value { *p = def; return durationValue{p} }

func (v durationValue) String() string {
	if v.p == nil {
		return ""
	}
	return v.p.String()
}

func (v durationValue) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return errors.New("write a duration above zero, for example 10m or 1h")
	}
	*v.p = d
	return nil
}
