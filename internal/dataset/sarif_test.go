package dataset

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// sarifLog is the part of SARIF 2.1.0 a report uses, with the standard's own names: an unknown name is refused.
type sarifLog struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		ColumnKind string
		Language   string
		Tool       struct {
			Driver struct {
				Name, Language string
				Rules          []struct {
					ID                                      string
					ShortDescription, FullDescription, Help struct{ Text string }
					DefaultConfiguration                    struct{ Level string }
					Properties                              map[string]string
				}
			}
		}
		Artifacts []struct {
			Location struct {
				URI   string
				Index int
			}
			Encoding string
			Roles    []string
		}
		Invocations []struct{ ExecutionSuccessful bool }
		Properties  map[string]any
		Results     []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct {
						URI   string
						Index int
					}
					Region *struct{ StartLine int }
				}
				LogicalLocations []struct{ Name, FullyQualifiedName, Kind string }
			}
			PartialFingerprints map[string]string
			Properties          map[string]any
		}
	}
}

func sarifOf(t *testing.T, s *schema.Schema, lines ...string) (log sarifLog, raw string) {
	t.Helper()
	var b bytes.Buffer
	p := NewPrinter(&b, PrintSARIF, inFrench(t))
	ex := Examination{Schema: s, Sink: p.Add}
	ex.Known = func(r tabular.Reading) { p.About("dossier été/équipements.csv", r) }
	r, err := Examine(context.Background(), csvOpener(lines...), ex)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(r); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(b.String()))
	d.DisallowUnknownFields()
	if err := d.Decode(&log); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	return log, b.String()
}

func TestSARIF_saysEveryFindingInTheStandardsWords(t *testing.T) {
	s, _, err := schema.Parse([]byte(`{"name": "jours", "fields": [{"name": "nom", "type": "string", "constraints": {"required": true}}, {"name": "jour", "type": "date"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{"nom|jour"}
	for range 30 { // more than a group shows
		lines = append(lines, "a|25/12/2024")
	}
	log, raw := sarifOf(t, &s, append(lines, "|x")...)
	run := log.Runs[0]
	if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-schema-2.1.0.json") || len(log.Runs) != 1 || run.Language != "fr" || run.Tool.Driver.Name == "" {
		t.Errorf("head: %.300s", raw)
	}
	dates := 0
	for i, r := range run.Results {
		rules := run.Tool.Driver.Rules
		if r.RuleIndex < 0 || r.RuleIndex >= len(rules) || rules[r.RuleIndex].ID != r.RuleID {
			t.Fatalf("result %d: rule %q is not the one at %d", i, r.RuleID, r.RuleIndex)
		}
		if rule := rules[r.RuleIndex]; rule.ShortDescription.Text == "" || rule.Help.Text == "" {
			t.Errorf("rule %s says nothing", rule.ID)
		}
		place := r.Locations[0]
		if !slices.Contains([]string{"error", "warning", "note"}, r.Level) || r.Message.Text == "" || r.PartialFingerprints["cell/v1"] == "" ||
			place.PhysicalLocation.ArtifactLocation.URI != "dossier%20%C3%A9t%C3%A9/%C3%A9quipements.csv" {
			t.Errorf("result %d: %+v", i, r)
		}
		if reg := place.PhysicalLocation.Region; reg != nil && reg.StartLine < 1 {
			t.Errorf("result %d: line %d", i, reg.StartLine)
		}
		if r.Properties["fix"] == "iso_date" && place.PhysicalLocation.Region != nil {
			dates++
			if r.Properties["after"] != "2024-12-25" || r.Properties["value"] != "25/12/2024" || r.Properties["rule"] == nil || r.Properties["mend"] == "" ||
				r.Properties["column"] != 2.0 || place.LogicalLocations[0].Name != "jour" || place.PhysicalLocation.Region.StartLine != int(r.Properties["row"].(float64)) {
				t.Errorf("result %d: %+v", i, r)
			}
		}
	}
	if dates != 30 {
		t.Errorf("got %d dates to mend, want all 30", dates)
	}
	if run.Properties["errors"] == 0.0 || run.Properties["verdict"] == "" || !run.Invocations[0].ExecutionSuccessful || run.Artifacts[0].Encoding == "" {
		t.Errorf("end: %+v %+v", run.Properties, run.Artifacts)
	}
}

func TestSARIF_ofACleanFileHasNoResult(t *testing.T) {
	log, raw := sarifOf(t, nil, "nom|n", "a|1", "b|2")
	if len(log.Runs[0].Results) != 0 || !strings.Contains(raw, `"rules":[]`) || !strings.Contains(raw, `"results":[`) {
		t.Errorf("got %s", raw)
	}
}

func TestFingerprint_followsTheCellNotTheRow(t *testing.T) {
	log, _ := sarifOf(t, nil, "nom|n", " a|1", "b|2", " a|3")
	results := log.Runs[0].Results
	if len(results) < 2 || results[0].PartialFingerprints["cell/v1"] != results[1].PartialFingerprints["cell/v1"] {
		t.Errorf("the same cell twice: got %+v", results)
	}
}
