// Package finding holds the one shape of what is found wrong in a table, whoever looked: the reader, a schema,
// the quality rules. Pages, the command line, the API and (later) missions all say findings in this shape.
package finding

// Severity says how much a finding matters.
type Severity string

// The severities. Only an Error makes a file invalid.
const (
	Error   Severity = "error"   // breaks a rule: the file is not valid
	Warning Severity = "warning" // very likely wrong, or will hurt whoever reuses the data
	Info    Severity = "info"    // worth knowing
)

// A Finding is one anomaly: where, what, why, and how to mend it.
type Finding struct {
	Row      int      // as a spreadsheet shows it, 1-based, header included; 0 = the column or the table as a whole
	Column   int      // 0-based position; -1 = the row or the table as a whole
	Field    string   // column name, as in the source
	Value    string   // the cell as read, cut to 200 runes
	Reason   string   // catalogue key of the sentence, for example "schema.type_integer"; findings are grouped by it
	Args     []string // arguments of the sentence, in the order of {0}, {1}
	Severity Severity
	Rule     string // the rule and its source, for example "Table Schema constraints.pattern" or "Luhn (SIRET, INSEE)"
	Fix      string // kind of a certain fix, for example "trim"; empty when no fix is certain
	After    string // the cell after the fix, when Fix is set
}

// A Sink receives findings as they are made. It may be called millions of times: keep nothing you do not need.
type Sink func(Finding)
