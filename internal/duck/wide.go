package duck

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// wideRows gives the rows of a page in many columns: first their numbers, in order, then their cells some columns at a
// time. Sorting rows of thousands of cells to keep a hundred of them would take more memory than the engine has. Each row
// ends, like those of a plain page, with the keys of the order.
func (e *Engine) wideRows(ctx context.Context, q question) ([][]any, error) {
	columns := q.columns
	asked := len(columns) - len(q.keys)
	q.columns = columns[asked:]
	s, err := q.statement()
	if err != nil {
		return nil, err
	}
	s.sql.WriteString(" LIMIT " + strconv.Itoa(q.ask.Limit+1))
	ordered, err := e.ask(ctx, s, len(q.keys))
	if err != nil || len(ordered) == 0 {
		return ordered, err
	}
	rows := make([][]any, len(ordered))
	place := map[int64]int{}
	for i, key := range ordered {
		place[key[len(key)-1].(int64)] = i // the last key is always the number of the row
		rows[i] = append(make([]any, asked, len(columns)), key...)
	}
	for first := 0; first < asked; first += wideTable {
		part := columns[first:min(first+wideTable, asked)]
		cells, err := e.ask(ctx, cellsStatement(q.path, part, place), len(part)+1)
		if err != nil {
			return nil, err
		}
		for _, each := range cells {
			copy(rows[place[each[0].(int64)]][first:], each[1:])
		}
	}
	return rows, nil
}

// cellsStatement asks for some columns of some rows.
func cellsStatement(path string, part []Column, place map[int64]int) *statement {
	numbers := make([]int64, 0, len(place))
	for number := range place {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	list := make([]string, len(numbers))
	for i, number := range numbers {
		list[i] = strconv.FormatInt(number, 10)
	}
	s := &statement{}
	s.sql.WriteString("SELECT " + RowColumn)
	for _, column := range part {
		s.sql.WriteString(", " + quoteName(column.Name))
	}
	s.from(&table{}, path)
	s.sql.WriteString(" WHERE " + RowColumn + " BETWEEN " + list[0] + " AND " + list[len(list)-1] +
		" AND " + RowColumn + " IN (" + strings.Join(list, ", ") + ")")
	return s
}
