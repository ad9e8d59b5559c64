/** A cell by the places of its row in the look and of its column. */
export interface Spot { row: number; column: number }

/** Cells from one corner to the other, both in it. */
export interface Box { top: number; bottom: number; left: number; right: number }

/** What is selected: from the cell where it began to the cell with the focus. */
export class Range {
  #anchor?: Spot;
  #focus: Spot = { row: 0, column: 0 };

  /** Starts anew at a cell. */
  at(spot: Spot): void { this.#focus = spot; this.#anchor = undefined; }

  /** Reaches to another cell from where it began. */
  to(spot: Spot): void { this.#anchor ??= this.#focus; this.#focus = spot; }

  get focus(): Spot { return this.#focus; }

  get box(): Box {
    const from = this.#anchor ?? this.#focus;
    return {
      top: Math.min(from.row, this.#focus.row), bottom: Math.max(from.row, this.#focus.row),
      left: Math.min(from.column, this.#focus.column), right: Math.max(from.column, this.#focus.column),
    };
  }

  /** Whether more than one cell is selected. */
  get several(): boolean { return cellsOf(this.box) > 1; }

  has(row: number, column: number): boolean {
    const { top, bottom, left, right } = this.box;
    return row >= top && row <= bottom && column >= left && column <= right;
  }
}

export function cellsOf({ top, bottom, left, right }: Box): number { return (bottom - top + 1) * (right - left + 1); }

/**
 * Lays pasted cells on a selection: from its corner; over and over when it is a multiple of what was copied (one value fills it all).
 * Columns beyond the last are left out. Rows beyond the last of the look are those to add.
 */
export function lay(cells: readonly (readonly string[])[], box: Box, columns: number): { row: number; column: number; value: string }[] {
  const height = cells.length;
  const width = Math.max(...cells.map(row => row.length));
  const [tall, wide] = [box.bottom - box.top + 1, box.right - box.left + 1];
  const repeats = tall % height === 0 && wide % width === 0;
  const [rows, across] = repeats ? [tall, wide] : [height, width];
  const out: { row: number; column: number; value: string }[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < across && box.left + j < columns; j++) {
      const value = cells[i % height]?.[j % width];
      if (value !== undefined) out.push({ row: box.top + i, column: box.left + j, value });
    }
  }
  return out;
}
