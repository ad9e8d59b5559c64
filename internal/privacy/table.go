package privacy

import (
	"container/heap"
	"math"
	"slices"

	"cultured/internal/fault"
)

// A Rule says which cells of a table tell too much.
type Rule struct {
	Units int     // a cell about fewer is hidden
	Share float64 // so is one of whose value one unit makes more than this share, over 0 and under 1; 0 asks nothing
}

// The rules in use: of INSEE for enterprises (three units, none over 85 %), of the tax files (eleven households), and of this house for people.
var (
	Enterprises = Rule{Units: 3, Share: 0.85}
	Households  = Rule{Units: 11}
	People      = Rule{Units: 5}
)

// A Cell is what a table says of one group.
type Cell struct {
	Value   float64 // what is published: a count or a sum, not negative
	Units   int     // people, households or enterprises it is about
	Largest float64 // the part of Value that the greatest unit makes; only a Rule with a Share looks at it
}

// A Mark says whether a cell may be shown.
type Mark int

// The marks.
const (
	Shown     Mark = iota
	Primary        // hidden: it tells too much by itself
	Secondary      // hidden: with the totals it would give another away
)

// mostCells bounds a table, totals included: what is published is read by people.
const mostCells = 20_000

// A Table is a table of groups with its totals.
type Table struct{ cells [][]Cell }

// Cells gives the table row by row: the last cell of each is the row's total, the last row the columns'. They are not to be changed.
func (t Table) Cells() [][]Cell { return t.cells }

// NewTable adds the totals to a grid of rows and columns. Faults: Invalid "privacy.empty_table", "privacy.ragged_table",
// "privacy.negative_value"; TooLarge "privacy.large_table".
func NewTable(grid [][]Cell) (Table, error) {
	if len(grid) == 0 || len(grid[0]) == 0 {
		return Table{}, fault.New(fault.Invalid, "privacy.empty_table")
	}
	columns := len(grid[0])
	if (len(grid)+1)*(columns+1) > mostCells {
		return Table{}, fault.New(fault.TooLarge, "privacy.large_table", mostCells)
	}
	out := make([][]Cell, len(grid)+1)
	out[len(grid)] = make([]Cell, columns+1)
	for i, row := range grid {
		if len(row) != columns {
			return Table{}, fault.New(fault.Invalid, "privacy.ragged_table")
		}
		out[i] = append(slices.Clone(row), Cell{})
		for j, c := range row {
			if c.Value < 0 || math.IsNaN(c.Value) || math.IsInf(c.Value, 0) {
				return Table{}, fault.New(fault.Invalid, "privacy.negative_value")
			}
			for _, total := range []*Cell{&out[i][columns], &out[len(grid)][j], &out[len(grid)][columns]} {
				total.Value += c.Value
				total.Units += c.Units
				total.Largest = max(total.Largest, c.Largest) // a unit of several cells would count more: whoever has such units gives the totals' own
			}
		}
	}
	return Table{out}, nil
}

// tells reports whether a cell tells too much by itself. A cell about nobody tells nothing.
func (r Rule) tells(c Cell) bool {
	return c.Units > 0 && (c.Units < r.Units || r.Share > 0 && c.Value > 0 && c.Largest > r.Share*c.Value)
}

// Hide says which cells to hide: those that tell too much, and as little more as it finds so that none of those can be computed from what is
// shown, by who knows that no value is negative. A cell of value 0 is never hidden for others: it is often known to be empty. The totals
// are cells too, hidden where nothing else protects. The marks stand as [Table.Cells] does.
//
// It does not see that one unit stands in several hidden cells and could take its own part away from their sum.
func (t Table) Hide(r Rule) [][]Mark {
	net := newNetwork(t.cells)
	var tell []int
	for e, arc := range net.arcs {
		if r.tells(t.cells[arc.row][arc.column]) {
			net.hidden[e] = true
			tell = append(tell, e)
		}
	}
	for _, e := range tell {
		net.protect(e)
	}
	marks := make([][]Mark, len(t.cells))
	for i := range marks {
		marks[i] = make([]Mark, len(t.cells[i]))
	}
	for e, arc := range net.arcs {
		if net.hidden[e] {
			marks[arc.row][arc.column] = Secondary
		}
	}
	for _, e := range tell {
		marks[net.arcs[e].row][net.arcs[e].column] = Primary
	}
	return marks
}

// A network is a table as a flow: rows and columns are nodes, each cell an arc between its row and its column, and "the cells of a line
// make its total" says that what enters a node leaves it. The arcs of totals run the other way. Values that fit what is shown differ by
// cycles over hidden arcs, so a hidden cell can be computed just when no such cycle goes through it (the argument of Gusfield, 1988).
type network struct {
	arcs   []arc
	out    [][]step // of each node
	hidden []bool
}

type arc struct {
	row, column int
	from, to    int // nodes
	value       float64
}

// A step goes along an arc, which raises its value, or against it, which lowers it.
type step struct {
	arc   int
	to    int
	lower bool
}

func newNetwork(t [][]Cell) *network {
	rows, columns := len(t), len(t[0])
	n := &network{out: make([][]step, rows+columns)}
	for i, line := range t {
		for j, c := range line {
			a := arc{row: i, column: j, from: i, to: rows + j, value: c.Value}
			if (i == rows-1) != (j == columns-1) {
				a.from, a.to = a.to, a.from
			}
			e := len(n.arcs)
			n.arcs = append(n.arcs, a)
			n.out[a.from] = append(n.out[a.from], step{e, a.to, false})
			if a.value > 0 {
				n.out[a.to] = append(n.out[a.to], step{e, a.from, true})
			}
		}
	}
	n.hidden = make([]bool, len(n.arcs))
	return n
}

// protect hides what closes the cheapest cycle through an arc, over what is hidden already where it can. There is always one: a cell about
// somebody has a value, and so have its totals, which close it.
func (n *network) protect(e int) {
	a := n.arcs[e]
	up, upCost := n.path(a.to, a.from, e)
	down, downCost := n.path(a.from, a.to, e)
	way := up
	if downCost < upCost && a.value > 0 {
		way = down
	}
	for _, other := range way {
		n.hidden[other] = true
	}
}

// path is the cheapest way from one node to another without an arc (Dijkstra): a hidden arc costs nothing, another its value, so that what
// is hidden for others is small. The cost is infinite when there is none.
func (n *network) path(from, to, without int) (arcs []int, cost float64) {
	dist := make([]float64, len(n.out))
	by := make([]int, len(n.out)) // arc that leads to a node
	before := make([]int, len(n.out))
	for i := range dist {
		dist[i] = math.Inf(1)
	}
	dist[from] = 0
	open := &queue{{from, 0}}
	for open.Len() > 0 {
		at := heap.Pop(open).(place)
		if at.cost > dist[at.node] {
			continue
		}
		for _, s := range n.out[at.node] {
			a := n.arcs[s.arc]
			if s.arc == without || !n.hidden[s.arc] && a.value == 0 {
				continue
			}
			cost := at.cost
			if !n.hidden[s.arc] {
				cost += 1 + a.value
			}
			if cost < dist[s.to] {
				dist[s.to], by[s.to], before[s.to] = cost, s.arc, at.node
				heap.Push(open, place{s.to, cost})
			}
		}
	}
	if math.IsInf(dist[to], 1) {
		return nil, dist[to]
	}
	for at := to; at != from; at = before[at] {
		arcs = append(arcs, by[at])
	}
	return arcs, dist[to]
}

// A queue gives the cheapest place first.
type queue []place

type place struct {
	node int
	cost float64
}

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].cost < q[j].cost }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements [heap.Interface].
func (q *queue) Push(x any) { *q = append(*q, x.(place)) }

// Pop implements [heap.Interface].
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
