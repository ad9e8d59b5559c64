package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/rule"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// A look is what check and profile are asked to do.
type look struct {
	file, schema, format, dialect string
	rules                         string          // path of a file of rules
	one                           bool            // of an archive, a single table
	quick                         bool            // hold the file against the schema, and nothing more
	options                       tabular.Options // what detection is not to decide
}

// readLook reads the arguments; flags may stand before or after the file.
func readLook(in invocation, name string) (l look, err error) {
	l.one = name == "profile"
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the sentence below says it in the reader’s language
	fs.StringVar(&l.schema, "schema", "", "name in the pack, or path of a Table Schema or JSON Schema")
	fs.StringVar(&l.format, "format", dataset.PrintText, "text, json, csv or sarif")
	fs.StringVar(&l.rules, "rules", "", "path of a file of rules, as the page of rules exports it")
	fs.BoolVar(&l.quick, "quick", false, "only hold the file against the schema")
	fs.StringVar(&l.dialect, "dialect", "", "path of a CSV Dialect or Table Dialect")
	l.readingFlags(fs)
	for args := in.args; ; {
		if err := fs.Parse(args); err != nil {
			return l, fault.New(fault.Invalid, "cultured.check_usage").Because(err)
		}
		if fs.NArg() == 0 {
			break
		}
		if l.file != "" {
			return l, fault.New(fault.Invalid, "cultured.check_usage")
		}
		l.file, args = fs.Arg(0), fs.Args()[1:]
	}
	if l.file == "" {
		return l, fault.New(fault.Invalid, "cultured.check_usage")
	}
	if l.quick && l.schema == "" {
		return l, fault.New(fault.Invalid, "cultured.quick_schema")
	}
	if err := l.tidy(); err != nil {
		return l, err
	}
	if formats := dataset.PrintFormats(); !slices.Contains(formats, l.format) || name == "profile" && l.format == dataset.PrintSARIF {
		return l, fault.New(fault.Invalid, "cultured.bad_format", l.format)
	}
	return l, nil
}

// check prints what is wrong in a file.
func check(ctx context.Context, in invocation) (int, error) {
	l, err := readLook(in, "check")
	if err != nil {
		return exitFailed, err
	}
	in.spare()
	src, b, done, err := in.given(ctx, l)
	if err != nil {
		return exitFailed, err
	}
	code := exitFailed
	if b != nil && l.rules != "" {
		err = fault.New(fault.Invalid, "cultured.rules_one_table")
	} else if b != nil {
		code, err = in.checkBundle(ctx, l, b)
	} else {
		code, err = in.checkFile(ctx, l, src)
	}
	return code, errors.Join(err, done())
}

// checkFile prints what is wrong in one table.
func (in invocation) checkFile(ctx context.Context, l look, src source) (_ int, err error) {
	ex := dataset.Examination{Quick: l.quick}
	if ex.Schema, err = findSchema(l.schema); err != nil {
		return exitFailed, err
	}
	if ex.Notes, err = l.follow(ex.Schema); err != nil {
		return exitFailed, err
	}
	if ex.Rules, err = readRules(l.rules); err != nil {
		return exitFailed, err
	}
	out := dataset.NewPrinter(in.stdout, l.format, in.p.T)
	ex.Sink, ex.Known = out.Add, func(r tabular.Reading) { out.About(l.file, r) }
	report, err := examine(ctx, l, src, ex)
	if err != nil {
		return exitFailed, err
	}
	if err := out.Close(report); err != nil {
		return exitFailed, err
	}
	if report.Problems() > 0 {
		return exitFindings, nil
	}
	return exitOK, nil
}

// readRules reads the rules an organisation adds; none for "".
func readRules(path string) ([]rule.Rule, error) {
	if path == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "cultured.no_file", path).Because(err)
	}
	return rule.Decode(raw)
}

// findSchema finds a schema by its name in the pack, or reads it from a file.
func findSchema(ref string) (*schema.Schema, error) {
	if ref == "" {
		return nil, nil
	}
	if raw, err := os.ReadFile(ref); err == nil {
		return schema.Read(raw, filepath.Base(ref))
	}
	pack, err := shippedSchemas()
	if err != nil {
		return nil, err
	}
	e, err := pack.Find(ref)
	if err != nil {
		return nil, err
	}
	s, _, err := e.Schema()
	return &s, err
}

// softMemory is where the collector starts to hurry: the sets that know repeated keys hold 200 MB for ten million rows, and
// by itself it would let as much again pile up. GOMEMLIMIT says otherwise.
const softMemory = 300 << 20

// spare has the collector hurry in time.
func (in invocation) spare() {
	if in.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
}

// examine reads an open file as the pages do.
func examine(ctx context.Context, l look, src source, ex dataset.Examination) (dataset.Report, error) {
	size, open, err := src.table(l.options)
	if err != nil {
		return dataset.Report{}, err
	}
	ex.Size, ex.Raw = size, src
	return dataset.Examine(ctx, open, ex)
}

// profile prints what each column holds.
func profile(ctx context.Context, in invocation) (int, error) {
	l, err := readLook(in, "profile")
	if err != nil {
		return exitFailed, err
	}
	in.spare()
	src, b, done, err := in.given(ctx, l)
	if err != nil {
		return exitFailed, err
	}
	report, err := profiled(ctx, l, src, b)
	if err = errors.Join(err, done()); err != nil {
		return exitFailed, err
	}
	return exitOK, dataset.PrintProfile(in.stdout, report, l.format, in.p.T)
}

// profiled knows one table: the file, or the table of the package asked for, the first unless one is named.
func profiled(ctx context.Context, l look, src source, b *dataset.Bundle) (_ dataset.Report, err error) {
	var ex dataset.Examination
	if b == nil {
		if ex.Notes, err = l.follow(nil); err != nil {
			return dataset.Report{}, err
		}
		return examine(ctx, l, src, ex)
	}
	r, err := l.among(b)
	if err != nil {
		return dataset.Report{}, err
	}
	l.options.Member = ""
	ex.Notes = slices.Concat([]tabular.Note{b.Told(r)}, b.Notes, r.Notes)
	return dataset.Examine(ctx, b.Opener(r, l.options), ex)
}
