import { cellKey, copy, part, type Kit } from './kit';
import type { Presence } from './live';

/** Who else is here: frames round their cells, and a list that says the same in words. */
export class Company {
  #kit: Kit;
  #me: string;
  #here = new Map<string, Presence>();
  #saying = 0;
  #said = 0;
  #spot: { row: number; column: string } = { row: 0, column: '' };

  constructor(kit: Kit, me: string) {
    this.#kit = kit;
    this.#me = me;
    window.setInterval(() => { if (!document.hidden) this.#say(); }, 20_000);
    addEventListener('pagehide', () => navigator.sendBeacon(`${kit.base}/here`, new Blob(['{"leave":true}'], { type: 'application/json' })));
  }

  /** Who is on a cell, if anybody. */
  on(row: number, column: string): Presence | undefined { return this.#here.get(cellKey(row, column)); }

  /** Tells the others which cell one is on, once one stays there. */
  at(row: number, column: string): void {
    this.#spot = { row, column };
    clearTimeout(this.#saying);
    this.#saying = window.setTimeout(() => this.#say(), Math.max(250, 1000 - (Date.now() - this.#said)));
  }

  #say(): void {
    this.#said = Date.now();
    const body = this.#spot.row ? this.#spot : {};
    void fetch(`${this.#kit.base}/here`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).catch(() => undefined);
  }

  /** Takes who is here; the rows whose cells they were or are on. */
  heard(here: readonly Presence[]): Set<number> {
    const others = here.filter(each => each.person !== this.#me);
    const before = this.#here;
    this.#here = new Map(others.filter(each => each.row && each.column).map(each => [cellKey(each.row ?? 0, each.column ?? ''), each]));
    const list = part(this.#kit.host, 'here');
    list.replaceChildren(...others.map(each => {
      const item = copy(this.#kit.host, 'person');
      part(item, 'initials').textContent = initials(each.name);
      part(item, 'initials').classList.add(`p-spread__who--${shade(each.person)}`);
      part(item, 'name').textContent = each.row && each.column ? this.#kit.say('person_at', each.name, each.column, this.#line(each.row)) : each.name;
      return item;
    }));
    part(this.#kit.host, 'company').hidden = others.length === 0;
    return new Set([...before.values(), ...this.#here.values()].map(each => each.row ?? 0));
  }

  #line(row: number): string {
    const data = this.#kit.api.getRowNode(String(row))?.data;
    return data?.line === undefined ? (data ? this.#kit.say('row_missing') : '…') : String(data.line);
  }
}

export function initials(name: string): string {
  return name.split(/[\s-]+/).filter(word => word !== '').slice(0, 2).map(word => (word[0] ?? '').toUpperCase()).join('');
}

/** One of the nine colours of the house, always the same for somebody. */
export function shade(person: string): number {
  let sum = 0;
  for (const letter of person) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % 9 + 1;
}
