/** What the address says of a look: which rows, in which order. The server reads the same words. */
export interface Order { colId: string; sort: 'asc' | 'desc' }

const kept = ['search', 'sort', 'found', 'filter'];

/** The part of an address that the server's other addresses take too. */
export function lookOf(search: string): URLSearchParams {
  const all = new URLSearchParams(search);
  return new URLSearchParams([...all].filter(([name, value]) => kept.includes(name) && value !== ''));
}

/** A filter of a column: the name of an operator, and its value. */
export interface Filter { op: string; value: string }

/** A filter as the address writes it. */
export function filterOf(slug: string, op: string, value?: string): string { return value === undefined ? `${slug}:${op}` : `${slug}:${op}:${value}`; }

/** The filters of a column. */
export function filtersOf(look: URLSearchParams, slug: string): Filter[] {
  return look.getAll('filter').filter(text => text.startsWith(`${slug}:`)).map(text => {
    const [op = '', ...value] = text.slice(slug.length + 1).split(':');
    return { op, value: value.join(':') };
  });
}

/** Gives an address other filters of a column; where the reader was is told no more. */
export function reFiltered(address: string, slug: string, filters: readonly string[]): string {
  const [path = '', query = ''] = address.split('?');
  const all = new URLSearchParams([...new URLSearchParams(query)].filter(([name, value]) => !(name === 'filter' && value.startsWith(`${slug}:`)) && !['page', 'place', 'row', 'column_at', 'done'].includes(name)));
  for (const filter of filters) all.append('filter', filter);
  const text = all.toString();
  return text ? `${path}?${text}` : path;
}

/** Leads to other rows of a grid, staying on the row and the column one is on. */
export function staying(href: string, here: string, row: number | undefined, column: number): string {
  const url = new URL(href, 'http://here');
  const freeze = new URLSearchParams(here).get('freeze');
  if (freeze) url.searchParams.set('freeze', freeze);
  if (row !== undefined) {
    url.searchParams.set('row', String(row));
    url.searchParams.set('column_at', String(column));
  }
  return url.pathname + url.search;
}

/** The columns of an order, the first first. */
export function orders(look: URLSearchParams): Order[] {
  return (look.get('sort') ?? '').split(',').filter(name => name !== '')
    .map(name => name.startsWith('-') ? { colId: name.slice(1), sort: 'desc' } : { colId: name, sort: 'asc' });
}

/** An order as the address writes it. */
export function sortOf(order: readonly Order[]): string {
  return order.map(each => (each.sort === 'desc' ? '-' : '') + each.colId).join(',');
}

/** Gives an address another order; where the reader was is told no more. */
export function sorted(address: string, order: readonly Order[]): string {
  const [path = '', query = ''] = address.split('?');
  const all = new URLSearchParams(query);
  const sort = sortOf(order);
  if (sort) all.set('sort', sort); else all.delete('sort');
  for (const name of ['page', 'place', 'row', 'column_at']) all.delete(name);
  const text = all.toString();
  return text ? `${path}?${text}` : path;
}
