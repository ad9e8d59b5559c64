import { part, type Kit } from './kit';
import { Range, type Box } from './range';

/**
 * What is selected in the grid: a cell, or those between two corners, by Shift and arrows or by mouse. The library of the grid has none
 * of it that is free: this is ours.
 */
export class Selection {
  readonly range = new Range();
  #kit: Kit;
  #changed: (box: Box, several: boolean) => void;

  constructor(kit: Kit, changed: (box: Box, several: boolean) => void) {
    this.#kit = kit;
    this.#changed = changed;
    kit.api.addEventListener('cellFocused', () => { // told late: what counts is where the focus is by now
      const cell = kit.api.getFocusedCell();
      const column = this.place(cell?.column.getColId());
      const { focus } = this.range;
      if (!cell || column < 0 || cell.rowIndex === focus.row && column === focus.column) return;
      this.range.at({ row: cell.rowIndex, column });
      this.shown();
    });
    let pressed = false;
    kit.rows.addEventListener('mousedown', event => {
      const spot = this.#under(event);
      pressed = spot !== undefined && event.button === 0 && !this.editing;
      if (!pressed || !spot) return;
      if (event.shiftKey) { event.preventDefault(); this.stretch(spot.row, spot.column); return; }
      this.range.at(spot);
      this.shown();
    }, true);
    kit.rows.addEventListener('mouseover', event => {
      if (!pressed || (event.buttons & 1) === 0) { pressed = false; return; }
      const spot = this.#under(event);
      if (spot && (spot.row !== this.range.focus.row || spot.column !== this.range.focus.column)) this.stretch(spot.row, spot.column);
    });
    addEventListener('mouseup', () => { pressed = false; });
  }

  /** Whether somebody writes in a cell. */
  get editing(): boolean { return this.#kit.api.getEditingCells().length > 0; }

  place(slug: string | null | undefined): number { return this.#kit.columns.findIndex(column => column.slug === slug); }

  #under(event: Event): { row: number; column: number } | undefined {
    const cell = event.target instanceof Element ? event.target.closest('.ag-cell') : null;
    const row = Number(cell?.closest('[row-index]')?.getAttribute('row-index') ?? NaN);
    const column = this.place(cell?.getAttribute('col-id'));
    return Number.isInteger(row) && column >= 0 ? { row, column } : undefined;
  }

  /** Reaches to a cell, from where the selection began. */
  stretch(row: number, column: number): void {
    const { api, columns } = this.#kit;
    row = Math.min(Math.max(row, 0), api.getDisplayedRowCount() - 1);
    column = Math.min(Math.max(column, 0), columns.length - 1);
    this.range.to({ row, column });
    this.#kit.go(row, columns[column]?.slug);
    this.shown();
  }

  /** Lets go of all but the cell with the focus. */
  single(): void { this.range.at(this.range.focus); this.shown(); }

  /** Selects from one corner to the other. */
  all(): void {
    this.range.at({ row: 0, column: 0 });
    this.range.to({ row: this.#kit.api.getDisplayedRowCount() - 1, column: this.#kit.columns.length - 1 });
    this.shown();
  }

  has(row: number, column: number): boolean { return this.range.several && this.range.has(row, column); }

  /** Whether a cell is the lower right corner of what is selected, where the handle is. */
  corner(row: number | null, column: number): boolean {
    const { bottom, right } = this.range.box;
    return row === bottom && column === right && Boolean(this.#kit.api.getFocusedCell()); // none until somebody is in the grid
  }

  /** Marks the cells in sight; those that come into it are marked as they are drawn. */
  shown(): void {
    for (const cell of this.#kit.rows.querySelectorAll('.ag-cell[col-id]')) {
      const row = Number(cell.closest('[row-index]')?.getAttribute('row-index') ?? NaN);
      const inside = this.has(row, this.place(cell.getAttribute('col-id')));
      cell.classList.toggle('p-spread__in', inside);
      cell.classList.toggle('p-spread__corner', this.corner(row, this.place(cell.getAttribute('col-id'))));
      if (inside) cell.setAttribute('aria-selected', 'true'); else cell.removeAttribute('aria-selected');
    }
    const box = this.range.box;
    const size = part(this.#kit.host, 'size');
    size.textContent = this.range.several ? this.#kit.say('size', box.bottom - box.top + 1, box.right - box.left + 1) : '';
    this.#changed(box, this.range.several);
  }
}
