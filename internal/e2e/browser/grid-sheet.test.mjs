// The grid as a spreadsheet: by keyboard alone, in the order and with the filters of the page, where there is room; a table elsewhere.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { layout, violations } from './lib/axe.mjs';
import { visitor } from './lib/browser.mjs';
import { gridOf } from './lib/grid.mjs';
import { signIn } from './lib/signin.mjs';
import { main } from './lib/steps.mjs';

/** 1,200 places; the third and the last but one have no price. */
const places = {
  name: 'lieux.csv', mimeType: 'text/csv',
  buffer: Buffer.from(['code;nom;date;prix', ...Array.from({ length: 1200 }, (_, i) =>
    `${String(i + 1).padStart(5, '0')};Lieu ${i + 1};2026-01-${String(i % 28 + 1).padStart(2, '0')};${i === 2 || i === 1198 ? '#N/A' : `${i},5`}`), ''].join('\n')),
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
  const house = gridOf(places), { open } = house;
  let shared; // a dataset that is published
  before(async () => {
    const context = await visitor(house.browser, { server: house.server });
    const page = await context.newPage();
    await signIn(page, 'agent');
    await page.goto('/datasets');
    shared = new URL(await main(page).getByRole('link', { name: /^Espaces France services/ }).first().evaluate(link => link.href)).pathname;
    await context.close();
  });

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
    const rows = await page.request.get(`${house.home}/grid/rows?start=0&end=1&sort=-nom&filter=nom:contains:12`);
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
    await page.keyboard.press('Shift+F8');
    await at(page, 'prix', 2);
    await page.keyboard.press('F8');
    await at(page, 'prix', 1198);
    await page.waitForURL(/place=1198/);
    await page.reload();
    await cell(page, 1198, 'prix').waitFor();
  });

  it('shows only the rows where something was found, in the order one chose, and all again, by key and without a script', async t => {
    const { page, found } = await open(t, '?sort=-code');
    await cell(page, 0, 'prix').click();
    await page.keyboard.press('Control+F8');
    await page.waitForURL(/found=warning/);
    await cell(page, 1, 'code').getByText('00003').waitFor();
    assert.equal(await page.locator('#grid-sum').innerText(), '2 lignes avec anomalie sur 1\u202f200');
    await at(page, 'prix', 0);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+F8');
    await page.waitForURL(url => !url.search.includes('found'));
    await at(page, 'prix', 1197); // the row one was on
    await page.goto(`${house.home}/grid?found=error`);
    await main(page).getByText('Aucune ligne en erreur').waitFor();
    assert.deepEqual([...await violations(page), ...await layout(page)], []);
    await page.keyboard.press('Control+F8');
    await cell(page, 0, 'code').waitFor();
    assert.deepEqual(found, []);
    const plain = (await open(t, '', { javaScript: false })).page;
    await main(plain).getByRole('link', { name: 'Lignes avec anomalie' }).click();
    assert.equal(await plain.locator('#grid tbody tr').count(), 2);
  });

  it('freezes columns, and gives the table back', async t => {
    const { page } = await open(t);
    await cell(page, 0, 'nom').click();
    await main(page).getByRole('button', { name: 'Figer jusqu’ici' }).click();
    await page.waitForURL(/freeze=nom/);
    assert.equal(await page.locator('.ag-grid-pinned-left-cells [role=gridcell][col-id=nom]').count() > 0, true);
    await main(page).getByRole('link', { name: 'Revenir au tableau simple' }).click();
    await page.waitForURL(/view=table/);
    assert.equal(await page.locator('#grid').isVisible(), true);
    await main(page).getByRole('link', { name: 'Ouvrir en tableur' }).click();
    await cell(page, 0, 'nom').waitFor();
  });

  const saved = page => page.locator('[data-saved]').getByText('Enregistré', { exact: true }).waitFor();
  const text = (page, row, column) => cell(page, row, column).locator('.p-spread__text').textContent();
  /** What the server has, whatever the page shows. */
  const stored = async (page, row, column) => (await (await page.request.get(`${house.home}/grid/rows?start=${row}&end=${row + 1}`)).json()).rows[0].cells[column];

  it('is written by keyboard, undone and done again', async t => {
    const { page, found } = await open(t);
    await cell(page, 10, 'nom').click();
    await page.keyboard.type('Mairie');
    await page.keyboard.press('Enter');
    await at(page, 'nom', 11); // as in a spreadsheet
    await saved(page);
    assert.equal(await stored(page, 10, 1), 'Mairie');
    await cell(page, 10, 'prix').click();
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('1 234,50');
    await page.keyboard.press('Enter');
    await cell(page, 10, 'prix').getByText('1\u202f234,50').waitFor();
    await saved(page);
    assert.equal(await stored(page, 10, 3), '1234.50');
    await cell(page, 10, 'prix').click();
    await page.keyboard.press('Enter');
    await page.keyboard.type('9');
    await page.keyboard.press('Escape');
    assert.equal(await text(page, 10, 'prix'), '1\u202f234,50', 'Escape leaves the cell as it was');
    await page.keyboard.press('Delete');
    await page.waitForFunction(() => document.querySelector('.p-spread [row-index="10"] [col-id="prix"] .p-spread__text')?.textContent === '');
    await saved(page);
    await page.keyboard.press('Control+z');
    await cell(page, 10, 'prix').getByText('1\u202f234,50').waitFor();
    await saved(page);
    assert.equal(await stored(page, 10, 3), '1234.50');
    await page.keyboard.press('Control+y');
    await saved(page);
    await page.waitForFunction(() => document.querySelector('.p-spread [row-index="10"] [col-id="prix"] .p-spread__text')?.textContent === '');
    assert.equal(await page.locator('[data-rebased]').isVisible(), false, 'no other version came: the log only began');
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual([...await violations(page), ...await layout(page)], [], colorScheme);
    }
    assert.deepEqual(found, []);
  });

  it('takes what a spreadsheet copied, zeros and lines in a cell too, and gives it back', async t => {
    const { page } = await open(t, '?place=20');
    await cell(page, 20, 'code').click();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', '00007\t"Maison\ndes services"\t31/12/2026\t1 234,5\r\n00008\tÉcole\t2026-02-01\t0,5\r\n');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await cell(page, 21, 'nom').getByText('École').waitFor();
    await saved(page);
    assert.equal(await stored(page, 20, 0), '00007');
    assert.equal(await stored(page, 20, 1), 'Maison\ndes services');
    assert.equal(await stored(page, 20, 2), '2026-12-31');
    assert.equal(await stored(page, 20, 3), '1234.5');
    assert.equal(await stored(page, 21, 3), '0.5');
    assert.equal(await page.locator('[role=gridcell][aria-selected=true]').count(), 8, 'what was pasted is selected');
    const copied = await page.evaluate(() => {
      const data = new DataTransfer();
      document.activeElement.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
      return [data.getData('text/plain'), data.getData('text/html')];
    });
    assert.match(copied[1], /sdnum="1033;0;@">00007<\/td>.*<td sdval="1234.5"/, 'a spreadsheet keeps the zeros');
    assert.equal(copied[0], '00007\t"Maison\ndes services"\t31/12/2026\t1234,5\r\n00008\tÉcole\t01/02/2026\t0,5');
    await cell(page, 22, 'nom').click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Control+d');
    await saved(page);
    assert.equal(await stored(page, 24, 1), 'Lieu 23');
    assert.equal(await stored(page, 25, 1), 'Lieu 26');
  });

  it('keeps what is written while there is no network, through a reload, and sends it once', async t => {
    const { page } = await open(t, '?place=40');
    await cell(page, 40, 'nom').click();
    await page.route('**/grid/edits', route => route.abort());
    await page.keyboard.type('Hors ligne');
    await page.keyboard.press('Enter');
    await main(page).getByText('1 modification attend le réseau').waitFor();
    await page.reload();
    await cell(page, 40, 'nom').getByText('Hors ligne').waitFor();
    assert.equal(await stored(page, 40, 1), 'Lieu 41');
    await page.unroute('**/grid/edits');
    let lost = 0;
    await page.route('**/grid/edits', async route => { // the server has it, the answer is lost on its way
      if (lost++ > 0) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await saved(page);
    assert.equal(await stored(page, 40, 1), 'Hors ligne');
    const { ops } = await (await page.request.get(`${house.home}/grid/ops?after=0`)).json();
    assert.equal(ops.filter(op => (op.changes ?? []).some(change => change.value === 'Hors ligne')).length, 1);
  });

  it('is written by two people, who see each other and choose where they meet', async t => {
    const [{ page: ada }, { page: eve }] = [await open(t, '?place=50'), await open(t, '?place=50', { person: 'steward' })];
    await cell(ada, 50, 'nom').click();
    await cell(eve, 50, 'prix').click();
    await ada.locator('[data-here]').getByText(/«\sprix\s», ligne 52/).waitFor();
    await ada.keyboard.type('Ada');
    await ada.keyboard.press('Enter');
    await cell(eve, 50, 'nom').getByText('Ada').waitFor();
    // The same cell, at once: what Eve saw is not there any more.
    await eve.route('**/grid/events', route => route.abort());
    await eve.route('**/grid/ops*', route => route.abort());
    await eve.reload();
    await cell(eve, 51, 'nom').getByText('Lieu 52').waitFor();
    await cell(ada, 51, 'nom').click();
    await ada.keyboard.type('Première');
    await ada.keyboard.press('Enter');
    await saved(ada);
    await cell(eve, 51, 'nom').click();
    await eve.keyboard.type('Seconde');
    await eve.keyboard.press('Enter');
    const refused = eve.locator('[data-refused]');
    await refused.getByText(/Vous vouliez «\sSeconde\s»\s; .* a écrit «\sPremière\s»/).waitFor();
    assert.equal(await stored(eve, 51, 1), 'Première', 'nothing is overwritten');
    assert.deepEqual(await violations(eve), []);
    await refused.getByRole('button', { name: /^Écrire «\sSeconde\s»/ }).click();
    await saved(eve);
    assert.equal(await stored(eve, 51, 1), 'Seconde');
    assert.equal(await refused.isVisible(), false);
    await cell(ada, 51, 'nom').getByText('Seconde').waitFor();
  });

  it('adds a row and takes one away', async t => {
    const { page } = await open(t);
    await cell(page, 0, 'nom').waitFor();
    await main(page).getByRole('button', { name: 'Ajouter une ligne' }).click();
    await at(page, 'code', 1200);
    await page.keyboard.type('09999');
    await page.keyboard.press('Enter');
    await saved(page);
    assert.equal(await stored(page, 1200, 0), '09999');
    await cell(page, 1200, 'code').click();
    await main(page).getByRole('button', { name: 'Retirer la ligne' }).click();
    await saved(page);
    await page.waitForFunction(() => document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') === '1201');
  });

  it('lets who may not change it propose, and says so', async t => {
    const { page } = await open(t, '', { person: 'facilitator', dataset: shared });
    await main(page).getByText('Vous pouvez proposer des changements').waitFor();
    const first = page.locator('.p-spread [row-index="0"] [role=gridcell]').first();
    await first.click();
    await page.keyboard.type('Proposé');
    await page.keyboard.press('Enter');
    await main(page).getByText('1 changement à proposer.').waitFor();
    await page.reload();
    await main(page).getByText('1 changement à proposer.').waitFor();
    await main(page).getByRole('button', { name: 'Proposer ces changements' }).click();
    await page.getByLabel(/^Pourquoi ces changements/).fill('Le nom a changé.');
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Envoyer la proposition' }).click();
    await main(page).getByText('Proposition envoyée. Merci.').waitFor();
    await page.goto(`${shared}/grid/proposals`);
    assert.match(await main(page).innerText(), /Le nom a changé/);
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
