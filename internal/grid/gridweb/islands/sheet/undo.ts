import type { Change } from './outbox';

/** Something done that can be taken back: the key it was sent under, and what it changed. */
export interface Step { key: string; changes: Change[]; rows: boolean }

/** What one did here, the last first, and what one took back since. */
export class Steps {
  #done: Step[] = [];
  #undone: Step[] = [];
  #store: Pick<Storage, 'getItem' | 'setItem'>;
  #name: string;

  constructor(store: Pick<Storage, 'getItem' | 'setItem'>, name: string) {
    this.#store = store;
    this.#name = name;
    const kept = JSON.parse(store.getItem(name) ?? 'null') as { done: Step[]; undone: Step[] } | null;
    if (kept) { this.#done = kept.done; this.#undone = kept.undone; }
  }

  get canUndo(): boolean { return this.#done.length > 0; }

  get canRedo(): boolean { return this.#undone.length > 0; }

  /** Something new was done: what was taken back cannot come again. */
  did(step: Step): void {
    this.#done.push(step);
    this.#done.splice(0, this.#done.length - 100);
    this.#undone = [];
    this.#keep();
  }

  /** Takes the last step back, under a key of its own. */
  undo(key: string): { step: Step; shown: Change[] } | undefined { return this.#turn(this.#done, this.#undone, key); }

  /** Does again what was taken back last. */
  redo(key: string): { step: Step; shown: Change[] } | undefined { return this.#turn(this.#undone, this.#done, key); }

  #turn(from: Step[], to: Step[], key: string): { step: Step; shown: Change[] } | undefined {
    const step = from.pop();
    if (!step) return undefined;
    const shown = step.changes.map(({ row, column, was, value }) => ({ row, column, was: value, value: was }));
    to.push({ key, changes: shown, rows: step.rows }); // taking this one back does it again
    this.#keep();
    return { step, shown };
  }

  /** Forgets a step that was refused. */
  forget(key: string): void {
    this.#done = this.#done.filter(step => step.key !== key);
    this.#undone = this.#undone.filter(step => step.key !== key);
    this.#keep();
  }

  #keep(): void {
    const small = (steps: Step[]): Step[] => steps.filter(step => step.changes.length <= 2000);
    try { this.#store.setItem(this.#name, JSON.stringify({ done: small(this.#done), undone: small(this.#undone) })); } catch { /* no room: they last as long as the page */ }
  }
}
