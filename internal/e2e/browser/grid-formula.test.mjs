// Formulas in the grid: tried while they are typed, written as values, by keyboard alone and without JavaScript. The handle, which fills.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layout, violations } from './lib/axe.mjs';
import { gridOf } from './lib/grid.mjs';
import { main } from './lib/steps.mjs';

/** 300 purchases; the third has no quantity. */
const purchases = {
  name: 'achats.csv', mimeType: 'text/csv',
  buffer: Buffer.from(['Article;Montant;Quantité;Total', ...Array.from({ length: 300 }, (_, i) => `article ${i + 1};${i + 1},5;${i === 2 ? '' : i % 7 + 1};0,0`), ''].join('\n')),
};

const cell = (page, row, column) => page.locator(`.p-spread [row-index="${row}"] [col-id="${column}"] .p-spread__text`);
const plain = text => text.replace(/[\u00a0\u202f]/g, ' ').trim();

describe('formulas in the grid', () => {
  const house = gridOf(purchases), { open } = house;

  it('is tried while it is typed, and written by Enter', async t => {
    const { page, found } = await open(t);
    await cell(page, 0, 'article').waitFor();
    await page.locator('.p-spread [row-index="1"] [col-id="total"]').click();
    await page.keyboard.type('=[Montant]*[Quantité]');
    const tried = page.locator('[data-formula-rows] tr').first();
    await tried.getByText('5', { exact: true }).waitFor(); // 2.5 × 2
    const rows = await page.locator('[data-formula-rows] tr').allInnerTexts();
    assert.match(plain(rows[1]), /« Quantité » est vide/, 'the row without an answer says why');
    assert.deepEqual([...await violations(page), ...await layout(page)], []);
    await page.keyboard.press('Enter');
    await cell(page, 1, 'total').getByText('5', { exact: true }).waitFor();
    await page.goto(`${house.home}/grid/history`);
    await main(page).getByText('=[Montant]*[Quantité]').waitFor();
    assert.deepEqual(found, []);
  });

  it('fills the rows selected by Ctrl + Enter, and the column from the panel; each is undone in one gesture', async t => {
    const { page } = await open(t);
    await cell(page, 0, 'article').waitFor();
    await page.locator('.p-spread [row-index="10"] [col-id="total"]').click();
    for (let i = 0; i < 2; i++) await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.type('=[Montant]*2');
    await page.keyboard.press('Control+Enter');
    for (const [row, value] of [[10, '23'], [11, '25'], [12, '27']]) await cell(page, row, 'total').getByText(value, { exact: true }).waitFor();
    assert.equal(await cell(page, 13, 'total').textContent(), '0');
    await page.locator('[data-formula-text]').fill('=ARRONDI([Montant]*[Quantité]/3;2)');
    await page.getByRole('button', { name: 'Remplir toute la colonne (300 lignes)' }).click();
    await cell(page, 0, 'total').getByText('0,5', { exact: true }).waitFor();
    await page.locator('[data-formula-said]').getByText('Lignes laissées').waitFor();
    assert.match(plain(await page.locator('[data-formula-said]').innerText()), /Lignes laissées comme elles étaient : 1\. « Quantité » est vide/);
    await page.locator('[data-do=undo]').click();
    await cell(page, 0, 'total').getByText('0', { exact: true }).waitFor();
    await cell(page, 10, 'total').getByText('23', { exact: true }).waitFor();
  });

  it('says what is wrong and how to mend it, and leaves what is pasted as it is', async t => {
    const { page } = await open(t);
    await cell(page, 0, 'article').waitFor();
    await page.locator('.p-spread [row-index="4"] [col-id="total"]').click();
    await page.getByRole('button', { name: 'Formule', exact: true }).click();
    for (const [formula, want] of [['=[Montan]*2', 'Vouliez-vous dire [Montant]'], ['=ARRONDI([Montant];2', 'n’est pas fermée'], ['=B2*2', 'écrivez [Montant]']]) {
      await page.locator('[data-formula-text]').fill(formula);
      await page.locator('[data-formula-said]').getByText(want).waitFor();
    }
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('[data-formula]').isVisible(), false);
    await page.locator('.p-spread [row-index="4"] [col-id="article"]').click();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', '=1+1\r\n@x');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await cell(page, 4, 'article').getByText('=1+1', { exact: true }).waitFor();
    const csv = await (await page.request.get(`${house.home}/grid/export?format=csv`)).text();
    assert.match(csv, /^"?'=1\+1/m, 'a file does not compute it');
  });

  it('works without JavaScript: tried, then filled', async t => {
    const { page } = await open(t, '/formula?column=total', { javaScript: false });
    await page.getByLabel(/^Formule/).fill('=SI([Montant]>100;[Montant];1)');
    await page.getByRole('button', { name: 'Essayer' }).click();
    await page.getByRole('button', { name: 'Remplir 300 lignes' }).click();
    await main(page).getByRole('row', { name: /article 1\b/ }).getByText('1', { exact: true }).first().waitFor();
    await page.getByText('L’historique garde la formule').waitFor();
  });
});

describe('the fill handle of the grid', () => {
  const { open } = gridOf(purchases);

  it('fills by the handle and by key: a copy, a series, upwards; Esc leaves all as it was, Ctrl + Z undoes each in one gesture', async t => {
    const { page, found } = await open(t, '', { scheme: 'dark' });
    await cell(page, 0, 'article').waitFor();
    assert.equal(await page.locator('.p-spread__corner').count(), 0, 'no handle before a cell is chosen');
    const total = row => page.locator(`.p-spread [row-index="${row}"] [col-id="total"]`);
    const hold = async (first, last = first) => {
      await total(first).click();
      for (let row = first; row < last; row++) await page.keyboard.press('Shift+ArrowDown');
    };
    const drag = async (from, to, key) => {
      await page.locator('.p-spread__corner').waitFor();
      const [corner, end] = [await total(from).boundingBox(), await total(to).boundingBox()];
      await page.mouse.move(corner.x + corner.width - 4, corner.y + corner.height - 4);
      await page.mouse.down();
      await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 4 });
      if (key) await page.keyboard.press(key);
      await page.mouse.up();
    };
    const holds = async values => { // row: value
      for (const [row, value] of Object.entries(values)) await cell(page, row, 'total').getByText(value, { exact: true }).waitFor();
    };
    const write = async (row, value) => {
      await total(row).click();
      await page.keyboard.type(value);
      await page.keyboard.press('Enter');
      await holds({ [row]: value });
    };
    await write(6, '7');
    await write(7, '9');
    await hold(6, 7);
    await drag(7, 9, 'Escape');
    await holds({ 8: '0', 9: '0' });
    await drag(7, 9);
    await holds({ 8: '11', 9: '13' });
    await page.keyboard.press('Control+z');
    await holds({ 7: '9', 8: '0', 9: '0' });
    await hold(7);
    await drag(7, 9);
    await holds({ 8: '9', 9: '9' });
    await page.keyboard.press('Control+z');
    await holds({ 8: '0', 9: '0' });
    await hold(6, 7);
    await drag(7, 4); // upwards: the rows above the first
    await holds({ 5: '5', 4: '3' });
    await page.keyboard.press('Control+z');
    await holds({ 4: '0', 5: '0', 6: '7' });
    await hold(6, 9);
    await page.keyboard.press('Control+Shift+D');
    await holds({ 8: '11', 9: '13' });
    assert.deepEqual([...await violations(page, { coloursOnly: true }), ...found], []);
  });
});
