/**
 * Gives the whole window to the grid: what stands round it on the page is put away, and comes back. What somebody chose is remembered.
 */
export class Full {
  #grid: HTMLElement;
  #away: HTMLElement[] = [];
  #said: (on: boolean) => void;

  constructor(grid: HTMLElement, said: (on: boolean) => void) {
    this.#grid = grid;
    this.#said = said;
    let writing = false; // before the library leaves the cell
    grid.addEventListener('keydown', () => { writing = grid.querySelector('.ag-cell-inline-editing, .ag-popup-editor') !== null; }, true);
    grid.addEventListener('keydown', event => {
      if (event.key === 'F1' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.turn(); }
      if (event.key === 'Escape' && this.on && !writing && !event.defaultPrevented && !grid.querySelector('dialog[open]')) { event.preventDefault(); this.turn(); }
    });
    if (remembered() && !document.querySelector('.c-errors')) this.#enter();
  }

  get on(): boolean { return this.#grid.classList.contains('p-grid--full'); }

  turn(): void {
    if (this.on) this.#leave(); else this.#enter();
    try { localStorage.setItem('grid full', this.on ? '1' : ''); } catch { /* not remembered, then */ }
  }

  #enter(): void {
    for (let at: HTMLElement = this.#grid; at !== document.body && at.parentElement; at = at.parentElement) {
      for (const other of at.parentElement.children) {
        if (other === at || !(other instanceof HTMLElement) || other.hidden || /^(SCRIPT|STYLE|TEMPLATE|DIALOG)$/.test(other.tagName) || other.matches('[aria-live], [role=status]')) continue;
        other.hidden = true;
        this.#away.push(other);
      }
    }
    this.#grid.classList.add('p-grid--full');
    this.#said(true);
  }

  #leave(): void {
    for (const other of this.#away) other.hidden = false;
    this.#away = [];
    this.#grid.classList.remove('p-grid--full');
    this.#said(false);
  }
}

function remembered(): boolean {
  try { return localStorage.getItem('grid full') === '1'; } catch { return false; }
}
