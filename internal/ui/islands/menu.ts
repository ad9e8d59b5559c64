/** A <details> menu that closes on Escape, on a click elsewhere and when focus leaves it. */
class Menu extends HTMLElement {
  #outside = (e: Event): void => { if (!this.contains(e.target as Node)) this.#close(false); };

  connectedCallback(): void {
    this.addEventListener('keydown', e => { if (e.key === 'Escape') this.#close(true); });
    this.addEventListener('focusout', e => { if (e.relatedTarget && !this.contains(e.relatedTarget as Node)) this.#close(false); });
    document.addEventListener('click', this.#outside);
  }

  disconnectedCallback(): void { document.removeEventListener('click', this.#outside); }

  #close(focus: boolean): void {
    const details = this.querySelector('details');
    if (!details?.open) return;
    details.open = false;
    if (focus) details.querySelector('summary')?.focus();
  }
}
customElements.define('c-menu', Menu);
