// Package config reads the settings: flags first, then environment variables, then defaults. Each setting is one row of
// the table in this file, and docs/config.md describes each row; a test compares the two.
package config

import (
	"embed"
	"flag"
	"io"
	"net"
	"path/filepath"
	"strings"
	"time"

	"cultured/internal/fault"
)

// Text holds what is said of settings, in each language.
//
//go:embed text/*.json
var Text embed.FS

// A Config is every setting of the server.
type Config struct {
	Data         string        // folder of the database and files
	Listen       string        // host:port
	BaseURL      string        // public address, "" = http://Listen
	Database     string        // "" = SQLite in Data; or postgres://…
	SMTP         string        // smtp://user:password@host:port; "" = no mail
	MailFrom     string        // sender address
	Proxies      int           // proxies in front, each adding one address to X-Forwarded-For
	Metrics      string        // host:port of Prometheus metrics, "" = off
	Demo         bool          // fill an empty instance with the demonstration organisation
	Dev          bool          // development: mails on /dev/mails
	UploadBytes  int64         // largest file accepted
	Expanded     int64         // largest content of a compressed file
	Cells        int64         // most cells read from one file
	Columns      int           // most columns
	CellBytes    int           // largest cell
	ReadTime     time.Duration // longest reading of one file
	KeepChecks   time.Duration // how long an unsaved check is kept
	KeepNames    time.Duration // how long it is known who took part in a workshop, 0 = for ever
	VisitorBytes int64         // what the files of visitors may take in all
	DuckMemory   int           // MiB for queries on tables
	LogFormat    string        // "text" or "json"
	SecretFile   string        // "" = "secret" in Data, made when it is not there

	Outgoing         bool          // requests to other machines are allowed
	OutgoingHosts    string        // hosts that may be asked, separated by commas; "" = all
	OutgoingRefused  string        // hosts that may not
	OutgoingNetworks string        // private networks that may be reached
	OutgoingProxy    string        // http://host:port to go through
	OutgoingTime     time.Duration // one transfer at most
	Geocoder         string        // address of the service that locates addresses, "" = none
	MapTiles         string        // address of the pictures behind maps, with {z}, {x} and {y}, "" = none
	MapCredit        string        // whom the pictures are by, as their service asks it to be said
}

// A Setting is one row of the table, for whoever asks what there is to set.
type Setting struct {
	Flag    string // without its dashes
	Env     string // environment variable
	Default string // "" for none
	Key     string // of the sentence that says what it does
}

// Settings lists every setting.
func Settings() []Setting {
	var c Config
	var out []Setting
	for _, s := range table(&c) {
		out = append(out, Setting{s.flag, Env(s.flag), s.value.String(), "config.help_" + strings.ReplaceAll(s.flag, "-", "_")})
	}
	return out
}

// Load reads the settings of a command from its arguments and the environment; what is left of the arguments comes
// back. Faults: Invalid "config.unknown", "config.no_value", "config.bad_address", "config.bad_url", "config.bad_format",
// "config.bad_networks", "config.bad_number", "config.bad_boolean", "config.bad_duration", each naming the setting as it was given. Asking for
// help gives [flag.ErrHelp].
func Load(command string, args []string, getenv func(string) string) (Config, []string, error) {
	var c Config
	var wrong error // of a value; the flag package would bury it in prose of its own
	fs := flag.NewFlagSet(command, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	for _, s := range table(&c) {
		if v := getenv(Env(s.flag)); v != "" {
			if err := (given{s.value, Env(s.flag), &wrong}).Set(v); err != nil {
				return c, nil, err
			}
		}
		fs.Var(given{s.value, "--" + s.flag, &wrong}, s.flag, "")
	}
	var rest []string
	for { // a flag may follow what is no flag: "backup FILE --data FOLDER"
		err := fs.Parse(args)
		switch {
		case wrong != nil:
			return c, nil, wrong
		case err == flag.ErrHelp:
			return c, nil, err
		case err != nil:
			return c, nil, misread(fs, args)
		}
		if fs.NArg() == 0 {
			break
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
	c.settle()
	return c, rest, nil
}

// misread says which argument the parser could not read.
func misread(fs *flag.FlagSet, args []string) error {
	name, _, _ := strings.Cut(offender(args, fs.NArg()), "=")
	if fs.Lookup(strings.TrimLeft(name, "-")) == nil {
		return fault.New(fault.Invalid, "config.unknown", name)
	}
	return fault.New(fault.Invalid, "config.no_value", name)
}

// offender is the argument that parsing stopped at: the last one taken, or the next when that has no name at all.
func offender(args []string, left int) string {
	at := len(args) - left
	if at < len(args) {
		next := strings.TrimPrefix(strings.TrimPrefix(args[at], "-"), "-")
		if at == 0 || strings.HasPrefix(next, "-") || strings.HasPrefix(next, "=") {
			return args[at]
		}
	}
	return args[at-1]
}

// Env is the environment variable of a flag: "base-url" is CULTURED_BASE_URL.
func Env(name string) string {
	return "CULTURED_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// A setting is one row of the table: flag, and a value that knows its default.
type setting struct {
	flag  string
	value flag.Value
}

func table(c *Config) []setting {
	return []setting{
		{"data", text(&c.Data, "var")},
		{"listen", checked(&c.Listen, "127.0.0.1:8080", isAddress, "config.bad_address")},
		{"base-url", checked(&c.BaseURL, "", isURL, "config.bad_url")},
		{"database", text(&c.Database, "")},
		{"smtp", text(&c.SMTP, "")},
		{"mail-from", text(&c.MailFrom, "culture-d@localhost")},
		{"proxies", whole(&c.Proxies, 0)},
		{"metrics", checked(&c.Metrics, "", isAddress, "config.bad_address")},
		{"demo", boolean(&c.Demo)},
		{"dev", boolean(&c.Dev)},
		{"upload-bytes", size(&c.UploadBytes, 1<<30)},
		{"expanded-bytes", size(&c.Expanded, 4<<30)},
		{"cells", size(&c.Cells, 200_000_000)},
		{"columns", whole(&c.Columns, 16_384)},
		{"cell-bytes", whole(&c.CellBytes, 1<<20)},
		{"read-time", duration(&c.ReadTime, 10*time.Minute)},
		{"keep-checks", duration(&c.KeepChecks, time.Hour)},
		{"keep-names", duration(&c.KeepNames, 90*24*time.Hour)},
		{"visitor-bytes", size(&c.VisitorBytes, 20<<30)},
		{"duck-memory", whole(&c.DuckMemory, 512)},
		{"secret-file", text(&c.SecretFile, "")},
		{"log-format", checked(&c.LogFormat, "text", isLogFormat, "config.bad_format")},
		{"outgoing", boolean(&c.Outgoing)},
		{"outgoing-hosts", text(&c.OutgoingHosts, "")},
		{"outgoing-refused", text(&c.OutgoingRefused, "")},
		{"outgoing-networks", checked(&c.OutgoingNetworks, "", isNetworks, "config.bad_networks")},
		{"outgoing-proxy", text(&c.OutgoingProxy, "")},
		{"outgoing-time", duration(&c.OutgoingTime, time.Hour)},
		{"geocoder", checked(&c.Geocoder, "", isURL, "config.bad_url")},
		{"map-tiles", checked(&c.MapTiles, "", isTiles, "config.bad_tiles")},
		{"map-credit", text(&c.MapCredit, "")},
	}
}

// settle fills the public address from the one served on, unless it is given.
func (c *Config) settle() {
	if c.BaseURL == "" {
		host, port, _ := net.SplitHostPort(c.Listen) // the default, or checked
		if host == "" || host == "0.0.0.0" || host == "::" || host == "127.0.0.1" {
			host = "localhost"
		}
		c.BaseURL = "http://" + net.JoinHostPort(host, port)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
}

// DatabaseAddress is what db.Open takes.
func (c *Config) DatabaseAddress() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "cultured.db")
}
