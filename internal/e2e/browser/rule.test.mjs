// An organisation's own rule: written by keyboard beside a schema, tried, found in the next check, taken away and back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { engines, start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { check, main, press } from './lib/steps.mjs';

const file = {
  name: 'aides.csv', mimeType: 'text/csv',
  buffer: Buffer.from('nomAttribuant,idAttribuant,dateConvention,nomBeneficiaire,objet,montant,nature,conditionsVersement,datesPeriodeVersement,notificationUE,pourcentageSubvention\n'
    + 'Valmoret,22800001400016,2026-03-12,AGORA,Fonctionnement,40000.50,aide en numéraire,unique,2026-01-01_2026-12-31,non,1\n'
    + 'Valmoret,22800001400016,2026-03-13,AGORA,Festival,400.00,aide en numéraire,unique,2026-03-13,non,1\n'),
};

for (const engine of engines()) describe(`a rule of the organisation on ${engine}`, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });

  for (const javaScript of [true, false]) {
    it(`is written, tried and asked, ${javaScript ? 'with' : 'without'} JavaScript`, async t => {
      const server = await start({ demo: true, engine });
      t.after(() => server.stop());
      const context = await visitor(browser, { server, javaScript });
      t.after(() => context.close());
      const page = await context.newPage();
      const found = complaints(page);
      const clean = async () => { // axe-core itself is JavaScript
        if (javaScript) assert.deepEqual(await violations(page), [], `axe-core on ${page.url()}`);
      };
      await signIn(page, 'steward');
      await page.goto('/schemas/scdl/subventions');
      await main(page).getByRole('link', { name: 'Règles de l’organisation' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/rules\/schema/);
      await clean();
      await main(page).getByRole('link', { name: 'Nouvelle règle' }).focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/new$/);

      // A wrong name is told beside its field; what was written stays.
      await main(page).getByLabel('Formule', { exact: true }).fill('[montants]>=500');
      await main(page).getByLabel(/^Ce qui ne va pas/).fill('une aide de moins de 500 € est un bon d’achat');
      await main(page).getByLabel(/^Comment corriger/).fill('Demandez au service des aides.');
      await main(page).getByLabel(/^Cellule à montrer/).selectOption('montant');
      await main(page).getByRole('button', { name: /^enregistrer/i }).focus();
      await page.keyboard.press('Enter');
      await page.locator('.c-errors').waitFor();
      assert.match(await main(page).innerText(), /Vouliez-vous dire «\smontant\s»/);
      await clean();
      await main(page).getByLabel('Formule', { exact: true }).fill('[montant]>=500');
      await press(page, /^essayer/i);
      assert.match(await main(page).innerText(), /Choisissez un jeu de données pour essayer/);
      await main(page).getByLabel(/^Essayer sur/).selectOption({ index: 1 }); // of no column called so
      await press(page, /^essayer/i);
      assert.match(await page.locator('#trial-result').innerText(), /La colonne «\smontant\s» manque/);
      await clean();
      await press(page, /^enregistrer/i);
      await page.waitForURL(/\/rules\/schema[^/]*$/);
      assert.match(await main(page).innerText(), /\[montant\]>=500/);
      await clean();

      // The next check asks it, for this organisation only.
      await check(page, file);
      await main(page).locator('select[name="schema"]').selectOption('scdl/subventions');
      await press(page, /^changer de schéma/i);
      await page.locator('#verdict').waitFor();
      const said = await main(page).innerText();
      assert.match(said, /1 règle de l’organisation a aussi été vérifiée/);
      assert.match(said, /une aide de moins de 500 € est un bon d’achat/);
      assert.match(said, /Demandez au service des aides/);
      await clean();
      const stranger = await visitor(browser, { server, javaScript });
      t.after(() => stranger.close());
      const other = await stranger.newPage();
      await check(other, file);
      await main(other).locator('select[name="schema"]').selectOption('scdl/subventions');
      await press(other, /^changer de schéma/i);
      await other.locator('#verdict').waitFor();
      assert.doesNotMatch(await main(other).innerText(), /moins de 500/);

      // Taken away, and back.
      await page.goto('/rules');
      await clean();
      await main(page).locator('.c-card a').first().click();
      await press(page, /^supprimer/i);
      await page.waitForLoadState();
      assert.match(await main(page).innerText(), /Aucune règle ici/);
      await page.getByRole('button', { name: /^annuler/i }).first().click();
      await page.waitForLoadState();
      assert.match(await main(page).innerText(), /\[montant\]>=500/);
      await main(page).getByRole('link', { name: /^Modifier/ }).click();
      await page.waitForURL(/\/edit\//);
      assert.equal(await main(page).getByLabel('Formule', { exact: true }).inputValue(), '[montant]>=500');
      await clean();
      assert.deepEqual(found, []);
    });
  }
});
