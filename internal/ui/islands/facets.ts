/** Sends its form at each change and keeps the reader's place; without it, the form has a button. */
class Facets extends HTMLElement {
  connectedCallback(): void {
    this.classList.add('c-facets--live');
    const id = sessionStorage.getItem('facet');
    if (id) {
      sessionStorage.removeItem('facet');
      const box = document.getElementById(id);
      if (box && this.contains(box)) box.focus({ preventScroll: true });
    }
    this.addEventListener('change', e => {
      sessionStorage.setItem('facet', (e.target as HTMLElement).id);
      this.querySelector('form')?.requestSubmit();
    });
  }
}
customElements.define('c-facets', Facets);
