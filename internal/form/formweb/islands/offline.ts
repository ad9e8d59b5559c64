/**
 * Answers a form without a network: <c-offline data-page="/f/…"> around the list of what waits. An answer that cannot leave is kept in this
 * browser and sent once the network is back. Each takes a ticket of its own and keeps it from one attempt to the next, so that the
 * server takes it once, however often it is sent.
 */
interface Waiting { id: string; page: string; at: number; values: [string, FormDataEntryValue][]; ticket?: string; given?: number; refused?: boolean; reference?: string }

/** How long the network may take to say that it is there, in milliseconds. */
const patience = 4000;
/** What the server wants between a ticket and its answer, and a little more, in milliseconds. */
const ripe = 3500;
/** How often what waits is tried again while the page is open, in milliseconds. */
const again = 30000;

const done = <T>(request: IDBRequest<T>): Promise<T> => new Promise((ok, no) => { request.onsuccess = () => ok(request.result); request.onerror = () => no(request.error); });

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const request = indexedDB.open('culture-d forms', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('waiting', { keyPath: 'id' });
  return (await done(request)).transaction('waiting', mode).objectStore('waiting');
}
const all = async (page: string): Promise<Waiting[]> => (await done<Waiting[]>((await store('readonly')).getAll())).filter(one => one.page === page).sort((a, b) => a.at - b.at);
const put = async (one: Waiting): Promise<unknown> => done((await store('readwrite')).put(one));
const drop = async (id: string): Promise<unknown> => done((await store('readwrite')).delete(id));

class Offline extends HTMLElement {
  #page = '';
  #form?: HTMLFormElement;
  #timer = 0;

  connectedCallback(): void {
    this.#page = this.dataset.page ?? '';
    this.#form = document.querySelector<HTMLFormElement>('form.p-fill__form') ?? undefined;
    if (!this.#form || !window.isSecureContext || !('indexedDB' in window) || !('serviceWorker' in navigator)) return;
    void navigator.serviceWorker.register(this.#page + '/worker.js', { scope: this.#page }).catch(() => undefined); // the page works as without
    this.#form.addEventListener('submit', event => {
      if (event.submitter?.getAttribute('name')) return; // not to be taken: one more row
      event.preventDefault();
      void this.#submit();
    });
    window.addEventListener('online', () => void this.#flush());
    this.#timer = window.setInterval(() => void this.#flush(), again);
    void this.#show().then(() => this.#flush());
  }

  disconnectedCallback(): void { clearInterval(this.#timer); }

  /** Asks for a ticket: it is also how one knows that the server can be reached. */
  async #ticket(): Promise<string | undefined> {
    try {
      const answer = await fetch(this.#page + '/ticket', { cache: 'no-store', signal: AbortSignal.timeout(patience) });
      return answer.ok ? (await answer.json() as { ticket: string }).ticket : '';
    } catch { return undefined; }
  }

  async #submit(): Promise<void> {
    const form = this.#form;
    if (!form) return;
    if (await this.#ticket() !== undefined) { form.submit(); return; } // the server answers: it says itself what it thinks of the answer
    if (!form.reportValidity()) return;
    const values = [...new FormData(form)].filter(([name, value]) => name !== 'ticket' && (typeof value === 'string' || value.size > 0)); // files wait with the rest
    await put({ id: crypto.randomUUID(), page: this.#page, at: Date.now(), values });
    form.reset();
    form.dispatchEvent(new Event('input', { bubbles: true })); // conditions and draft follow
    await this.#show();
    this.tabIndex = -1;
    this.focus();
  }

  /** Sends what waits, one after the other, in one window at a time. */
  async #flush(): Promise<void> {
    await navigator.locks.request('form ' + this.#page, { ifAvailable: true }, async lock => {
      if (!lock) return;
      for (const one of await all(this.#page)) {
        if (one.refused || one.reference) continue;
        if (!await this.#send(one)) break; // the network is away again
        await this.#show();
      }
    });
  }

  /** Sends one answer; false when the network is not there. */
  async #send(one: Waiting): Promise<boolean> {
    if (!one.ticket) {
      const ticket = await this.#ticket();
      if (ticket === undefined) return false;
      if (ticket === '') return true; // the form does not open: tried again later
      one.ticket = ticket;
      one.given = Date.now();
      await put(one); // before it is sent: if nothing comes back, the next attempt is the same answer
    }
    const rest = (one.given ?? 0) + ripe - Date.now(); // a ticket taken by a page that was closed since may still be too young
    if (rest > 0) await new Promise(ripened => setTimeout(ripened, Math.min(rest, ripe)));
    const body = new FormData();
    for (const [name, value] of [...one.values, ['ticket', one.ticket] as const]) body.append(name, value);
    let answer: Response;
    try {
      answer = await fetch(this.#page, { method: 'POST', body });
    } catch { return false; }
    const reference = /\/sent\/([^/?]+)$/.exec(answer.url)?.[1];
    if (reference) await put({ ...one, values: [], reference });
    else if (answer.status === 422) await put({ ...one, ticket: undefined, refused: true });
    return true;
  }

  async #show(): Promise<void> {
    const waiting = await all(this.#page);
    const list = this.querySelector('ul');
    const model = this.querySelector('template');
    if (!list || !model) return;
    list.replaceChildren(...waiting.map(one => this.#line(one, model)));
    this.hidden = waiting.length === 0;
  }

  #line(one: Waiting, model: HTMLTemplateElement): Node {
    const line = model.content.cloneNode(true) as DocumentFragment;
    const at = line.querySelector('[data-at]');
    if (at) at.textContent = new Date(one.at).toLocaleString(document.documentElement.lang === 'fr' ? 'fr' : 'en-GB', { dateStyle: 'long', timeStyle: 'short' });
    const state = one.reference ? 'sent' : one.refused ? 'refused' : 'waiting';
    for (const part of line.querySelectorAll<HTMLElement>('[data-state]')) part.hidden = part.dataset.state !== state;
    const link = line.querySelector('a');
    if (link && one.reference) { link.href = this.#page + '/sent/' + one.reference; link.textContent = one.reference; }
    line.querySelector('[data-do=resume]')?.addEventListener('click', () => void this.#resume(one));
    line.querySelector('[data-do=forget]')?.addEventListener('click', () => void drop(one.id).then(() => this.#show()));
    return line;
  }

  #refill(values: [string, FormDataEntryValue][]): void {
    this.#form?.dispatchEvent(new CustomEvent('refill', { detail: values.filter(pair => typeof pair[1] === 'string') }));
    const files = new Map<string, DataTransfer>();
    for (const [name, value] of values) {
      if (typeof value === 'string') continue;
      if (!files.has(name)) files.set(name, new DataTransfer());
      files.get(name)?.items.add(value);
    }
    for (const [name, chosen] of files) {
      const field = this.#form?.querySelector<HTMLInputElement>(`input[type=file][name="${CSS.escape(name)}"]`);
      if (field) field.files = chosen.files;
    }
  }

  /** Puts a refused answer back into the form, where the server says what to mend. */
  async #resume(one: Waiting): Promise<void> {
    this.#refill(one.values);
    await drop(one.id);
    await this.#show();
    this.#form?.querySelector<HTMLElement>('input:not([type=hidden]), textarea, select')?.focus();
  }
}
customElements.define('c-offline', Offline);
