/**
 * Sends its form to data-src while the reader types, and puts the server's fragment in the element of id data-target.
 * <c-live-form data-src="/datasets/1/record/score" data-target="score"><form …>…</form></c-live-form>
 */
class LiveForm extends HTMLElement {
  #timer = 0;
  #asked?: AbortController;

  connectedCallback(): void {
    const later = (): void => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#ask(), Number(this.dataset.wait ?? 300));
    };
    this.addEventListener('input', later);
    this.addEventListener('change', later);
  }

  disconnectedCallback(): void { clearTimeout(this.#timer); this.#asked?.abort(); }

  async #ask(): Promise<void> {
    const form = this.querySelector('form');
    const target = document.getElementById(this.dataset.target ?? '');
    if (!form || !target) return;
    this.#asked?.abort();
    this.#asked = new AbortController();
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') data.append(name, value);
    try {
      const answer = await fetch(this.dataset.src ?? '', { method: 'POST', body: data, signal: this.#asked.signal });
      if (answer.ok) target.innerHTML = await answer.text(); // the server's own escaped fragment
    } catch { /* a newer question replaced this one, or the network is cut: the form still saves */ }
  }
}
customElements.define('c-live-form', LiveForm);
