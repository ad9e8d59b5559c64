import type { Op } from './outbox';

/** Somebody who looks at the grid, and the cell they are on. */
export interface Presence { person: string; name: string; row?: number; column?: string }
export interface Head { seq: number; base: number; pending: number; proposals: number; stale: boolean; here: Presence[] }

export interface Ears {
  head: (head: Head) => void;
  ops: (ops: Op[]) => void; // in order, each once
}

/** The operations in the text of an event: lines that are known already stand in it as numbers, or are not ours to read twice. */
export function opsOf(body: string | (string | [number, number])[]): Op[] {
  const lines = typeof body === 'string' ? body.split('\n') : body.filter(part => typeof part === 'string').flatMap(part => part.split('\n'));
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as Op);
}

/** Of operations heard, those that follow on what one has; undefined when one between them is missing. */
export function following(ops: readonly Op[], seq: number, upto: number): Op[] | undefined {
  const fresh = ops.filter(op => op.seq > seq).sort((a, b) => a.seq - b.seq).filter((op, i, all) => op.seq !== all[i - 1]?.seq);
  if (fresh.some((op, i) => op.seq !== seq + 1 + i) || (fresh.at(-1)?.seq ?? seq) < upto) return undefined;
  return fresh;
}

/**
 * Hears what others do. A stream says it; where nothing comes through (a proxy that keeps what it should pass on), it asks instead.
 */
export class Live {
  #base: string;
  #ears: Ears;
  #seq: number;
  #stream?: EventSource;
  #watchdog = 0;
  #asking = 0;
  #misses = 0;
  #fetching = false;

  constructor(base: string, seq: number, ears: Ears) {
    this.#base = base;
    this.#seq = seq;
    this.#ears = ears;
    this.#listen();
    document.addEventListener('visibilitychange', () => { if (!document.hidden) void this.#catchUp(); });
    addEventListener('online', () => this.#listen());
  }

  /** The last operation heard. */
  get seq(): number { return this.#seq; }

  #listen(): void {
    this.#stream?.close();
    const stream = this.#stream = new EventSource(`${this.#base}/events`);
    for (const name of ['whole', 'change']) {
      stream.addEventListener(name, event => {
        const { head, body } = JSON.parse((event as MessageEvent<string>).data) as { head: Head; body: string | (string | [number, number])[] };
        this.#alive(40_000);
        this.#take(head, opsOf(body));
      });
    }
    stream.addEventListener('beat', () => this.#alive(40_000));
    stream.addEventListener('error', () => { if (stream.readyState === EventSource.CLOSED) this.#instead(5_000); });
    this.#alive(8_000);
  }

  #alive(patience: number): void {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#asking);
    this.#watchdog = window.setTimeout(() => this.#instead(300_000), patience);
  }

  /** Asks for a while, then tries to listen again. */
  #instead(again: number): void {
    this.#stream?.close();
    clearTimeout(this.#watchdog);
    this.#watchdog = window.setTimeout(() => this.#listen(), again);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#asking);
    await this.#catchUp();
    this.#asking = window.setTimeout(() => void this.#ask(), Math.min(2000 * 2 ** this.#misses, 20_000));
  }

  #take(head: Head, ops: Op[]): void {
    const fresh = following(ops, this.#seq, head.seq);
    this.#ears.head(head);
    if (!fresh) { void this.#catchUp(); return; }
    this.#seq = Math.max(this.#seq, head.seq);
    if (fresh.length) this.#ears.ops(fresh);
  }

  async #catchUp(): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      for (let more = true; more;) {
        const answer = await fetch(`${this.#base}/ops?after=${this.#seq}`, { cache: 'no-store' });
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json() as { head: Head; ops?: Op[]; more?: boolean };
        this.#misses = 0;
        more = told.more ?? false;
        const fresh = (told.ops ?? []).filter(op => op.seq > this.#seq);
        this.#seq = Math.max(this.#seq, fresh.at(-1)?.seq ?? 0, more ? 0 : told.head.seq);
        this.#ears.head(told.head);
        if (fresh.length) this.#ears.ops(fresh);
      }
    } catch { this.#misses++; } finally { this.#fetching = false; }
  }
}
