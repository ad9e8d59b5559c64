/**
 * Makes the page of a form livelier: questions under a condition come and go as one answers (c-when), what is typed is kept in this
 * browser until it is sent (c-fill), a point may be where one stands (c-here). Without it the server shows what the answers call for,
 * and judges the same conditions again.
 */

/** A text as conditions compare it: without case, accents, nor spaces around. */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/œ/gi, 'oe').replace(/æ/gi, 'ae').toLowerCase().trim();

/** One test of a condition: a field, a value, whether it is turned round, an order ('' for the same). */
interface Test { field: string; value: string; not: boolean; order: string }

/** A day in milliseconds, or a number as people write it; NaN for any other text. */
const measure = (text: string): number => /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : text.trim() === '' ? NaN : Number(text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.'));

const stands: Record<string, (a: number, b: number) => boolean> = { '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b };

function meets(test: Test, data: FormData): boolean {
  const given = data.getAll(test.field).map(String).filter(text => text.trim() !== '');
  const order = stands[test.order];
  const met = given.some(text => order ? order(measure(text), measure(test.value)) : test.value === '' || fold(text) === fold(test.value));
  return met !== test.not;
}

class When extends HTMLElement {
  #away?: DocumentFragment;

  connectedCallback(): void {
    const template = this.querySelector(':scope > template');
    if (template) { this.#away = template.content; template.remove(); }
  }

  /** Shows or hides the question as the form's answers say, and tells whether anything changed. */
  judge(form: HTMLFormElement): boolean {
    const tests = JSON.parse(this.dataset.tests ?? '[]') as Test[];
    const data = new FormData(form);
    const show = 'any' in this.dataset ? tests.some(one => meets(one, data)) : tests.every(one => meets(one, data));
    if (show === !this.hidden) return false;
    if (show) {
      if (this.#away) this.append(this.#away);
      this.#away = undefined;
    } else {
      this.#away = document.createDocumentFragment();
      this.#away.append(...this.childNodes);
    }
    this.hidden = !show;
    return true;
  }
}
customElements.define('c-when', When);

/** A question whose options go with the answer to another one: the page brings it with those of its answers, a template with all. */
class Narrow extends HTMLElement {
  #away?: DocumentFragment;

  connectedCallback(): void {
    const template = this.querySelector(':scope > template');
    if (!template) return;
    const chosen = new Set([...this.querySelectorAll<HTMLInputElement>('input:checked, option:checked')].map(one => one.value));
    this.replaceChildren();
    this.#away = template.content;
    for (const one of this.#away.querySelectorAll<HTMLInputElement>('input')) if (chosen.has(one.value)) one.checked = true;
    for (const one of this.#away.querySelectorAll('option')) if (one.value && chosen.has(one.value)) one.selected = true;
    this.hidden = true;
  }

  /** Leaves the options that go with the answer, none of which hides the question, and tells whether anything changed. */
  judge(form: HTMLFormElement): boolean {
    const answer = new FormData(form).getAll(this.dataset.field ?? '').map(String);
    const goes = JSON.parse(this.dataset.with ?? '{}') as Record<string, string[]>;
    const fits = (option: string): boolean => !goes[option]?.length || goes[option].some(one => answer.includes(one));
    const part: ParentNode = this.#away ?? this;
    let left = 0;
    let changed = false;
    for (const one of part.querySelectorAll<HTMLInputElement | HTMLOptionElement>('.c-check__input, option')) {
      if (one instanceof HTMLOptionElement && one.value === '') continue;
      const fit = fits(one.value);
      if (fit) left++;
      const box = one instanceof HTMLOptionElement ? one : one.closest<HTMLElement>('.c-check') ?? one;
      if (fit !== box.hidden) continue;
      box.hidden = one.disabled = !fit;
      changed = true;
      if (fit) continue;
      if (one instanceof HTMLInputElement) one.checked = false;
      else if (one.selected) { const list = one.closest('select'); if (list) list.value = ''; }
    }
    if ((left > 0) === !this.hidden) return changed;
    if (left > 0) {
      if (this.#away) this.append(this.#away);
      this.#away = undefined;
    } else {
      this.#away = document.createDocumentFragment();
      this.#away.append(...this.childNodes);
    }
    this.hidden = left === 0;
    return true;
  }
}
customElements.define('c-narrow', Narrow);

interface Draft { at: number; values: [string, string][] }

/** How long a draft waits in the browser, in milliseconds: a week, as long as a page of the form is good. */
const draftAge = 7 * 24 * 3600 * 1000;

class Fill extends HTMLElement {
  connectedCallback(): void {
    if (this.dataset.sent !== undefined) { this.#forget(this.dataset.sent); return; }
    const form = this.querySelector('form');
    if (!form) return;
    const key = this.dataset.draft;
    this.#today(form);
    if (key && 'fresh' in this.dataset) this.#restore(form, key);
    this.#judge(form);
    const changed = (): void => { this.#judge(form); if (key) this.#keep(form, key); };
    form.addEventListener('input', changed);
    form.addEventListener('change', changed);
    form.addEventListener('refill', event => { // an answer that was kept offline comes back to be mended
      const { detail } = event as CustomEvent<[string, string][]>;
      this.#clear(form);
      for (let turn = 0; turn < 3; turn++) { this.#fillIn(form, detail); this.#judge(form); }
      changed();
    });
    const keeps = this.querySelector<HTMLElement>('[data-part=keeps]');
    if (key && keeps && this.#store()) keeps.hidden = false;
  }

  /** Conditions may hang on each other: judged in reading order until nothing changes. */
  #judge(form: HTMLFormElement): void {
    for (let again = true, turn = 0; again && turn < 20; turn++) {
      again = false;
      for (const one of this.querySelectorAll<When | Narrow>('c-when, c-narrow')) again = one.judge(form) || again;
    }
  }

  #store(): Storage | undefined {
    try { return window.localStorage; } catch { return undefined; } // forbidden by a setting: the page works as without
  }

  #keep(form: HTMLFormElement, key: string): void {
    const values = [...new FormData(form)].filter((pair): pair is [string, string] => pair[0].startsWith('q-') && typeof pair[1] === 'string' && pair[1] !== '');
    try { this.#store()?.setItem(key, JSON.stringify({ at: Date.now(), values } satisfies Draft)); } catch { /* full: the page still sends */ }
  }

  #forget(key: string): void { this.#store()?.removeItem(key); }

  #restore(form: HTMLFormElement, key: string): void {
    let draft: Draft;
    try { draft = JSON.parse(this.#store()?.getItem(key) ?? '') as Draft; } catch { return; }
    if (!draft.values?.length || Date.now() - draft.at > draftAge) { this.#forget(key); return; }
    this.#clear(form);
    for (let turn = 0; turn < 3; turn++) { this.#fillIn(form, draft.values); this.#judge(form); } // answers show questions that have answers
    const told = this.querySelector<HTMLElement>('[data-part=draft]');
    if (!told) return;
    told.hidden = false;
    told.querySelector('button')?.addEventListener('click', () => { this.#forget(key); location.reload(); });
  }

  /** A page kept for want of a network proposes the day it was kept: today it is another one. */
  #today(form: HTMLFormElement): void {
    const at = new Date();
    const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(n => String(n).padStart(2, '0')).join('-');
    for (const name of (this.dataset.today ?? '').split(' ')) {
      const field = name ? form.elements.namedItem(name) : null;
      if (field instanceof HTMLInputElement) field.defaultValue = day; // and with it what the field shows, until somebody types
    }
  }

  /** Takes out what is proposed, before answers that came without it. */
  #clear(form: HTMLFormElement): void {
    for (const field of form.elements) {
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) || !field.name.startsWith('q-')) continue;
      if (field.type === 'radio' || field.type === 'checkbox') (field as HTMLInputElement).checked = false;
      else if (field.type !== 'hidden' && field.type !== 'file') field.value = '';
    }
  }

  #fillIn(form: HTMLFormElement, values: [string, string][]): void {
    for (const group of form.querySelectorAll<HTMLElement & { grow?: (rows: number) => void }>('c-rows')) {
      group.grow?.(Number(values.find(([name]) => name === `q-${group.dataset.group ?? ''}`)?.[1] ?? 0));
    }
    const seen = new Map<string, number>();
    for (const [name, value] of values) {
      const all = [...form.elements].filter((e): e is HTMLInputElement => 'name' in e && e.name === name);
      const nth = seen.get(name) ?? 0;
      seen.set(name, nth + 1);
      const box = all.find(e => (e.type === 'radio' || e.type === 'checkbox') && e.value === value);
      if (box) { box.checked = true; continue; }
      const field = all[nth];
      if (field && field.type !== 'radio' && field.type !== 'checkbox') field.value = value;
    }
  }
}
customElements.define('c-fill', Fill);

/** Says at once that a file is too large, before it is sent for nothing. */
class Chosen extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    input?.addEventListener('change', () => {
      const all = [...document.querySelectorAll<HTMLInputElement>('c-file input')].flatMap(one => [...one.files ?? []]);
      const mine = [...input.files ?? []];
      const large = mine.find(file => file.size > Number(this.dataset.limit));
      const much = all.reduce((sum, file) => sum + file.size, 0) > Number(this.dataset.all);
      this.classList.toggle('p-file--wrong', Boolean(large) || much);
      const said = this.querySelector('[role=status]');
      if (said) said.textContent = large ? `${large.name} : ${this.dataset.large ?? ''}` : much ? this.dataset.much ?? '' : '';
      if (large || much) input.value = '';
    });
  }
}
customElements.define('c-file', Chosen);

class Here extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button');
    if (!button || !navigator.geolocation || !window.isSecureContext) return;
    button.hidden = false;
    button.addEventListener('click', () => navigator.geolocation.getCurrentPosition(at => this.#take(at.coords), () => this.#say(this.dataset.refused ?? ''), { timeout: 15000, enableHighAccuracy: true }));
  }

  #say(text: string): void { const told = this.querySelector('[role=status]'); if (told) told.textContent = text; }

  #take(at: GeolocationCoordinates): void {
    const [lat, lon] = this.closest('fieldset')?.querySelectorAll('input') ?? [];
    if (!lat || !lon) return;
    this.#say('');
    for (const [field, degrees] of [[lat, at.latitude], [lon, at.longitude]] as const) {
      field.value = degrees.toFixed(6).replace('.', document.documentElement.lang === 'fr' ? ',' : '.');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
}
customElements.define('c-here', Here);
