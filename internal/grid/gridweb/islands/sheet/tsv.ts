/** Lines of cells, as spreadsheets put them on the clipboard: tabs between cells; quotes round a cell that holds a tab, a line or quotes. */

/** Reads what was copied. Cells stay as they were written: zeros before a number too. */
export function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  for (;;) {
    const cell = quoted(text, at) ?? plain(text, at);
    row.push(cell.value);
    at = cell.end;
    if (text[at] === '\t') { at++; continue; }
    rows.push(row);
    row = [];
    if (at >= text.length) break;
    at += text.startsWith('\r\n', at) ? 2 : 1;
    if (at >= text.length) break; // a last line ends, none begins
  }
  return rows;
}

interface Cell { value: string; end: number }

/** A cell in quotes, none where the quote closes nowhere or something follows it: then it is a text that begins with a quote. */
function quoted(text: string, from: number): Cell | undefined {
  if (text[from] !== '"') return undefined;
  let value = '';
  for (let at = from + 1; ;) {
    const close = text.indexOf('"', at);
    if (close < 0) return undefined;
    value += text.slice(at, close);
    if (text[close + 1] === '"') { value += '"'; at = close + 2; continue; }
    const end = close + 1;
    return end === text.length || /[\t\r\n]/.test(text[end] ?? '') ? { value: value.replaceAll('\r\n', '\n'), end } : undefined;
  }
}

function plain(text: string, from: number): Cell {
  const length = text.slice(from).search(/[\t\r\n]/);
  const end = length < 0 ? text.length : from + length;
  return { value: text.slice(from, end), end };
}

/** Writes cells for a spreadsheet. */
export function write(rows: readonly (readonly string[])[]): string {
  return rows.map(row => row.map(cell => /[\t\r\n]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell).join('\t')).join('\r\n');
}
