// The grid as a spreadsheet: by keyboard alone, in the order and with the filters of the page, where there is room; a table elsewhere.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { layout, violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { check, keep, main } from './lib/steps.mjs';

/** 1,200 places; the third and the last but one have no price that is one. */
const places = {
  name: 'lieux.csv', mimeType: 'text/csv',
  buffer: Buffer.from(['code;nom;date;prix', ...Array.from({ length: 1200 }, (_, i) =>
    `${String(i + 1).padStart(5, '0')};Lieu ${i + 1};2026-01-${String(i % 28 + 1).padStart(2, '0')};${i === 2 || i === 1198 ? 'gratuit' : `${i},5`}`), ''].join('\n')),
};

/** The cell with the focus: its column, the number read beside it, and what it says. */
const here = page => page.evaluate(() => {
  const cell = document.activeElement?.closest('[role=gridcell], [role=rowheader], [role=columnheader]');
  return cell ? { column: cell.getAttribute('col-id'), row: Number(cell.closest('[role=row]')?.getAttribute('row-index') ?? -1), text: cell.textContent.replace(/\s+/g, ' ').trim() } : null;
});

const at = (page, column, row) => page.waitForFunction(([c, r]) => {
  const cell = document.activeElement?.closest('[role=gridcell]');
  return cell?.getAttribute('col-id') === c && Number(cell.closest('[role=row]')?.getAttribute('row-index')) === r;
}, [column, row]);

const cell = (page, row, column) => page.locator(`.p-spread [row-index="${row}"] [col-id="${column}"]`);

describe('the grid as a spreadsheet', () => {
  let browser, server, home;
  before(async () => {
    browser = await launch();
    server = await start({ demo: true });
    const context = await visitor(browser, { server });
    const page = await context.newPage();
    await signIn(page, 'agent');
    await check(page, places);
    home = await keep(page);
    await context.close();
  });
  after(async () => { await browser?.close(); await server?.stop(); });

  /** Opens the grid of the places for somebody. */
  async function open(t, query = '', options = {}) {
    const context = await visitor(browser, { server, ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    const found = complaints(page);
    await signIn(page, 'agent');
    await page.goto(`${home}/grid${query}`);
    return { page, found };
  }

  it('opens where there is room, keeps the content policy and passes axe-core in light and dark', async t => {
    const { page, found } = await open(t);
    await cell(page, 0, 'nom').waitFor();
    assert.equal(await cell(page, 0, 'code').locator('.p-spread__text').textContent(), '00001', 'zeros stay');
    assert.equal(await cell(page, 0, 'date').locator('.p-spread__text').textContent(), '01/01/2026');
    assert.equal(await page.locator('[data-plain]').isVisible(), false);
    assert.equal(await page.locator('[role=grid]').getAttribute('aria-rowcount'), '1201');
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual([...await violations(page), ...await layout(page)], [], colorScheme);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    assert.deepEqual(await layout(page), []);
    assert.deepEqual(found, []);
  });

  it('is left by Tab, both ways, and walked by arrows, ends and corners', async t => {
    const { page } = await open(t);
    await cell(page, 0, 'code').click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await at(page, 'nom', 1);
    await page.keyboard.press('End');
    await at(page, 'prix', 1);
    await page.keyboard.press('Home');
    await at(page, 'code', 1);
    await page.keyboard.press('Control+End');
    await at(page, 'prix', 1199);
    await cell(page, 1199, 'nom').getByText('Lieu 1200').waitFor();
    await page.keyboard.press('Control+Home');
    await at(page, 'code', 0);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.closest('.p-spread__rows')), null, 'Tab leaves the grid');
    await page.keyboard.press('Shift+Tab');
    assert.notEqual(await page.evaluate(() => document.activeElement?.closest('.p-spread__rows')), null, 'Shift+Tab comes back to it');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.closest('.p-spread__rows')), null, 'and leaves it before');
  });

  it('sorts by keyboard as the address says, and keeps the order in it', async t => {
    const { page } = await open(t, '?filter=nom:contains:12');
    await cell(page, 0, 'nom').click();
    await page.keyboard.press('ArrowUp');
    assert.equal((await here(page)).column, 'nom');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await cell(page, 0, 'nom').getByText('Lieu 912').waitFor();
    assert.match(page.url(), /sort=-nom/);
    assert.match(page.url(), /filter=nom/);
    await page.reload();
    await cell(page, 0, 'nom').getByText('Lieu 912').waitFor();
    assert.equal(await page.locator('[role=columnheader][col-id=nom]').getAttribute('aria-sort'), 'descending');
    const rows = await page.request.get(`${home}/grid/rows?start=0&end=1&sort=-nom&filter=nom:contains:12`);
    assert.equal((await rows.json()).rows[0].cells[1], 'Lieu 912');
  });

  it('leads to what was found, says it in words, and remembers where one was', async t => {
    const { page } = await open(t);
    await cell(page, 0, 'code').click();
    await page.keyboard.press('F8');
    await at(page, 'prix', 2);
    await page.waitForFunction(() => document.querySelector('[data-why]:not([hidden])'));
    const why = (await page.locator('[data-why]').innerText()).trim();
    assert.ok(why.length > 5, why);
    assert.ok((await here(page)).text.includes(why), 'the cell says it too');
    await page.keyboard.press('F8');
    await at(page, 'prix', 1198);
    await page.keyboard.press('F8');
    await page.getByText('Il n’y a pas d’autre anomalie').waitFor();
    await page.waitForURL(/place=1198/);
    await page.reload();
    await cell(page, 1198, 'prix').waitFor();
  });

  it('freezes columns, and gives the table back', async t => {
    const { page } = await open(t);
    await cell(page, 0, 'nom').click();
    await main(page).getByRole('button', { name: 'Figer jusqu’à cette colonne' }).click();
    await page.waitForURL(/freeze=nom/);
    assert.equal(await page.locator('.ag-grid-pinned-left-cells [role=gridcell][col-id=nom]').count() > 0, true);
    await main(page).getByRole('link', { name: 'Revenir au tableau simple' }).click();
    await page.waitForURL(/view=table/);
    assert.equal(await page.locator('#grid').isVisible(), true);
    await main(page).getByRole('link', { name: 'Ouvrir en tableur' }).click();
    await cell(page, 0, 'nom').waitFor();
  });

  it('stays a table on a telephone, until one asks', async t => {
    const { page } = await open(t, '', { size: 'phone' });
    assert.equal(await page.locator('#grid').isVisible(), true);
    assert.equal(await page.locator('.p-spread').count(), 0);
    const asked = [];
    page.on('request', request => asked.push(request.url()));
    await page.reload();
    assert.equal(asked.some(url => url.includes('ag-grid')), false, 'the library is not even asked for');
    await main(page).getByRole('link', { name: 'Ouvrir en tableur' }).click();
    await cell(page, 0, 'code').waitFor();
  });
});
