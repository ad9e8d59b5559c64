// Every page × every role × light and dark × desktop and 320 px: valid HTML, no axe-core violation, one h1, no sideways
// scrolling, nothing the browser complains of. Then the same after interaction: an open menu, failed forms.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { layout, violations } from './lib/axe.mjs';
import { complaints, launch, sizes, visitor } from './lib/browser.mjs';
import { invalid } from './lib/html.mjs';
import { start } from './lib/server.mjs';
import { people, roles, signIn } from './lib/signin.mjs';
import { check, fill, keep, main, press, sample } from './lib/steps.mjs';
import { addresses, at, machine, oneTime, routes } from './routes.mjs';

/** What is wrong with a page as it stands, in both colour schemes and both sizes. */
async function faults(page) {
  const found = [];
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const here = [...await violations(page), ...await layout(page)];
      found.push(...here.map(fault => `${size}, ${colorScheme}: ${fault}`));
    }
  }
  await page.setViewportSize(sizes.desktop);
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

const listed = found => `${found.length} faults\n${found.join('\n')}`;

it('no page is left out', async () => {
  const golden = await readFile(new URL('../../../cmd/cultured/testdata/routes.golden', import.meta.url), 'utf8');
  const pattern = path => path.replace(/\?.*/, '').replace('{schema}', '{}/{}').replace(/\{[^}]+\}/g, '{}');
  const walked = new Set([...routes.map(({ path }) => path), ...oneTime].map(pattern));
  const pages = golden.split('\n').filter(line => line.startsWith('GET ')).map(line => line.slice(4).replace('{$}', ''));
  assert.deepEqual(pages.filter(path => !machine.test(path) && !walked.has(pattern(path))), []);
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

describe('every page, for every role', () => {
  let server, browser;
  before(async () => {
    server = await start({ demo: true, env: { CULTURED_DEV: 'true' } });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const arrive = async (role, locale = 'fr-FR') => {
    const context = await visitor(browser, { server, locale });
    const page = await context.newPage();
    await signIn(page, role);
    return { context, page, said: complaints(page) };
  };

  for (const role of roles) {
    describe(role, () => {
      let context, page, said, known;
      const refusals = new Set(); // what refusals say to this role: each is looked at once
      before(async () => {
        ({ context, page, said } = await arrive(role));
        const [agent, admin] = [await arrive('agent'), await arrive('admin')];
        known = await addresses({ agent: agent.page, admin: admin.page, page });
        await agent.context.close();
        await admin.context.close();
      });
      after(() => context?.close());

      for (const route of routes) {
        it(route.path, async () => {
          said.length = 0;
          const answer = await page.goto(at(route, known));
          const path = new URL(page.url()).pathname;
          if (route.roles.includes(role)) {
            assert.equal(answer.status(), 200, `${at(route, known)} for ${role}`);
          } else if (!(role === 'anonymous' && path === '/sign-in') && route.path !== '/sign-in') {
            assert.ok([401, 403, 404].includes(answer.status()), `${path} answers ${answer.status()} to ${role}`);
          }
          const found = [...await invalid(await answer.text(), route.path), ...said];
          if (answer.status() < 400 || !refusals.has(await main(page).innerHTML())) found.push(...await faults(page));
          if (answer.status() >= 400) refusals.add(await main(page).innerHTML());
          assert.equal(found.length, 0, listed(found));
        });
      }
    });
  }

  describe('in English', () => {
    it('says so to a screen reader', async () => {
      const { context, page } = await arrive('anonymous', 'en-GB');
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
      const { context, page, said } = await arrive('agent');
      await page.goto('/');
      const menu = page.getByRole('banner').locator('summary, button[aria-expanded]').last();
      await menu.click();
      await page.getByRole('banner').getByRole('button', { name: /déconnect/i }).waitFor({ state: 'visible' });
      const found = [...await faults(page), ...said];
      assert.equal(found.length, 0, listed(found));
      await context.close();
    });

    it('the sign-in form, refused', async () => {
      const { context, page, said } = await arrive('anonymous');
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
      const { context, page, said } = await arrive('agent');
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
      const { context, page, said } = await arrive('anonymous');
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
