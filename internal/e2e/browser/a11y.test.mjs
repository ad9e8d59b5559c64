// Pages as they are after something was done: opened once, an open menu, failed forms, another language. The walk of every page
// is in the files a11y-*.test.mjs.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { launch, visitor } from './lib/browser.mjs';
import { invalid } from './lib/html.mjs';
import { start } from './lib/server.mjs';
import { people } from './lib/signin.mjs';
import { check, fill, keep, main, press, sample } from './lib/steps.mjs';
import { arrive, demonstration, faults, listed } from './lib/walk.mjs';
import { machine, oneTime, parts, routes } from './routes.mjs';

it('no page is left out', async () => {
  const golden = await readFile(new URL('../../../cmd/cultured/testdata/routes.golden', import.meta.url), 'utf8');
  const pattern = path => path.replace(/\?.*/, '').replace(/^\/missions\/M\d+/, '/missions/{}').replace(/^\/badges\/premiers-pas/, '/badges/{}').replace(/^(\/(?:resources|paths)\/items)\/[a-z-]+/, '$1/{}').replace('{schema}', '{}/{}').replace('dataset:{dataset}', '{}').replace(/\{[^}]+\}/g, '{}');
  const walked = new Set([...routes.map(({ path }) => path), ...oneTime].map(pattern));
  const pages = golden.split('\n').filter(line => line.startsWith('GET ')).map(line => line.slice(4).replace('{$}', ''));
  assert.deepEqual(pages.filter(path => !machine.test(path) && !walked.has(pattern(path))), []);
});

it('no part is left out', async () => {
  const files = (await readdir(new URL('.', import.meta.url))).filter(name => /^a11y-.*\.test\.mjs$/.test(name));
  const texts = await Promise.all(files.map(name => readFile(new URL(name, import.meta.url), 'utf8')));
  const walked = texts.map(text => text.match(/walk\('([^']+)'\)/)[1]);
  assert.deepEqual(walked.sort(), Object.keys(parts).sort());
});

describe('pages that open once', () => {
  let server, browser;
  before(async () => {
    server = await start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('the first administrator’s, an invitation, and a link to sign in', async () => {
    const context = await visitor(browser, { server });
    const page = await context.newPage();
    const walk = async address => {
      const answer = await page.goto(address);
      assert.equal(answer.status(), 200, address);
      const found = [...await invalid(await answer.text()), ...await faults(page)];
      assert.equal(found.length, 0, `${address}: ${listed(found)}`);
    };
    await walk(server.setupLink);
    await fill(page, { organisation: 'Commune d’Essai', name: 'Ada Exemple', email: 'ada@example.org', password: 'quatre mots au hasard' });
    await press(page, /./);
    await page.goto('/admin/people/new');
    await fill(page, { name: 'Bob Exemple', email: 'bob@example.org' });
    await press(page, /./);
    const link = (await page.content()).match(/https?:\/\/[^"<\s]+\/invitation\/[^"<\s]+/)?.[0];
    assert.ok(link, 'without mail, the invitation is shown to be copied');
    await context.clearCookies();
    await walk(link);
    await fill(page, { password: 'encore quatre mots choisis' });
    await press(page, /./);
    await context.close();
  });
});

describe('the demonstration', () => {
  const house = demonstration();

  describe('in English', () => {
    it('says so to a screen reader', async () => {
      const { context, page } = await arrive(house, 'anonymous', 'en-GB');
      for (const path of ['/', '/check', '/catalogue', '/sign-in']) {
        await page.goto(path);
        assert.equal(await page.locator('html').getAttribute('lang'), 'en', path);
        const found = await faults(page);
        assert.equal(found.length, 0, listed(found));
      }
      await context.close();
    });
  });

  describe('after interaction', () => {
    it('the account menu, open', async () => {
      const { context, page, said } = await arrive(house, 'agent');
      await page.goto('/');
      const menu = page.getByRole('banner').locator('summary, button[aria-expanded]').last();
      await menu.click();
      await page.getByRole('banner').getByRole('button', { name: /déconnect/i }).waitFor({ state: 'visible' });
      const found = [...await faults(page), ...said];
      assert.equal(found.length, 0, listed(found));
      await context.close();
    });

    it('the sign-in form, refused', async () => {
      const { context, page, said } = await arrive(house, 'anonymous');
      await page.goto('/sign-in');
      await page.locator('[name="email"]').fill(people.agent);
      await page.locator('[name="password"]').fill('not the password');
      await press(page, /connecter|connexion/i);
      await summaryHasFocus(page);
      const found = [...await faults(page), ...said];
      assert.equal(found.length, 0, listed(found));
      await context.close();
    });

    it('the record form, refused', async () => {
      const { context, page, said } = await arrive(house, 'agent');
      await check(page, sample);
      const dataset = await keep(page);
      await page.goto(`${dataset}/record`);
      await fill(page, { title: '' });
      // The browser's own check would stop an empty required field before the server is asked.
      await main(page).locator('form').evaluateAll(forms => forms.forEach(form => { form.noValidate = true; }));
      const answered = page.waitForResponse(response => response.request().method() === 'POST' && response.url().endsWith('/record'));
      await press(page, /enregistrer/i);
      const answer = await answered;
      assert.equal(answer.status(), 422);
      await summaryHasFocus(page);
      const found = [...await invalid(await answer.text()), ...await faults(page), ...said];
      assert.equal(found.length, 0, listed(found));
      await context.close();
    });

    it('the check of a file that is not a table', async () => {
      const { context, page, said } = await arrive(house, 'anonymous');
      await page.goto('/check');
      await main(page).locator('input[type="file"]').setInputFiles({ name: 'photo.csv', mimeType: 'text/csv', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3]) });
      await main(page).getByRole('button', { name: /vérifier/i }).click({ timeout: 3_000 }).catch(() => {});
      await page.waitForLoadState();
      await main(page).getByText(/illisible|impossible de lire|ne (peut|peuvent) pas être lu|n’est pas un tableau/i).first().waitFor();
      const found = [...await faults(page), ...said];
      assert.equal(found.length, 0, listed(found));
      await context.close();
    });
  });
});

/** After a refused form, the summary of errors has the focus and each of its links leads to a field. */
async function summaryHasFocus(page) {
  const summary = main(page).getByRole('alert').first();
  await summary.waitFor();
  assert.ok(await summary.evaluate(node => node === document.activeElement || node.contains(document.activeElement)), 'the error summary has the focus');
  for (const target of await summary.locator('a[href^="#"]').evaluateAll(links => links.map(link => link.hash.slice(1)))) {
    assert.equal(await page.locator(`[id="${target}"]`).count(), 1, `#${target} exists once`);
  }
}
