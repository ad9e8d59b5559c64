/** Shows its button and copies the text of its <code> (or of data-text), then says so. */
class Copy extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button');
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener('click', () => void this.#copy(button));
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    await navigator.clipboard.writeText(this.dataset.text ?? this.querySelector('code')?.textContent ?? '');
    const done = this.dataset.done ?? '';
    const status = this.querySelector('[role=status]');
    if (status) status.textContent = done;
    const word = button.querySelector('span');
    if (!word || word.textContent === done) return;
    const before = word.textContent;
    word.textContent = done;
    setTimeout(() => { word.textContent = before; if (status) status.textContent = ''; }, 2000);
  }
}
customElements.define('c-copy', Copy);
