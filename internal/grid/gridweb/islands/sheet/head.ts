import type { IHeaderParams } from 'ag-grid-community';

/** What the head of a column is told. */
export interface HeadWays { open: (slug: string) => void; filtered: (slug: string) => boolean; label: (name: string) => string; filteredWord: string; icon: () => Node }

/** The name in the head of a column, with a button that opens its filter. By keyboard it is Alt + Down. */
export class Head {
  #box = document.createElement('span');

  init({ displayName, column, open, filtered, label, filteredWord, icon }: IHeaderParams & HeadWays): void {
    const slug = column.getColId();
    this.#box.className = 'p-spread__head';
    const name = document.createElement('span');
    name.className = 'p-spread__head-name';
    name.textContent = displayName;
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = -1;
    button.className = 'p-spread__head-filter';
    button.setAttribute('aria-label', label(displayName));
    button.append(icon());
    for (const kind of ['click', 'mousedown', 'pointerdown', 'keydown']) button.addEventListener(kind, event => event.stopPropagation()); // the head would sort
    button.addEventListener('click', () => open(slug));
    this.#box.append(name, button);
    if (filtered(slug)) {
      button.classList.add('p-spread__head-filter--on');
      const word = document.createElement('span');
      word.className = 'u-hidden';
      word.textContent = ` ${filteredWord}`;
      name.append(word);
    }
  }

  getGui(): HTMLElement { return this.#box; }

  refresh(): boolean { return false; }
}
