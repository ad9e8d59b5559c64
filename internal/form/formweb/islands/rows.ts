/**
 * Adds rows to a group without asking the server (c-rows), and keeps what is computed up to date (c-result): the server computes, from
 * the answers that the formulas need and no others. Without it two buttons of the page do both.
 */
class Rows extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector<HTMLButtonElement>('button[name=row]');
    button?.addEventListener('click', event => {
      event.preventDefault();
      const row = this.grow(this.#count() + 1);
      row?.querySelector<HTMLElement>('input:not([type=hidden]), textarea, select')?.focus();
    });
  }

  #field(): HTMLInputElement | null { return this.querySelector('input[type=hidden]'); }
  #count(): number { return Number(this.#field()?.value ?? 1); }

  /** Makes rows until there are as many as asked for, and returns the last one made. */
  grow(wanted: number): Element | undefined {
    const model = this.querySelector('template');
    const list = this.querySelector('.p-several__list');
    const field = this.#field();
    const most = Number(this.dataset.most);
    let made: Element | undefined;
    for (let n = this.#count() + 1; model && list && field && n <= Math.min(wanted, most); n++) {
      const row = document.importNode(model.content, true);
      this.#number(row, n);
      made = row.firstElementChild ?? undefined;
      list.append(row);
      field.value = String(n);
    }
    const button = this.querySelector<HTMLButtonElement>('button[name=row]');
    if (button) button.hidden = this.#count() >= most;
    return made;
  }

  /** Gives the fields of a new row their number, in templates too. */
  #number(within: DocumentFragment, n: number): void {
    const group = this.dataset.group ?? '';
    for (const element of within.querySelectorAll('*')) {
      for (const name of element.getAttributeNames()) {
        const value = element.getAttribute(name) ?? '';
        if (value.includes(`${group}.0.`)) element.setAttribute(name, value.replaceAll(`${group}.0.`, `${group}.${n}.`));
      }
      if (element instanceof HTMLTemplateElement) this.#number(element.content, n);
    }
    const title = within.querySelector('legend');
    if (title && within.firstElementChild?.classList.contains('p-row')) title.textContent = (title.textContent ?? '').replace(/0$/, String(n));
  }
}
customElements.define('c-rows', Rows);

/** How long to wait after a key, in milliseconds. */
const pause = 400;

class Result extends HTMLElement {
  connectedCallback(): void {
    const form = this.closest('form');
    if (!form || form.dataset.computes || !form.action.includes('/f/')) return; // one listener a page; a preview has its button
    form.dataset.computes = 'yes';
    const button = form.querySelector<HTMLElement>('button[name=compute]');
    if (button) button.hidden = true;
    let timer = 0;
    const later = (): void => { clearTimeout(timer); timer = window.setTimeout(() => void ask(form), pause); };
    form.addEventListener('input', later);
    form.addEventListener('change', later);
    later();
  }
}
customElements.define('c-result', Result);

async function ask(form: HTMLFormElement): Promise<void> {
  const results = [...form.querySelectorAll<HTMLElement>('c-result')];
  const needs = new Set(results.flatMap(one => (one.dataset.needs ?? '').split(' ')));
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && (name === 'ticket' || needs.has((name.split('.').pop() ?? '').replace(/^q-/, '')))) body.append(name, value);
  }
  try {
    const answer = await fetch(form.action + '/computed', { method: 'POST', body });
    if (!answer.ok) return;
    const values = await answer.json() as Record<string, string>;
    for (const one of form.querySelectorAll('output')) one.value = values[one.id] ?? '';
  } catch { /* no network: computed when it is sent */ }
}
