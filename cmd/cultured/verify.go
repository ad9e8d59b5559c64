package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/recognition"
)

// mostBadge bounds the file of a badge, in bytes: a little more than the largest picture, which the room then refuses.
const mostBadge = 9 << 20

// A proving is what verify is asked to do.
type proving struct {
	file, email string
	with        []string // documents at hand
	online      bool
}

// readProving reads the arguments; flags may stand before or after the file.
func readProving(in invocation) (v proving, err error) {
	usage := fault.New(fault.Invalid, "cultured.verify_usage")
	fs := flag.NewFlagSet("verify", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the sentence says it in the reader’s language
	fs.StringVar(&v.email, "email", "", "of the person who shows the badge")
	fs.BoolVar(&v.online, "online", false, "ask the network for keys and status lists")
	fs.Func("with", "a document at hand", func(file string) error {
		v.with = append(v.with, file)
		return nil
	})
	for args := in.args; ; {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			return v, err
		} else if err != nil {
			return v, usage.Because(err)
		}
		if fs.NArg() == 0 {
			break
		}
		if v.file != "" {
			return v, usage
		}
		v.file, args = fs.Arg(0), fs.Args()[1:]
	}
	if v.file == "" {
		return v, usage
	}
	return v, nil
}

// verify says what a badge is worth: exit code 0 when it holds, 1 when it does not, 2 when it cannot be read.
func verify(ctx context.Context, in invocation) (int, error) {
	v, err := readProving(in)
	if err != nil {
		return exitFailed, err
	}
	known := recognition.Known{Next: recognition.Nothing{}}
	if v.online {
		client, err := in.client()
		if err != nil {
			return exitFailed, err
		}
		known.Next = documents{client}
	}
	for _, file := range v.with {
		raw, err := in.small(file)
		if err != nil {
			return exitFailed, err
		}
		if err := known.Add(raw); err != nil {
			return exitFailed, fault.New(fault.Invalid, "cultured.with_unreadable", file).Because(err)
		}
	}
	raw, err := in.small(v.file)
	if err != nil {
		return exitFailed, err
	}
	r, err := recognition.Verify(ctx, raw, recognition.Asking{Source: known, Now: time.Now(), Email: v.email})
	if err != nil {
		return exitFailed, err
	}
	if err := in.report(r); err != nil {
		return exitFailed, err
	}
	if r.Verdict != recognition.Valid || r.Holder == recognition.HolderOther {
		return exitFindings, nil
	}
	return exitOK, nil
}

// small reads a whole file of little size, - being standard input.
func (in invocation) small(name string) (_ []byte, err error) {
	from := in.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fault.New(fault.Invalid, "cultured.no_file", name).Because(err)
		}
		defer func() { _ = f.Close() }() // read only
		from = f
	}
	raw, err := io.ReadAll(io.LimitReader(from, mostBadge))
	if err != nil {
		return nil, fault.New(fault.Invalid, "cultured.no_file", name).Because(err)
	}
	return raw, nil
}

// report prints a verdict, and what the badge says, a line each: its texts are somebody else's.
func (in invocation) report(r recognition.Report) error {
	for _, s := range r.Said() {
		if _, err := fmt.Fprintln(in.stdout, in.p.T(s.Key, s.Args...)); err != nil {
			return err
		}
	}
	for _, l := range r.Badge.Lines() {
		value, ok := l.Value.(string)
		if !ok {
			value = in.p.DateTime(l.Value.(time.Time))
		}
		if _, err := fmt.Fprintln(in.stdout, in.p.T("cultured.badge_line", in.p.T(l.Key), strings.Join(strings.Fields(value), " "))); err != nil {
			return err
		}
	}
	return nil
}
