// A badge somebody shows: dropped, chosen or pasted, with JavaScript and without, by keyboard alone, in both languages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { start } from './lib/server.mjs';
import { main } from './lib/steps.mjs';
import { faults, listed } from './lib/walk.mjs';

const file = name => new URL(`../testdata/files/badges/${name}`, import.meta.url).pathname;
const text = name => readFileSync(file(name), 'utf8');

describe('a badge somebody shows', () => {
  let server, browser;
  before(async () => {
    server = await start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** A visitor on the page, and what the browser complained of. */
  async function arrive(t, options = {}) {
    const context = await visitor(browser, { server, ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    const said = complaints(page);
    await page.goto('/verify');
    return { page, said };
  }
  const send = page => Promise.all([
    page.waitForResponse(answer => answer.request().method() === 'POST'),
    main(page).locator('form button[type=submit]').click(),
  ]);
  const verdict = page => main(page).locator('.c-notice').first();

  for (const javaScript of [true, false]) {
    it(`a picture, ${javaScript ? 'with' : 'without'} JavaScript`, async t => {
      const { page, said } = await arrive(t, { javaScript });
      for (const name of ['valid.png', 'valid.svg']) {
        await main(page).locator('input[type=file]').setInputFiles(file(name));
        await send(page);
        await verdict(page).filter({ hasText: /Valide/ }).waitFor();
        assert.match(await main(page).innerText(), /Premiers pas avec un fichier/);
        assert.match(await main(page).innerText(), /rien ne prouve le nom/);
      }
      await main(page).locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('a;b\n1;2\n') });
      await send(page);
      await main(page).getByText(/n’est pas un badge/).first().waitFor();
      const ours = said.filter(line => !/422/.test(line)); // the browser tells of the refusal we asked for
      assert.deepEqual(ours, []);
    });
  }

  it('what is found is accessible, light and dark, wide and narrow, in both languages', async t => {
    for (const [locale, word] of [['fr-FR', /Expiré/], ['en-GB', /Expired/]]) {
      const { page } = await arrive(t, { locale });
      await main(page).locator('textarea').fill(text('over.json'));
      await send(page);
      await verdict(page).filter({ hasText: word }).waitFor();
      const found = await faults(page);
      assert.equal(found.length, 0, listed(found));
      await page.locator('textarea').fill(text('listed.json'));
      await send(page);
      await verdict(page).filter({ hasText: /inconnu|Unknown/ }).waitFor();
      const more = await faults(page);
      assert.equal(more.length, 0, listed(more));
    }
  });

  it('by keyboard alone', async t => {
    const { page } = await arrive(t);
    await main(page).locator('input[type=file]').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.insertText(text('valid.jwt'));
    await page.keyboard.press('Tab');
    await page.keyboard.type('ada@valmoret.example');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await verdict(page).filter({ hasText: /Valide/ }).waitFor();
    assert.match(await main(page).innerText(), /bien le badge de cette adresse/);
  });
});
