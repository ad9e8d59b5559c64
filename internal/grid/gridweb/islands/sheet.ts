import type { CellKeyDownEvent, ColDef, GridApi, GridOptions, ICellRendererParams, IGetRowsParams } from 'ag-grid-community';
import type { createGrid as Make, themeQuartz as Theme } from '../library/ag-grid';
import { Editor } from './sheet/editor';
import { ColumnFilter } from './sheet/filter';
import { Full } from './sheet/full';
import { Head, type HeadWays } from './sheet/head';
import { copy, part, type Kit, type Named } from './sheet/kit';
import { filtersOf, lookOf, orders, sortOf, sorted, staying, type Order } from './sheet/look';
import { block, read, widths, type Row, type Window } from './sheet/rows';
import { wardrobe } from './sheet/styles';
import { show, type Manner } from './sheet/values';
import { say, type Words } from './sheet/words';

interface Library { createGrid: typeof Make; themeQuartz: typeof Theme }
interface Found { found: boolean; place: number; row: number; column: number }

const numbers = 'row number'; // no slug has a space

/**
 * Makes of the grid's page a sheet one scrolls through: the same rows, orders and filters as the table of the page, from the same
 * addresses. A telephone and whoever prefers it keep the table.
 */
class Grid extends HTMLElement {
  #api?: GridApi<Row>;
  #columns: Named[] = [];
  #words: Words = {};
  #manner: Manner = { lang: document.documentElement.lang, yes: '', no: '' };
  #look = lookOf(location.search);
  #ahead?: { start: number; window: Promise<Window> }; // read while the library is on its way
  #noting = 0;
  #host?: HTMLElement;
  #editor?: Editor;
  #filter?: ColumnFilter;
  #full?: Full;

  connectedCallback(): void {
    this.#finds();
    if (!('adoptedStyleSheets' in document) || !this.dataset.library) return;
    const view = new URLSearchParams(location.search).get('view');
    const room = matchMedia('(min-width: 64rem) and (pointer: fine)').matches;
    const rows = Number(this.dataset.total) > 0;
    if (rows && (view === 'sheet' || view === null && room)) { void this.#open(); return; }
    this.#offer('sheet', rows);
  }

  /** Turns to the rows where something was found, by link or key, and back to all of them. The row one is on stays in sight. */
  #finds(): void {
    const links = [...this.querySelectorAll<HTMLAnchorElement>('a[data-found]')];
    for (const link of links) {
      link.addEventListener('click', () => {
        const focus = this.#api?.getFocusedCell();
        const row = focus ? this.#api?.getDisplayedRowAtIndex(focus.rowIndex)?.data?.row : undefined;
        link.href = staying(link.href, location.search, row, Math.max(0, this.#columns.findIndex(column => column.slug === focus?.column.getColId())));
      });
    }
    addEventListener('keydown', event => {
      if (event.key !== 'F8' || !(event.ctrlKey || event.metaKey) || this.#editor?.selection.editing || document.querySelector('dialog[open]')) return;
      event.preventDefault();
      const on = links.some(link => link.dataset.found !== '' && link.ariaCurrent !== null);
      const link = links.find(each => (each.dataset.found === '') === on);
      if (link) link.click(); else this.#tell(this.#say('no_more'));
    });
  }

  /** Shows the link to a view, or hides it. */
  #offer(view: string, shown: boolean): void {
    const link = this.querySelector<HTMLElement>(`[data-view="${view}"]`);
    if (link) link.hidden = !shown;
  }

  async #open(): Promise<void> {
    this.#columns = JSON.parse(this.dataset.columns ?? '[]') as Named[];
    this.#words = JSON.parse(this.dataset.words ?? '{}') as Words;
    this.#manner = { ...this.#manner, yes: this.#say('yes'), no: this.#say('no') };
    const place = this.#asked();
    const start = Math.floor(place / block) * block;
    this.#ahead = { start, window: read(this.#base, this.#look, start, start + block) };
    try {
      const [library, first] = await Promise.all([import(this.dataset.library ?? '') as Promise<Library>, this.#ahead.window]);
      await this.#draw(library, first);
      this.#arrive(place, first);
    } catch {
      this.#offer('sheet', true); // the table is still there
    }
  }

  get #base(): string { return this.dataset.base ?? ''; }

  #say(key: string, ...args: (string | number)[]): string { return say(this.#words, key, ...args); }

  #part<T extends HTMLElement>(name: string): T { return part<T>(this.#host ?? this, name); }

  /** The place of the row that the address asks for. */
  #asked(): number {
    const query = new URLSearchParams(location.search);
    const place = Number(query.get('place') ?? this.dataset.place ?? NaN);
    const total = Number(this.dataset.total);
    const wanted = Number.isInteger(place) ? place : (Number(query.get('page') ?? 1) - 1) * 50;
    return Math.min(Math.max(Number.isFinite(wanted) ? wanted : 0, 0), total - 1);
  }

  async #draw(library: Library, first: Window): Promise<void> {
    const frame = this.querySelector<HTMLTemplateElement>('[data-frame]');
    const host = this.#host = this.querySelector<HTMLElement>('[data-sheet]') ?? undefined;
    const plain = this.querySelector<HTMLElement>('[data-plain]');
    if (!frame || !host || !plain) throw new Error('not the page of a grid');
    host.append(document.importNode(frame.content, true));
    const rows = this.#part('rows');
    this.#api = library.createGrid<Row>(rows, this.#options(library, first));
    this.#api.setGridAriaProperty('label', this.querySelector('#grid-sum')?.textContent ?? '');
    await Promise.resolve(); // the styles are taken before anything is shown, so that the grid measures itself with them
    rows.hidden = false;
    plain.hidden = true;
    for (const link of this.querySelectorAll<HTMLAnchorElement>('.p-grid__tools a')) if (link.pathname === `${this.#base}/add`) link.hidden = true; // the sheet has its own
    this.#offer('table', true);
    if (!document.querySelector('.c-errors')) this.querySelector('details.p-grid__filter')?.removeAttribute('open'); // the heads of columns have it
    this.#listen(rows);
    const kit: Kit = { api: this.#api, host, rows, base: this.#base, columns: this.#columns, manner: this.#manner, look: () => new URLSearchParams(this.#look), say: this.#say.bind(this), tell: this.#tell.bind(this), go: this.#go.bind(this) };
    this.#filter = new ColumnFilter(kit);
    this.#full = new Full(this, on => {
      const button = host.querySelector('[data-do=full]');
      button?.setAttribute('aria-pressed', String(on));
      this.#tell(on ? this.#say('full_on') : '');
    });
    const { me = '', may = '', own, version, seq } = this.dataset;
    this.#editor = new Editor(kit, { me, may, own: own === '1', version: Number(version), seq: Number(seq) });
  }

  #options(library: Library, first: Window): GridOptions<Row> {
    const wide = widths(this.#columns.map(column => column.name), first.rows);
    const order = orders(this.#look);
    const freeze = new URLSearchParams(location.search).get('freeze');
    const frozen = this.#columns.findIndex(column => column.slug === freeze);
    return {
      theme: library.themeQuartz.withParams({
        backgroundColor: 'var(--surface)', foregroundColor: 'var(--ink)', accentColor: 'var(--accent)', borderColor: 'var(--line)', chromeBackgroundColor: 'var(--sunken)',
        headerBackgroundColor: 'var(--sunken)', headerTextColor: 'var(--ink)', headerFontWeight: 650, rowHoverColor: 'var(--accent-soft)', fontFamily: 'var(--font)', fontSize: '0.9375rem', headerFontSize: '0.9375rem',
        browserColorScheme: 'inherit', spacing: 6, columnBorder: true, wrapperBorderRadius: '0.5rem', cellHorizontalPadding: 10, iconColor: 'var(--ink-soft)', textColor: 'var(--ink)',
      }),
      themeStyleContainer: wardrobe(), themeCssLayer: 'rooms.library', loadThemeGoogleFonts: false,
      rowModelType: 'infinite', datasource: { getRows: params => void this.#fill(params) }, cacheBlockSize: block, maxBlocksInCache: 40, maxConcurrentDatasourceRequests: 3,
      blockLoadDebounceMillis: 60, infiniteInitialRowCount: first.total, getRowId: ({ data }) => String(data.row),
      columnDefs: [this.#numberColumn(first.total, frozen >= 0), ...this.#columns.map((column, place): ColDef<Row> => {
        const at = order.findIndex(each => each.colId === column.slug);
        return {
          colId: column.slug, headerName: column.name, width: wide[place], sortable: true, initialSort: order[at]?.sort, initialSortIndex: at < 0 ? undefined : at,
          headerComponentParams: { innerHeaderComponent: Head, innerHeaderComponentParams: this.#heads() },
          pinned: place <= frozen ? 'left' : undefined, cellClass: column.type === 'integer' || column.type === 'number' ? 'p-spread__number' : undefined,
          cellClassRules: {
            'p-spread__fault': ({ data }) => data?.found?.[place] !== undefined,
            'p-spread__edited': ({ data }) => data?.edited?.includes(place) ?? false,
            'p-spread__proposed': ({ data }) => data?.proposed?.includes(place) ?? false,
            'p-spread__waiting': ({ data }) => this.#marks(data, place).state === 'waiting' || this.#marks(data, place).state === 'draft',
            'p-spread__refused': ({ data }) => this.#marks(data, place).state === 'refused',
            'p-spread__corner': ({ rowIndex }) => this.#editor?.selection.corner(rowIndex, place) ?? false,
            'p-spread__filling': ({ rowIndex }) => this.#editor?.handle.has(rowIndex, place) ?? false,
            'p-spread__in': ({ rowIndex }) => this.#editor?.selection.has(rowIndex, place) ?? false,
          },
          ...Editor.column(place, (row, at) => this.#editor?.value(row, at) ?? ''), cellRenderer: (params: ICellRendererParams<Row>) => this.#cell(params.data, place),
        };
      })],
      defaultColDef: { resizable: true, suppressMovable: true, minWidth: 60, sortingOrder: ['asc', 'desc', null] },
      rowHeight: 34, headerHeight: 40, ensureDomOrder: true, animateRows: false, suppressDragLeaveHidesColumns: true, suppressOverlays: ['loading', 'noRows'],
      readOnlyEdit: true, onCellEditRequest: event => this.#editor?.asked(event), stopEditingWhenCellsLoseFocus: true, enterNavigatesVerticallyAfterEdit: true,
      tabToNextCell: () => false, tabToNextHeader: () => false,
      localeText: { ariaSortableColumn: this.#say('sortable'), loadingOoo: this.#say('loading') },
      onSortChanged: () => this.#reorder(), onCellFocused: () => this.#here(), onCellKeyDown: event => this.#key(event as CellKeyDownEvent<Row>),
    };
  }

  /** What the heads of columns are told. */
  #heads(): HeadWays {
    return {
      open: slug => this.#filter?.open(slug), filtered: slug => filtersOf(this.#look, slug).length > 0, label: name => this.#say('filter_title', name),
      filteredWord: this.#say('filtered'), icon: () => copy(this.#host ?? this, 'funnel'),
    };
  }

  #numberColumn(total: number, pinned: boolean): ColDef<Row> {
    return {
      colId: numbers, headerName: this.#say('row'), pinned: 'left', lockPinned: true, lockPosition: 'left', sortable: false, resizable: false, cellAriaRole: 'rowheader',
      width: 56 + 9 * Math.max(2, String(total).length), cellClass: 'p-spread__count', headerClass: pinned ? undefined : 'p-spread__count-head',
      valueGetter: ({ data }) => data ? data.line ?? this.#say('row_missing') : '', cellClassRules: { 'p-spread__fault': ({ data }) => data?.found?.[-1] !== undefined },
      cellRenderer: ({ data, value }: ICellRendererParams<Row>) => this.#count(data, String(value ?? '')),
    };
  }

  /** Draws the number of a row, with a mark where something was found in the row as a whole. */
  #count(row: Row | undefined, text: string): HTMLElement | string {
    const why = row?.found?.[-1];
    if (why === undefined) return text;
    const box = document.createElement('span');
    box.className = 'p-spread__box';
    const words = document.createElement('span');
    words.className = 'u-hidden';
    words.textContent = ` ${why}`;
    box.append(copy(this.#host ?? this, 'mark'), text, words);
    return box;
  }

  #marks(row: Row | undefined, place: number): ReturnType<Editor['marks']> { return row && this.#editor ? this.#editor.marks(row, place) : {}; }

  /** Draws a cell: its value, a mark where something was found or refused, who is on it, and words for all that to be read aloud. */
  #cell(row: Row | undefined, place: number): HTMLElement | string {
    if (!row) return '';
    const { state, who } = this.#marks(row, place);
    const box = document.createElement('span');
    box.className = 'p-spread__box';
    const why = this.#why(row, place);
    if (why !== undefined) box.append(copy(this.#host ?? this, 'mark'));
    const text = document.createElement('span');
    text.textContent = this.#text(row, place);
    text.className = row.written?.[place] === undefined ? 'p-spread__text' : 'p-spread__text u-fixed';
    box.append(text);
    if (who) {
      const tag = document.createElement('span');
      tag.className = `p-spread__who p-spread__who--${who.shade}`;
      tag.textContent = who.initials;
      tag.setAttribute('aria-hidden', 'true');
      box.append(tag);
    }
    const aloud = [
      text.textContent === '' ? this.#say('empty') : '', row.edited?.includes(place) ? this.#say('edited') : '', row.proposed?.includes(place) ? this.#say('proposed') : '',
      state === 'waiting' || state === 'draft' ? this.#say(`is_${state}`) : '', why ?? '', who ? this.#say('is_here', who.name) : '',
    ].filter(word => word !== '').join(', ');
    if (aloud) {
      const words = document.createElement('span');
      words.className = 'u-hidden';
      words.textContent = ` ${aloud}`;
      box.append(words);
    }
    return box;
  }

  /** What is wrong with a cell, in words. */
  #why(row: Row | undefined, place: number): string | undefined {
    const { state } = this.#marks(row, place);
    if (state === 'refused') return this.#say('is_refused');
    return state === undefined ? row?.found?.[place] : undefined; // what waits is not judged yet
  }

  #text(row: Row, place: number): string {
    const type = this.#columns[place]?.type ?? 'text';
    const waiting = this.#marks(row, place).text;
    return waiting === undefined ? row.written?.[place] ?? show(type, row.cells[place] ?? '', this.#manner) : show(type, waiting, this.#manner);
  }

  /** Gives the grid the rows it asks for. */
  async #fill(params: IGetRowsParams<Row>): Promise<void> {
    const look = new URLSearchParams(this.#look);
    try {
      const ahead = this.#ahead?.start === params.startRow && params.endRow - params.startRow <= block ? this.#ahead.window : undefined;
      this.#ahead = undefined;
      const window = await (ahead ?? read(this.#base, look, params.startRow, params.endRow));
      await this.#editor?.still();
      this.#editor?.came(window, params.startRow);
      params.successCallback(window.rows, window.total);
      this.#here();
    } catch {
      params.failCallback();
      this.#tell(this.#say('failed'));
    }
  }

  #tell(text: string): void { this.#part('status').textContent = text; }

  /** The order of the columns' heads becomes that of the address, of the forms and of the links of the page. */
  #reorder(): void {
    const order = (this.#api?.getColumnState() ?? []).filter(column => column.sort).sort((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0))
      .map(column => ({ colId: column.colId, sort: column.sort }) as Order);
    const here = sorted(location.pathname + location.search, order);
    history.replaceState(history.state, '', here);
    this.#look = lookOf(location.search);
    for (const link of this.querySelectorAll('a')) {
      if (link.pathname.startsWith(this.#base) && link.origin === location.origin) link.href = sorted(link.pathname + link.search, order);
    }
    for (const form of this.querySelectorAll('form')) {
      let field = form.querySelector<HTMLInputElement>('input[name=sort]');
      if (!field && form.method === 'get') {
        field = document.createElement('input');
        field.type = 'hidden';
        field.name = 'sort';
        form.append(field);
      }
      if (field) field.value = sortOf(order);
    }
  }

  /** Goes where the address asks for: to a place of the look, or to a row of the page it names. */
  #arrive(place: number, first: Window): void {
    const query = new URLSearchParams(location.search);
    const row = Number(query.get('row') ?? NaN);
    const start = Math.floor(place / block) * block;
    const at = first.rows.findIndex(each => each.row === row);
    const column = this.#columns[Number(query.get('column_at') ?? NaN)];
    if (at >= 0) place = start + at;
    if (place > 0 || column) this.#go(place, column?.slug, at >= 0 || row > 0);
  }

  /** Brings a cell into sight, and the focus to it. */
  #go(place: number, slug = this.#columns[0]?.slug ?? numbers, focus = true): void {
    this.#api?.ensureIndexVisible(place, 'middle');
    this.#api?.ensureColumnVisible(slug);
    if (focus) this.#api?.setFocusedCell(place, slug);
  }

  #listen(rows: HTMLElement): void {
    this.addEventListener('click', event => {
      const target = event.target instanceof Element ? event.target : undefined;
      const action = target?.closest<HTMLElement>('[data-do]')?.dataset.do;
      if (action === 'freeze') this.#freeze();
      if (action === 'full') this.#full?.turn();
      if (action === 'keys') this.#part<HTMLDialogElement>('keys-dialog').showModal();
      const next = target?.closest<HTMLAnchorElement>('a');
      if (next?.pathname === `${this.#base}/next`) { event.preventDefault(); void this.#finding(); }
    });
    rows.addEventListener('keydown', event => {
      if (event.key === 'F8' && !event.ctrlKey && !event.metaKey) { event.preventDefault(); void this.#finding(event.shiftKey); }
    });
  }

  /** Keys that the library gives another meaning, or none. */
  #key({ event, rowIndex }: CellKeyDownEvent<Row>): void {
    const key = event as KeyboardEvent | null;
    if (!key || rowIndex === null) return;
    const last = (this.#api?.getDisplayedRowCount() ?? 1) - 1;
    const ends: Partial<Record<string, [number, Named | undefined]>> = { Home: [key.ctrlKey ? 0 : rowIndex, this.#columns[0]], End: [key.ctrlKey ? last : rowIndex, this.#columns.at(-1)] };
    const end = key.shiftKey || this.#editor?.selection.editing ? undefined : ends[key.key];
    if (end) { key.preventDefault(); this.#go(end[0], end[1]?.slug); }
  }

  /** Tells what the cell with the focus holds, in whole, and where it is. */
  #here(): void {
    const focus = this.#api?.getFocusedCell();
    const row = focus ? this.#api?.getDisplayedRowAtIndex(focus.rowIndex)?.data : undefined;
    const place = this.#columns.findIndex(column => column.slug === focus?.column.getColId());
    const column = this.#columns[place];
    const why = this.#why(row, place) ?? row?.found?.[-1];
    const [spot, value, box] = [this.#part('spot'), this.#part('value'), this.#part('why')];
    spot.textContent = row && column ? this.#say('spot', column.name, row.line ?? this.#say('row_missing')) : '';
    value.textContent = row && column ? this.#text(row, place) : '';
    box.hidden = why === undefined;
    (box.querySelector('span:last-child') ?? box).textContent = why ?? '';
    const freeze = this.querySelector('[data-do=freeze]');
    freeze?.setAttribute('aria-pressed', String(column !== undefined && this.#frozen() === column.slug));
    const history = this.#part<HTMLAnchorElement>('history');
    history.hidden = row === undefined || column === undefined || this.dataset.own !== '1';
    if (row && column) {
      history.href = `${this.#base}/cell?${new URLSearchParams({ row: String(row.row), column: column.slug })}`;
      this.#editor?.at(row, place);
    }
    if (focus && column) this.#note(focus.rowIndex, place);
  }

  /** The address remembers where the reader is, once they stay there. */
  #note(place: number, column: number): void {
    clearTimeout(this.#noting);
    this.#noting = window.setTimeout(() => {
      const query = new URLSearchParams(location.search);
      for (const name of ['page', 'row', 'done']) query.delete(name);
      query.set('place', String(place));
      query.set('column_at', String(column));
      history.replaceState(history.state, '', `${location.pathname}?${query}`);
    }, 500);
  }

  #frozen(): string | undefined {
    return this.#columns.filter(column => this.#api?.getColumn(column.slug)?.isPinnedLeft()).at(-1)?.slug;
  }

  /** Freezes the columns up to the one with the focus; a second time, none. */
  #freeze(): void {
    const focus = this.#api?.getFocusedCell();
    const slug = focus?.column.getColId();
    const last = this.#frozen() === slug ? -1 : this.#columns.findIndex(column => column.slug === slug);
    this.#api?.applyColumnState({ state: this.#columns.map((column, place) => ({ colId: column.slug, pinned: place <= last ? 'left' as const : null })) });
    const query = new URLSearchParams(location.search);
    const named = this.#columns[last];
    if (named) query.set('freeze', named.slug); else query.delete('freeze');
    history.replaceState(history.state, '', `${location.pathname}?${query}`);
    this.#tell(named ? this.#say('frozen', named.name) : this.#say('unfrozen'));
    if (focus) this.#go(focus.rowIndex, slug);
  }

  /** Goes to the next cell where something was found, in the order of the look, or to the one before. */
  async #finding(back = false): Promise<void> {
    const focus = this.#api?.getFocusedCell();
    const place = this.#columns.findIndex(column => column.slug === focus?.column.getColId());
    const query = new URLSearchParams(this.#look);
    query.set('as', 'json');
    if (back) query.set('back', '1');
    query.set('place', String(focus?.rowIndex ?? (back ? this.#api?.getDisplayedRowCount() : -1)));
    query.set('column_at', String(place));
    try {
      const answer = await fetch(`${this.#base}/next?${query}`, { cache: 'no-store' });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json() as Found;
      if (!found.found) { this.#tell(this.#say('no_more')); return; }
      this.#tell('');
      this.#go(found.place, this.#columns[found.column]?.slug);
    } catch {
      this.#tell(this.#say('failed'));
    }
  }
}
customElements.define('c-grid', Grid);
