/** What the address says of a look: which rows, in which order. The server reads the same words. */
export interface Order { colId: string; sort: 'asc' | 'desc' }

const kept = ['search', 'sort', 'filter'];

/** The part of an address that the server's other addresses take too. */
export function lookOf(search: string): URLSearchParams {
  const all = new URLSearchParams(search);
  return new URLSearchParams([...all].filter(([name, value]) => kept.includes(name) && value !== ''));
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
