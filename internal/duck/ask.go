package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"

	"cultured/internal/fault"
)

// A Sheet is a small table questions are asked of. A cell that is empty is no value; any other is as its column's type is written.
type Sheet struct {
	Name    string
	Columns []Column
	Rows    [][]string
}

// A Reply is what one question of a person gave.
type Reply struct {
	Columns []string
	Rows    [][]string // "" for no value
	More    bool       // rows beyond the limit were left out
	Refused string     // why nothing came, a sentence of this catalogue without its arguments; "" when it ran
	Said    string     // what the engine said of it, in its own English, at most saidMost characters
}

const (
	askMemoryMB = 256
	saidMost    = 400
	// AskLongest is the longest question, in characters.
	AskLongest = 4000
)

// Ask runs questions somebody wrote in SQL on a table, one after the other, each cut off at a limit of rows. Only a process made for it may call this: what
// people write must not reach the memory of the server, and the engine has ended its process before. Nothing of the machine can be read or
// written: the engine is in memory, closed to files and the network, and locked; a question is one SELECT. Other errors are of the machine.
func Ask(ctx context.Context, sheet Sheet, questions []string, limit int) (replies []Reply, err error) {
	defer fault.Wrap(&err, "duck.Ask")
	conn, end, err := alone(ctx, askMemoryMB)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, end()) }()
	if err := load(ctx, conn, sheet, sheetRows(sheet.Rows)); err != nil {
		return nil, err
	}
	if err := lock(ctx, conn); err != nil {
		return nil, err
	}
	for _, q := range questions {
		r, err := ask(ctx, conn, q, limit)
		if err != nil {
			return nil, err
		}
		replies = append(replies, r)
	}
	return replies, nil
}

// alone opens an engine in memory that nothing else uses; end closes it.
func alone(ctx context.Context, memoryMB int) (_ *sql.Conn, end func() error, _ error) {
	connector, err := duckdb.NewConnector(fmt.Sprintf("?threads=1&memory_limit=%dMiB&autoinstall_known_extensions=false&autoload_known_extensions=false&allow_community_extensions=false", memoryMB), nil)
	if err != nil {
		return nil, nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return conn, func() error { return errors.Join(conn.Close(), db.Close()) }, nil
}

// lock closes the engine to the machine, for good.
func lock(ctx context.Context, conn *sql.Conn) error {
	for _, statement := range []string{"SET temp_directory = ''", "SET TimeZone = 'UTC'", "SET enable_progress_bar = false", "SET enable_external_access = false", "SET lock_configuration = true"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// load puts the rows that next gives, until io.EOF, where they may be asked.
func load(ctx context.Context, conn *sql.Conn, sheet Sheet, next func() ([]string, error)) error {
	var columns []string
	for _, c := range sheet.Columns {
		columns = append(columns, quoteName(c.Name)+" "+sqlTypes[c.Type])
	}
	if _, err := conn.ExecContext(ctx, "CREATE TABLE "+quoteName(sheet.Name)+" ("+strings.Join(columns, ", ")+")"); err != nil {
		return err
	}
	return conn.Raw(func(raw any) error {
		appender, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", sheet.Name)
		if err != nil {
			return err
		}
		cells := make([]driver.Value, len(sheet.Columns))
		for {
			row, err := next()
			if err == io.EOF {
				return appender.Close()
			}
			if err != nil {
				return errors.Join(err, appender.Close())
			}
			for i, c := range sheet.Columns {
				cells[i] = nil
				if row[i] == "" {
					continue
				}
				value, ok := parse(c.Type, row[i])
				if !ok {
					return errors.Join(fault.New(fault.Invalid, "duck.bad_cell", c.Name, 0, row[i]), appender.Close())
				}
				cells[i] = value
			}
			if err := appender.AppendRow(cells...); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
	})
}

// ask runs one question, if it is one.
func ask(ctx context.Context, conn *sql.Conn, question string, limit int) (r Reply, _ error) {
	question = stripped(question)
	if len([]rune(question)) > AskLongest {
		return Reply{Refused: "duck.ask_long"}, nil
	}
	said, one, err := selects(ctx, conn, question)
	if err != nil {
		return r, err
	}
	if said != "" {
		return Reply{Refused: "duck.ask_error", Said: said}, nil
	}
	if !one {
		return Reply{Refused: "duck.ask_select"}, nil
	}
	rows, err := conn.QueryContext(ctx, fmt.Sprintf("SELECT * FROM (%s\n) LIMIT %d", question, limit+1))
	if err != nil {
		return refusal(err), nil
	}
	defer func() { _ = rows.Close() }() // read to its end, or of no use
	if r.Columns, err = rows.Columns(); err != nil {
		return refusal(err), nil
	}
	for rows.Next() {
		cells, at := make([]any, len(r.Columns)), make([]any, len(r.Columns))
		for i := range cells {
			at[i] = &cells[i]
		}
		if err := rows.Scan(at...); err != nil {
			return refusal(err), nil
		}
		if len(r.Rows) == limit {
			r.More = true
			break
		}
		line := make([]string, len(cells))
		for i, c := range cells {
			line[i] = shown(c)
		}
		r.Rows = append(r.Rows, line)
	}
	if err := rows.Err(); err != nil {
		return refusal(err), nil
	}
	return r, nil
}

// stripped is a question without what may follow it.
func stripped(question string) string {
	return strings.TrimRight(strings.TrimSpace(question), "; \t\r\n")
}

// selects says whether a question is one SELECT, or what the engine could not read in it.
func selects(ctx context.Context, conn *sql.Conn, question string) (said string, one bool, err error) {
	var raw string
	if err := conn.QueryRowContext(ctx, "SELECT json_serialize_sql($1::VARCHAR)::VARCHAR", question).Scan(&raw); err != nil {
		return "", false, err
	}
	var parsed struct {
		Error      bool              `json:"error"`
		Type       string            `json:"error_type"`
		Message    string            `json:"error_message"`
		Statements []json.RawMessage `json:"statements"`
	}
	if err := json.Unmarshal([]byte(raw), &parsed); err != nil {
		return "", false, err
	}
	if parsed.Error && parsed.Type == "parser" {
		return cutSaid(parsed.Message), false, nil
	}
	return "", !parsed.Error && len(parsed.Statements) == 1, nil
}

// refusal is what a question is told that could not run.
func refusal(err error) Reply {
	var e *duckdb.Error
	if errors.As(err, &e) && e.Type == duckdb.ErrorTypeOutOfMemory {
		return Reply{Refused: "duck.ask_much"}
	}
	return Reply{Refused: "duck.ask_error", Said: cutSaid(err.Error())}
}

// cutSaid is what the engine said without the place, which is of the statement the question was put in.
func cutSaid(s string) string {
	s, _, _ = strings.Cut(s, "\n\nLINE ")
	if chars := []rune(strings.ToValidUTF8(s, "?")); len(chars) > saidMost {
		return string(chars[:saidMost]) + "…"
	}
	return s
}

// shown is a value as it is compared and read: as files write it where that is settled, else as Go does.
func shown(value any) string {
	if value == nil {
		return ""
	}
	if d, ok := value.(duckdb.Decimal); ok {
		return d.String()
	}
	if s, ok := format(Timestamp, value); ok {
		return strings.TrimSuffix(s, "T00:00:00")
	}
	return strings.ReplaceAll(fmt.Sprint(value), "\x00", "")
}
