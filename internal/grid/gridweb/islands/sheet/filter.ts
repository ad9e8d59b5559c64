import { part, type Kit, type Named } from './kit';
import { filterOf, filtersOf, reFiltered } from './look';

interface Value { value: string; shown: string; count: number }

/**
 * The filter of a column, opened from its head: an operator with a value, or bounds, or values chosen from those there are. It leads to the
 * address with the filter, where the page says it in words and the server reads the rows.
 */
export class ColumnFilter {
  #kit: Kit;
  #dialog: HTMLDialogElement;
  #form: HTMLFormElement;
  #column?: Named;
  #values: Value[] = [];
  #asked?: AbortController;

  constructor(kit: Kit) {
    this.#kit = kit;
    this.#dialog = part<HTMLDialogElement>(kit.host, 'filter-dialog');
    this.#form = part<HTMLFormElement>(kit.host, 'filter-form');
    kit.rows.addEventListener('keydown', event => {
      if (!event.altKey || event.key !== 'ArrowDown' || kit.api.getEditingCells().length > 0) return;
      const slug = (event.target as Element).closest('.ag-header-cell, .ag-cell')?.getAttribute('col-id');
      if (!slug || !kit.columns.some(column => column.slug === slug)) return;
      event.preventDefault();
      event.stopPropagation();
      this.open(slug);
    }, true);
    this.#form.addEventListener('submit', event => {
      if ((event as SubmitEvent).submitter?.dataset.filter === undefined) return; // closes
      event.preventDefault();
      this.#go((event as SubmitEvent).submitter?.dataset.filter ?? '');
    });
    part<HTMLSelectElement>(kit.host, 'filter-op').addEventListener('change', () => this.#shape());
    part<HTMLInputElement>(kit.host, 'filter-find').addEventListener('input', () => this.#list());
  }

  /** Opens the filter of a column, with what it is filtered by now. */
  open(slug: string): void {
    const { host, columns, say } = this.#kit;
    const column = this.#column = columns.find(each => each.slug === slug);
    if (!column) return;
    part(host, 'filter-title').textContent = say('filter_title', column.name);
    const mine = filtersOf(this.#kit.look(), slug);
    const one = mine.find(filter => !['ge', 'le', 'in'].includes(filter.op));
    const ranges = column.type === 'integer' || column.type === 'number' || column.type === 'date' || column.type === 'datetime';
    part(host, 'filter-bounds').hidden = !ranges;
    for (const [name, op] of [['filter-from', 'ge'], ['filter-to', 'le']] as const) part<HTMLInputElement>(host, name).value = mine.find(filter => filter.op === op)?.value ?? '';
    const op = part<HTMLSelectElement>(host, 'filter-op');
    for (const option of op.options) option.hidden = ranges && (option.value === 'contains' || option.value === 'starts');
    op.value = one?.op ?? (ranges ? 'eq' : 'contains');
    part<HTMLInputElement>(host, 'filter-value').value = one?.value ?? '';
    part<HTMLInputElement>(host, 'filter-find').value = '';
    part(host, 'filter-clear').hidden = mine.length === 0;
    this.#shape();
    this.#dialog.showModal();
    void this.#read(slug, new Set(mine.find(filter => filter.op === 'in')?.value.split('|') ?? []));
  }

  /** An operator that takes no value has no field for one. */
  #shape(): void {
    const { value } = part<HTMLSelectElement>(this.#kit.host, 'filter-op');
    part(this.#kit.host, 'filter-value-box').hidden = value === 'empty' || value === 'filled';
  }

  async #read(slug: string, chosen: ReadonlySet<string>): Promise<void> {
    this.#asked?.abort();
    const asked = this.#asked = new AbortController();
    const { host, base, say } = this.#kit;
    const said = part(host, 'filter-said');
    this.#values = [];
    part(host, 'filter-list').replaceChildren();
    said.textContent = say('loading');
    const query = this.#kit.look();
    query.set('column', slug);
    try {
      const answer = await fetch(`${base}/values?${query}`, { cache: 'no-store', signal: asked.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json() as { values: Value[]; more: boolean };
      this.#values = told.values.filter(each => each.value !== '');
      this.#list(chosen);
      said.textContent = told.more ? say('filter_more', told.values.length) : '';
    } catch {
      if (!asked.signal.aborted) said.textContent = say('failed');
    }
  }

  /** Draws the values that match what is looked for; those chosen stay chosen. */
  #list(chosen: ReadonlySet<string> = this.#chosen()): void {
    const { host, manner } = this.#kit;
    const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    const wanted = fold(part<HTMLInputElement>(host, 'filter-find').value);
    part(host, 'filter-list').replaceChildren(...this.#values.filter(each => chosen.has(each.value) || fold(each.shown).includes(wanted)).map(each => {
      const item = document.createElement('li');
      const label = document.createElement('label');
      const box = document.createElement('input');
      box.type = 'checkbox';
      box.value = each.value;
      box.checked = chosen.has(each.value);
      const count = document.createElement('span');
      count.className = 'u-soft';
      count.textContent = ` (${new Intl.NumberFormat(manner.lang).format(each.count)})`;
      label.append(box, ` ${each.shown}`, count);
      item.append(label);
      return item;
    }));
  }

  #chosen(): Set<string> {
    return new Set([...part(this.#kit.host, 'filter-list').querySelectorAll<HTMLInputElement>('input:checked')].map(box => box.value));
  }

  /** Goes to the address with what was asked: "one" operator, "bounds", "values", or none of them. */
  #go(what: string): void {
    const { host } = this.#kit;
    const slug = this.#column?.slug ?? '';
    const typed = (name: string): string => part<HTMLInputElement>(host, name).value.trim();
    const filters: string[] = [];
    if (what === 'one') {
      const op = part<HTMLSelectElement>(host, 'filter-op').value;
      const bare = op === 'empty' || op === 'filled';
      if (!bare && typed('filter-value') === '') { part(host, 'filter-value').focus(); return; }
      filters.push(filterOf(slug, op, bare ? undefined : typed('filter-value')));
    }
    if (what === 'bounds') {
      for (const [name, op] of [['filter-from', 'ge'], ['filter-to', 'le']] as const) if (typed(name)) filters.push(filterOf(slug, op, typed(name)));
    }
    if (what === 'values') {
      const chosen = [...this.#chosen()];
      if (chosen.length === 1) filters.push(filterOf(slug, 'eq', chosen[0])); else if (chosen.length) filters.push(filterOf(slug, 'in', chosen.join('|')));
    }
    location.assign(reFiltered(location.pathname + location.search, slug, filters));
  }
}
