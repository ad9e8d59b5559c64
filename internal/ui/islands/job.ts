/** What a job's address answers. */
interface State { state: 'running' | 'done' | 'failed'; percent?: number; text?: string; url?: string }

/** Follows a long work: asks data-src each half second, moves the bar, and goes on at the end. */
class Job extends HTMLElement {
  #timer = 0;
  #misses = 0;
  #said = -1;

  connectedCallback(): void { if (this.dataset.src) this.#next(); }
  disconnectedCallback(): void { clearTimeout(this.#timer); }
  #next(): void { this.#timer = window.setTimeout(() => void this.#ask(), Math.min(500 * 2 ** this.#misses, 8000)); }

  async #ask(): Promise<void> {
    try {
      const answer = await fetch(this.dataset.src ?? '', { headers: { Accept: 'application/json' }, cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.statusText);
      const s = await answer.json() as State;
      this.#misses = 0;
      this.#show(s);
      if (s.state !== 'running') { if (s.url) location.assign(s.url); else location.reload(); return; }
    } catch {
      if (++this.#misses > 6) { this.#put('.c-progress__what', this.dataset.lost ?? ''); return; }
    }
    this.#next();
  }

  /** Moves the bar each time, the words by steps of ten, so that a screen reader is not flooded. */
  #show(s: State): void {
    const bar = this.querySelector('progress');
    if (bar && s.percent !== undefined && s.percent >= 0) bar.value = s.percent;
    const step = Math.floor((s.percent ?? 0) / 10);
    if (s.text !== undefined && this.querySelector('.c-progress__what')?.textContent !== s.text) this.#put('.c-progress__what', s.text);
    if (s.percent !== undefined && s.percent >= 0 && step !== this.#said) {
      this.#said = step;
      const share = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' }).format(s.percent / 100);
      this.#put('.c-progress__percent', share);
    }
  }

  #put(selector: string, text: string): void {
    const at = this.querySelector(selector);
    if (at) at.textContent = text;
  }
}
customElements.define('c-job', Job);
