/** A card that is held: where it was taken, and the theme it is over. */
interface Held { card: HTMLElement; id: number; x: number; y: number; scrolled: number; over?: HTMLElement }

/**
 * Lets cards be dragged to another theme of their step: by their grip, or by any still part of them with a mouse. It sends what the form in
 * the card sends, which does the same by keyboard.
 */
class Drag extends HTMLElement {
  #held?: Held;

  connectedCallback(): void {
    this.addEventListener('pointerdown', this.#take);
    this.addEventListener('pointermove', this.#move);
    this.addEventListener('pointerup', event => { this.#leave(event, true); });
    this.addEventListener('pointercancel', event => { this.#leave(event, false); });
    document.addEventListener('keydown', this.#key);
  }

  disconnectedCallback(): void { document.removeEventListener('keydown', this.#key); }

  #take = (event: PointerEvent): void => {
    const at = event.target as Element;
    const card = at.closest<HTMLElement>('.p-shop__card--loose');
    if (!card || this.#held || event.button !== 0 || !event.isPrimary) return;
    if (!at.closest('.p-shop__grip') && (event.pointerType !== 'mouse' || at.closest('a, button, details, form'))) return;
    event.preventDefault(); // selects no text
    this.setPointerCapture(event.pointerId);
    this.#held = { card, id: event.pointerId, x: event.clientX, y: event.clientY, scrolled: scrollY };
    card.classList.add('p-shop__card--held');
  };

  #move = (event: PointerEvent): void => {
    const held = this.#held;
    if (event.pointerId !== held?.id) return;
    const edge = event.clientY < 60 ? -12 : event.clientY > innerHeight - 60 ? 12 : 0;
    if (edge) scrollBy(0, edge);
    held.card.style.transform = `translate(${event.clientX - held.x}px, ${event.clientY - held.y + scrollY - held.scrolled}px)`;
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-theme]') ?? undefined;
    if (over === held.over) return;
    held.over?.classList.remove('p-shop__group--over');
    held.over = over?.closest('section') === held.card.closest('section') && over !== held.card.closest('[data-theme]') ? over : undefined;
    held.over?.classList.add('p-shop__group--over');
  };

  #key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.#held) this.#drop(false);
  };

  #leave(event: PointerEvent, drop: boolean): void {
    if (event.pointerId === this.#held?.id) this.#drop(drop);
  }

  #drop(drop: boolean): void {
    const { card, over } = this.#held as Held;
    this.#held = undefined;
    over?.classList.remove('p-shop__group--over');
    const form = card.querySelector<HTMLInputElement>('input[name="kind"][value="move"]')?.form;
    if (drop && over && form) void this.#send(card, over, form);
    card.style.transform = '';
    card.classList.remove('p-shop__card--held');
    card.dispatchEvent(new Event('focusout', { bubbles: true })); // the board may show what came meanwhile
  }

  async #send(card: HTMLElement, over: HTMLElement, form: HTMLFormElement): Promise<void> {
    const failed = this.querySelector<HTMLElement>('.c-notice');
    const from = card.parentElement;
    over.querySelector('.p-shop__cards')?.append(card); // at once; the board says what became of it
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
    body.set('theme', over.dataset.theme ?? '');
    body.delete('new_theme');
    const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' } }).catch(() => undefined);
    if (failed) failed.hidden = answer?.ok === true;
    if (!answer?.ok) from?.append(card);
  }
}
customElements.define('c-drag', Drag);
