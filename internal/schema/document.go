package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"cultured/internal/fault"
	"cultured/internal/finding"
)

// A Document is a JSON Schema (draft 4, 6, 7, 2019-09 or 2020-12): what a JSON file must be. Safe for concurrent use.
type Document struct {
	Title       string
	Description string
	Version     string
	rules       *jsonschema.Schema
	label       string
}

// documentAddress is where a schema without an identifier is supposed to be; nothing is ever fetched from it.
const documentAddress = "https://schema.invalid/document.json"

// ParseDocument compiles a JSON Schema. Nothing is fetched: it may refer to itself and to the GeoJSON schemas, which
// are known here. title stands for its own when it has none; an undeclared draft is read as draft 7, or as 2019-09 when
// it has $defs.
// Faults, all Invalid: "schema.not_json", "schema.not_object", "schema.not_document" (no rule in it, or one that does
// not compile); TooLarge "schema.too_large".
func ParseDocument(raw []byte, title string) (d *Document, err error) {
	defer fault.Wrap(&err, "schema.ParseDocument")
	if len(raw) > maxDescriptor {
		return nil, fault.New(fault.TooLarge, "schema.too_large", maxDescriptor>>20)
	}
	v, err := decode(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if err != nil {
		return nil, fault.New(fault.Invalid, "schema.not_json").Because(err)
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Invalid, "schema.not_object")
	}
	if !IsDocument(o) {
		return nil, fault.New(fault.Invalid, "schema.not_document")
	}
	d = &Document{Title: cmp.Or(object(o).text("title"), title), Description: object(o).text("description"), Version: object(o).text("version")}
	d.label = strings.TrimSpace(d.Title + " " + d.Version)
	if d.rules, err = compileDocument(o); err != nil {
		return nil, fault.New(fault.Invalid, "schema.not_document").Because(err)
	}
	return d, nil
}

// Read reads a schema of either kind: a Table Schema, else a JSON Schema, which name stands for when it has no title.
// Faults: those of [Parse] and [ParseDocument].
func Read(raw []byte, name string) (*Schema, error) {
	s, _, err := Parse(raw)
	if !fault.Is(err, "schema.not_table") {
		return &s, err
	}
	d, err := ParseDocument(raw, name)
	if fault.Is(err, "schema.not_document") && !looksLike(raw) {
		return nil, fault.New(fault.Invalid, "schema.not_table").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return d.schema(name), nil
}

func looksLike(raw []byte) bool {
	v, err := decode(bytes.TrimPrefix(raw, []byte("\ufeff")))
	o, ok := v.(map[string]any)
	return err == nil && ok && IsDocument(o)
}

// schema is a schema without fields, whose rules are the document's.
func (d *Document) schema(name string) *Schema {
	return &Schema{Name: name, Title: d.Title, Description: d.Description, Version: d.Version, MissingValues: []string{""}, Document: d}
}

// IsDocument says whether a JSON object looks like a JSON Schema rather than a Table Schema or data.
func IsDocument(o map[string]any) bool {
	if _, table := o["fields"].([]any); table {
		return false
	}
	if _, pack := o["resources"].([]any); pack && o["properties"] == nil {
		return false
	}
	for _, key := range [...]string{"properties", "allOf", "anyOf", "oneOf", "not", "$ref", "items", "definitions", "$defs", "enum", "required"} {
		if o[key] != nil {
			return true
		}
	}
	return strings.Contains(object(o).text("$schema"), "json-schema.org")
}

func compileDocument(o map[string]any) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	if o["$defs"] != nil && o["$schema"] == nil {
		c.DefaultDraft(jsonschema.Draft2019)
	}
	c.AssertFormat()
	c.UseLoader(geoSchemas{})
	c.UseRegexpEngine(func(pattern string) (jsonschema.Regexp, error) {
		ok, err := compileSearch(pattern)
		return expression{pattern, ok}, err
	})
	address := documentAddress
	if id := object(o).text("$id", "id"); strings.HasPrefix(id, "http") {
		address = id
	}
	if err := c.AddResource(address, o); err != nil {
		return nil, err
	}
	return c.Compile(address)
}

// An expression is a pattern of a JSON Schema, compiled as those of Table Schema are.
type expression struct {
	pattern string
	ok      func(string) bool
}

func (e expression) String() string            { return e.pattern }
func (e expression) MatchString(v string) bool { return e.ok(v) }

// maxDocument bounds the JSON file a Document checks, in bytes: it is held in memory.
const maxDocument = 64 << 20

// Check says what breaks the schema in a JSON file, or in a file of one JSON value a line. Row is the record: the
// position, from 1, in the first list on the way, or the line; Field is the path inside the record, the positions in
// inner lists from 1, as in "titulaires[2].id".
// records is how many objects its lists hold, or lines, at least 1. Faults: Invalid "schema.data_not_json"; TooLarge "schema.data_too_large".
func (d *Document) Check(raw []byte, sink finding.Sink) (records int, err error) {
	defer fault.Wrap(&err, "schema.Check")
	if len(raw) > maxDocument {
		return 0, fault.New(fault.TooLarge, "schema.data_too_large", maxDocument>>20)
	}
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	decoder.UseNumber()
	var values []any
	for {
		var v any
		if err := decoder.Decode(&v); err == io.EOF {
			break
		} else if err != nil {
			return 0, fault.New(fault.Invalid, "schema.data_not_json", lineOf(err, raw, decoder.InputOffset())).Because(err)
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return 0, fault.New(fault.Invalid, "schema.data_not_json", 1)
	}
	for i, v := range values {
		line := 0
		if len(values) > 1 {
			line = i + 1
		}
		if err := d.check(v, line, sink); err != nil {
			return 0, err
		}
		records++
		if line == 0 {
			records = max(1, countRecords(v))
		}
	}
	return records, nil
}

// lineOf is the line where reading stopped, from 1.
func lineOf(err error, raw []byte, offset int64) int {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = max(offset, syntax.Offset)
	}
	return 1 + bytes.Count(raw[:min(len(raw), int(offset))], []byte("\n"))
}

// check validates one value; line is 0 when it is the only one.
func (d *Document) check(v any, line int, sink finding.Sink) error {
	failed := d.rules.Validate(v)
	if broken, ok := errors.AsType[*jsonschema.ValidationError](failed); ok {
		(&teller{document: d, root: v, line: line, sink: sink}).tell(broken)
		return nil
	}
	return failed
}

// holds says whether a text is JSON that respects the schema.
func (d *Document) holds(v string) bool {
	x, err := decode([]byte(v))
	return err == nil && d.rules.Validate(x) == nil
}

// countRecords counts the objects of the lists that are not inside a list themselves.
func countRecords(v any) (n int) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if _, ok := item.(map[string]any); ok {
				n++
			}
		}
	case map[string]any:
		for _, inner := range v {
			n += countRecords(inner)
		}
	}
	return n
}

// place turns the path of a value into its record and the path inside it.
func place(path []string, root any, line int) (row int, field string) {
	row = line
	var b strings.Builder
	at := root
	for _, step := range path {
		switch v := at.(type) {
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return row, b.String()
			}
			if row == 0 {
				row = i + 1
			} else {
				b.WriteString("[" + strconv.Itoa(i+1) + "]")
			}
			at = v[i]
		case map[string]any:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
			at = v[step]
		}
	}
	return row, b.String()
}

// valueAt is the value at the path, nil when there is none.
func valueAt(path []string, root any) any {
	for _, step := range path {
		switch v := root.(type) {
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			root = v[i]
		case map[string]any:
			root = v[step]
		default:
			return nil
		}
	}
	return root
}
