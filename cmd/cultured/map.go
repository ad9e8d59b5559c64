package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// A remap is what map is asked to do.
type remap struct {
	file, schema, mapping, output, format string
}

// readRemap reads the arguments; flags may stand before or after the file.
func readRemap(in invocation) (m remap, err error) {
	usage := func(because error) error { return fault.New(fault.Invalid, "cultured.map_usage").Because(because) }
	fs := flag.NewFlagSet("map", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the sentence says it in the reader’s language
	fs.StringVar(&m.schema, "schema", "", "name in the pack, or path of a Table Schema")
	fs.StringVar(&m.mapping, "mapping", "", "a mapping to replay, as JSON")
	fs.StringVar(&m.output, "output", "", "where to write the mapped table, as CSV; - for standard output")
	fs.StringVar(&m.format, "format", dataset.PrintText, "text or json")
	for args := in.args; ; {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			return m, err
		} else if err != nil {
			return m, usage(err)
		}
		if fs.NArg() == 0 {
			break
		}
		if m.file != "" {
			return m, usage(nil)
		}
		m.file, args = fs.Arg(0), fs.Args()[1:]
	}
	switch {
	case m.file == "" || m.schema == "" && m.mapping == "":
		return m, usage(nil)
	case m.format != dataset.PrintText && m.format != dataset.PrintJSON:
		return m, usage(nil)
	}
	return m, nil
}

// mapFile says which column of a file is which field of a schema, or replays what was decided, and writes the table the
// schema asks for.
func mapFile(ctx context.Context, in invocation) (int, error) {
	ask, err := readRemap(in)
	if err != nil {
		return exitFailed, err
	}
	decided, err := readMapping(ask.mapping)
	if err != nil {
		return exitFailed, err
	}
	if ask.schema == "" {
		ask.schema = decided.Schema
	}
	s, err := findSchema(ask.schema)
	if err != nil {
		return exitFailed, err
	}
	if s == nil || s.Document != nil {
		return exitFailed, fault.New(fault.Invalid, "cultured.map_schema", ask.schema)
	}
	src, open, err := in.table(ctx, ask.file, tabular.Options{})
	if err != nil {
		return exitFailed, err
	}
	defer func() { _ = src.Close() }() // read only
	seen, err := dataset.Look(ctx, open, nil)
	if err != nil {
		return exitFailed, err
	}
	m, matches := decided, []schema.Match(nil)
	if ask.mapping == "" {
		m, matches = dataset.Propose(s, ask.schema, seen, nil)
	}
	if ask.output != "" || ask.mapping != "" {
		step, err := m.Step(s)
		if err == nil && ask.output != "" {
			err = in.write(ctx, ask.output, open, dataset.Plan{step})
		}
		if err != nil {
			return exitFailed, err
		}
	}
	if ask.output != "-" {
		if err := in.tellMapping(ask.format, s, m, seen, matches); err != nil {
			return exitFailed, err
		}
	}
	if len(seen.Absent(s, m)) > 0 {
		return exitFindings, nil
	}
	return exitOK, nil
}

// readMapping reads a mapping as map --format json writes it; none for "".
func readMapping(path string) (m dataset.Mapping, err error) {
	if path == "" {
		return m, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return m, fault.New(fault.Invalid, "cultured.no_file", path).Because(err)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, fault.New(fault.Invalid, "cultured.map_unreadable", path).Because(err)
	}
	return m, nil
}

// table opens what a command reads, and says how to read it as a table as often as wanted. The caller closes it.
func (in invocation) table(ctx context.Context, name string, opt tabular.Options) (source, dataset.Opener, error) {
	src, err := in.open(ctx, name)
	if err != nil {
		return src, nil, err
	}
	_, open, err := src.table(opt)
	if err != nil {
		return source{}, nil, errors.Join(err, src.Close())
	}
	return src, open, nil
}

// write writes a table after a plan as CSV.
func (in invocation) write(ctx context.Context, path string, open dataset.Opener, plan dataset.Plan) error {
	return in.writeRows(path, func(write func([]string) error) error { return dataset.Rewrite(ctx, open, plan, write) })
}

// writeRows writes what give gives as CSV with commas, values as they are; nowhere for "". A file appears only when it is whole.
func (in invocation) writeRows(path string, give func(write func(cells []string) error) error) (err error) {
	to, finish := in.stdout, func(failed error) error { return failed }
	switch path {
	case "":
		return give(func([]string) error { return nil })
	case "-":
	default:
		file, err := os.CreateTemp(filepath.Dir(path), ".cultured-*")
		if err != nil {
			return fault.New(fault.Invalid, "cultured.no_output", path).Because(err)
		}
		to, finish = file, func(failed error) error {
			failed = errors.Join(failed, file.Chmod(0o644), file.Close())
			if failed == nil {
				failed = os.Rename(file.Name(), path)
			}
			if failed != nil {
				failed = errors.Join(failed, os.Remove(file.Name()))
			}
			return failed
		}
	}
	out := csv.NewWriter(bufio.NewWriterSize(to, 1<<16)) // which it takes for its own
	err = give(out.Write)
	out.Flush()
	return finish(errors.Join(err, out.Error()))
}

// tellMapping prints a mapping: as JSON to be replayed, or in words.
func (in invocation) tellMapping(format string, s *schema.Schema, m dataset.Mapping, seen *dataset.Glance, matches []schema.Match) error {
	if format == dataset.PrintJSON {
		e := json.NewEncoder(in.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(m)
	}
	var b strings.Builder
	for i, t := range seen.Try(s, m) {
		if t.Mapped == nil {
			continue
		}
		from := t.Mapped.Column
		if from == "" {
			from = in.p.T("cultured.map_constant", t.Mapped.Constant)
		}
		b.WriteString(t.Field + " ← " + from + "\n")
		if i < len(matches) {
			for _, r := range matches[i].Reasons {
				args := make([]any, len(r.Args))
				for j, a := range r.Args {
					args[j] = a
				}
				b.WriteString("    " + in.p.T(r.Key, args...) + "\n")
			}
		}
		for _, v := range t.Samples {
			if v.Kind != "" {
				b.WriteString("    " + v.Before + " → " + v.After + "\n")
			}
		}
		if t.Wrong > 0 {
			b.WriteString("    " + in.p.T("cultured.map_wrong", t.Wrong) + "\n")
		}
	}
	list := func(key string, names []string) {
		if len(names) > 0 {
			b.WriteString(in.p.T(key, len(names), strings.Join(slices.Clip(names), ", ")) + "\n")
		}
	}
	list("cultured.map_left", seen.Left(m))
	list("cultured.map_absent", seen.Absent(s, m))
	_, err := io.WriteString(in.stdout, b.String())
	return err
}
