import { cellKey, copy, part, type Kit } from './kit';
import type { Refusal } from './outbox';

/** What was not written because something else was there: each with both values, until one is chosen. */
export class Refusals {
  #kit: Kit;
  #list: Refusal[] = [];
  #again: (refusal: Refusal) => void;

  constructor(kit: Kit, again: (refusal: Refusal) => void) {
    this.#kit = kit;
    this.#again = again;
    part(kit.host, 'refused').addEventListener('click', event => {
      const button = (event.target as Element).closest<HTMLElement>('[data-choice]');
      const refusal = this.#list[Number(button?.closest<HTMLElement>('[data-at]')?.dataset.at ?? NaN)];
      if (!button || !refusal) return;
      if (button.dataset.choice === 'see') { this.#see(refusal); return; }
      this.#list = this.#list.filter(each => each !== refusal);
      this.#draw();
      if (button.dataset.choice === 'mine') this.#again(refusal);
      this.#refresh([refusal]);
      this.#see(refusal);
    });
  }

  /** What was refused of a cell, if anything. */
  on(row: number, column: string): Refusal | undefined { return this.#list.find(each => each.row === row && each.column === column); }

  add(refused: readonly Refusal[]): void {
    const fresh = new Set(refused.map(each => cellKey(each.row, each.column ?? '')));
    this.#list = [...this.#list.filter(each => !fresh.has(cellKey(each.row, each.column ?? ''))), ...refused].slice(-200);
    this.#draw();
    this.#refresh(refused);
  }

  #refresh(of: readonly Refusal[]): void {
    const nodes = of.map(each => this.#kit.api.getRowNode(String(each.row))).filter(node => node !== undefined);
    if (nodes.length) this.#kit.api.refreshCells({ rowNodes: nodes, force: true });
  }

  #see(refusal: Refusal): void {
    const node = this.#kit.api.getRowNode(String(refusal.row));
    const column = this.#kit.columns.find(each => each.name === refusal.column);
    if (node?.rowIndex !== null && node?.rowIndex !== undefined) this.#kit.go(node.rowIndex, column?.slug);
  }

  #draw(): void {
    const { host, say, columns } = this.#kit;
    part(host, 'refused').hidden = this.#list.length === 0;
    part(host, 'refused-list').replaceChildren(...this.#list.map((refusal, at) => {
      const item = copy(host, 'refusal');
      const column = columns.find(each => each.name === refusal.column);
      const line = this.#kit.api.getRowNode(String(refusal.row))?.data?.line;
      part(item, 'at').dataset.at = String(at);
      part(item, 'where').textContent = column ? say('spot', column.name, line ?? '…') : say('whole_row', line ?? '…');
      part(item, 'reason').textContent = refusal.reason;
      const both = refusal.code === 'other' && column !== undefined;
      part(item, 'both').textContent = both ? say(refusal.by ? 'both_by' : 'both', refusal.wanted || say('empty'), refusal.now || say('empty'), refusal.by ?? '') : '';
      for (const [choice, text] of [['mine', say('keep_mine', refusal.wanted || say('empty'))], ['theirs', both ? say('keep_theirs', refusal.now || say('empty')) : say('understood')]] as const) {
        const button = item.querySelector<HTMLElement>(`[data-choice=${choice}]`);
        if (!button) continue;
        button.textContent = text;
        button.hidden = choice === 'mine' && !both;
      }
      return item;
    }));
  }
}
