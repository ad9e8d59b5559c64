/** What a stream and /join/…/last tell. */
interface Tidings { phase: string; look: number; crowd: number; people: string; voters: string; notes?: Record<string, string>; ends: number; tables?: Record<string, number> }
/** A line, or where lines of the version before begin and how many. */
type Part = string | [number, number];

/**
 * Keeps a page of a workshop fresh. A stream says what is new; where nothing comes through (a proxy that keeps what it should
 * pass on), it asks instead. Pages with forms fetch their own board, not under somebody who is in it; when the phase changes they are
 * loaded anew, not under somebody who is writing: a notice with a link says it instead. A projection screen is told all of it.
 */
class Board extends HTMLElement {
  #stream?: EventSource;
  #watchdog = 0; // fires when the stream has been silent for too long
  #asking = 0;
  #misses = 0;
  #fetching = 0;
  #lines: string[] = [];
  #late = false; // there is something to show once nobody is in it
  #look = '';
  #crowd = 0;
  #clock = 0;
  #ahead = 0; // of the server's clock before this one, milliseconds

  connectedCallback(): void {
    this.#look = this.dataset.look ?? '';
    this.#ahead = Number(this.dataset.now) - Date.now();
    if (!this.dataset.events) return;
    this.#listen();
    this.#clock = window.setInterval(() => this.#tick(), 1000);
    this.#tick();
    document.addEventListener('visibilitychange', this.#seen);
    this.addEventListener('focusout', this.#left);
    this.addEventListener('toggle', this.#left, true);
  }

  disconnectedCallback(): void {
    this.#stream?.close();
    for (const timer of [this.#watchdog, this.#asking, this.#fetching, this.#clock]) clearTimeout(timer);
    document.removeEventListener('visibilitychange', this.#seen);
  }

  #seen = (): void => { if (!document.hidden) void this.#ask(); }; // after a sleep the stream may be dead without knowing
  #left = (): void => { setTimeout(() => { if (this.#late && !this.#busy()) this.#refresh(0); }); };

  #listen(): void {
    this.#stream?.close();
    const stream = this.#stream = new EventSource(this.dataset.events ?? '');
    stream.addEventListener('whole', event => this.#told(event, (body: string) => body.split('\n')));
    stream.addEventListener('change', event => this.#told(event, (body: Part[]) => body.flatMap(part =>
      typeof part === 'string' ? part : this.#lines.slice(part[0], part[0] + part[1]))));
    stream.addEventListener('beat', () => this.#alive(40_000));
    stream.addEventListener('error', () => { if (stream.readyState === EventSource.CLOSED) this.#instead(5_000); });
    this.#alive(8_000);
  }

  #alive(patience: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = window.setTimeout(() => this.#instead(300_000), patience);
  }

  /** Asks for a while, then tries to listen again. */
  #instead(again: number): void {
    this.#stream?.close();
    clearTimeout(this.#watchdog);
    this.#watchdog = window.setTimeout(() => this.#listen(), again);
    this.dataset.asks = '';
    void this.#ask();
  }

  #told<T>(event: MessageEvent<string>, lines: (body: T) => string[]): void {
    this.#alive(40_000);
    delete this.dataset.asks;
    const { head, body } = JSON.parse(event.data) as { head: Tidings; body: T };
    if (this.#wall) { this.#lines = lines(body); this.#refresh(0); }
    this.#take(head);
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#asking);
    try {
      const answer = await fetch(this.dataset.last ?? '', { cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.statusText);
      this.#misses = 0;
      this.#take(await answer.json() as Tidings);
    } catch { this.#misses++; }
    if ('asks' in this.dataset) this.#asking = window.setTimeout(() => void this.#ask(), Math.min(1500 * 2 ** this.#misses, 20_000));
  }

  get #wall(): boolean { return 'wall' in this.dataset; }

  #take(head: Tidings): void {
    this.dataset.ends = String(head.ends);
    this.#tick();
    const say = (selector: string, text: string): void => { for (const at of this.querySelectorAll(selector)) if (at.textContent !== text) at.textContent = text; };
    say('[data-people]', head.people);
    say('[data-voters]', head.voters);
    for (const [phase, note] of Object.entries(head.notes ?? {})) say(`[data-note="${CSS.escape(phase)}"]`, note);
    // A crowd does not ask all in one moment.
    const wait = 'first' in this.dataset ? 0 : Math.random() * Math.min(head.crowd * 2, 3000);
    if (!this.#wall && head.phase !== this.dataset.phase) { setTimeout(() => this.#follow(), wait); return; }
    const came = 'first' in this.dataset && this.#crowd !== 0 && head.crowd !== this.#crowd; // the console says who came in
    this.#crowd = head.crowd;
    // Who sits at a table is told of what its people see.
    const place = this.querySelector<HTMLElement>('[data-table]');
    if (place) this.#look = place.dataset.look ?? this.#look;
    const look = String(place && head.tables?.[place.dataset.table ?? ''] || head.look);
    if (!came && look === this.#look || this.#wall && !('asks' in this.dataset)) return;
    this.#look = look;
    this.#refresh(wait);
  }

  /** Somebody is in a form of the board, has one open, or holds a card. */
  #busy(): boolean {
    const body = this.querySelector('.p-shop__body');
    return body !== null && (body.contains(document.activeElement) || body.querySelector('details[open], .p-shop__card--held') !== null);
  }

  #follow(): void {
    const notice = this.querySelector<HTMLElement>('.c-notice');
    const writing = [...document.querySelectorAll('textarea')].some(area => area.value !== area.defaultValue);
    if (!notice || !writing && !this.#busy()) location.reload();
    else notice.hidden = false;
  }

  /** Shows what is new after a while; what comes meanwhile comes with it. */
  #refresh(wait: number): void {
    clearTimeout(this.#fetching);
    this.#fetching = window.setTimeout(() => void this.#show(), Math.max(wait, 100));
  }

  async #show(): Promise<void> {
    const body = this.querySelector('.p-shop__body');
    this.#late = this.#busy();
    if (this.#late || !body) return;
    if (this.#wall && !('asks' in this.dataset)) {
      body.innerHTML = this.#lines.join('\n'); // the server's own escaped fragment
    } else {
      const address = new URL(location.href);
      address.searchParams.set('part', 'board');
      const answer = await fetch(address, { cache: 'no-store' }).catch(() => undefined);
      if (!answer?.ok || answer.redirected) { this.#look = ''; return; } // the next word brings it
      const text = await answer.text();
      this.#late = this.#busy();
      if (this.#late) return;
      body.innerHTML = text; // as above
    }
    this.#tick();
  }

  /** Counts down, by the server's clock. */
  #tick(): void {
    const ends = Number(this.dataset.ends);
    const left = Math.ceil((ends - Date.now() - this.#ahead) / 1000);
    for (const timer of document.querySelectorAll<HTMLElement>('.p-shop__timer')) {
      timer.hidden = !ends;
      const span = timer.querySelector('span');
      const said = left <= 0 ? timer.dataset.over ?? '' : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
      if (ends && span && span.textContent !== said) span.textContent = said;
    }
  }
}
customElements.define('c-board', Board);
