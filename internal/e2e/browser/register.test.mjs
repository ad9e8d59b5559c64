// The register of processing activities: a form asks for personal data, is to be entered, is entered by keyboard, changes, and the entry says so;
// deleted and back; on paper and as files.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { engines, start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { main, press } from './lib/steps.mjs';

/** Follows a link by keyboard. */
async function follow(page, name, to) {
  await main(page).getByRole('link', { name }).first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(to);
}

/** Opens a page until it says something: rooms hear of each other within a second, longer on a busy machine. */
async function told(page, path, words) {
  for (let i = 0; i < 60; i++) {
    await page.goto(path);
    if (words.test(await main(page).innerText())) return;
    await page.waitForTimeout(250);
  }
  assert.match(await main(page).innerText(), words);
}

for (const engine of engines()) describe(`the register on ${engine}`, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });

  for (const javaScript of [true, false]) {
    it(`takes a form in and says what changes, ${javaScript ? 'with' : 'without'} JavaScript`, async t => {
      const server = await start({ demo: true, engine });
      t.after(() => server.stop());
      const context = await visitor(browser, { server, javaScript });
      t.after(() => context.close());
      const page = await context.newPage();
      const found = complaints(page);
      const clean = async () => { // axe-core itself is JavaScript
        if (javaScript) assert.deepEqual(await violations(page), [], `axe-core on ${page.url()}`);
      };
      const question = async (label, purpose, months) => {
        await main(page).locator('[name=label]').fill(label);
        await main(page).locator('[name=purpose]').fill(purpose);
        await main(page).locator('[name=retention]').fill(months);
        await press(page, /^enregistrer/i);
        await main(page).locator('.p-block__label', { hasText: label }).waitFor();
      };
      const publish = async () => {
        await page.goto(form);
        await press(page, /^publier/i);
        await page.getByText('Le formulaire est publié').first().waitFor();
      };
      let form = '';
      await signIn(page, 'steward');

      // A form that asks for an address, published.
      await page.goto('/forms/new');
      await main(page).locator('[name=title]').fill('Lettre aux habitants');
      await press(page, /^créer le formulaire/i);
      await main(page).getByRole('button', { name: /^ajouter/i }).waitFor();
      form = page.url();
      await page.goto(`${form}/blocks/new?kind=email`);
      await question('Votre adresse électronique', 'Envoyer la lettre', '36');
      await publish();

      // It is to be entered, and fills its entry.
      await told(page, '/register', /Lettre aux habitants/);
      await clean();
      await follow(page, /Inscrire.*Lettre aux habitants/, /\/register\/new/);
      await clean();
      assert.equal(await main(page).getByLabel(/^Finalités/).inputValue(), 'Envoyer la lettre');
      assert.match(await main(page).getByLabel(/^Durées de conservation/).inputValue(), /36\smois/);
      await main(page).getByLabel(/^Transferts hors/).fill('Outil d’envoi, États-Unis');
      await press(page, /^enregistrer/i);
      await page.locator('.c-errors').waitFor();
      await clean();
      await main(page).getByLabel(/^Garantie du transfert/).selectOption('clauses');
      await main(page).getByLabel(/^Base légale/).selectOption('consent');
      await main(page).getByLabel(/^Catégories de personnes/).fill('Abonnés');
      await press(page, /^enregistrer/i);
      await page.waitForURL(/\/register\/entries\/[^/]+$/);
      const entry = page.url();
      await clean();
      const text = await main(page).innerText();
      assert.match(text, /Clauses contractuelles types/);
      assert.match(text, /Destinataires/); // what is missing

      // The form asks one more thing: the entry says so until it is saved again.
      await page.goto(`${form}/blocks/new?kind=phone`);
      await question('Votre téléphone', 'Rappeler', '12');
      await publish();
      await told(page, entry, /Nouveau champ\s: Votre téléphone/);
      await clean();
      await follow(page, 'Mettre la fiche à jour', /\/edit$/);
      await clean();
      await press(page, /^enregistrer/i);
      await page.waitForURL(entry);
      assert.doesNotMatch(await main(page).innerText(), /Nouveau champ/);

      // Deleted, and back by the way the sentence offers.
      await press(page, /^supprimer la fiche/i);
      await page.waitForURL(/\/register$/);
      await clean();
      await page.getByRole('button', { name: /^annuler/i }).first().focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(entry);
      await page.goto('/register/print');
      assert.match(await main(page).innerText(), /Abonnés/);
      await clean();
      await page.goto('/register');
      const [file] = await Promise.all([page.waitForEvent('download'), main(page).getByRole('link', { name: /^ODS/ }).click()]);
      assert.equal(file.suggestedFilename(), 'registre-rgpd.ods');
      assert.deepEqual(found, []);
    });
  }
});
