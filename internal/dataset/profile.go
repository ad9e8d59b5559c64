package dataset

// Type is how the values of a column are stored and compared.
type Type string

// The types. The canonical form of a date is 2006-01-02, of a date with an hour 2006-01-02T15:04:05 (in UTC when the
// source says a zone), of a number digits with a point, of a boolean true or false.
const (
	TypeText     Type = "text"
	TypeInteger  Type = "integer"
	TypeNumber   Type = "number"
	TypeBoolean  Type = "boolean"
	TypeDate     Type = "date"
	TypeDateTime Type = "datetime"
)

// A Profile is what one reading says of a table. It is stored and shown: its JSON names are stable.
type Profile struct {
	Rows            int64           `json:"rows"`
	Columns         []ColumnProfile `json:"columns"`
	EmptyRows       int64           `json:"emptyRows"`
	RaggedRows      int64           `json:"raggedRows"`            // with fewer or more cells than the header
	DuplicateRows   int64           `json:"duplicateRows"`         // same cells as a row before
	SimilarRows     int64           `json:"similarRows,omitempty"` // the same as a row before but for spelling or their number, when they are few
	DuplicatesExact bool            `json:"duplicatesExact"`       // false: counted in the first rows only
	Keys            []string        `json:"keys,omitempty"`        // columns whose values are all there and all different
	KeyPairs        [][2]string     `json:"keyPairs,omitempty"`    // without such a column: two that tell every row apart together
	Relations       []Relation      `json:"relations,omitempty"`
	Dates           *DateExtent     `json:"dates,omitempty"` // of the columns that are not birth dates
	Box             *Box            `json:"box,omitempty"`   // of the points, Lambert-93 converted
	Territories     []Territory     `json:"territories,omitempty"`
}

// A DateExtent is the first and last day found, in ISO form.
type DateExtent struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// A Territory is a code met in a column of territory codes.
type Territory struct {
	Kind string `json:"kind"` // "commune", "epci", "departement", "region"
	Code string `json:"code"`
	Rows int64  `json:"rows"`
}

// A ColumnProfile is what one reading says of a column.
type ColumnProfile struct {
	Position int    `json:"position"` // 0-based
	Name     string `json:"name"`     // unique and safe to store
	Source   string `json:"source"`   // as in the file
	Slug     string `json:"slug"`     // for addresses

	Missing       int64 `json:"missing"`  // blank cells and missing-value marks
	Tokens        int64 `json:"tokens"`   // of which marks such as "n/d"
	Distinct      int64 `json:"distinct"` // different values, missing aside
	DistinctExact bool  `json:"distinctExact"`
	Unique        bool  `json:"unique"` // no value twice, for certain

	Type         Type     `json:"type"`    // of most values
	Storage      Type     `json:"storage"` // of all values: text as soon as one does not parse, and for codes
	Layout       string   `json:"layout,omitempty"`
	Unit         string   `json:"unit,omitempty"` // "€", "%"
	Semantic     Semantic `json:"semantic,omitempty"`
	Confidence   float64  `json:"confidence,omitempty"` // in the semantic, in [0, 1]
	Privacy      Privacy  `json:"privacy,omitempty"`
	Traces       []Trace  `json:"traces,omitempty"` // of persons inside the texts, the gravest first
	LeadingZeros int64    `json:"leadingZeros,omitempty"`

	Top       []ValueCount `json:"top,omitempty"`
	TopExact  bool         `json:"topExact"` // false: counts are lower bounds
	Numbers   *NumberStats `json:"numbers,omitempty"`
	Dates     *DateStats   `json:"dates,omitempty"`
	Histogram []Bin        `json:"histogram,omitempty"` // of numbers; of dates, in seconds since 1970
	Lengths   Lengths      `json:"lengths"`
	Patterns  []ValueCount `json:"patterns,omitempty"` // "A" capitals, "a" small letters, "9" a digit
}

// A ValueCount is a value and how often it comes.
type ValueCount struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
}

// NumberStats describe numbers. Exact is false when the quantiles are estimates (t-digest); the rest is always exact
// but for rounding.
type NumberStats struct {
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Mean   float64 `json:"mean"`
	StdDev float64 `json:"stdDev"` // of the whole, not of a sample
	P5     float64 `json:"p5"`
	Q1     float64 `json:"q1"`
	Median float64 `json:"median"`
	Q3     float64 `json:"q3"`
	P95    float64 `json:"p95"`
	Exact  bool    `json:"exact"`
}

// DateStats describe dates, in canonical form.
type DateStats struct {
	Min    string `json:"min"`
	Max    string `json:"max"`
	Median string `json:"median"`
}

// A Bin counts the values from From, included, to To, excluded (included for the last).
type Bin struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Count int64   `json:"count"`
}

// Lengths of the values in characters, missing aside.
type Lengths struct {
	Min  int     `json:"min"`
	Max  int     `json:"max"`
	Mean float64 `json:"mean"`
}

// Column returns the column with the unique name.
func (p *Profile) Column(name string) (ColumnProfile, bool) {
	for _, c := range p.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return ColumnProfile{}, false
}
