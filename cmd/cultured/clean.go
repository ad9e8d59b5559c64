package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// clean reads a table through a recipe, writes what it makes and says what each step did.
func clean(ctx context.Context, in invocation) (int, error) {
	asked, err := readClean(in)
	if err != nil {
		return exitFailed, err
	}
	r, err := readRecipe(asked.recipe)
	if err != nil {
		return exitFailed, err
	}
	var hiding []byte
	if asked.secret != "" {
		if hiding, err = readSecret(asked.secret); err != nil {
			return exitFailed, err
		}
	}
	src, open, err := in.table(ctx, asked.file, tabular.Options{})
	if err != nil {
		return exitFailed, err
	}
	defer func() { _ = src.Close() }() // read only
	var others []io.Closer
	defer func() {
		for _, o := range others {
			_ = o.Close() // read only
		}
	}()
	queries := newQueries("")
	kitchen := recipe.Kitchen{Secret: hiding, Ask: func(q recipe.Question) (recipe.Inquiry, error) { return queries.step(q, stepTime) }, Others: func(name string) (tabular.Table, error) {
		src, open, err := in.table(ctx, name, tabular.Options{})
		if err != nil {
			return nil, err
		}
		others = append(others, src)
		return open()
	}}
	if err := dataset.Learned(ctx, open, r, kitchen); err != nil {
		return exitFailed, err
	}
	var tallies []recipe.Tally
	err = in.writeRows(asked.output, func(write func([]string) error) (err error) {
		tallies, err = dataset.Clean(ctx, open, r, kitchen, write)
		return err
	})
	if err != nil {
		return exitFailed, err
	}
	to := in.stdout
	if asked.output == "-" {
		to = in.stderr
	}
	return exitOK, in.tellSteps(to, r, tallies)
}

// A cleanup is what the command is asked.
type cleanup struct{ file, recipe, output, secret string }

// readClean reads the arguments; flags may stand before or after the file.
func readClean(in invocation) (c cleanup, err error) {
	usage := func(because error) error { return fault.New(fault.Invalid, "cultured.clean_usage").Because(because) }
	fs := flag.NewFlagSet("clean", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // the sentence says it in the reader’s language
	fs.StringVar(&c.recipe, "recipe", "", "the steps, as JSON")
	fs.StringVar(&c.output, "output", "", "where to write the table, as CSV; - for standard output; nowhere for a rehearsal")
	fs.StringVar(&c.secret, "secret", "", "a file with the secret of steps that hide people, 32 signs at least")
	for args := in.args; ; {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			return c, err
		} else if err != nil {
			return c, usage(err)
		}
		if fs.NArg() == 0 {
			break
		}
		if c.file != "" {
			return c, usage(nil)
		}
		c.file, args = fs.Arg(0), fs.Args()[1:]
	}
	if c.file == "" || c.recipe == "" {
		return c, usage(nil)
	}
	return c, nil
}

func readRecipe(path string) (r recipe.Recipe, err error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "cultured.no_file", path).Because(err)
	}
	err = json.Unmarshal(raw, &r)
	if _, ours := faultOf(err); err != nil && !ours { // no JSON at all never reaches the recipe
		err = fault.New(fault.Invalid, "recipe.not_json").Because(err)
	}
	return r, err
}

// tellSteps prints each step as a sentence, then what it did.
func (in invocation) tellSteps(to io.Writer, r recipe.Recipe, tallies []recipe.Tally) error {
	var b strings.Builder
	for i, step := range r {
		said, t := step.Say(), tallies[i]
		b.WriteString(strconv.Itoa(i+1) + ". " + in.p.T(said.Key, said.Args...) + "\n")
		if t.In != t.Out {
			b.WriteString("    " + in.p.T("cultured.clean_rows", t.In, t.Out) + "\n")
		}
		if t.Changed > 0 {
			b.WriteString("    " + in.p.T("cultured.clean_changed", t.Changed) + "\n")
		}
		for _, s := range t.Samples {
			fmt.Fprintf(&b, "      %s: %s → %s\n", s.Column, s.Before, s.After)
		}
		if t.Left > 0 {
			b.WriteString("    " + in.p.T("cultured.clean_left", t.Left) + "\n")
		}
		if len(t.Unpaired) > 0 {
			b.WriteString("      " + strings.Join(t.Unpaired, ", ") + "\n")
		}
	}
	_, err := io.WriteString(to, b.String())
	return err
}
