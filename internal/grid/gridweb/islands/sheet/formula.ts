import { part, type Kit } from './kit';
import type { Fill } from './outbox';
import type { Box } from './range';
import type { Row } from './rows';

/** Where a formula is written: a cell, and what is selected round it. */
export interface Target { row: Row; at: number; place: number; box: Box }

interface Tried { error?: string; total: number; rows: { row: number; line?: number; before: string; after: string; why?: string }[] }

export interface Ways {
  target: () => Target | undefined;
  rows: (top: number, bottom: number) => Promise<Row[]>;
  put: (fill: Fill, shown: { row: number; value: string } | undefined) => void;
}

/** Whether what was typed is a formula. An apostrophe before the sign makes it a text, as in spreadsheets. */
export function isFormula(typed: string, before: string): boolean { return typed.startsWith('=') && typed.trim() !== '=' && typed !== before; }

/** What was typed without the apostrophe that makes a text of it. */
export function literal(typed: string): string { return typed.startsWith("'=") ? typed.slice(1) : typed; }

/** The numbers of the rows of a box that are known, with the place where they begin. */
export function fillOf(column: string, formula: string, look: URLSearchParams, rows?: readonly Row[], from = 0): Fill {
  return { column, formula, look: look.toString(), from, rows: rows?.map(row => row.row) };
}

/**
 * Shows what a formula would write while it is typed, in a cell or in the panel, and fills with it: this cell, the rows selected, or all
 * rows of the look.
 */
export class Formula {
  #kit: Kit;
  #ways: Ways;
  #panel: HTMLElement;
  #text: HTMLInputElement;
  #trying = 0;
  #asked?: AbortController;
  #target?: Target;

  constructor(kit: Kit, ways: Ways) {
    this.#kit = kit;
    this.#ways = ways;
    this.#panel = part(kit.host, 'formula');
    this.#text = part<HTMLInputElement>(kit.host, 'formula-text');
    kit.rows.addEventListener('input', event => {
      const typed = event.target instanceof HTMLInputElement && event.target.closest('.ag-cell') ? event.target.value : '';
      if (typed.startsWith('=')) this.#show(typed); else if (!this.#panel.hidden && event.target instanceof HTMLInputElement) this.close(false);
    });
    this.#text.addEventListener('input', () => this.#later());
    this.#panel.addEventListener('keydown', event => {
      if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); this.close(true); }
    });
    part(kit.host, 'formula-form').addEventListener('submit', event => { event.preventDefault(); void this.#fill((event as SubmitEvent).submitter?.dataset.scope ?? 'cell'); });
    part(kit.host, 'formula-names').replaceChildren(...kit.columns.map(column => {
      const name = document.createElement('button');
      name.type = 'button';
      name.className = 'c-button c-button--quiet c-button--small';
      name.textContent = `[${column.name}]`;
      name.addEventListener('click', () => this.#insert(`[${column.name}]`));
      return name;
    }));
  }

  /** Opens the panel on the cell with the focus. */
  open(): void {
    this.#show(this.#text.value || '=');
    this.#text.focus();
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length);
  }

  close(back: boolean): void {
    this.#panel.hidden = true;
    this.#asked?.abort();
    const target = this.#target;
    if (back && target) this.#kit.go(target.at, this.#kit.columns[target.place]?.slug);
  }

  /** What became of a fill, in words. */
  said(text: string, wrong: boolean): void {
    const said = part(this.#kit.host, 'formula-said');
    said.textContent = text;
    said.classList.toggle('p-spread__wrong', wrong);
  }

  #show(formula: string): void {
    const target = this.#ways.target();
    if (!target) return;
    this.#target = target;
    this.#panel.hidden = false;
    this.#text.value = formula;
    const { kit, rows } = { kit: this.#kit, rows: target.box.bottom - target.box.top + 1 };
    part(kit.host, 'formula-where').textContent = kit.say('spot', kit.columns[target.place]?.name ?? '', target.row.line ?? kit.say('row_missing'));
    const selected = this.#panel.querySelector<HTMLElement>('[data-scope=selection]');
    if (selected) {
      selected.hidden = rows < 2;
      selected.textContent = kit.say('formula_selection', rows);
    }
    const all = this.#panel.querySelector<HTMLElement>('[data-scope=all]');
    const filtered = [...kit.look().keys()].some(name => name !== 'sort');
    if (all) all.textContent = kit.say(filtered ? 'formula_filtered' : 'formula_all', new Intl.NumberFormat(kit.manner.lang).format(kit.api.getDisplayedRowCount()));
    this.#later();
  }

  #insert(text: string): void {
    const { selectionStart, selectionEnd } = this.#text;
    this.#text.setRangeText(text, selectionStart ?? this.#text.value.length, selectionEnd ?? this.#text.value.length, 'end');
    this.#text.focus();
    this.#later();
  }

  #later(): void {
    clearTimeout(this.#trying);
    this.#trying = window.setTimeout(() => void this.#try(), 200);
  }

  async #try(): Promise<void> {
    const { kit } = { kit: this.#kit };
    const target = this.#target;
    const table = part(kit.host, 'formula-tried');
    this.#asked?.abort();
    if (!target || this.#text.value.replace('=', '').trim() === '') { table.hidden = true; this.said('', false); return; }
    const asked = this.#asked = new AbortController();
    const query = kit.look();
    for (const [name, value] of [['as', 'json'], ['column', kit.columns[target.place]?.slug ?? ''], ['formula', this.#text.value], ['place', String(target.at)]] as const) query.set(name, value);
    try {
      const answer = await fetch(`${kit.base}/formula?${query}`, { cache: 'no-store', signal: asked.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const tried = await answer.json() as Tried;
      this.said(tried.error ?? '', tried.error !== undefined);
      table.hidden = tried.error !== undefined;
      part(kit.host, 'formula-rows').replaceChildren(...tried.rows.map(row => {
        const line = document.createElement('tr');
        const head = document.createElement('th');
        head.scope = 'row';
        head.textContent = row.line === undefined ? kit.say('row_missing') : String(row.line);
        const [before, after] = [document.createElement('td'), document.createElement('td')];
        before.textContent = row.before;
        after.textContent = row.why === undefined ? row.after : row.why;
        if (row.why !== undefined) after.className = 'p-spread__wrong';
        line.append(head, before, after);
        return line;
      }));
    } catch {
      if (!asked.signal.aborted) this.said(kit.say('failed'), true);
    }
  }

  async #fill(scope: string): Promise<void> {
    const target = this.#target;
    const formula = this.#text.value.trim();
    if (!target || !isFormula(formula, '')) { this.#text.focus(); return; }
    await this.fill(formula, target, scope);
  }

  /** Fills with a formula: "cell", "selection" or "all". */
  async fill(formula: string, target: Target, scope: string): Promise<void> {
    clearTimeout(this.#trying); // what is being tried would be told over what becomes of this
    this.#asked?.abort();
    const column = this.#kit.columns[target.place]?.name ?? '';
    const look = this.#kit.look();
    if (scope === 'all') { this.#ways.put(fillOf(column, formula, look), undefined); return; }
    if (scope === 'cell') { this.#ways.put(fillOf(column, formula, look, [target.row], target.at), { row: target.row.row, value: formula }); return; }
    try {
      this.#ways.put(fillOf(column, formula, look, await this.#ways.rows(target.box.top, target.box.bottom), target.box.top), undefined);
    } catch { this.said(this.#kit.say('failed'), true); }
  }
}
