import type { CellEditRequestEvent, ColDef } from 'ag-grid-community';
import { Company, initials, shade } from './company';
import { fold, moves } from './fold';
import { Formula, isFormula, literal, type Target } from './formula';
import { lines, page, tempts, type Copied } from './html';
import { cellKey, part, type Kit } from './kit';
import { Live, type Head } from './live';
import { Outbox, type Change, type Edit, type Op, type Result, type State } from './outbox';
import { post } from './post';
import { cellsOf, lay, type Box } from './range';
import { read, type Row, type Window } from './rows';
import { Handle } from './handle';
import { Selection } from './select';
import { filled } from './series';
import { Refusals } from './refusals';
import { parse } from './tsv';
import { Steps } from './undo';
import { typed } from './values';

/** What somebody may do here, and what the page has seen. */
export interface Rights { me: string; may: string; own: boolean; version: number; seq: number }

/** One cell somebody wants to hold something else. */
interface Wish { row: Row; place: number; value: string }

const most = 100_000; // cells of one edit
const atOnce = 500; // rows of one answer

/** Writes in the sheet: by key, from the clipboard, with others, and with no network for a while. */
export class Editor {
  readonly selection: Selection;
  readonly handle: Handle;
  #kit: Kit;
  #rights: Rights;
  #outbox: Outbox;
  #steps: Steps;
  #refusals: Refusals;
  #formula: Formula;
  #company?: Company;
  #live?: Live;
  #drafts: Map<string, Change>; // what somebody who may only propose has written so far
  #pending = new Map<string, string>();
  #places: ReadonlyMap<string, number>;
  #recent: Op[] = []; // the last operations heard, for rows read before them
  #seq: number;
  #refreshing = 0;
  #toEnd = false; // once a row was added
  #end = -1; // its place

  constructor(kit: Kit, rights: Rights) {
    this.#kit = kit;
    this.#rights = rights;
    this.#seq = rights.seq;
    this.#places = new Map(kit.columns.map((column, place) => [column.name, place]));
    this.selection = new Selection(kit, () => this.#buttons());
    this.handle = new Handle(kit, this.selection, (from, to, other) => void this.#drawn(from, to, other));
    const name = `${kit.base} ${rights.me}`;
    this.#steps = new Steps(sessionStorage, `${name} steps`);
    this.#drafts = new Map(JSON.parse(sessionStorage.getItem(`${name} drafts`) ?? '[]') as [string, Change][]);
    this.#refusals = new Refusals(kit, refusal => this.#put({ kind: 'edit', changes: [{ row: refusal.row, column: refusal.column ?? '', was: refusal.now, value: refusal.wanted }] }));
    this.#outbox = new Outbox({
      store: sessionStorage, name, send: (base, edits) => post(kit.base, base, edits), done: (edit, result) => this.#done(edit, result),
      state: (state, waiting) => this.#state(state, waiting), wait: (run, pause) => { const timer = setTimeout(run, pause); return () => clearTimeout(timer); },
    }, rights.version);
    this.#pending = this.#outbox.pending();
    this.#formula = new Formula(kit, {
      target: () => this.#target(), rows: (top, bottom) => this.#rowsOf(top, bottom),
      put: (fill, shown) => this.#put({ kind: rights.may === 'edit' ? 'edit' : 'propose', fill, shown: shown && [{ ...shown, column: fill.column, was: '' }] }),
    });
    addEventListener('online', () => this.#outbox.flush());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#outbox.flush(); });
    addEventListener('beforeunload', event => { if (!this.#outbox.kept) event.preventDefault(); });
    kit.rows.addEventListener('keydown', event => this.#key(event), true);
    for (const kind of ['copy', 'cut', 'paste'] as const) kit.rows.addEventListener(kind, event => this.#clip(event));
    kit.host.addEventListener('click', event => this.#press((event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do ?? ''));
    part<HTMLDialogElement>(kit.host, 'why-dialog').addEventListener('close', event => this.#propose(event.target as HTMLDialogElement));
    if (rights.own) {
      this.#company = new Company(kit, rights.me);
      this.#live = new Live(kit.base, rights.seq, { head: head => this.#head(head), ops: ops => this.#heard(ops) });
    }
    for (const action of kit.host.querySelectorAll<HTMLElement>('[data-if]')) action.hidden = action.dataset.if !== rights.may;
    this.#buttons();
    this.#draw();
  }

  /** How the columns of the grid are written in. */
  static column(place: number, value: (row: Row | undefined, place: number) => string): ColDef<Row> {
    return {
      editable: ({ data }) => data !== undefined, valueGetter: ({ data }) => value(data, place), useValueFormatterForExport: false,
      cellEditorSelector: ({ data }) => /\n/.test(value(data, place)) || value(data, place).length > 120
        ? { component: 'agLargeTextCellEditor', popup: true, params: { maxLength: 100_000, rows: 6, cols: 50 } } : { component: 'agTextCellEditor' },
    };
  }

  /** What a cell holds as one would type it, what waits to be sent included. */
  value(row: Row | undefined, place: number): string {
    if (!row) return '';
    const column = this.#kit.columns[place];
    const waiting = this.#waiting(row, place);
    if (waiting !== undefined) return waiting;
    return row.written?.[place] ?? typed(column?.type ?? 'text', row.cells[place] ?? '', this.#kit.manner);
  }

  #waiting(row: Row, place: number): string | undefined {
    const key = cellKey(row.row, this.#kit.columns[place]?.name ?? '');
    return this.#drafts.get(key)?.value ?? this.#pending.get(key);
  }

  /** What is to be shown of a cell besides what the server said: what waits, what was refused, who is there. */
  marks(row: Row, place: number): { text?: string; state?: 'draft' | 'waiting' | 'refused'; who?: { initials: string; shade: number; name: string } } {
    const column = this.#kit.columns[place]?.name ?? '';
    const key = cellKey(row.row, column);
    const who = this.#company?.on(row.row, column);
    return {
      text: this.#waiting(row, place),
      state: this.#drafts.has(key) ? 'draft' : this.#pending.has(key) ? 'waiting' : this.#refusals.on(row.row, column) ? 'refused' : undefined,
      who: who && { initials: initials(who.name), shade: shade(who.person), name: who.name },
    };
  }

  /** Rows were read: what happened since is folded into them. */
  came(window: Window, start: number): void {
    for (const op of this.#recent) if (op.seq > window.seq) for (const row of window.rows) fold(row, op, this.#places);
    const total = this.#kit.api.getDisplayedRowCount();
    if (this.#toEnd && window.total > total) {
      this.#toEnd = false;
      this.#end = window.total - 1;
      setTimeout(() => this.#kit.api.ensureIndexVisible(this.#end));
    }
    if (this.#end >= start && this.#end < start + window.rows.length) { // it is here: it can be written in
      const place = this.#end;
      this.#end = -1;
      setTimeout(() => this.#kit.go(place, this.#kit.columns[0]?.slug));
    }
  }

  /** The cell with the focus moved. */
  at(row: Row, place: number): void {
    this.#company?.at(row.row, this.#kit.columns[place]?.name ?? '');
    this.#buttons();
  }

  /** The library asks that a cell be written. */
  asked(event: CellEditRequestEvent<Row>): void {
    const place = this.selection.place(event.column.getColId());
    const { data } = event;
    if (!data || place < 0) return;
    const value = String(event.newValue ?? '').replaceAll('\r\n', '\n');
    const at = event.rowIndex;
    if (isFormula(value, this.value(data, place)) && at !== null) {
      const box = { top: at, bottom: at, left: place, right: place };
      setTimeout(() => void this.#formula.fill(value.trim(), { row: data, at, place, box }, 'cell'));
      return;
    }
    setTimeout(() => this.#write([{ row: data, place, value: literal(value) }])); // once the library has left the cell
  }

  /** Where a formula would be written now. */
  #target(): Target | undefined {
    const { focus, box } = this.selection.range;
    const row = this.#kit.api.getDisplayedRowAtIndex(focus.row)?.data;
    return row && { row, at: focus.row, place: focus.column, box };
  }

  /** Fills the rows selected with the formula being typed in a cell, as spreadsheets do; with one row, the panel asks how many. */
  #fillTyped(event: KeyboardEvent): void {
    const typed = event.target instanceof HTMLInputElement ? event.target.value.trim() : '';
    const target = this.#target();
    if (!isFormula(typed, '') || !target) return;
    event.preventDefault();
    event.stopPropagation();
    this.#kit.api.stopEditing(true);
    if (target.box.bottom > target.box.top) void this.#formula.fill(typed, target, 'selection'); else this.#formula.open();
  }

  /** Waits while somebody writes in a cell: rows that come under their hand would take it away. */
  async still(): Promise<void> {
    while (this.selection.editing) {
      await new Promise<void>(resolve => {
        const stopped = (): void => { this.#kit.api.removeEventListener('cellEditingStopped', stopped); resolve(); };
        this.#kit.api.addEventListener('cellEditingStopped', stopped);
      });
    }
  }

  #key(event: KeyboardEvent): void {
    if (this.selection.editing && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { this.#fillTyped(event); return; }
    if (this.selection.editing || event.altKey) return;
    const focus = this.selection.range.focus;
    const control = event.ctrlKey || event.metaKey;
    const last = { row: this.#kit.api.getDisplayedRowCount() - 1, column: this.#kit.columns.length - 1 };
    const steps: Partial<Record<string, [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    let done: (() => void) | undefined;
    if (!(event.target as Element).closest('.ag-cell')) return; // on a column's head
    if (event.shiftKey && step) {
      done = () => this.selection.stretch(control ? step[0] && (step[0] < 0 ? 0 : last.row) || focus.row : focus.row + step[0], control ? step[1] && (step[1] < 0 ? 0 : last.column) || focus.column : focus.column + step[1]);
    } else if (event.shiftKey && (event.key === 'Home' || event.key === 'End')) {
      const end = event.key === 'End';
      done = () => this.selection.stretch(control ? (end ? last.row : 0) : focus.row, end ? last.column : 0);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      done = () => void this.#clear();
    } else if (event.key === 'Escape' && this.selection.range.several) {
      done = () => this.selection.single();
    } else if (control) {
      const key = event.key.toLowerCase();
      if (key === 'd') done = () => void (event.shiftKey ? this.#goOn() : this.#fillDown());
      if (key === 'a') done = () => this.selection.all();
      if (key === 'z') done = () => this.#turn(event.shiftKey);
      if (key === 'y') done = () => this.#turn(true);
    }
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
    done();
  }

  #press(action: string): void {
    if (action === 'undo' || action === 'redo') this.#turn(action === 'redo');
    if (action === 'fill') void this.#fillDown();
    if (action === 'formula') this.#formula.open();
    if (action === 'formula-close') this.#formula.close(true);
    if (action === 'add') { this.#toEnd = true; this.#put({ kind: 'edit', added: [-1] }); }
    if (action === 'remove') void this.#remove();
    if (action === 'propose') part<HTMLDialogElement>(this.#kit.host, 'why-dialog').showModal();
    if (action === 'discard') { this.#drafts.clear(); this.#keepDrafts(); this.#draw(); }
  }

  /** The rows of some places: those in sight, the others read now. */
  async #rowsOf(top: number, bottom: number): Promise<Row[]> {
    const rows: Row[] = [];
    for (let at = top; at <= bottom;) {
      const here = this.#kit.api.getDisplayedRowAtIndex(at)?.data;
      if (here) { rows.push(here); at++; continue; }
      this.#kit.tell(this.#kit.say('reading', rows.length, bottom - top + 1));
      const window = await read(this.#kit.base, this.#kit.look(), at, Math.min(bottom + 1, at + atOnce));
      this.came(window, at);
      if (window.rows.length === 0) break;
      rows.push(...window.rows);
      at += window.rows.length;
    }
    this.#kit.tell('');
    return rows;
  }

  #here(top: number, bottom: number): Row[] | undefined {
    const rows: Row[] = [];
    for (let at = top; at <= bottom; at++) {
      const row = this.#kit.api.getDisplayedRowAtIndex(at)?.data;
      if (!row) return undefined;
      rows.push(row);
    }
    return rows;
  }

  #tooMany(cells: number): boolean {
    if (cells <= most) return false;
    this.#kit.tell(this.#kit.say('too_many', new Intl.NumberFormat(this.#kit.manner.lang).format(most)));
    return true;
  }

  #clip(event: ClipboardEvent): void {
    if (this.selection.editing || !event.clipboardData || !(event.target as Element).closest('.ag-cell')) return;
    event.preventDefault();
    if (event.type === 'paste') { void this.#paste(event.clipboardData.getData('text/plain')); return; }
    const box = this.selection.range.box;
    if (this.#tooMany(cellsOf(box))) return;
    const rows = this.#here(box.top, box.bottom);
    if (rows) {
      const cells = this.#copied(rows, box);
      event.clipboardData.setData('text/plain', lines(cells));
      if (tempts(cells)) event.clipboardData.setData('text/html', page(cells));
    } else void this.#copyLater(box);
    this.#kit.tell(this.#kit.say('copied', cellsOf(box)));
    if (event.type === 'cut') void this.#clear();
  }

  #copied(rows: readonly Row[], { left, right }: Box): Copied[][] {
    return rows.map(row => this.#kit.columns.slice(left, right + 1).map(({ type }, i): Copied => {
      const text = this.value(row, left + i), stored = row.cells[left + i] ?? '';
      return typed(type, stored, this.#kit.manner) === text ? { type, text, stored } : { type, text };
    }));
  }

  /** Copies rows that are not all here: they are read first. */
  async #copyLater(box: Box): Promise<void> {
    try {
      const cells = this.#rowsOf(box.top, box.bottom).then(rows => this.#copied(rows, box));
      const blob = (type: string, written: (cells: Copied[][]) => string) => cells.then(all => new Blob([written(all)], { type }));
      if (typeof ClipboardItem === 'function') await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob('text/plain', lines), 'text/html': blob('text/html', page) })]);
      else await navigator.clipboard.writeText(lines(await cells));
    } catch { this.#kit.tell(this.#kit.say('not_copied')); }
  }

  async #paste(text: string): Promise<void> {
    if (text === '') return;
    const { range } = this.selection;
    const wishes = lay(parse(text), range.box, this.#kit.columns.length);
    if (this.#tooMany(wishes.length) || wishes.length === 0) return;
    const total = this.#kit.api.getDisplayedRowCount();
    const bottom = Math.max(...wishes.map(wish => wish.row));
    try {
      const rows = await this.#rowsOf(range.box.top, Math.min(bottom, total - 1));
      const inside = wishes.filter(wish => wish.row < total).flatMap(wish => {
        const row = rows[wish.row - range.box.top];
        return row ? [{ row, place: wish.column, value: wish.value }] : [];
      });
      this.#write(inside, this.#beyond(wishes.filter(wish => wish.row >= total), total));
      if (wishes.length > 1) {
        range.at({ row: range.box.top, column: range.box.left });
        this.selection.stretch(Math.min(bottom, total - 1), Math.max(...wishes.map(wish => wish.column)));
      }
    } catch { this.#kit.tell(this.#kit.say('failed')); }
  }

  /** What was pasted beyond the last row: rows to add, where the rows are all there are and in their own order. */
  #beyond(wishes: readonly { row: number; column: number; value: string }[], total: number): { added: number[]; changes: Change[] } {
    if (wishes.length === 0) return { added: [], changes: [] };
    if ([...this.#kit.look()].length > 0 || this.#rights.may !== 'edit') {
      this.#kit.tell(this.#kit.say('rows_left_out', new Set(wishes.map(wish => wish.row)).size));
      return { added: [], changes: [] };
    }
    const number = (row: number): number => total - row - 1; // -1 is the first beyond the last
    return {
      added: [...new Set(wishes.map(wish => number(wish.row)))],
      changes: wishes.filter(wish => wish.value !== '').map(wish => ({ row: number(wish.row), column: this.#kit.columns[wish.column]?.name ?? '', was: '', value: wish.value })),
    };
  }

  async #clear(): Promise<void> {
    const box = this.selection.range.box;
    if (this.#tooMany(cellsOf(box))) return;
    try {
      const wishes: Wish[] = [];
      for (const row of await this.#rowsOf(box.top, box.bottom)) for (let place = box.left; place <= box.right; place++) wishes.push({ row, place, value: '' });
      this.#write(wishes);
    } catch { this.#kit.tell(this.#kit.say('failed')); }
  }

  /** Copies the first row of the selection to those below it; with one row, the row above to it. */
  async #fillDown(): Promise<void> {
    const box = this.selection.range.box;
    const top = box.top === box.bottom ? Math.max(0, box.top - 1) : box.top;
    if (top < box.bottom) await this.#fill({ ...box, top, bottom: top }, { ...box, top: top + 1 }, false);
  }

  /** Goes on with the series that the first two rows of the selection begin; with two rows, one more than the first. */
  async #goOn(): Promise<void> {
    const box = this.selection.range.box;
    const rows = box.bottom - box.top + 1;
    if (rows === 1) { this.#kit.tell(this.#kit.say('fill_select')); return; }
    const bottom = box.top + (rows > 2 ? 1 : 0);
    await this.#fill({ ...box, bottom }, { ...box, top: bottom + 1 }, rows === 2);
  }

  /** Fills what the handle was drawn over, and selects it all. */
  async #drawn(from: Box, to: Box, other: boolean): Promise<void> {
    await this.#fill(from, to, other);
    const up = to.top < from.top;
    this.selection.range.at({ row: up ? from.bottom : from.top, column: from.left });
    this.selection.stretch(up ? to.top : to.bottom, from.right);
  }

  /** Fills cells from others above or below them, in one operation. */
  async #fill(from: Box, to: Box, other: boolean): Promise<void> {
    const up = to.top < from.top;
    const box = { ...from, top: Math.min(from.top, to.top), bottom: Math.max(from.bottom, to.bottom) };
    if (this.#tooMany(cellsOf(box))) return;
    try {
      const rows = await this.#rowsOf(box.top, box.bottom);
      const [sources, targets] = [rows.slice(from.top - box.top, from.bottom - box.top + 1), rows.slice(to.top - box.top, to.bottom - box.top + 1)];
      if (up) targets.reverse();
      const wishes: Wish[] = [];
      let series = false;
      for (let place = box.left; place <= box.right; place++) {
        const { type = 'text' } = this.#kit.columns[place] ?? {};
        const column = filled(type, sources.map(row => this.value(row, place)), targets.length, this.#kit.manner, { up, other });
        series ||= column.series;
        for (const [at, row] of targets.entries()) wishes.push({ row, place, value: column.values[at] ?? '' });
      }
      this.#write(wishes);
      this.#kit.tell(this.#kit.say(series ? 'filled_series' : 'filled', new Intl.NumberFormat(this.#kit.manner.lang).format(wishes.length)));
    } catch { this.#kit.tell(this.#kit.say('failed')); }
  }

  async #remove(): Promise<void> {
    const box = this.selection.range.box;
    if (this.#tooMany(box.bottom - box.top + 1)) return;
    try {
      const rows = await this.#rowsOf(box.top, box.bottom);
      if (rows.length) this.#put({ kind: 'edit', removed: rows.map(row => row.row) });
    } catch { this.#kit.tell(this.#kit.say('failed')); }
  }

  /** Writes cells that hold something else: at once, or as drafts of a proposal where one may only propose. */
  #write(wishes: readonly Wish[], beyond: { added: number[]; changes: Change[] } = { added: [], changes: [] }): void {
    const changes: Change[] = wishes.filter(wish => wish.value !== this.value(wish.row, wish.place)).map(wish => {
      const column = this.#kit.columns[wish.place]?.name ?? '';
      return { row: wish.row.row, column, was: this.#pending.get(cellKey(wish.row.row, column)) ?? wish.row.cells[wish.place] ?? '', value: wish.value };
    });
    if (this.#rights.may === 'edit') {
      if (changes.length + beyond.added.length) this.#put({ kind: 'edit', changes: [...changes, ...beyond.changes], added: beyond.added.length ? beyond.added : undefined });
      return;
    }
    for (const change of changes) {
      const key = cellKey(change.row, change.column);
      this.#drafts.set(key, { ...change, was: this.#drafts.get(key)?.was ?? change.was });
    }
    this.#keepDrafts();
    this.#draw(changes.map(change => change.row));
  }

  #put(edit: Pick<Edit, 'kind' | 'changes' | 'added' | 'removed' | 'text' | 'fill' | 'shown'>): void {
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    if (edit.kind === 'edit') this.#steps.did({ key, changes: (edit.changes ?? []).filter(change => change.row > 0), rows: Boolean(edit.added ?? edit.removed) });
    this.#outbox.put({ key, seen: this.#seq, ...edit });
    this.#draw([...edit.changes ?? [], ...edit.shown ?? []].map(change => change.row));
  }

  /** Takes the last step back, or does it again. */
  #turn(again: boolean): void {
    if (this.#rights.may !== 'edit') return;
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    const turned = again ? this.#steps.redo(key) : this.#steps.undo(key);
    if (!turned) { this.#kit.tell(this.#kit.say(again ? 'nothing_to_redo' : 'nothing_to_undo')); return; }
    this.#outbox.put({ key, kind: 'undo', seen: this.#seq, ofKey: turned.step.key, shown: turned.shown });
    this.#kit.tell(this.#kit.say(again ? 'redone' : 'undone'));
    this.#draw(turned.shown.map(change => change.row));
  }

  /** The server has an edit, or refuses it for good. */
  #done(edit: Edit, result: Result): void {
    if (result.op && result.seq > (this.#live?.seq ?? 0)) this.#apply(result.op.large ? { ...result.op, changes: edit.changes } : result.op);
    if (result.refused?.length) {
      this.#refusals.add(result.refused);
      this.#kit.tell(this.#kit.say('refused', result.refused.length));
    }
    if (result.error !== undefined) this.#kit.tell(result.error || this.#kit.say('failed'));
    if (edit.fill) this.#formula.said(result.error ?? result.left ?? '', result.error !== undefined || result.left !== undefined);
    if (result.left) this.#kit.tell(result.left);
    if (result.seq === 0) { this.#steps.forget(edit.key); this.#toEnd = false; }
    if (edit.kind === 'propose' && result.seq > 0) {
      this.#kit.tell(this.#kit.say('proposed_thanks'));
      this.#refresh();
    }
    if (result.op && moves(result.op)) this.#refresh(5500);
    this.#pending = this.#outbox.pending();
    this.#draw([...edit.changes ?? [], ...edit.shown ?? []].map(change => change.row));
  }

  #heard(ops: readonly Op[]): void {
    this.#recent = [...this.#recent, ...ops].slice(-500);
    for (const op of ops) this.#apply(op);
  }

  #apply(op: Op): void {
    this.#seq = Math.max(this.#seq, op.seq);
    if (op.kind === 'rebase') { if (op.base !== this.#rights.version) this.#rebased(); return; } // a log begins by saying on what it stands
    if (moves(op) || op.kind === 'propose' || op.kind === 'refuse' || op.kind === 'withdraw' || op.kind === 'accept') this.#refresh();
    const touched = new Set((op.changes ?? []).map(change => change.row));
    for (const row of touched) {
      const node = this.#kit.api.getRowNode(String(row));
      if (node?.data) fold(node.data, op, this.#places);
    }
    this.#draw([...touched]);
  }

  /** Another version came: rows have other numbers, all is read anew once nothing waits. */
  #rebased(): void {
    if (this.#outbox.edits.length === 0 && !this.selection.editing) { location.reload(); return; }
    part(this.#kit.host, 'rebased').hidden = false;
  }

  #head(head: Head): void {
    const touched = this.#company?.heard(head.here) ?? new Set<number>();
    const keep = part(this.#kit.host, 'pending');
    keep.hidden = head.pending === 0 || this.#rights.may !== 'edit';
    part(keep, 'count').textContent = this.#kit.say(head.pending === 1 ? 'pending_one' : 'pending', head.pending);
    this.#draw([...touched]);
  }

  /** Reads the rows anew, now and once more after a while: what was added or taken away enters the list late. */
  #refresh(again = 0): void {
    clearTimeout(this.#refreshing);
    this.#refreshing = window.setTimeout(() => {
      if (!this.selection.editing) this.#kit.api.refreshInfiniteCache();
      if (again) setTimeout(() => { if (!this.selection.editing) this.#kit.api.refreshInfiniteCache(); }, again);
    }, 250);
  }

  /** Draws cells again: those of some rows, or all in sight. */
  #draw(rows?: readonly number[]): void {
    this.#pending = this.#outbox.pending();
    const nodes = rows && rows.length < 200 ? [...new Set(rows)].map(row => this.#kit.api.getRowNode(String(row))).filter(node => node !== undefined) : undefined;
    if (!nodes || nodes.length) this.#kit.api.refreshCells({ rowNodes: nodes, force: true });
    this.#buttons();
  }

  #buttons(): void {
    if (!this.#steps) return; // while it is being made
    const set = (action: string, on: boolean): void => {
      const button = this.#kit.host.querySelector<HTMLButtonElement>(`[data-do=${action}]`);
      if (button) button.disabled = !on;
    };
    set('undo', this.#steps.canUndo);
    set('redo', this.#steps.canRedo);
    const drafts = part(this.#kit.host, 'drafts');
    drafts.hidden = this.#drafts.size === 0;
    part(drafts, 'count').textContent = this.#kit.say(this.#drafts.size === 1 ? 'drafts_one' : 'drafts', this.#drafts.size);
  }

  #keepDrafts(): void {
    try { sessionStorage.setItem(`${this.#kit.base} ${this.#rights.me} drafts`, JSON.stringify([...this.#drafts])); } catch { /* no room: they last as long as the page */ }
    this.#buttons();
  }

  /** Sends the drafts as one proposal, with the reason given. */
  #propose(dialog: HTMLDialogElement): void {
    if (dialog.returnValue !== 'send' || this.#drafts.size === 0) return;
    const text = dialog.querySelector('textarea')?.value.trim() ?? '';
    this.#put({ kind: 'propose', changes: [...this.#drafts.values()], text });
    this.#drafts.clear();
    this.#keepDrafts();
    this.#draw();
  }

  #state(state: State, waiting: number): void {
    const saved = part(this.#kit.host, 'saved');
    saved.dataset.state = state;
    const words = { idle: this.#kit.say('saved'), sending: this.#kit.say('saving'), waiting: this.#kit.say(waiting === 1 ? 'waiting_one' : 'waiting', waiting), away: this.#kit.say('away') };
    const text = words[state] + (this.#outbox && !this.#outbox.kept ? ` ${this.#kit.say('not_kept')}` : '');
    if (saved.textContent !== text) saved.textContent = text;
  }
}
