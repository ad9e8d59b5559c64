import { part, type Kit } from './kit';
import type { Box } from './range';
import type { Selection } from './select';

const reach = 14; // pixels from the corner of a cell within which it is taken

/**
 * The small square at the lower right corner of what is selected, dragged up or down over the rows to fill. The square is drawn by the style of the
 * cell; a finger scrolls as ever, since only a mouse takes it.
 */
export class Handle {
  #kit: Kit;
  #selection: Selection;
  #fill: (from: Box, to: Box, other: boolean) => void;
  #drag?: { from: Box; to?: Box; y: number; timer: number };

  constructor(kit: Kit, selection: Selection, fill: (from: Box, to: Box, other: boolean) => void) {
    this.#kit = kit;
    this.#selection = selection;
    this.#fill = fill;
    kit.host.addEventListener('mousedown', event => { // before the cell takes the focus
      if (event.button !== 0 || selection.editing || !this.#on(event)) return;
      event.preventDefault();
      event.stopPropagation();
      this.#drag = { from: { ...selection.range.box }, y: event.clientY, timer: window.setInterval(() => this.#scroll(), 80) };
    }, true);
    addEventListener('mousemove', event => {
      if (!this.#drag) return;
      if ((event.buttons & 1) === 0) { this.#end(); return; }
      this.#drag.y = event.clientY;
      this.#reach();
    });
    addEventListener('mouseup', event => {
      const { from, to } = this.#drag ?? {};
      this.#end();
      if (from && to) this.#fill(from, to, event.ctrlKey || event.metaKey);
    });
    addEventListener('keydown', event => {
      if (event.key !== 'Escape' || !this.#drag) return;
      event.preventDefault();
      event.stopPropagation();
      this.#end();
    }, true);
  }

  /** Whether a cell would be filled if one let go now. */
  has(row: number | null, column: number): boolean {
    const to = this.#drag?.to;
    return to !== undefined && row !== null && row >= to.top && row <= to.bottom && column >= to.left && column <= to.right;
  }

  #on(event: MouseEvent): boolean {
    const cell = event.target instanceof Element ? event.target.closest('.p-spread__corner') : null;
    const box = cell?.getBoundingClientRect();
    return box !== undefined && event.clientX >= box.right - reach && event.clientY >= box.bottom - reach;
  }

  /** The row at a height of the window, whether it is in sight or not. */
  #row(y: number): number {
    const known = this.#kit.rows.querySelector('[row-index] > .ag-cell, [row-index] .ag-cell');
    const box = known?.getBoundingClientRect();
    if (!known || !box) return this.#selection.range.focus.row;
    const row = Number(known.closest('[row-index]')?.getAttribute('row-index')) + Math.floor((y - box.top) / box.height);
    return Math.min(Math.max(row, 0), this.#kit.api.getDisplayedRowCount() - 1);
  }

  #reach(): void {
    const drag = this.#drag;
    if (!drag) return;
    const row = this.#row(drag.y);
    const { top, bottom } = drag.from;
    drag.to = row > bottom ? { ...drag.from, top: bottom + 1, bottom: row } : row < top ? { ...drag.from, top: row, bottom: top - 1 } : undefined;
    part(this.#kit.host, 'size').textContent = drag.to ? this.#kit.say('fill_rows', drag.to.bottom - drag.to.top + 1) : '';
    this.#shown();
  }

  /** Near an edge the rows move on under the pointer. */
  #scroll(): void {
    const drag = this.#drag;
    if (!drag) return;
    const box = this.#kit.rows.getBoundingClientRect();
    const by = drag.y > box.bottom - 24 ? 1 : drag.y < box.top + 48 ? -1 : 0;
    if (by === 0) return;
    const edge = this.#row(by > 0 ? box.bottom - 30 : box.top + 60);
    this.#kit.api.ensureIndexVisible(Math.min(Math.max(edge + 2 * by, 0), this.#kit.api.getDisplayedRowCount() - 1));
    this.#reach();
  }

  #end(): void {
    if (!this.#drag) return;
    clearInterval(this.#drag.timer);
    this.#drag = undefined;
    this.#shown();
    this.#selection.shown();
  }

  #shown(): void {
    for (const cell of this.#kit.rows.querySelectorAll('.ag-cell[col-id]')) {
      const row = Number(cell.closest('[row-index]')?.getAttribute('row-index') ?? NaN);
      cell.classList.toggle('p-spread__filling', this.has(row, this.#selection.place(cell.getAttribute('col-id'))));
    }
  }
}
