import { typed, type Manner, type Type } from './values';

/**
 * What cells hold that are filled from others, the nearest to them first. From one cell: its value; the other way: one more, or the next day. From
 * several: what goes on at equal steps (numbers; days; the same day of each month) does, anything else is repeated; the other way: repeated
 * in any case. Codes are texts, and never counted.
 */
export function filled(type: Type, from: readonly string[], count: number, manner: Manner, way: { up: boolean; other: boolean }): { values: string[]; series: boolean } {
  const source = way.up ? [...from].reverse() : from; // in the direction of the fill
  const next = way.other === (source.length > 1) ? undefined : steps(type, source, way.up);
  const values = Array.from({ length: count }, (_, at) => next ? typed(type, next(at + 1), manner) : source[at % source.length] ?? '');
  return { values, series: next !== undefined };
}

/** The value so many steps beyond the last, none where they follow no rule. */
function steps(type: Type, source: readonly string[], up: boolean): ((beyond: number) => string) | undefined {
  const one = up ? -1 : 1;
  if (type === 'integer' || type === 'number') {
    const numbers = source.map(decimal);
    const scale = Math.max(...numbers.map(each => each?.scale ?? 0));
    const whole = numbers.map(each => each && each.value * 10n ** BigInt(scale - each.scale));
    const [last, step] = even(whole, BigInt(one) * 10n ** BigInt(scale));
    return last === undefined || step === undefined ? undefined : beyond => written(last + step * BigInt(beyond), scale);
  }
  if (type !== 'date') return undefined;
  const days = source.map(dayOf);
  const [last, step] = even(days.map(each => each && BigInt(Math.round(each.getTime() / 86_400_000))), BigInt(one));
  const end = days.at(-1);
  if (source.length > 1 && end && days.every(each => each?.getUTCDate() === end.getUTCDate())) { // the same day of each month, or of each third…
    const [month, months] = even(days.map(each => each && BigInt(each.getUTCFullYear() * 12 + each.getUTCMonth())), 0n);
    if (month !== undefined && months !== undefined && months !== 0n) return beyond => monthly(Number(month + months * BigInt(beyond)), end.getUTCDate());
  }
  return last === undefined || step === undefined ? undefined : beyond => new Date(Number(last + step * BigInt(beyond)) * 86_400_000).toISOString().slice(0, 10);
}

/** The last of some numbers at equal steps and the step, alone where there is one; nothing where the steps differ. */
function even(numbers: readonly (bigint | undefined)[], alone: bigint): [bigint?, bigint?] {
  const known = numbers.filter(each => each !== undefined);
  const last = known.at(-1);
  if (known.length < numbers.length || last === undefined) return [];
  const step = known.length === 1 ? alone : (known[1] ?? 0n) - (known[0] ?? 0n);
  return known.every((each, at) => at === 0 || each - (known[at - 1] ?? 0n) === step) ? [last, step] : [];
}

/** A number as one types it, without its decimal mark. */
function decimal(text: string): { value: bigint; scale: number } | undefined {
  const parts = /^(-?\d+)(?:[.,](\d+))?$/.exec(text.replace(/[ \u00a0\u202f]/g, ''));
  if (!parts) return undefined;
  const rest = parts[2] ?? '';
  return { value: BigInt((parts[1] ?? '') + rest), scale: rest.length };
}

/** A number as it is stored. */
function written(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const rest = scale ? digits.slice(-scale).replace(/0+$/, '') : '';
  return (value < 0n ? '-' : '') + digits.slice(0, digits.length - scale) + (rest ? `.${rest}` : '');
}

/** A day as one types it, or as it is stored. */
function dayOf(text: string): Date | undefined {
  const [, d, m, y] = /^(\d\d?)\/(\d\d?)\/(\d{4})$/.exec(text) ?? [];
  const iso = y ? `${y}-${(m ?? '').padStart(2, '0')}-${(d ?? '').padStart(2, '0')}` : text;
  const day = new Date(`${iso}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso) ? day : undefined;
}

/** A day of a month counted from year 0; the last of a shorter one. */
function monthly(month: number, day: number): string {
  const [year, at] = [Math.floor(month / 12), month % 12];
  const last = new Date(Date.UTC(year, at + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, at, Math.min(day, last))).toISOString().slice(0, 10);
}
