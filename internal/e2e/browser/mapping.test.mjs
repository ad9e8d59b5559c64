// Files of other columns: mapped to a schema on the page, corrected, taken back, and in one click the month after. Once with
// JavaScript and once without, on each engine.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { engines, start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { check, keep, main, press } from './lib/steps.mjs';

const month = (name, m) => ({
  name, mimeType: 'text/csv',
  buffer: Buffer.from([
    'COLL_NOM;COLL_SIRET;ACTE_DATE;ATTRIB_NOM;ATTRIB_SIRET;SUB_OBJET;SUB_MONTANT;SUB_NATURE;SUB_VERSEMENT;Période de versement;NOTIF_UE;Dossier',
    `Valmoret;22800001400016;12/${m}/2026;AGORA;380 475 558 00058;Fonctionnement;40 000,50;Numéraire;unique;2026-01-01_2026-12-31;NON;A1`,
    `Valmoret;22800001400016;13/${m}/2026;AGORA;380 475 558 00058;Festival;1 000;argent;unique;2026-${m}-13;NON;A2`, '',
  ].join('\n')),
});

for (const engine of engines()) describe(`a file of other columns on ${engine}`, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });

  const clean = async page => assert.deepEqual(await violations(page), [], `axe-core on ${page.url()}`);
  const field = (page, name) => main(page).locator('fieldset').filter({ has: page.locator(`legend code:text-is("${name}")`) });

  for (const javaScript of [true, false]) {
    it(`${javaScript ? 'with' : 'without'} JavaScript`, async t => {
      const server = await start({ demo: true, engine }); // its own: what an organisation remembers must not help
      t.after(() => server.stop());
      const context = await visitor(browser, { server, javaScript });
      t.after(() => context.close());
      const page = await context.newPage();
      const found = complaints(page);
      await signIn(page, 'agent');
      await check(page, month('mars.csv', '03'));
      await main(page).locator('select[name="schema"]').selectOption('scdl/subventions');
      await press(page, /^rapprocher les colonnes/i);
      await page.waitForURL(/\/mapping\?schema=/);
      assert.match(await main(page).innerText(), /manque 1 champ obligatoire\s:\spourcentageSubvention/);
      assert.equal(await field(page, 'idAttribuant').locator('select').first().inputValue(), 'COLL_SIRET');
      assert.match(await field(page, 'montant').innerText(), /40 000,50[\s\S]*devient\s+40000\.50/);
      if (javaScript) await clean(page); // axe-core is a script

      // Correct: a value for every row, and the two spellings of the nature.
      await field(page, 'pourcentageSubvention').locator('input[name^="constant-"]').fill('1');
      await field(page, 'nature').getByLabel(/«\sargent\s» devient/).selectOption({ label: 'aide en numéraire' });
      await press(page, /voir l’effet/i);
      assert.match(await main(page).innerText(), /Rien n’est encore changé/);
      assert.match(await field(page, 'nature').innerText(), /argent[\s\S]*devient\s+aide en numéraire/);
      assert.equal(await field(page, 'pourcentageSubvention').locator('input[name^="constant-"]').inputValue(), '1');
      await main(page).getByLabel(/laisser de côté/i).check();
      await main(page).getByLabel(/retenir ces choix/i).check();
      await press(page, /^appliquer/i);
      await page.locator('#verdict').waitFor();
      assert.match(await page.locator('#verdict').innerText(), /conforme au schéma/);
      await page.getByRole('button', { name: /^annuler/i }).first().click();
      await page.waitForLoadState();
      assert.doesNotMatch(await page.locator('#verdict').innerText(), /conforme au schéma/);

      // What is remembered is listed, and has a name.
      await page.goto('/mappings');
      await main(page).locator('summary').filter({ hasText: 'Renommer ou oublier' }).click();
      await main(page).locator('input[name="name"]').fill('Logiciel des aides');
      if (javaScript) await clean(page);
      await press(page, /^renommer/i);
      await page.waitForLoadState();
      assert.match(await main(page).locator('h2').innerText(), /Logiciel des aides/);

      // The month after: one click, as a dataset.
      await check(page, month('avril.csv', '04'));
      const dataset = await keep(page);
      await page.goto(`${dataset}/schema`);
      if (javaScript) await clean(page); // axe-core is a script
      await press(page, /rapprocher de même/i);
      await page.waitForURL(/\/schema$/);
      assert.match(await main(page).innerText(), /Aucune anomalie|respecte|conforme/i);
      assert.match(await page.locator('body').innerText(), /Colonnes rapprochées\s: 11/);
      await page.goto(`${dataset}/history`);
      assert.match(await main(page).innerText(), /Version 2[\s\S]*Colonnes rapprochées d’un schéma/);
      assert.deepEqual(found, []);
    });
  }
});
