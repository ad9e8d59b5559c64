// Competences by keyboard: an agent finds the one he needs; a steward writes, publishes, undoes, splits, and carries the framework
// out and in again. Once with JavaScript and once without.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { layout, violations } from './lib/axe.mjs';
import { launch, visitor } from './lib/browser.mjs';
import { start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { main } from './lib/steps.mjs';

describe('competences', () => {
  let server, browser;
  before(async () => {
    server = await start({ demo: true });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Presses Tab until the element with the focus has that name, then Enter. Fails after 200 stops. */
  async function reach(page, name, key = 'Enter') {
    for (let i = 0; i < 200; i++) {
      await page.keyboard.press('Tab');
      const said = await page.evaluate(() => {
        const node = document.activeElement;
        const label = node.labels?.[0]?.textContent ?? node.getAttribute('aria-label') ?? node.textContent ?? '';
        return label.replace(/\s+/g, ' ').trim();
      });
      if (name.test(said)) {
        if (key) await page.keyboard.press(key);
        return;
      }
    }
    assert.fail(`no stop is called ${name} on ${page.url()}`);
  }

  const text = page => main(page).innerText();

  for (const javaScript of [true, false]) {
    const how = javaScript ? 'with JavaScript' : 'without JavaScript';
    const arrive = async role => {
      const context = await visitor(browser, { server, javaScript });
      const page = await context.newPage();
      await signIn(page, role);
      return page;
    };

    it(`${how}: an agent finds what he needs by a word of his work`, async () => {
      const page = await arrive('agent');
      await page.goto('/');
      await reach(page, /^Besoins$/);
      await page.waitForURL(/\/situations/);
      await reach(page, /^Compétences$/);
      await page.waitForURL(/\/competencies\//);
      await reach(page, /^Chercher une compétence/, null);
      await page.keyboard.type('cartes');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=cartes/);
      await reach(page, /^D8\.3/); // whatever it is called by then
      await page.waitForURL(/\/items\//);
      assert.match(await text(page), /N1.*N4/s, 'each level says what one can do');
      assert.equal(await main(page).getByRole('link', { name: 'Modifier', exact: true }).count(), 0, 'an agent edits nothing');
      await page.context().close();
    });

    it(`${how}: a steward writes, undoes, writes again and publishes`, async () => {
      const page = await arrive('steward');
      const label = `Lire une carte, ${how}`;
      const write = async () => {
        await page.goto('/competencies?all=1&q=D8.3');
        await reach(page, /^D8\.3/);
        await page.waitForURL(/\/items\//);
        await reach(page, /^Modifier$/);
        await page.waitForURL(/\/edit$/);
        await reach(page, /^Ce que la personne sait faire/, null);
        await page.keyboard.press('ControlOrMeta+A');
        await page.keyboard.type(label);
        await page.keyboard.press('Enter'); // sends the form
        await page.waitForURL(url => !url.pathname.endsWith('/edit'));
      };
      await write();
      assert.match(await text(page), new RegExp(label));
      await page.getByRole('button', { name: /^Annuler/ }).first().focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/history$/);
      assert.match(await text(page), /Modification annulée/);
      await write();
      await page.goto('/competencies?all=1');
      await reach(page, /^Culture D$/);
      await page.waitForURL(/\/competencies\/[^/]+$/);
      await reach(page, /^Publier$/);
      await page.waitForURL(/\/publish$/);
      await reach(page, /^Ce qui change, et pourquoi/, null);
      await page.keyboard.type('Un libellé plus court');
      await reach(page, /^Publier$/);
      await page.waitForURL(url => !url.pathname.endsWith('/publish'));
      assert.match(await text(page), /Version \d+ du/);
      const agent = await arrive('agent');
      await agent.goto('/competencies?all=1&q=D8.3');
      assert.match(await text(agent), new RegExp(label), 'a colleague reads it now');
      await agent.context().close();
      await page.context().close();
    });

    it(`${how}: the whole framework leaves and comes in again; what a file says is told`, async () => {
      const page = await arrive('steward');
      await page.goto('/competencies?all=1');
      await main(page).getByRole('link', { name: 'Culture D', exact: true }).click();
      const answer = await page.request.get(await main(page).getByRole('link', { name: /CASE 1\.1/ }).getAttribute('href'));
      assert.match(answer.headers()['content-disposition'], /^attachment/);
      const raw = await answer.body();
      assert.equal(JSON.parse(raw).CFDocument.caseVersion, '1.1');
      const bring = async (name, buffer) => {
        await page.goto('/competencies/import');
        await main(page).locator('input[type="file"]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
        await main(page).getByRole('button', { name: 'Importer' }).click();
      };
      await bring('culture-d.json', raw);
      await main(page).getByText(/dit exactement ce que dit déjà le brouillon/).first().waitFor();
      await bring(`Greffe ${how}.csv`, Buffer.from('famille;compétence;humeur\nAccueil;Accueillir le public;bonne\n'));
      await page.waitForURL(/\/arrival$/);
      assert.match(await text(page), /humeur/);
      if (javaScript) assert.deepEqual([...await violations(page), ...await layout(page)], []); // axe-core itself is JavaScript
      await page.context().close();
    });
  }

  it('a competence is split, and the page of the old one leads to the new ones', async () => {
    const context = await visitor(browser, { server, size: 'phone' });
    const page = await context.newPage();
    await signIn(page, 'steward');
    await page.goto('/competencies?all=1&q=D9.5');
    await main(page).getByRole('link', { name: /^D9\.5/ }).click();
    const address = page.url();
    await main(page).getByRole('link', { name: /Scinder/ }).click();
    await main(page).getByLabel(/Les nouvelles compétences/).fill('La première moitié\nLa seconde moitié');
    await main(page).getByRole('button', { name: 'Scinder' }).click();
    await page.waitForURL(address);
    assert.match(await text(page), /N’est plus en vigueur/);
    assert.deepEqual([...await violations(page), ...await layout(page)], []);
    await main(page).getByRole('link', { name: /La seconde moitié/ }).click();
    assert.match(await text(page), /Remplace/);
    await context.close();
  });
});
