/**
 * A map beside two coordinates: <c-map> in the fieldset of a point. It draws the communes around, or the pictures of a configured service, and
 * one pin, moved by mouse, finger and keyboard. The two fields stay the answer: the map reads and writes them, nothing else.
 */
interface Spot { label: string; lat: number; lon: number }
interface Spotted { x: number; y: number }

const svgName = 'http://www.w3.org/2000/svg';
const tile = 256;
/** Mainland France fits in the frame. */
const start = { lat: 46.6, lon: 2.4, zoom: 5 };
const zoomLeast = 3;
const zoomMost = 18;
/** How near a place that was found is shown: over pictures, over communes. */
const near = { pictures: 14, communes: 10 };
/** The width of mainland France at the first zoom, in pixels: a narrower frame starts farther. */
const wide = 360;
/** How far an arrow moves the pin, in pixels, with Shift in the second. */
const steps = [12, 1];

/** Web Mercator, in pixels of the whole world at a zoom. */
const project = (lat: number, lon: number, zoom: number): Spotted => {
  const world = tile * 2 ** zoom;
  const sine = Math.sin(Math.max(-85, Math.min(85, lat)) * Math.PI / 180);
  return { x: (lon + 180) / 360 * world, y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world };
};
const degrees = (x: number, y: number, zoom: number): { lat: number; lon: number } => {
  const world = tile * 2 ** zoom;
  return { lat: Math.atan(Math.sinh(Math.PI * (1 - 2 * y / world))) * 180 / Math.PI, lon: x / world * 360 - 180 };
};
const draw = (name: string, values: Record<string, string | number>, text = ''): SVGElement => {
  const element = document.createElementNS(svgName, name);
  for (const [key, value] of Object.entries(values)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
};

class PinMap extends HTMLElement {
  #view = this.querySelector<SVGSVGElement>('.p-pin-map__view');
  #centre = { lat: start.lat, lon: start.lon };
  #zoom = start.zoom;
  #pin?: { lat: number; lon: number };
  #spots: Spot[] = [];
  #asked = '';
  #writing = false;
  #drag?: { x: number; y: number; pin: boolean; moved: boolean };

  connectedCallback(): void {
    const view = this.#view;
    if (!view) return;
    this.hidden = false;
    if (this.#size().width < wide) this.#zoom = start.zoom - 1;
    this.#read();
    for (const field of this.#fields()) field.addEventListener('input', () => { if (!this.#writing) this.#read(); });
    this.querySelector('[data-do=in]')?.addEventListener('click', () => this.#scale(1));
    this.querySelector('[data-do=out]')?.addEventListener('click', () => this.#scale(-1));
    const seek = this.querySelector<HTMLInputElement>('input[type=search]');
    this.querySelector('[data-do=find]')?.addEventListener('click', () => void this.#find(seek?.value ?? ''));
    seek?.addEventListener('keydown', event => { if (event.key === 'Enter') { event.preventDefault(); void this.#find(seek.value); } });
    view.addEventListener('keydown', event => this.#key(event));
    view.addEventListener('pointerdown', event => this.#down(event));
    view.addEventListener('pointermove', event => this.#move(event));
    view.addEventListener('pointerup', event => this.#up(event));
    view.addEventListener('pointercancel', () => { this.#drag = undefined; });
    view.addEventListener('wheel', event => { if (event.ctrlKey || document.activeElement === view) { event.preventDefault(); this.#scale(event.deltaY < 0 ? 1 : -1); } }, { passive: false });
    new ResizeObserver(() => this.#draw()).observe(view);
  }

  #near(): number { return this.dataset.tiles ? near.pictures : near.communes; }

  #fields(): HTMLInputElement[] { return [...this.closest('fieldset')?.querySelectorAll<HTMLInputElement>('.p-twofold input') ?? []]; }

  /** Takes the pin from the fields; none while they say no place. */
  #read(): void {
    const [lat, lon] = this.#fields().map(field => field.value.trim() === '' ? NaN : Number(field.value.replace(',', '.').replace('\u2212', '-')));
    const known = Math.abs(lat ?? NaN) <= 90 && Math.abs(lon ?? NaN) <= 180;
    this.#pin = known ? { lat, lon } : undefined;
    if (this.#pin && !this.#seen()) { this.#centre = { ...this.#pin }; this.#zoom = Math.max(this.#zoom, this.#near()); }
    this.#draw();
  }

  #put(at: { lat: number; lon: number }): void {
    this.#pin = { lat: Math.max(-85, Math.min(85, at.lat)), lon: ((at.lon + 540) % 360) - 180 };
    const comma = document.documentElement.lang === 'fr' ? ',' : '.';
    const values = [this.#pin.lat, this.#pin.lon];
    this.#writing = true;
    this.#fields().forEach((field, i) => { field.value = values[i].toFixed(6).replace('.', comma); field.dispatchEvent(new Event('input', { bubbles: true })); });
    this.#writing = false;
    if (!this.#seen()) this.#centre = { ...this.#pin };
    this.#draw();
  }

  #say(text: string): void { const told = this.querySelector('[role=status]'); if (told) told.textContent = text; }

  #size(): { width: number; height: number } { return { width: this.#view?.clientWidth ?? 0, height: this.#view?.clientHeight ?? 0 }; }

  /** Where the frame's upper left corner is in the world. */
  #corner(): Spotted {
    const { width, height } = this.#size();
    const middle = project(this.#centre.lat, this.#centre.lon, this.#zoom);
    return { x: middle.x - width / 2, y: middle.y - height / 2 };
  }

  #place(at: { lat: number; lon: number }): Spotted {
    const corner = this.#corner();
    const there = project(at.lat, at.lon, this.#zoom);
    return { x: there.x - corner.x, y: there.y - corner.y };
  }

  #at(x: number, y: number): { lat: number; lon: number } {
    const corner = this.#corner();
    return degrees(corner.x + x, corner.y + y, this.#zoom);
  }

  #seen(): boolean {
    if (!this.#pin) return true;
    const { x, y } = this.#place(this.#pin);
    const { width, height } = this.#size();
    return x > 8 && y > 24 && x < width - 8 && y < height - 8;
  }

  #scale(by: number): void {
    this.#zoom = Math.max(zoomLeast, Math.min(zoomMost, this.#zoom + by));
    if (this.#pin) this.#centre = { ...this.#pin };
    this.#draw();
  }

  #key(event: KeyboardEvent): void {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      event.preventDefault();
      if (!this.#pin) { this.#put(this.#centre); return; }
      const from = this.#place(this.#pin);
      const step = steps[event.shiftKey ? 1 : 0];
      this.#put(this.#at(from.x + way[0] * step, from.y + way[1] * step));
    } else if (event.key === '+' || event.key === '=') this.#scale(1);
    else if (event.key === '-') this.#scale(-1);
  }

  #local(event: PointerEvent): Spotted {
    const box = this.#view?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { x, y } = this.#local(event);
    this.#drag = { x, y, pin: (event.target as Element).closest('.p-pin-map__pin') !== null, moved: false };
    this.#view?.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag) return;
    const { x, y } = this.#local(event);
    if (!drag.moved && Math.hypot(x - drag.x, y - drag.y) < 4) return;
    drag.moved = true;
    if (drag.pin) this.#put(this.#at(x, y));
    else {
      const { width, height } = this.#size();
      this.#centre = this.#at(width / 2 - (x - drag.x), height / 2 - (y - drag.y));
      this.#draw();
    }
    drag.x = x;
    drag.y = y;
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (!drag || drag.moved || drag.pin) return;
    const { x, y } = this.#local(event);
    this.#put(this.#at(x, y));
  }

  async #find(text: string): Promise<void> {
    const list = this.querySelector<HTMLElement>('.p-pin-map__found');
    if (!list || text.trim() === '') return;
    let found: Spot[] = [];
    try {
      const answer = await fetch(`${this.dataset.find ?? ''}?q=${encodeURIComponent(text)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      found = await answer.json() as Spot[];
    } catch { this.#say(this.dataset.away ?? ''); return; }
    list.replaceChildren();
    list.hidden = found.length < 2;
    if (found.length === 0) { this.#say(this.dataset.none ?? ''); return; }
    if (found.length === 1) { this.#take(found[0]); return; }
    this.#say('');
    for (const one of found) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'c-button c-button--quiet c-button--small';
      button.textContent = one.label;
      button.addEventListener('click', () => { list.hidden = true; this.#take(one); });
      const line = document.createElement('li');
      line.append(button);
      list.append(line);
    }
    list.querySelector('button')?.focus();
  }

  #take(one: Spot): void {
    this.#zoom = Math.max(this.#zoom, this.#near());
    this.#centre = { lat: one.lat, lon: one.lon };
    this.#put(this.#centre);
    this.#say((this.dataset.found ?? '').replace('{0}', one.label));
    this.#view?.focus();
  }

  #draw(): void {
    const view = this.#view;
    const { width, height } = this.#size();
    if (!view || width === 0) return;
    view.setAttribute('viewBox', `0 0 ${width} ${height}`);
    view.replaceChildren(...this.dataset.tiles ? this.#pictures(this.dataset.tiles, width, height) : this.#communes(width, height));
    if (!this.#pin) return;
    const { x, y } = this.#place(this.#pin);
    const pin = draw('g', { class: 'p-pin-map__pin', transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
    pin.append(draw('circle', { class: 'p-pin-map__grip', r: 22, cy: -14 }), draw('path', { d: 'M0 0C-3 -7 -11 -13 -11 -21a11 11 0 0 1 22 0C11 -13 3 -7 0 0Z' }), draw('circle', { class: 'p-pin-map__eye', cy: -21, r: 4 }));
    view.append(pin);
  }

  #pictures(address: string, width: number, height: number): SVGElement[] {
    const corner = this.#corner();
    const all = 2 ** this.#zoom;
    const out: SVGElement[] = [];
    for (let x = Math.floor(corner.x / tile); x * tile < corner.x + width; x++) {
      for (let y = Math.max(0, Math.floor(corner.y / tile)); y < all && y * tile < corner.y + height; y++) {
        const href = address.replace('{z}', String(this.#zoom)).replace('{x}', String(((x % all) + all) % all)).replace('{y}', String(y));
        out.push(draw('image', { href, x: (x * tile - corner.x).toFixed(1), y: (y * tile - corner.y).toFixed(1), width: tile + 0.5, height: tile + 0.5 }));
      }
    }
    return out;
  }

  /** Draws the communes known of the frame, and asks for those of another one. */
  #communes(width: number, height: number): SVGElement[] {
    const high = this.#at(0, 0);
    const low = this.#at(width, height);
    const asked = `?south=${low.lat.toFixed(2)}&west=${high.lon.toFixed(2)}&north=${high.lat.toFixed(2)}&east=${low.lon.toFixed(2)}`;
    if (asked !== this.#asked) {
      this.#asked = asked;
      setTimeout(() => { if (asked === this.#asked) void this.#ask(asked); }, 150);
    }
    const out: SVGElement[] = [];
    const taken: Spotted[] = [];
    for (const one of this.#spots) {
      const { x, y } = this.#place(one);
      if (x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
      out.push(draw('circle', { class: 'p-pin-map__dot', cx: x.toFixed(1), cy: y.toFixed(1), r: one.label ? 3 : 1.2 }));
      if (!one.label || taken.some(other => Math.abs(other.x - x) < 90 && Math.abs(other.y - y) < 18)) continue;
      taken.push({ x, y });
      out.push(draw('text', { x: (x + 5).toFixed(1), y: (y + 4).toFixed(1) }, one.label));
    }
    return out;
  }

  async #ask(asked: string): Promise<void> {
    try {
      const answer = await fetch((this.dataset.around ?? '') + asked);
      if (answer.ok && asked === this.#asked) { this.#spots = await answer.json() as Spot[]; this.#draw(); }
    } catch { /* no network: the fields and the position are left */ }
  }
}
customElements.define('c-map', PinMap);
