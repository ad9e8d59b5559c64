/** A row as the server gives it: places are those of columns. */
export interface Row {
  row: number; // its number in the log
  line?: number; // in the source; none for a row added
  cells: (string | null)[];
  edited?: number[];
  proposed?: number[];
  written?: Record<string, string>; // what the source has where it is not of the type
  found?: Record<string, string>; // what was found, in words; in the row as a whole at -1
}

/** A window of rows. */
export interface Window { seq: number; base: number; total: number; rows: Row[] }

/** How many rows are asked for at once. */
export const block = 200;

/** Reads rows of a look, from a place up to another. Fails with a sentence where the server gives one. */
export async function read(base: string, look: URLSearchParams, start: number, end: number): Promise<Window> {
  const query = new URLSearchParams(look);
  query.set('start', String(start));
  query.set('end', String(end));
  const answer = await fetch(`${base}/rows?${query}`, { cache: 'no-store' });
  if (!answer.ok) throw new Error(String(answer.status));
  return await answer.json() as Window;
}

/** Widths in pixels that show most of some rows, between a narrow and a wide bound. */
export function widths(names: readonly string[], rows: readonly Row[]): number[] {
  const letter = 8.2;
  return names.map((name, place) => {
    const lengths = rows.slice(0, 100).map(row => Math.max(row.cells[place]?.length ?? 0, row.written?.[place]?.length ?? 0)).sort((a, b) => a - b);
    const most = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
    return Math.round(Math.min(340, Math.max(84, Math.min(name.length, 28) * letter + 52, most * letter + 44)));
  });
}
