import { write } from './tsv';
import type { Type } from './values';

/** A cell that was copied: what one would type, and its value as it is stored, none where it is not of its type or was just written. */
export interface Copied { type: Type; text: string; stored?: string }

/** What a spreadsheet makes a number, a date or a formula of, where a text says so: "00123", "2-3", "MARS1", "=A1". */
const tempting = /^\s*[-+=@(.,'\d]|^\p{L}{3,}[-. ]?\d|^(?:vrai|faux|true|false)$/iu;

/** Says whether a spreadsheet would change one of the cells if it had no more than their text. */
export function tempts(rows: readonly (readonly Copied[])[]): boolean {
  return rows.some(row => row.some(cell => (cell.type === 'text' || cell.text.length > 15) && tempting.test(cell.text)));
}

/** Writes cells as lines of text. */
export function lines(rows: readonly (readonly Copied[])[]): string {
  return write(rows.map(row => row.map(cell => cell.text)));
}

/**
 * Writes cells as a page that spreadsheets take without guessing. Excel reads the style, LibreOffice sdnum and sdval. Source: what both put on the
 * clipboard themselves.
 */
export function page(rows: readonly (readonly Copied[])[]): string {
  return `<html><head><meta charset="utf-8"></head><body><table>${rows.map(row => `<tr>${row.map(cellOf).join('')}</tr>`).join('')}</table></body></html>`;
}

function cellOf({ type, text, stored }: Copied): string {
  const held = escape(text).replace(/\r?\n/g, '<br style="mso-data-placement:same-cell">');
  if (type === 'text' || type === 'integer' && text.length > 15) return `<td style="mso-number-format:'\\@'" sdnum="1033;0;@">${held}</td>`;
  if ((type === 'number' || type === 'integer') && stored !== undefined && /^-?\d{1,15}(?:\.\d+)?$/.test(stored)) return `<td sdval="${stored}" sdnum="1033;">${held}</td>`;
  const day = type === 'date' && stored !== undefined ? Date.parse(`${stored}T00:00:00Z`) / 86_400_000 + 25_569 : NaN;
  if (day >= 61) return `<td sdval="${day}" sdnum="1033;1033;YYYY-MM-DD">${held}</td>`; // before, spreadsheets disagree
  return `<td>${held}</td>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
