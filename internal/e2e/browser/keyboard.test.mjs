// The site by keyboard alone: skip link first, a visible focus on every stop, an order that follows the page, menus that
// open and close, and no trap.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, visitor } from './lib/browser.mjs';
import { start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';

/** What the element with the focus looks like; null when nothing has it. */
const focused = page => page.evaluate(() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
  return {
    name: `${node.tagName.toLowerCase()} ${(node.getAttribute('aria-label') ?? node.textContent ?? '').trim().slice(0, 40)} ${node.getAttribute('href') ?? node.getAttribute('name') ?? ''}`,
    visible: shown || style.boxShadow !== 'none',
    inside: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
});

/** Walks a page by Tab from its top; the list of stops. Fails when the focus never leaves the page: a trap. */
async function walk(page, path, most = 250) {
  await page.goto(path);
  const stops = [];
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (!stop) return stops; // the focus went on to the browser's own controls
    stops.push(stop);
  }
  assert.fail(`${path}: the focus is still in the page after ${most} stops; last ones: ${stops.slice(-4).map(({ name }) => name).join(' | ')}`);
}

describe('by keyboard', () => {
  let server, browser, context, page;
  before(async () => {
    server = await start({ demo: true });
    browser = await launch();
    context = await visitor(browser, { server });
    page = await context.newPage();
    await signIn(page, 'agent');
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  for (const path of ['/', '/check', '/catalogue', '/datasets', '/account', '/schemas', '/verify']) {
    it(`${path}: skip link first, focus always visible, order of the page`, async () => {
      const stops = await walk(page, path);
      assert.ok(stops.length > 3, `${stops.length} stops`);
      assert.match(stops[0].name, /^a .*(contenu|content).*#/i, 'the first stop is the skip link');
      const dim = stops.filter(({ visible }) => !visible).map(({ name }) => name);
      assert.deepEqual(dim, [], 'every stop shows its focus');
      const out = stops.filter(({ inside }) => !inside).map(({ name }) => name);
      assert.deepEqual(out, [], 'every stop is inside the window');
      assert.equal(await page.locator('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').count(), 0, 'no tabindex changes the order');
    });
  }

  it('the skip link leads to the content', async () => {
    await page.goto('/catalogue');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)), 'the next stop is in main');
  });

  it('the account menu opens, is walked, closes, and gives the focus back', async () => {
    await page.goto('/');
    const menu = page.getByRole('banner').locator('summary, button[aria-expanded]').last();
    const leave = page.getByRole('banner').getByRole('button', { name: /déconnect/i });
    await menu.focus();
    await page.keyboard.press('Enter');
    await leave.waitFor({ state: 'visible' });
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('header').contains(document.activeElement)), 'the first stop is in the menu');
    await page.keyboard.press('Escape');
    await leave.waitFor({ state: 'hidden' });
    assert.ok(await menu.evaluate(node => node === document.activeElement), 'the focus is back on the menu');
  });

  it('signing in needs no mouse', async () => {
    const other = await visitor(browser, { server });
    const form = await other.newPage();
    await form.goto('/sign-in');
    await form.locator('[name="email"]').focus();
    await form.keyboard.type('agent@demo.example');
    await form.keyboard.press('Tab');
    await form.locator('[name="password"]').focus();
    await form.keyboard.type('demonstration-2026');
    await form.keyboard.press('Enter');
    await form.waitForURL(url => url.pathname !== '/sign-in');
    await other.close();
  });
});
