/**
 * The service worker of one form: its page opens without a network. It answers for that page and for the files it is made of, nothing
 * else; answers wait in the page's own queue (offline.ts). A page that must not be stored, such as one with somebody's name on it, is not.
 */
declare const self: ServiceWorkerGlobalScope;

/** How long the network may take before the stored page is shown, in milliseconds. */
const patience = 4000;
const page = new URL(self.registration.scope).pathname;
const shelf = 'form ' + page;

/** Stores a page with the files it names. */
async function store(answer: Response): Promise<void> {
  if (!answer.ok || answer.redirected || /no-store/.test(answer.headers.get('Cache-Control') ?? '')) return;
  const cache = await caches.open(shelf);
  const html = await answer.clone().text();
  const files = [...new Set([...html.matchAll(/(?:href|src)="(\/(?:assets\/|brand\.css)[^"]+)"/g)].map(found => found[1].replaceAll('&amp;', '&')))];
  await Promise.all(files.map(async file => { if (!await cache.match(file)) await cache.add(file); }));
  await cache.put(page, answer);
  for (const kept of await cache.keys()) { // what the page no longer names
    const { pathname, search } = new URL(kept.url);
    if (pathname !== page && !files.includes(pathname + search)) await cache.delete(kept);
  }
}

async function open(event: FetchEvent): Promise<Response> {
  const asked = fetch(event.request);
  event.waitUntil(asked.then(answer => store(answer.clone())).catch(() => undefined));
  const late = new Promise<undefined>(done => setTimeout(done, patience));
  const first = await Promise.race([asked.catch(() => undefined), late]);
  return first ?? await (await caches.open(shelf)).match(page) ?? asked;
}

self.addEventListener('install', event => {
  event.waitUntil(fetch(page).then(store).then(() => self.skipWaiting()));
});
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate' && url.pathname === page) event.respondWith(open(event));
  else if (url.pathname.startsWith('/assets/') || url.pathname === '/brand.css') event.respondWith(caches.match(event.request).then(kept => kept ?? fetch(event.request)));
});
