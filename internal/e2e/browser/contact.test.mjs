// A list of contacts, by keyboard: a dataset becomes one, somebody refuses, and is in none of its files; what is typed wrong stays.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { engines, start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { main } from './lib/steps.mjs';

for (const engine of engines()) describe(`contacts on ${engine}`, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });

  for (const javaScript of [true, false]) {
    it(`leave out who refused, ${javaScript ? 'with' : 'without'} JavaScript`, async t => {
      const server = await start({ demo: true, engine });
      t.after(() => server.stop());
      const context = await visitor(browser, { server, javaScript });
      t.after(() => context.close());
      const page = await context.newPage();
      const found = complaints(page);
      const clean = async () => { // axe-core itself is JavaScript
        if (javaScript) assert.deepEqual(await violations(page), [], `axe-core on ${page.url()}`);
      };
      const enter = async name => {
        await main(page).getByRole('button', { name }).first().focus();
        await page.keyboard.press('Enter');
      };
      await signIn(page, 'steward');
      await page.goto('/contacts');
      await clean();
      await main(page).locator('[name=dataset]').selectOption({ label: 'Contacts des partenaires (personnes inventées)' });
      await enter(/^continuer/i);
      await page.waitForURL(/\/contacts\/lists\//);
      const list = page.url();
      await clean();
      await enter(/^en faire une liste/i);
      await main(page).getByRole('button', { name: /^télécharger/i }).waitFor();
      await clean();
      const file = async () => {
        await page.goto(list);
        const [given] = await Promise.all([page.waitForEvent('download'), enter(/^télécharger/i)]);
        return (await readFile(await given.path(), 'utf8')).trim().split('\n');
      };
      const all = await file();
      assert.equal(all[0], 'NOM,Courriel,Tél.');
      const address = /[^,\s]+@[^,\s]+/.exec(all[1])[0];

      await page.goto('/contacts');
      await main(page).locator('[name=ways]').fill(`${address}\nMme Martin`);
      await main(page).locator('[name=how]').fill('Appel au standard');
      await enter(/^enregistrer le refus/i);
      await page.locator('.c-errors').waitFor();
      assert.match(await main(page).innerText(), /Ligne 2/);
      await clean();
      await main(page).locator('[name=ways]').fill(address.toUpperCase());
      await enter(/^enregistrer le refus/i);
      await page.getByText('Refus enregistrés').first().waitFor();
      assert.match(await main(page).innerText(), /1 adresse ou numéro est refusé/);
      await clean();
      const left = await file();
      assert.ok(left.length < all.length && !left.some(line => line.includes(address)), `${address} is still among ${left.length} of ${all.length} rows`);
      assert.deepEqual(found, []);
    });
  }
});
