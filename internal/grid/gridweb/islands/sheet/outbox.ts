/** A cell gets another value: was is what was seen, value what was typed. */
export interface Change { row: number; column: string; was: string; value: string }

/** A formula for cells of a column: of the rows named, seen from a place of a look on, or of all of the look. */
export interface Fill { column: string; formula: string; look: string; from: number; rows?: number[] }

/** An edit as the server takes it; the fields below stay here. */
export interface Edit {
  key: string;
  kind: 'edit' | 'propose' | 'undo';
  seen: number;
  changes?: Change[];
  added?: number[]; // provisional numbers, below 0
  removed?: number[];
  of?: number;
  text?: string;
  fill?: Fill; // in the place of changes: the server computes them
  ofKey?: string; // undo: the edit taken back, whose number is known once it is acknowledged
  shown?: Change[]; // undo: what the cells hold then, shown meanwhile
}

/** A change that was not made, with what is there. */
export interface Refusal { row: number; column?: string; code: string; reason: string; seen: string; now: string; wanted: string; by?: string; seq?: number }

/** One operation of the log. */
export interface Op {
  seq: number; kind: string; person: string; name: string; base: number; changes?: Change[];
  added?: number[]; removed?: number[]; returned?: number[]; of?: number; text?: string; size?: number; large?: boolean;
}

export interface Result { key: string; seq: number; op?: Op; refused?: Refusal[]; error?: string; left?: string }
export interface Answer { seq: number; base: number; results: Result[] }

/** What the server made of a request: an answer; a refusal for good, in words; or nothing yet, to be sent again. */
export type Outcome = { answer: Answer } | { refused: string } | { later: number } | { signedOut: string };

/** What somebody sees: nothing waits; something is on its way; the network is awaited; one has to sign in again. */
export type State = 'idle' | 'sending' | 'waiting' | 'away';

export interface Ways {
  store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  name: string; // of what is stored
  send: (base: number, edits: Edit[]) => Promise<Outcome>;
  done: (edit: Edit, result: Result) => void; // acknowledged, or refused for good
  state: (state: State, waiting: number) => void;
  wait: (run: () => void, milliseconds: number) => () => void; // returns what calls it off
}

const most = 50; // edits in one request
const cell = (row: number, column: string): string => `${row} ${column}`;

/**
 * Keeps each edit until the server has acknowledged it: through a reload, and while there is no network. The same edit always goes
 * under the same key, so that one sent twice is made once. Edits go in order; one that stands on another waits for its answer.
 */
export class Outbox {
  #ways: Ways;
  #edits: Edit[] = [];
  #base: number;
  #seqs: Record<string, number> = {}; // of the edits acknowledged, by key
  #busy = false;
  #misses = 0;
  #callOff?: () => void;
  #kept = true;

  constructor(ways: Ways, base: number) {
    this.#ways = ways;
    this.#base = base;
    const kept = JSON.parse(ways.store.getItem(ways.name) ?? 'null') as { base: number; edits: Edit[]; seqs: Record<string, number> } | null;
    if (kept) { this.#edits = kept.edits; this.#seqs = kept.seqs; if (kept.edits.length) this.#base = kept.base; }
    if (this.#edits.length) this.flush();
  }

  get edits(): readonly Edit[] { return this.#edits; }

  /** Whether what waits would outlive a reload: a very large paste does not fit. */
  get kept(): boolean { return this.#kept; }

  /** What cells show meanwhile, by row and column: the last edit of each. */
  pending(): Map<string, string> {
    const shown = new Map<string, string>();
    for (const edit of this.#edits) {
      if (edit.kind === 'propose') continue;
      for (const change of edit.shown ?? edit.changes ?? []) shown.set(cell(change.row, change.column), change.value);
    }
    return shown;
  }

  put(edit: Edit): void {
    this.#edits.push(edit);
    this.#keep();
    this.flush();
  }

  /** Sends what waits, now. */
  flush(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    if (!this.#busy) void this.#send();
  }

  #keep(): void {
    try {
      this.#ways.store.setItem(this.#ways.name, JSON.stringify({ base: this.#base, edits: this.#edits, seqs: this.#seqs }));
      this.#kept = true;
    } catch {
      this.#ways.store.removeItem(this.#ways.name);
      this.#kept = this.#edits.length === 0;
    }
  }

  /** The first edits that stand on no other of them. */
  #batch(): Edit[] {
    const batch: Edit[] = [];
    const cells = new Set<string>();
    for (const edit of this.#edits) {
      if (batch.length >= most || edit.ofKey !== undefined && this.#seqs[edit.ofKey] === undefined) break;
      const touched = (edit.shown ?? edit.changes ?? []).map(change => cell(change.row, change.column));
      if (touched.some(each => cells.has(each)) || ((edit.changes?.length ?? 0) > 1000 || edit.fill) && batch.length > 0) break;
      for (const each of touched) cells.add(each);
      batch.push(edit);
      if (edit.fill) break; // what comes after stands on what it writes
    }
    return batch;
  }

  async #send(): Promise<void> {
    this.#dropImpossible();
    const batch = this.#batch();
    if (batch.length === 0) { this.#ways.state('idle', 0); return; }
    this.#busy = true;
    this.#ways.state(this.#misses ? 'waiting' : 'sending', this.#edits.length);
    const outcome = await this.#ways.send(this.#base, batch.map(edit => {
      const { ofKey, shown, ...sent } = edit;
      void shown;
      return ofKey === undefined ? sent : { ...sent, of: this.#seqs[ofKey] };
    }));
    this.#busy = false;
    if ('later' in outcome) {
      const pause = Math.max(outcome.later, Math.min(1000 * 2 ** this.#misses++, 30_000));
      this.#ways.state('waiting', this.#edits.length);
      this.#callOff = this.#ways.wait(() => this.flush(), pause);
      return;
    }
    this.#misses = 0;
    if ('signedOut' in outcome) { this.#ways.state('away', this.#edits.length); return; }
    if ('answer' in outcome) {
      if (this.#edits.length === batch.length || outcome.answer.base === this.#base) this.#base = outcome.answer.base;
      for (const result of outcome.answer.results) this.#settle(result);
    } else {
      for (const edit of batch) this.#settle({ key: edit.key, seq: 0, error: outcome.refused });
    }
    this.#keep();
    void this.#send();
  }

  /** Takes away what was to undo an edit that was refused: there is nothing to take back. */
  #dropImpossible(): void {
    const first = this.#edits[0];
    if (first?.ofKey === undefined || this.#seqs[first.ofKey] !== undefined && this.#seqs[first.ofKey] !== 0 || this.#edits.some(edit => edit.key === first.ofKey)) return;
    this.#settle({ key: first.key, seq: 0 });
    this.#keep();
    this.#dropImpossible();
  }

  #settle(result: Result): void {
    const at = this.#edits.findIndex(edit => edit.key === result.key);
    const edit = this.#edits[at];
    if (!edit) return;
    this.#edits.splice(at, 1);
    this.#seqs[edit.key] = result.seq;
    for (const old of Object.keys(this.#seqs).slice(0, -200)) delete this.#seqs[old];
    // What was typed over a cell on its way stands on what the server made of it: "1 234,5" became 1234.5.
    const now = new Map((result.op?.changes ?? []).map(change => [cell(change.row, change.column), change.value]));
    for (const refusal of result.refused ?? []) if (refusal.column !== undefined) now.set(cell(refusal.row, refusal.column), refusal.now);
    for (const later of this.#edits) {
      for (const change of later.changes ?? []) change.was = now.get(cell(change.row, change.column)) ?? change.was;
    }
    this.#ways.done(edit, result);
  }
}
