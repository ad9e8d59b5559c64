import type { GridApi } from 'ag-grid-community';
import type { Row } from './rows';
import type { Manner, Type } from './values';

export interface Named { name: string; slug: string; type: Type }

/** What the parts of a sheet share. */
export interface Kit {
  api: GridApi<Row>;
  host: HTMLElement; // what was drawn of the frame
  rows: HTMLElement; // the grid itself
  base: string;
  columns: readonly Named[];
  manner: Manner;
  look: () => URLSearchParams;
  say: (key: string, ...args: (string | number)[]) => string;
  tell: (text: string) => void; // politely
  go: (place: number, slug?: string) => void;
}

/** A part of the frame by its name. */
export function part<T extends HTMLElement>(host: ParentNode, name: string): T { return host.querySelector<T>(`[data-${name}]`) as T; }

/** A copy of what a template holds. */
export function copy(host: ParentNode, name: string): DocumentFragment { return document.importNode(part<HTMLTemplateElement>(host, name).content, true); }

/** A row's cell, by their keys. */
export const cellKey = (row: number, column: string): string => `${row} ${column}`;
