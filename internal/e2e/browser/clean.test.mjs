// A messy file is cleaned on its page by keyboard alone: suggestions followed, values merged as chosen, a step written by hand,
// moved, taken back, applied; then the version before is one press away. Once with JavaScript and once without, on each engine.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { engines, start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { check, keep, main } from './lib/steps.mjs';

const workshops = {
  name: 'ateliers.csv', mimeType: 'text/csv',
  buffer: await readFile(new URL('../../dataset/testdata/ateliers_numeriques_SYNTHETIQUE.csv', import.meta.url)),
};

/** What has the focus, as it is read aloud. */
const focused = page => page.evaluate(() => {
  const node = document.activeElement;
  const label = node.labels?.[0]?.textContent ?? node.getAttribute('aria-label') ?? node.textContent;
  return `${node.tagName.toLowerCase()} ${(label ?? '').replace(/\s+/g, ' ').trim()}`;
});

/** Presses Tab until something whose words match has the focus. */
async function reach(page, words, most = 150) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    if (words.test(await focused(page))) return;
  }
  assert.fail(`${page.url()}: Tab never reaches ${words}; last: ${await focused(page)}`);
}

/** Reaches a link or a button and presses it. */
async function go(page, words) {
  await reach(page, words);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

for (const engine of engines()) describe(`a messy file on ${engine}`, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });

  for (const javaScript of [true, false]) {
    it(`is cleaned by keyboard, ${javaScript ? 'with' : 'without'} JavaScript`, async t => {
      const server = await start({ demo: true, engine });
      t.after(() => server.stop());
      const context = await visitor(browser, { server, javaScript });
      t.after(() => context.close());
      const page = await context.newPage();
      const found = complaints(page);
      const clean = async () => { // axe-core itself is JavaScript
        if (javaScript) assert.deepEqual(await violations(page), [], `axe-core on ${page.url()}`);
      };
      const steps = () => main(page).locator('.p-clean__says').allTextContents();
      await signIn(page, 'agent');
      await check(page, workshops);
      const home = await keep(page);
      await page.goto(`${home}/clean`);
      await clean();

      await go(page, /^button Ajouter.*lignes de total/);
      await go(page, /^button Ajouter.*espaces en trop/);
      await go(page, /^button Ajouter.*dates de/);
      assert.equal((await steps()).length, 3);
      assert.match(await main(page).innerText(), /29 lignes retirées/);

      await go(page, /^a Choisir les écritures/); // the method is the surest one, its values are ticked
      await clean();
      await go(page, /^button Réunir les valeurs cochées/);
      assert.match((await steps())[3], /écrire d’une seule façon/);

      await reach(page, /^summary Arranger les colonnes/);
      await page.keyboard.press('Enter');
      await go(page, /^a Renommer une colonne/);
      await go(page, /^button Ajouter cette étape/); // nothing is chosen yet
      assert.match(await main(page).getByRole('alert').or(page.locator('.c-errors')).first().innerText(), /Choisissez une colonne/);
      await reach(page, /^select Colonne à renommer/);
      await page.keyboard.type('Dur');
      await reach(page, /^input Nouveau nom/);
      await page.keyboard.type('duree');
      await go(page, /^button Ajouter cette étape/);
      assert.match((await steps())[4], /Renommer «\sDurée\s» en «\sduree\s»/);
      await go(page, /^button Monter.*étape 5/);
      assert.match((await steps())[3], /Renommer/);
      await go(page, /^button Annuler la dernière modification/);
      assert.match((await steps())[4], /Renommer/);
      await clean();

      await reach(page, /^input Garder ces étapes sous le nom/);
      await page.keyboard.type('Ateliers propres');
      await go(page, /^button Garder la recette/);
      await page.goto('/recipes');
      await go(page, /^a Ateliers propres/);
      await clean();
      assert.equal(await main(page).locator('ol > li').count(), 5);
      await page.goto(`${home}/clean`);

      await go(page, /^button Appliquer au jeu de données/);
      await page.waitForURL(url => url.pathname === home);
      await main(page).getByRole('columnheader', { name: 'duree' }).waitFor({ timeout: 30_000 });
      await page.goto(`${home}/history`);
      assert.match(await main(page).innerText(), /Recette de nettoyage appliquée/);
      await page.goto(`${home}/clean`);
      assert.deepEqual(await steps(), [], 'the steps are part of the dataset now');
      assert.deepEqual(found, []);
    });
  }

  it('is asked in SQL, sorted and given the columns of a schema, by keyboard, on a phone and in the dark', async t => {
    const server = await start({ demo: true, engine });
    t.after(() => server.stop());
    const context = await visitor(browser, { server, scheme: 'dark', size: 'phone' });
    t.after(() => context.close());
    const page = await context.newPage();
    const found = complaints(page);
    const clean = async () => assert.deepEqual(await violations(page), [], `axe-core on ${page.url()}`);
    const says = async at => (await main(page).locator('.p-clean__says').allTextContents())[at];
    await signIn(page, 'agent');
    await check(page, { name: 'aides.csv', mimeType: 'text/csv', buffer: Buffer.from('Ville;Montant;Jour\nCaen;30;2024-05-02\nAlbi;12,5;2024-01-31\nCaen;7;2024-03-01\n') });
    const home = await keep(page);
    await page.goto(`${home}/clean?add=sort#step-title`);
    await clean();
    await reach(page, /^input Ville/);
    await page.keyboard.press('Space');
    await go(page, /^button Ajouter cette étape/);
    assert.match(await says(0), /Trier les lignes selon «\sVille\s»/);
    assert.match(await main(page).locator('tbody tr').first().innerText(), /Albi/);

    await page.goto(`${home}/clean?add=number#step-title`);
    await reach(page, /^input Montant/);
    await page.keyboard.press('Space');
    await go(page, /^button Ajouter cette étape/);

    await page.goto(`${home}/clean?add=sql#step-title`);
    await clean();
    await reach(page, /^textarea Question en SQL/);
    await page.keyboard.type('SELECT Ville, sum(Montants) AS total FROM donnees GROUP BY Ville');
    await go(page, /^button Ajouter cette étape/);
    assert.match(await main(page).innerText(), /Montants/, 'what the engine says of it');
    assert.match(await page.locator('#query').inputValue(), /sum\(Montants\)/, 'what was typed stays');
    await clean();
    await page.locator('#query').fill('SELECT Ville, sum(Montant) AS total FROM donnees GROUP BY Ville');
    await reach(page, /^button Ajouter cette étape/);
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    assert.match(await says(2), /Interroger le tableau en SQL/);
    assert.match(await main(page).innerText(), /3 lignes en entrée, 2 lignes en sortie/);
    assert.match(await main(page).locator('tbody').innerText(), /Caen\s+37/);

    await page.goto(`${home}/clean?add=map#step-title`);
    await reach(page, /^select Quel schéma/);
    await page.keyboard.type('Subventions');
    await go(page, /^button Ajouter cette étape/);
    assert.match(await says(3), /colonnes du schéma/);
    await page.goto(`${home}/clean?edit=3#step-title`);
    await clean();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing to scroll sideways');
    await page.goto(`${home}/clean`);
    await go(page, /^button Appliquer au jeu de données/);
    await page.waitForURL(url => url.pathname === home);
    await main(page).getByRole('columnheader', { name: 'total' }).or(main(page).getByRole('columnheader', { name: 'montant' })).first().waitFor({ timeout: 30_000 });
    assert.deepEqual(found, []);
  });
});
