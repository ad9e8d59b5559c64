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
    await tabTo(citizen, 'form.p-fill__form .c-button--primary');
    await citizen.keyboard.press('Enter');
    await citizen.locator('.c-errors').waitFor();
    assert.equal(await citizen.locator('[name=q-nom]').inputValue(), 'Martin');
    await clean(citizen);
    for (const [name, text] of [['prenom', 'Ana'], ['structure', 'Les Dahus'], ['fonction', 'Présidente'], ['tel', '0299000000']]) {
      await tabTo(citizen, `[name=q-${name}]`);
      await citizen.keyboard.type(text);
    }
    await tabTo(citizen, 'form.p-fill__form .c-button--primary');
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

  it('with files: one that lies is refused, the good one stays while the rest is mended, without JavaScript', async t => {
    const { page: agent, context } = await arrive(t, 'agent');
    await agent.goto('/forms');
    const to = await main(agent).getByRole('link', { name: 'Demande de subvention d’une association' }).getAttribute('href');
    const { page } = await arrive(t, 'anonymous', { javaScript: false });
    const form = `/f/${to.split('/').pop()}`;
    await page.goto(form);
    await page.waitForTimeout(ripe);
    const send = () => page.locator('form.p-fill__form .c-button--primary').click();
    await page.locator('[name=q-nom_de_l_association]').fill('Les Dahus');
    await page.locator('[name=q-statuts]').setInputFiles({ name: 'statuts.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ\0\0 a program') });
    await send();
    await main(page).getByText('n’est pas d’un type accepté').first().waitFor();
    assert.equal(await page.locator('[name=q-nom_de_l_association]').inputValue(), 'Les Dahus');
    const pdf = Buffer.from('%PDF-1.7\nles statuts');
    await page.locator('[name=q-statuts]').setInputFiles({ name: 'statuts.pdf', mimeType: 'application/pdf', buffer: pdf });
    await send();
    await main(page).getByLabel(/Garder statuts\.pdf/).waitFor();
    const { page: seeing } = await arrive(t, 'anonymous', { size: 'phone' });
    await seeing.goto(form);
    await clean(seeing);
    for (const [name, text] of [['commune_du_siege', '35238'], ['adherents', '40'], ['montant_demande', '1500'], ['projet', 'Un tournoi.'], ['nom_et_prenom', 'Ana Martin'], ['courriel', 'ana@exemple.fr']]) await page.locator(`[name=q-${name}]`).fill(text);
    await page.locator('input[value=Sport]').check();
    await page.locator('input[value=Non]').check();
    await send();
    await page.waitForURL(/\/sent\//);
    await agent.goto(`${to}/answers`);
    await main(agent).getByRole('link', { name: new URL(page.url()).pathname.split('/').pop() }).click();
    const file = await main(agent).getByRole('link', { name: /statuts\.pdf/ }).getAttribute('href');
    const got = await context.request.get(file);
    assert.deepEqual(await got.body(), pdf);
    assert.match(got.headers()['content-disposition'], /^attachment/);
    assert.equal((await page.context().request.get(file, { maxRedirects: 0, failOnStatusCode: false })).status(), 303);
  });

  it('with rows and sums: by keyboard, alive, and kept as a draft', async t => {
    const { page: agent } = await arrive(t, 'agent');
    await agent.goto('/forms');
    const to = await main(agent).getByRole('link', { name: 'Demande de subvention d’une association' }).getAttribute('href');
    const { page, said } = await arrive(t, 'anonymous', { size: 'phone' });
    await page.goto(`/f/${to.split('/').pop()}`);
    const row = async (n, values) => { for (const [name, text] of Object.entries(values)) await page.locator(`[name="q-depenses.${n}.${name}"]`).fill(text); };
    await row(1, { poste: 'Location', quantite: '2', prix: '10,5' });
    await page.locator('button[name=row]').focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'q-depenses.2.poste');
    await row(2, { poste: 'Cars', quantite: '1', prix: '100' });
    await page.waitForFunction(() => /^121$/.test(document.querySelector('#q-total_depenses')?.value ?? ''));
    assert.match(await page.locator('[id="q-depenses.1.cout"]').innerText(), /^21$/);
    await clean(page);
    await page.reload(); // the draft brings back both rows
    assert.equal(await page.locator('[name="q-depenses.2.poste"]').inputValue(), 'Cars');
    await page.waitForFunction(() => /^121$/.test(document.querySelector('#q-total_depenses')?.value ?? ''));
    assert.deepEqual(said, []);
  });

  it('with a point: found by name, moved by keyboard and pointer, or written', async t => {
    const { page: agent } = await arrive(t, 'agent');
    await agent.goto('/forms/new');
    await main(agent).locator('[name=title]').fill('Signalement');
    await main(agent).locator('form button').last().click();
    await agent.waitForURL(/\/forms\/[0-9a-z]{26}/);
    const form = new URL(agent.url()).pathname.split('/').pop();
    await agent.goto(`/forms/${form}/blocks/new?kind=point`);
    await main(agent).locator('[name=label]').fill('Lieu');
    await main(agent).locator('form button').first().click();
    await agent.waitForURL(/#q-lieu/);
    await main(agent).locator('aside form button').first().click();
    const { page, said } = await arrive(t, 'anonymous', { size: 'phone' });
    await page.goto(`/f/${form}`);
    const [latitude, longitude] = [page.locator('.p-twofold input').first(), page.locator('.p-twofold input').last()];
    await page.locator('c-map input').fill('saint malo');
    await page.locator('c-map input').press('Enter');
    await page.locator('c-map li button:focus').waitFor(); // the first found has the focus
    await page.keyboard.press('Enter');
    await page.locator('c-map [role=status]', { hasText: 'Saint-Malo' }).waitFor();
    const found = Number((await longitude.inputValue()).replace(',', '.'));
    await page.keyboard.press('ArrowRight');
    assert.ok(Number((await longitude.inputValue()).replace(',', '.')) > found, 'an arrow moves the pin east');
    const at = await latitude.inputValue();
    await page.locator('.p-pin-map__view').click({ position: { x: 40, y: 40 } });
    assert.notEqual(await latitude.inputValue(), at, 'a click moves the pin');
    await clean(page);
    assert.deepEqual(said, []);
    await latitude.fill('-1,68');
    await longitude.fill('48,11');
    await main(page).getByRole('button', { name: /Envoyer|Send/ }).last().click();
    await page.locator('.c-field__error', { hasText: '48,11' }).waitFor();
    await latitude.fill('48,11');
    await longitude.fill('-1,68');
    await page.waitForTimeout(ripe);
    await main(page).getByRole('button', { name: /Envoyer|Send/ }).last().click();
    await page.waitForURL(/\/sent\//);
  });

  it('with choices that depend on an answer, and one proposed: alive, and kept as a draft', async t => {
    const { page: agent } = await arrive(t, 'agent');
    await agent.goto('/forms/new');
    await main(agent).locator('[name=title]').fill('Quartiers');
    await main(agent).locator('form button').last().click();
    await agent.waitForURL(/\/forms\/[0-9a-z]{26}/);
    const form = new URL(agent.url()).pathname.split('/').pop();
    const add = async (kind, name, said, chosen = {}) => {
      await agent.goto(`/forms/${form}/blocks/new?kind=${kind}`);
      for (const [field, text] of Object.entries(said)) await main(agent).locator(`[name=${field}]`).fill(text);
      for (const [field, value] of Object.entries(chosen)) await main(agent).locator(`[name=${field}]`).selectOption(value);
      await main(agent).locator('form button').first().click();
      await agent.waitForURL(new RegExp(`#q-${name}$`));
    };
    await add('line', 'pays', { label: 'Pays', initial: 'France' });
    await add('one', 'ville', { label: 'Ville', options: 'Bordeaux\nLyon\nNantes' });
    await add('one', 'quartier', { label: 'Quartier', options: 'Bastide\nBellecour\nCentre', with: 'Bastide = Bordeaux\nBellecour = Lyon\nCentre = Bordeaux ; Lyon' }, { narrow: 'ville' });
    await agent.goto(`/forms/${form}/blocks/quartier`);
    await clean(agent);
    await agent.goto(`/forms/${form}`);
    await main(agent).locator('aside form button').first().click();
    await agent.waitForURL(url => !url.hash);
    const { page, said } = await arrive(t, 'anonymous', { size: 'phone' });
    await page.goto(`/f/${form}`);
    const offered = () => page.locator('[name=q-quartier]:visible').evaluateAll(all => all.map(one => one.value));
    assert.deepEqual(await offered(), []);
    await page.locator('[name=q-ville][value=Bordeaux]').focus();
    await page.keyboard.press('Space');
    assert.deepEqual(await offered(), ['Bastide', 'Centre']);
    await page.locator('[name=q-quartier][value=Bastide]').check();
    await page.locator('[name=q-ville][value=Lyon]').check();
    assert.deepEqual(await offered(), ['Bellecour', 'Centre']);
    assert.equal(await page.locator('[name=q-quartier]:checked').count(), 0, 'what no longer goes with the answer is not kept');
    await page.locator('[name=q-quartier][value=Centre]').check();
    await page.locator('[name=q-ville][value=Bordeaux]').check();
    assert.equal(await page.locator('[name=q-quartier]:checked').inputValue(), 'Centre', 'what goes with both stays');
    await clean(page);
    assert.equal(await page.locator('[name=q-pays]').inputValue(), 'France');
    await page.locator('[name=q-pays]').fill('');
    await page.reload();
    assert.equal(await page.locator('[name=q-quartier]:checked').inputValue(), 'Centre');
    assert.equal(await page.locator('[name=q-pays]').inputValue(), '', 'what was cleared is not proposed again');
    await page.locator('[name=q-ville][value=Nantes]').check();
    assert.deepEqual(await offered(), []);
    await page.waitForTimeout(ripe);
    await main(page).getByRole('button', { name: /Envoyer|Send/ }).last().click();
    await page.waitForURL(/\/sent\//);
    assert.deepEqual(said, []);
  });

  it('with the network cut: kept with its photo, sent later, each once', async t => {
    const { page: agent } = await arrive(t, 'agent');
    await agent.goto('/forms');
    const to = await main(agent).getByRole('link', { name: 'Demande de subvention d’une association' }).getAttribute('href');
    const form = to.split('/').pop();
    await agent.goto(`/forms/${form}/answers`);
    const before = await main(agent).locator('.c-table tbody tr').count();
    const { page, context } = await arrive(t, 'anonymous', { size: 'phone' });
    await page.goto(`/f/${form}`);
    const photo = await page.screenshot({ type: 'jpeg' });
    await page.evaluate(async () => { await navigator.serviceWorker.ready; });
    await page.reload(); // now the worker answers, and stores what the page is made of
    await page.waitForFunction(async () => (await (await caches.open(`form ${location.pathname}`)).keys()).length > 3);

    await context.setOffline(true);
    for (const [at, name] of ['Les Dahus', 'Les Bouquetins'].entries()) {
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
      await page.locator('[name=q-photo_du_lieu]').setInputFiles({ name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: photo });
      await page.locator('form.p-fill__form .c-button--primary').click();
      await page.locator('c-offline li', { hasText: 'attend le réseau' }).nth(at).waitFor();
    }
    assert.equal(await page.locator('c-offline li').count(), 2);
    await clean(page);

    // The first answer arrives, and nothing of it comes back: it is sent again. (In the page: the browser's own interception drops files.)
    await page.addInitScript(() => {
      const real = window.fetch;
      window.fetch = async (to, options) => {
        const answer = await real(to, options);
        if (options?.method !== 'POST') return answer;
        const sent = Number(localStorage.getItem('sent')) + 1;
        localStorage.setItem('sent', String(sent));
        if (sent === 1) throw new TypeError('nothing came back');
        return answer;
      };
    });
    await context.setOffline(false);
    await page.goto(`/f/${form}`);
    await page.waitForFunction(() => document.querySelectorAll('c-offline [data-state=sent]:not([hidden])').length === 2 || window.dispatchEvent(new Event('online')) && false, null, { timeout: 120_000, polling: 1000 });
    const times = await page.evaluate(() => Number(localStorage.getItem('sent')));
    assert.ok(times >= 3, `sent ${times} times`);
    await agent.goto(`/forms/${form}/answers`);
    const rows = await main(agent).locator('.c-table tbody tr').allInnerTexts();
    assert.equal(rows.length, before + 2, rows.join('\n'));
    assert.ok(rows.some(row => /Dahus/.test(row)) && rows.some(row => /Bouquetins/.test(row)), rows.join('\n'));
    await main(agent).getByRole('row', { name: /Bouquetins/ }).getByRole('link').click();
    await clean(agent);
    const kept = await agent.context().request.get(await main(agent).getByRole('link', { name: /Les Bouquetins\.jpg/ }).getAttribute('href'));
    assert.deepEqual(await kept.body(), photo);
  });
});
