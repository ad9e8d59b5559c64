/** How cells are stored: dots in numbers, days as in ISO 8601, "" for a missing value. */
export type Type = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime';

/** How values are written for somebody: the language, and the words of the two booleans. */
export interface Manner { lang: string; yes: string; no: string }

const number = /^(-?)(\d+)(?:\.(\d+))?$/;
const day = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d:\d\d))?$/;

/** Writes a stored value as pages do: "1 234,5", "31/12/2026", "oui". What is not of the type stays as it is. */
export function show(type: Type, value: string, manner: Manner): string {
  const french = manner.lang !== 'en';
  if (type === 'integer' || type === 'number') {
    const parts = number.exec(value);
    if (!parts) return value;
    const [, minus = '', whole = '', rest] = parts;
    const year = type === 'integer' && minus === '' && /^[12]\d{3}$/.test(whole);
    const grouped = year ? whole : whole.replace(/\B(?=(\d{3})+$)/g, french ? '\u202f' : ',');
    return minus + grouped + (rest === undefined ? '' : (french ? ',' : '.') + rest);
  }
  if (type === 'date' || type === 'datetime') {
    const parts = day.exec(value);
    if (!parts) return value;
    const [, y = '', m = '', d = '', time] = parts;
    const date = french ? `${d}/${m}/${y}` : new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(Date.UTC(+y, +m - 1, +d));
    return time === undefined ? date : `${date} ${time}`;
  }
  return typed(type, value, manner);
}

/** Writes a stored value as one would type it, and as a spreadsheet of the language takes it: "1234,5", "31/12/2026". */
export function typed(type: Type, value: string, manner: Manner): string {
  const french = manner.lang !== 'en';
  switch (type) {
    case 'number': return french && number.test(value) ? value.replace('.', ',') : value;
    case 'date': case 'datetime': return french ? value.replace(day, (_, y: string, m: string, d: string, time?: string) => `${d}/${m}/${y}${time === undefined ? '' : ` ${time}`}`) : value.replace('T', ' ');
    case 'boolean': return value === 'true' ? manner.yes : value === 'false' ? manner.no : value;
    default: return value;
  }
}
