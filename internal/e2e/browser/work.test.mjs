// What an agent does around the main path: mending and undoing, correcting the reading, choosing a schema, taking a version
// back, and writing a record at the same time as a colleague. Once with JavaScript and once without.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, visitor } from './lib/browser.mjs';
import { start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { check, fill, keep, main, press, sample } from './lib/steps.mjs';

describe('the work around the path', () => {
  let server, browser;
  before(async () => {
    server = await start({ demo: true });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const verdict = page => page.locator('#verdict').innerText();

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';
    const arrive = async role => {
      const context = await visitor(browser, { server, javaScriptEnabled });
      const page = await context.newPage();
      if (role) await signIn(page, role);
      return page;
    };

    it(`${how}: one click mends, another takes it back`, async () => {
      const page = await arrive();
      await check(page, sample);
      const found = await verdict(page);
      await press(page, /tout réparer/i);
      await page.locator('#verdict').waitFor();
      assert.notEqual(await verdict(page), found, 'the verdict changes');
      await page.getByRole('button', { name: /annuler/i }).first().click();
      await page.locator('#verdict').waitFor();
      await page.waitForLoadState();
      assert.equal(await verdict(page), found, 'undo gives the first verdict again');
      await page.context().close();
    });

    it(`${how}: the reading is corrected, and a schema chosen`, async () => {
      const page = await arrive();
      await check(page, sample);
      await main(page).locator('summary', { hasText: /corriger la lecture/i }).click();
      await main(page).locator('select[name="separator"]').selectOption('comma');
      await main(page).locator('form[action$="/reading"] button[type="submit"]').click();
      await page.locator('#verdict').waitFor();
      assert.match(await main(page).innerText(), /virgule/i);
      await main(page).locator('select[name="schema"]').selectOption('scdl/equipements');
      await main(page).getByRole('button', { name: /changer de schéma/i }).click();
      await page.locator('#verdict').waitFor();
      assert.match(await main(page).innerText(), /colonnes? (obligatoires? )?(manquantes?|absentes?)/i, 'the schema asks for its columns');
      await page.context().close();
    });

    it(`${how}: a version is taken back`, async () => {
      const page = await arrive('agent');
      await check(page, sample);
      const dataset = await keep(page);
      await page.goto(`${dataset}/quality`);
      await press(page, /tout réparer/i);
      await page.goto(`${dataset}/history`);
      await main(page).getByText('Version 2').first().waitFor();
      await press(page, /reprendre|restaurer|revenir/i);
      await page.goto(`${dataset}/history`);
      await main(page).getByText('Version 3').first().waitFor();
      await page.context().close();
    });

    it(`${how}: two people write one record, and the second chooses`, async () => {
      const [agent, steward] = [await arrive('agent'), await arrive('steward')];
      await check(agent, sample);
      const record = `${await keep(agent)}/record`;
      await agent.goto(record);
      await steward.goto(record);
      await fill(agent, { purpose: 'Suivre la fréquentation.' });
      await press(agent, /enregistrer/i);
      await fill(steward, { purpose: 'Ouvrir le dimanche.', origin: 'Comptage à la porte.' });
      await press(steward, /enregistrer/i);
      const shown = await main(steward).innerText();
      assert.match(shown, /Suivre la fréquentation\./, 'the text of the first is shown');
      assert.match(shown, /Ouvrir le dimanche\./, 'and the text of the second');
      await main(steward).locator('input[name="keep-purpose"][value="theirs"]').check();
      await press(steward, /enregistrer/i);
      await agent.goto(record);
      assert.equal(await main(agent).locator('[name="purpose"]').inputValue(), 'Suivre la fréquentation.');
      assert.equal(await main(agent).locator('[name="origin"]').inputValue(), 'Comptage à la porte.');
      await agent.context().close();
      await steward.context().close();
    });
  }

  it('the score moves as one types', async () => {
    const context = await visitor(browser, { server });
    const page = await context.newPage();
    await signIn(page, 'agent');
    await check(page, sample);
    await page.goto(`${await keep(page)}/record`);
    const before = await page.locator('#score').innerText();
    await main(page).locator('select[name="licence"]').selectOption('etalab-2.0');
    await page.waitForFunction(text => document.getElementById('score').innerText !== text, before);
    // The questions beside it are ticked too.
    await main(page).locator('textarea[name="purpose"]').fill('Compter');
    await page.locator('#score .c-criteria__item--met a[href="#purpose"]').waitFor();
    await context.close();
  });
});
