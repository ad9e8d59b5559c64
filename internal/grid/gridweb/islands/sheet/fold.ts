import type { Op } from './outbox';
import type { Row } from './rows';

/** What operations make of a row that was read before them. The row is changed; the result says whether it was. */
export function fold(row: Row, op: Op, places: ReadonlyMap<string, number>): boolean {
  let touched = false;
  if (op.kind === 'propose' || op.kind === 'refuse' || op.kind === 'withdraw') return false;
  for (const change of op.changes ?? []) {
    const place = places.get(change.column);
    if (change.row !== row.row || place === undefined) continue;
    row.cells[place] = change.value === '' ? null : change.value;
    if (!row.edited?.includes(place)) row.edited = [...row.edited ?? [], place];
    delete row.written?.[place];
    delete row.found?.[-1];
    delete row.found?.[place]; // the server looks again when the row is read anew
    touched = true;
  }
  return touched;
}

/** Whether an operation moves rows, or says too little of what it did: the rows in sight are read anew. */
export function moves(op: Op): boolean {
  return op.large === true || [op.added, op.removed, op.returned].some(rows => (rows?.length ?? 0) > 0);
}
