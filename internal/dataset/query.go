package dataset

import "cultured/internal/tabular"

// A Query asks for rows of a table.
type Query struct {
	Columns []string // in the order wanted; empty = all
	Where   []Filter // all of them hold
	Order   []Order  // then by row number
	After   string   // cursor of the page before, "" from the beginning
	From    int64    // first row number wanted, 0 from the beginning; for tables shown around one row
	Limit   int      // 1 to 1000
	Count   bool     // also count the rows that match
}

// An Op compares a column with values.
type Op string

// The comparisons. Contains and StartsWith forget accents and case.
const (
	Equal          Op = "exact"
	NotEqual       Op = "differs"
	Less           Op = "strictly_less"
	LessOrEqual    Op = "less"
	Greater        Op = "strictly_greater"
	GreaterOrEqual Op = "greater"
	OneOf          Op = "in"
	Contains       Op = "contains"
	StartsWith     Op = "startswith"
	IsNull         Op = "isnull"
	IsNotNull      Op = "isnotnull"
)

// Ops lists the comparisons, in the order the documentation shows them.
func Ops() []Op {
	return []Op{Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, OneOf, Contains, StartsWith, IsNull, IsNotNull}
}

// A Filter keeps the rows whose column compares with the values: one, several for OneOf, none for IsNull and IsNotNull.
type Filter struct {
	Column string
	Op     Op
	Values []string
}

// An Order sorts by a column; missing values come last.
type Order struct {
	Column     string
	Descending bool
}

// A Page is part of a table.
type Page struct {
	Columns []StorageColumn
	Rows    []PageRow
	Next    string // cursor of the page after, "" at the end
	Total   int64  // rows that match, -1 when not counted
}

// A PageRow is one row: nil, string, int64, float64, bool or time.Time in each cell.
type PageRow struct {
	Number int64 // in the source; 0 in an aggregation
	Cells  []any
}

// A Slice is some rows of a stored table that follow each other, as [Plain] writes them.
type Slice struct {
	Columns []StorageColumn
	Rows    [][]string
	Total   int64 // rows of the whole table
}

// An Aggregation groups rows by columns and measures each group.
type Aggregation struct {
	Group    []string
	Measures []Measure
	Where    []Filter
	Limit    int // 1 to 10,000
}

// A CrowdAsk asks for the groups of rows that are alike.
type CrowdAsk struct {
	Alike []string // columns that make rows alike
	Of    string   // column whose values are counted in each group, "" for none
	Most  int64    // how far they are counted
}

// A Crowd is how many groups have a number of rows, and a number of different values of another column. A cell without a value is alike another.
type Crowd struct {
	Rows   int64 // of each group
	Values int64 // of the other column, 0 when none was asked for
	Groups int64
}

// A Sieve is given the columns of a table that leaves, and returns what says of a row, as texts, that it is held back.
type Sieve func(columns []string) func(cells []string) bool

// A Sifting leaves rows out of a table, or marks them.
type Sifting struct {
	Sieve Sieve
	Mark  string // column, added at the end, that says which rows the sieve holds back; "" leaves them out
}

// A Measure is a function over a column of a group; Count needs no column.
type Measure struct {
	Fn     MeasureFn
	Column string
}

// A MeasureFn says what is measured.
type MeasureFn string

// The measures.
const (
	Count    MeasureFn = "count"
	Sum      MeasureFn = "sum"
	Average  MeasureFn = "avg"
	Minimum  MeasureFn = "min"
	Maximum  MeasureFn = "max"
	Median   MeasureFn = "median"
	Distinct MeasureFn = "distinct"
)

// MeasureFns lists the measures.
func MeasureFns() []MeasureFn {
	return []MeasureFn{Count, Sum, Average, Minimum, Maximum, Median, Distinct}
}

// A FindingQuery asks for findings of one group, or of all.
type FindingQuery struct {
	Reason string  // "" for all
	Field  string  // "" for all
	Rule   string  // "" for all; for reasons that several rules of an organisation share
	From   int64   // rows from this number on, 0 for all
	To     int64   // up to this number, 0 for all
	Rows   []int64 // of these rows only, at most 1000; empty for all
	Skip   int
	Limit  int // 0 for all
}

// A Format is a file format tables are given out in.
type Format string

// The formats.
const (
	CSV     Format = "csv"
	XLSX    Format = "xlsx"
	ODS     Format = "ods"
	Parquet Format = "parquet"
	JSON    Format = "json"
)

// Formats lists the formats, the most wanted first.
func Formats() []Format { return []Format{CSV, XLSX, ODS, Parquet, JSON} }

// MediaType is the format's, from the IANA registry; Parquet's was registered in 2024.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX, ODS:
		return tabular.SheetType(string(f))
	case Parquet:
		return "application/vnd.apache.parquet"
	case JSON:
		return "application/json"
	}
	return "application/octet-stream"
}
