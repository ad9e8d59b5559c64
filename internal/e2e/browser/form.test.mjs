// A form from end to end: made of a dataset's dictionary without JavaScript, answered by keyboard on a phone, treated, followed; then
// answered with the network cut.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { complaints, visitor } from './lib/browser.mjs';
import { signIn } from './lib/signin.mjs';
import { main } from './lib/steps.mjs';
import { demonstration, faults, listed } from './lib/walk.mjs';

/** What the server wants between a page and its answer, and a little more, in milliseconds. */
const ripe = 3300;

describe('a form', () => {
  const house = demonstration();

  async function arrive(t, role, options = {}) {
    const context = await visitor(house.browser, { server: house.server, ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    const said = complaints(page);
    await signIn(page, role);
    return { page, said, context };
  }

  const clean = async page => {
    const bad = await faults(page);
    assert.equal(bad.length, 0, listed(bad));
  };

  /** Goes by Tab to the field or button that fits, as somebody without a mouse does. */
  async function tabTo(page, selector) {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return;
    }
    assert.fail(`Tab does not reach ${selector}`);
  }

  it('from a dictionary to an answer that is treated', async t => {
    const { page: agent } = await arrive(t, 'agent', { javaScript: false });
    await agent.goto('/datasets');
    await main(agent).getByRole('link', { name: /Contacts des partenaires/ }).first().click();
    await agent.goto(`${new URL(agent.url()).pathname}/dictionary`);
    await main(agent).getByRole('link', { name: 'En faire un formulaire' }).click();
    await main(agent).getByRole('button', { name: 'Créer le formulaire' }).click();
    await main(agent).getByText('restent à compléter avant de publier').waitFor();
    const at = new URL(agent.url()).pathname;
    for (const name of ['nom', 'prenom', 'courriel', 'tel']) {
      await agent.goto(`${at}/blocks/${name}`);
      await main(agent).locator('[name=purpose]').fill('vous écrire');
      await main(agent).locator('[name=retention]').fill('12');
      await main(agent).getByRole('button', { name: 'Enregistrer' }).click();
    }
    await agent.goto(`${at}/settings`);
    await main(agent).locator('[name=track]').check();
    await main(agent).getByRole('button', { name: 'Enregistrer' }).click();
    await agent.goto(at);
    await main(agent).getByRole('button', { name: 'Publier' }).click();
    await main(agent).getByText('Le formulaire est publié').or(agent.getByText('Le formulaire est publié')).first().waitFor();
    const form = at.split('/').pop();

    const { page: citizen, said } = await arrive(t, 'anonymous', { size: 'phone' });
    await citizen.goto(`/f/${form}`);
    await clean(citizen);
    await citizen.waitForTimeout(ripe);
    await tabTo(citizen, '[name=q-nom]');
    await citizen.keyboard.type('Martin');
    await tabTo(citizen, 'form.p-fill__form button[type=submit]');
    await citizen.keyboard.press('Enter');
    await citizen.locator('.c-errors').waitFor();
    assert.equal(await citizen.locator('[name=q-nom]').inputValue(), 'Martin');
    await clean(citizen);
    for (const [name, text] of [['prenom', 'Ana'], ['structure', 'Les Dahus'], ['fonction', 'Présidente'], ['tel', '0299000000']]) {
      await tabTo(citizen, `[name=q-${name}]`);
      await citizen.keyboard.type(text);
    }
    await tabTo(citizen, 'form.p-fill__form button[type=submit]');
    await citizen.keyboard.press('Enter');
    await citizen.waitForURL(/\/sent\//);
    await clean(citizen);
    assert.deepEqual(said, []);
    const number = new URL(citizen.url()).pathname.split('/').pop();

    await agent.goto(`${at}/answers`);
    await main(agent).getByRole('link', { name: number }).click();
    const { page: seeing } = await arrive(t, 'agent');
    await seeing.goto(new URL(agent.url()).pathname);
    await clean(seeing);
    await main(agent).locator('[name=state]').selectOption('accepted');
    await main(agent).locator('[name=message]').fill('C’est noté, merci.');
    await main(agent).getByRole('button', { name: 'Enregistrer' }).click();
    await citizen.reload();
    await main(citizen).getByText('C’est noté, merci.').waitFor();
    await main(citizen).getByText('Acceptée').first().waitFor();
    assert.doesNotMatch(await main(citizen).innerText(), /Martin|Camille/);
  });

  it('with the network cut: kept, sent later, each once', async t => {
    const { page: agent } = await arrive(t, 'agent');
    await agent.goto('/forms');
    const to = await main(agent).getByRole('link', { name: 'Demande de subvention d’une association' }).getAttribute('href');
    const form = to.split('/').pop();
    const { page, context } = await arrive(t, 'anonymous', { size: 'phone' });
    await page.goto(`/f/${form}`);
    await page.evaluate(async () => { await navigator.serviceWorker.ready; });
    await page.reload(); // now the worker answers, and stores what the page is made of
    await page.waitForFunction(async () => (await (await caches.open(`form ${location.pathname}`)).keys()).length > 3);

    await context.setOffline(true);
    for (const name of ['Les Dahus', 'Les Bouquetins']) {
      await page.goto(`/f/${form}`);
      await page.locator('[name=q-nom_de_l_association]').fill(name);
      await page.locator('[name=q-commune_du_siege]').fill('35238');
      await page.locator('[name=q-adherents]').fill('40');
      await page.locator('input[value=Sport]').check();
      await page.locator('[name=q-montant_demande]').fill('1500');
      await page.locator('[name=q-projet]').fill('Un tournoi.');
      await page.locator('input[value=Non]').check();
      await page.locator('[name=q-nom_et_prenom]').fill('Ana Martin');
      await page.locator('[name=q-courriel]').fill('ana@exemple.fr');
      await page.locator('form.p-fill__form button[type=submit]').click();
      await page.getByText('attend le réseau').first().waitFor();
    }
    assert.equal(await page.locator('c-offline li').count(), 2);
    await clean(page);

    // The first answer arrives, and nothing of it comes back: it is sent again.
    let lost = 0;
    await context.route(`**/f/${form}`, async route => {
      if (route.request().method() !== 'POST' || lost++ > 0) return route.continue();
      await route.fetch({ maxRedirects: 0 });
      return route.abort();
    });
    await context.setOffline(false);
    await page.goto(`/f/${form}`);
    await page.waitForFunction(() => document.querySelectorAll('c-offline [data-state=sent]:not([hidden])').length === 2 || window.dispatchEvent(new Event('online')) && false, null, { timeout: 120_000, polling: 1000 });
    assert.ok(lost >= 3, `sent ${lost} times`);
    await agent.goto(`/forms/${form}/answers`);
    const rows = await main(agent).locator('.c-table tbody tr').allInnerTexts();
    assert.equal(rows.length, 2, rows.join('\n'));
    assert.ok(rows.some(row => /Dahus/.test(row)) && rows.some(row => /Bouquetins/.test(row)), rows.join('\n'));
  });
});
