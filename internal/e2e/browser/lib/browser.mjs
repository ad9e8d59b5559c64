// The real browser: Debian's Chromium, driven by playwright-core, with an empty profile and no traffic of its own.
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic', '--no-first-run',
  '--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', // nothing but the server under test can be reached
];

/** Sizes every page is looked at in: a desktop, and the narrowest width WCAG 2.2 (1.4.10) asks a page to reflow to. */
export const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 320, height: 640 } };

/** Launches the browser. Close it with `browser.close()`. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', chromiumSandbox: false, args: flags });
}

/**
 * Opens a fresh visitor: own cookies, own storage.
 * @param {import('playwright-core').Browser} browser
 * @param {{server: {url: string}, javaScript?: boolean, scheme?: 'light'|'dark', size?: keyof sizes, locale?: string}} options
 */
export async function visitor(browser, { server, javaScript = true, scheme = 'light', size = 'desktop', locale = 'fr-FR' }) {
  const context = await browser.newContext({
    baseURL: server.url, javaScriptEnabled: javaScript, colorScheme: scheme, viewport: sizes[size],
    locale, timezoneId: 'Europe/Paris', reducedMotion: 'reduce', acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  return context;
}

/**
 * Collects what the browser complains of: script errors, refused styles and scripts (CSP), failed loads.
 * @param {import('playwright-core').Page} page
 * @returns {string[]} grows while the page lives
 */
export function complaints(page) {
  const list = [];
  page.on('pageerror', error => list.push(`script error: ${error.message}`));
  page.on('console', message => {
    // A 4xx answer to the page itself is what the test asked for; the browser reports it too.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) list.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', request => {
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') list.push(`not loaded: ${request.url()} ${why}`);
  });
  return list;
}
