/** What /join/…/last answers. */
interface Last { seq: number; phase: string; timer: string }

/**
 * Keeps a board fresh: asks for the last number, and fetches the board when there is a newer one. When the phase changes the page
 * is loaded anew; not under somebody who is writing: a notice with a link says it instead.
 */
class Board extends HTMLElement {
  #timer = 0;
  #misses = 0;

  connectedCallback(): void { this.#next(); document.addEventListener('visibilitychange', this.#seen); }
  disconnectedCallback(): void { clearTimeout(this.#timer); document.removeEventListener('visibilitychange', this.#seen); }
  #seen = (): void => { if (!document.hidden) void this.#ask(); };
  #next(): void { clearTimeout(this.#timer); this.#timer = window.setTimeout(() => void this.#ask(), Math.min(1500 * 2 ** this.#misses, 20000)); }

  async #ask(): Promise<void> {
    try {
      const answer = await fetch(this.dataset.last ?? '', { cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.statusText);
      const last = await answer.json() as Last;
      this.#misses = 0;
      const timer = document.querySelector('.p-shop__timer span');
      if (timer && timer.textContent !== last.timer) timer.textContent = last.timer;
      if (last.phase !== this.dataset.phase) { this.#follow(); } else if (String(last.seq) !== this.dataset.seq && !this.#busy()) await this.#load(last.seq);
    } catch { this.#misses++; }
    this.#next();
  }

  /** Somebody is in a form of the board, or has one open. */
  #busy(): boolean { return this.contains(document.activeElement) || this.querySelector('details[open]') !== null; }

  #follow(): void {
    const notice = this.querySelector<HTMLElement>('[role=status][hidden], .c-notice');
    const writing = [...document.querySelectorAll('textarea')].some(area => area.value !== area.defaultValue);
    if (!notice || !writing && !this.#busy()) { location.reload(); return; }
    notice.hidden = false;
  }

  async #load(seq: number): Promise<void> {
    const address = new URL(location.href);
    address.searchParams.set('part', 'board');
    const answer = await fetch(address, { cache: 'no-store' });
    const at = this.querySelector('.p-shop__board');
    if (!answer.ok || answer.redirected || !at) return;
    at.innerHTML = await answer.text(); // the server's own escaped fragment
    this.dataset.seq = String(seq);
  }
}
customElements.define('c-board', Board);
