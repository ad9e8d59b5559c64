// Filters from the heads of columns, and the whole window for the grid: by keyboard, by mouse, in the address.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layout, violations } from './lib/axe.mjs';
import { gridOf } from './lib/grid.mjs';

/** 400 places in four towns, of which one has no name in ten. */
const places = {
  name: 'lieux.csv', mimeType: 'text/csv',
  buffer: Buffer.from(['nom;ville;prix', ...Array.from({ length: 400 }, (_, i) => `lieu ${i + 1};${i % 10 === 9 ? '' : ['Dijon', 'Beaune', 'Évreux', 'Lyon'][i % 4]};${i},5`), ''].join('\n')),
};

describe('the heads of the grid', () => {
  const { open } = gridOf(places);

  const sum = page => page.locator('#grid-sum').innerText();
  const drawn = page => page.locator('.p-spread__text').first().waitFor();

  it('filters by values with their counts, by keyboard, and says so in chips and in the address', async t => {
    const { page, found } = await open(t);
    await page.locator('.p-spread [row-index="0"] [col-id="ville"]').click();
    await page.keyboard.press('Alt+ArrowDown');
    const dialog = page.getByRole('dialog', { name: 'Filtrer « ville »' });
    await dialog.getByText('Dijon (100)').waitFor();
    assert.deepEqual([...await violations(page), ...await layout(page)], []);
    await dialog.getByLabel('Chercher une valeur').fill('ev');
    await dialog.getByRole('checkbox', { name: /Évreux/ }).check();
    await dialog.getByLabel('Chercher une valeur').fill('dij');
    await dialog.getByRole('checkbox', { name: /Dijon/ }).check();
    await dialog.getByRole('button', { name: 'Garder les valeurs cochées' }).click();
    await page.waitForURL(/filter=ville/);
    await drawn(page);
    assert.match(await sum(page), /^200 lignes/);
    await page.locator('[role=columnheader][col-id=ville]').getByText('filtrée').waitFor({ state: 'attached' });
    await page.locator('[role=columnheader][col-id=prix] button').click();
    await page.getByLabel('De', { exact: true }).fill('100,5');
    await page.getByLabel('À', { exact: true }).fill('200');
    await page.locator('[data-filter=bounds]').click();
    await page.waitForURL(/prix/);
    await drawn(page);
    assert.match(await sum(page), /^50 lignes/);
    assert.equal(await page.locator('.p-grid__filters li').count(), 3);
    await page.locator('.p-grid__filters a').first().click();
    await drawn(page);
    assert.match(await sum(page), /^100 lignes/);
    assert.deepEqual(found, []);
  });

  it('filters what is empty, and takes its filter back', async t => {
    const { page } = await open(t, '?filter=ville:eq:Lyon');
    await page.locator('[role=columnheader][col-id=ville] button').click();
    await page.getByLabel('Comparaison').last().selectOption('empty');
    await page.locator('[data-filter=one]').click();
    await page.waitForURL(/ville%3Aempty/);
    await drawn(page);
    assert.match(await sum(page), /^40 lignes/);
    await page.locator('[role=columnheader][col-id=ville] button').click();
    await page.getByRole('button', { name: 'Retirer le filtre' }).click();
    await page.waitForURL(url => !url.search.includes('filter'));
    await drawn(page);
    assert.equal(await sum(page), '400 lignes');
  });

  it('takes the whole window by a key, stays so, and leaves by Escape but not while one writes', async t => {
    const { page } = await open(t);
    const nom = page.locator('.p-spread [row-index="0"] [col-id="nom"]');
    await nom.click();
    await page.keyboard.press('Control+F1');
    await page.locator('.p-grid--full').waitFor();
    assert.equal(await page.getByRole('heading', { level: 1 }).isVisible(), false);
    assert.ok((await page.locator('.p-spread__rows').boundingBox()).height > 650, 'the rows have the window');
    assert.deepEqual([...await violations(page), ...await layout(page)], []);
    await page.reload();
    await page.locator('.p-grid--full .p-spread__text').first().waitFor();
    await nom.click();
    await page.keyboard.press('F2');
    await page.keyboard.press('Escape');
    assert.ok(await page.locator('.p-grid--full').isVisible(), 'Escape leaves the cell first');
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.reload();
    await drawn(page);
    assert.equal(await page.locator('.p-grid--full').count(), 0);
  });
});
