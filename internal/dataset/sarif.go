package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"cultured/internal/finding"
)

// The report as SARIF 2.1.0, the format pipelines and forges read. A row is a line of the artifact, counted as a
// spreadsheet counts; the column is a logical location, since SARIF's own columns count characters. What SARIF has no
// place for (value, how to mend, the cell mended) stands in property bags, under the names of the JSON report. Its "fixes"
// are left out: they replace characters of a text file, ours replace cells of any table.
// Source: OASIS, Static Analysis Results Interchange Format 2.1.0 (2020).
const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifStart  = `{"$schema":"` + sarifSchema + `","version":"2.1.0","runs":[`
	sarifRun    = `{"columnKind":"unicodeCodePoints","results":[`
)

// sarifRules are the reasons met, in the order of their first finding.
type sarifRules struct {
	at  map[string]int
	all []sarifRule
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID         string            `json:"id"`
	Short      sarifText         `json:"shortDescription"`
	Full       *sarifText        `json:"fullDescription,omitempty"` // how the rule recognises it, and after whom
	Help       sarifText         `json:"help"`
	Default    sarifLevel        `json:"defaultConfiguration"`
	Properties map[string]string `json:"properties,omitempty"` // "rule": the rule and its source
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifResult struct {
	Rule         string            `json:"ruleId"`
	At           int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   sarifCell         `json:"properties"`
}

type sarifLocation struct {
	Physical sarifPlace     `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPlace struct {
	Artifact sarifArtifactPlace `json:"artifactLocation"`
	Region   *sarifRegion       `json:"region,omitempty"`
}

type sarifArtifactPlace struct {
	URI   string `json:"uri"`
	Index int    `json:"index"`
}

type sarifRegion struct {
	Line int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"name"`
	Full string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

// A sarifCell is what the JSON report says and SARIF has no place for.
type sarifCell struct {
	File   string  `json:"file,omitempty"`
	Sheet  string  `json:"sheet,omitempty"`
	Row    int     `json:"row,omitempty"`
	Column int     `json:"column,omitempty"` // 1-based
	Field  string  `json:"field,omitempty"`
	Value  string  `json:"value,omitempty"`
	Mend   string  `json:"mend"`
	Rule   string  `json:"rule,omitempty"`
	Fix    string  `json:"fix,omitempty"`
	After  *string `json:"after,omitempty"`
}

var sarifLevels = map[finding.Severity]string{finding.Error: "error", finding.Warning: "warning", finding.Info: "note"}

// A sarifFile is a file of a run, and its position among its artifacts.
type sarifFile struct {
	name string
	at   int
}

// place is the address of the file, relative to wherever the check ran.
func (f sarifFile) place() sarifArtifactPlace {
	if f.name == "" {
		return sarifArtifactPlace{"stdin", f.at}
	}
	return sarifArtifactPlace{(&url.URL{Path: f.name}).String(), f.at}
}

// sarifFiles are the files of the run.
func (p *Printer) sarifFiles() []sarifFile {
	var list []sarifFile
	for i, piece := range p.places.Reading.Pieces {
		list = append(list, sarifFile{piece.Name, i})
	}
	if list == nil {
		list = []sarifFile{{p.file, 0}}
	}
	return list
}

func (p *Printer) sarifResult(f finding.Finding, file sarifFile, message, mend string) sarifResult {
	sheet := p.places.Reading.Sheet
	at := p.rules.of(f, p.say, mend)
	out := sarifResult{Rule: sarifID(f), At: at, Level: sarifLevels[f.Severity], Message: sarifText{message},
		Fingerprints: map[string]string{"cell/v1": fingerprint(sheet, f)},
		Properties:   sarifCell{file.name, sheet, f.Row, f.Column + 1, f.Field, f.Value, mend, f.Rule, f.Fix, nil}}
	if f.Fix != "" {
		out.Properties.After = &f.After
	}
	place := sarifLocation{Physical: sarifPlace{Artifact: file.place()}}
	if f.Row > 0 {
		place.Physical.Region = &sarifRegion{f.Row}
	}
	if f.Field != "" {
		full := f.Field
		if sheet != "" {
			full = sheet + "!" + f.Field
		}
		place.Logical = []sarifLogical{{f.Field, full, "column"}}
	}
	out.Locations = []sarifLocation{place}
	return out
}

// of gives the position of a finding's rule, which is new when its reason is.
func (r *sarifRules) of(f finding.Finding, say Say, mend string) int {
	id := sarifID(f)
	if at, known := r.at[id]; known {
		return at
	}
	if r.at == nil {
		r.at = map[string]int{}
	}
	rule := sarifRule{ID: id, Short: sarifText{say(f.Reason+"_title", anys(f.Args)...)}, Help: sarifText{mend}, Default: sarifLevel{sarifLevels[f.Severity]}}
	if why := Explanation(f.Reason); why != "" {
		rule.Full = &sarifText{say(why)}
	}
	if f.Rule != "" {
		rule.Properties = map[string]string{"rule": f.Rule}
	}
	r.at[id] = len(r.all)
	r.all = append(r.all, rule)
	return r.at[id]
}

// sarifID names the rule of a finding. Those an organisation wrote share their reasons: each is told by what it asks.
func sarifID(f finding.Finding) string {
	if OfRule(f.Reason) {
		return f.Reason + ": " + f.Rule
	}
	return f.Reason
}

// fingerprint recognises the same anomaly in the next version of a file: the row may move, the cell stays what it is.
func fingerprint(sheet string, f finding.Finding) string {
	sum := sha256.New()
	for _, part := range []string{sheet, sarifID(f), f.Field, f.Value} {
		_, _ = fmt.Fprintf(sum, "%d:%s,", len(part), part) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// sarifTool is who speaks, in which language, by which rules.
type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name     string      `json:"name"`
	Language string      `json:"language"`
	Rules    []sarifRule `json:"rules"`
}

func (p *Printer) sarifTool() sarifTool {
	rules := slices.Clone(p.rules.all)
	if rules == nil {
		rules = []sarifRule{}
	}
	return sarifTool{sarifDriver{"Culture D", p.say("dataset.print_language"), rules}}
}

type sarifArtifact struct {
	Place    sarifArtifactPlace `json:"location"`
	Encoding string             `json:"encoding,omitempty"`
	Roles    []string           `json:"roles"`
}

type sarifInvocation struct {
	OK            bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

// sarifEnd writes what is known once every finding is: the rules, the file, the verdict.
func (p *Printer) sarifEnd(r Report) {
	p.sarifClose(r.Reading.Encoding, sarifInvocation{OK: true}, map[string]any{"verdict": p.say(r.Verdict.Key, r.Verdict.Words()...), "rows": r.Rows, "columns": len(r.Columns),
		"valid": r.Valid, "schema": r.Schema, "errors": r.Errors, "warnings": r.Warnings, "infos": r.Infos, "format": r.Reading.Format, "findings": p.n})
}

// sarifRefused ends the run of a table that could not be read.
func (p *Printer) sarifRefused(why string) {
	p.sarifClose("", sarifInvocation{Notifications: []sarifNotification{{"error", sarifText{why}}}}, nil)
}

func (p *Printer) sarifClose(encoding string, how sarifInvocation, about map[string]any) {
	tool := p.sarifTool()
	var artifacts []sarifArtifact
	for _, f := range p.sarifFiles() {
		artifacts = append(artifacts, sarifArtifact{f.place(), encoding, []string{"analysisTarget"}})
	}
	end := struct {
		Tool        sarifTool         `json:"tool"`
		Artifacts   []sarifArtifact   `json:"artifacts"`
		Invocations []sarifInvocation `json:"invocations"`
		Language    string            `json:"language"`
		Properties  map[string]any    `json:"properties,omitempty"`
	}{tool, artifacts, []sarifInvocation{how}, tool.Driver.Language, about}
	b, err := json.Marshal(end)
	p.keep(err)
	if err == nil {
		p.write("\n]," + string(b[1:]))
	}
}
