/** A place to drop a file around a native file input: shows the name and size, sends the form with a progress bar, then follows the answer. */
class Drop extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>('input[type=file]');
    if (!input) return;
    for (const kind of ['dragenter', 'dragover']) this.addEventListener(kind, e => { e.preventDefault(); this.classList.add('c-drop--over'); });
    for (const kind of ['dragleave', 'drop']) this.addEventListener(kind, e => { e.preventDefault(); this.classList.remove('c-drop--over'); });
    this.addEventListener('drop', e => {
      if (!e.dataTransfer?.files.length) return;
      input.files = e.dataTransfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    input.addEventListener('change', () => { this.#check(input); });
    input.form?.addEventListener('submit', e => {
      if (!input.files?.length || input.form?.enctype !== 'multipart/form-data') return;
      e.preventDefault();
      if (this.#check(input)) this.#send(input.form, (e as SubmitEvent).submitter);
    });
  }

  /** Says what was chosen; false when it is over the limit. */
  #check(input: HTMLInputElement): boolean {
    const files = [...input.files ?? []];
    const limit = Number(this.dataset.limit ?? Infinity);
    const fits = files.every(f => f.size <= limit);
    this.#say(fits ? files.map(f => `${f.name} (${this.#size(f.size)})`).join(', ') : this.dataset.tooLarge ?? '', !fits);
    return fits;
  }

  #size(bytes: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
    const at = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 3);
    return new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: units[at], unitDisplay: 'short', maximumFractionDigits: 1 }).format(bytes / 1000 ** at);
  }

  #say(text: string, wrong = false): void {
    this.classList.toggle('c-drop--wrong', wrong);
    const at = this.querySelector('.c-drop__text');
    if (at) at.textContent = text;
  }

  #send(form: HTMLFormElement, submitter: HTMLElement | null): void {
    const bar = this.querySelector('progress');
    const button = submitter as HTMLButtonElement | null;
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    if (button) button.disabled = true;
    if (bar) bar.hidden = false;
    this.#say(this.dataset.sending ?? '');
    const free = (text: string): void => { if (button) button.disabled = false; if (bar) bar.hidden = true; this.#say(text, true); };
    const x = new XMLHttpRequest();
    x.open('POST', button?.getAttribute('formaction') ?? form.action);
    x.upload.onprogress = e => { if (bar && e.lengthComputable) bar.value = 100 * e.loaded / e.total; };
    x.upload.onload = () => { bar?.removeAttribute('value'); this.#say(this.dataset.received ?? ''); };
    x.onerror = () => { free(this.dataset.failed ?? ''); };
    x.onload = () => {
      const to = x.getResponseHeader('X-Unfollowed');
      if (to) {
        const here = location.pathname + location.search;
        location.assign(to);
        if (to.replace(/#.*/, '') === here && to.includes('#')) location.reload(); // the same page, which now says something else
        return;
      }
      if (x.status < 400 && x.responseURL !== form.action) { location.assign(x.responseURL); return; } // else the answer is this page, with what was found
      const main = new DOMParser().parseFromString(x.responseText, 'text/html').querySelector('main'); // the server's own page
      if (!main) { free(this.dataset.failed ?? ''); return; }
      document.querySelector('main')?.replaceWith(main);
      (main.querySelector<HTMLElement>('[role=alert]') ?? main).focus();
    };
    x.setRequestHeader('X-Unfollowed', '1');
    x.send(data);
  }
}
customElements.define('c-drop', Drop);
