// A published dataset is edited in its grid by two people at once, and by one who may only propose: a cell both changed shows both values,
// anything is undone, a row is added and taken away, a version is kept and compared; a version that comes meanwhile leaves a choice. Once
// with JavaScript, where what one does reaches the other as it happens, and once without; on each engine.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { engines, start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { main, press } from './lib/steps.mjs';

for (const engine of engines()) describe(`the grid on ${engine}`, () => {
  let browser;
  before(async () => { browser = await launch(); });
  after(async () => { await browser?.close(); });

  for (const javaScript of [true, false]) {
    it(`is edited by several people, ${javaScript ? 'with' : 'without'} JavaScript`, { timeout: 180_000 }, async t => {
      const server = await start({ demo: true, engine });
      t.after(() => server.stop());
      const found = [];
      const enter = async role => {
        const context = await visitor(browser, { server, javaScript });
        t.after(() => context.close());
        const page = await context.newPage();
        found.push(complaints(page));
        await signIn(page, role);
        return page;
      };
      const clean = async page => { // axe-core itself is JavaScript
        if (javaScript) assert.deepEqual(await violations(page), [], `axe-core on ${page.url()}`);
      };
      const [steward, admin, colleague] = [await enter('steward'), await enter('admin'), await enter('facilitator')];
      await steward.goto('/datasets');
      const href = await main(steward).locator('a[href^="/datasets/"]').filter({ hasText: 'France services' }).first().getAttribute('href');
      const grid = `${href}/grid`;
      const cell = `${grid}/cell?row=2`;
      const value = page => main(page).getByLabel('Valeur', { exact: true });

      // One opens a row from the table and changes its first cell, by keyboard.
      if (!javaScript) {
        await steward.goto(grid);
        await main(steward).getByRole('rowheader').getByRole('link', { name: /ouvrir la ligne/ }).nth(1).focus();
        await steward.keyboard.press('Enter');
        await steward.waitForURL(/\/grid\/cell\?row=2/);
      } else await steward.goto(cell);
      await clean(steward);
      const first = await value(steward).inputValue();
      await admin.goto(cell); // both see the same value
      let told;
      if (javaScript) { // a script that listens hears of it
        told = colleagueHears(await enter('admin'), grid);
        await told.ready;
      }
      await value(steward).focus();
      await steward.keyboard.press('ControlOrMeta+A');
      await steward.keyboard.type('Écrit par l’une');
      await steward.keyboard.press('Enter');
      await steward.waitForURL(/row=2#cell$/);
      assert.match(await steward.locator('.c-toast').innerText(), /Enregistré dans la grille/);
      if (told) {
        const op = await told.op;
        assert.equal(op.changes[0].value, 'Écrit par l’une');
        assert.equal(op.changes[0].was, first);
      }

      // The other wrote meanwhile: both values are there, and a choice.
      await value(admin).fill('Écrit par l’autre');
      await press(admin, /^enregistrer/i);
      await admin.locator('.c-errors').waitFor();
      const choice = await main(admin).innerText();
      for (const said of [first, 'Écrit par l’une', 'Écrit par l’autre', 'Cette cellule a changé entre-temps']) assert.ok(choice.includes(said), `${said} in ${choice}`);
      await clean(admin);
      await press(admin, /^écrire ma valeur/i);
      await admin.waitForURL(/row=2#cell$/);

      // The cell says who did what, and gives it back.
      await steward.goto(cell);
      assert.equal(await value(steward).inputValue(), 'Écrit par l’autre');
      await clean(steward);
      await press(steward, /^annuler/i, main(steward).getByRole('listitem').filter({ hasText: 'Écrit par l’autre' }).first());
      await steward.goto(cell);
      assert.equal(await value(steward).inputValue(), 'Écrit par l’une');

      // A row is added, and taken away with a way back.
      await admin.goto(`${grid}/add`);
      await clean(admin);
      await press(admin, /^ajouter une ligne/i);
      await admin.locator('.c-errors').waitFor();
      await main(admin).locator('input[id^="cell-"]').first().fill('Une de plus');
      await press(admin, /^ajouter une ligne/i);
      await admin.waitForURL(/\/grid(\?page=\d+)?$/);
      const read = async (from, to) => (await admin.request.get(`${grid}/rows?start=${from}&end=${to}`)).json();
      const { total } = await read(0, 1);
      const added = (await read(total - 1, total)).rows[0];
      assert.equal(added.cells[0], 'Une de plus');
      assert.equal(added.line, undefined);
      await admin.goto(`${grid}/cell?row=${added.row}`);
      await press(admin, /^retirer cette ligne/i);
      await admin.waitForURL(/\/grid$/);
      await admin.locator('.c-toast').getByRole('button', { name: /^annuler/i }).click();
      await admin.waitForLoadState();
      assert.equal((await read(0, 1)).total, total);

      // Who may not edit proposes; who decides says why; both are named.
      await colleague.goto(`${grid}/cell?row=3`);
      assert.equal(await main(colleague).getByRole('button', { name: /^enregistrer/i }).count(), 0);
      await clean(colleague);
      await value(colleague).fill('Vu sur place');
      await main(colleague).getByLabel(/^Pourquoi/).fill('J’y étais ce matin');
      await press(colleague, /^proposer/i);
      await colleague.waitForURL(/row=3/);
      await steward.goto(`${grid}/proposals`);
      assert.match(await main(steward).innerText(), /J’y étais ce matin[^]*Vu sur place/);
      await clean(steward);
      await main(steward).getByLabel(/^Votre réponse/).fill('Merci !');
      await press(steward, /^accepter/i);
      await steward.waitForURL(/\/proposals$/);
      await colleague.goto(`${grid}/proposals`);
      assert.match(await main(colleague).innerText(), /acceptée[^]*Merci !/i);
      await clean(colleague);

      // What waits is told, kept as a version, and compared with the one before.
      await steward.goto(href);
      assert.match(await main(steward).innerText(), /3 modifications attendent/);
      await steward.goto(`${grid}/keep`);
      assert.match(await main(steward).innerText(), /2 cellules modifiées, 1 ligne ajoutée/);
      await clean(steward);
      await press(steward, /^garder comme version/i);
      await steward.waitForURL(url => url.pathname === href, { timeout: 30_000 });
      assert.match(await steward.locator('.c-toast').innerText(), /La version 2 est gardée/);
      await steward.goto(`${grid}/compare`);
      assert.match(await main(steward).innerText(), /2 cellules modifiées[^]*1 ligne ajoutée[^]*Écrit par l’une/);
      await clean(steward);
      await steward.goto(`${grid}/keep`);
      assert.match(await main(steward).innerText(), /Rien n’attend/);

      // Everything is in the history, which shows the table as it was and goes back.
      await steward.goto(cell);
      for (const text of ['Alpha', 'Beta']) {
        await value(steward).fill(text);
        await press(steward, /^enregistrer/i);
        await steward.waitForURL(/row=2#cell$/);
        await steward.goto(cell);
      }
      await steward.goto(`${grid}/history`);
      await clean(steward);
      const alpha = main(steward).getByRole('listitem').filter({ hasText: 'Modification' }).nth(1);
      await alpha.getByRole('link', { name: /^voir l’état/i }).click();
      await steward.waitForURL(/\?at=\d+/);
      assert.match(await main(steward).innerText(), /État à ce moment[^]*Alpha/);
      await clean(steward);
      await press(steward, /^revenir à cet état/i);
      await steward.goto(cell);
      assert.equal(await value(steward).inputValue(), 'Alpha');

      // Another version comes while an edit waits: it is carried over to it.
      await admin.goto(`${href}/history`);
      await press(admin, /^rétablir|^reprendre|^revenir/i, main(admin).getByRole('listitem').filter({ hasText: 'Version 1' }).last());
      await admin.waitForLoadState();
      await steward.goto(`${grid}/keep`);
      assert.match(await main(steward).innerText(), /Une autre version est arrivée/);
      await clean(steward);
      await press(steward, /^reporter/i);
      await steward.waitForURL(/\/keep$/);
      assert.match(await main(steward).innerText(), /Ce qui n’a pas pu être reporté[^]*Alpha/); // the version before holds another value there
      await clean(steward);
      for (const said of found) assert.deepEqual(said.filter(each => !/status of (409|422)/.test(each)), []);
    });
  }
});

/** A page that listens to a grid as its script does: `ready` once it hears, `op` is the first edit it is told of. */
function colleagueHears(page, grid) {
  const ready = page.goto(grid).then(() => page.evaluate(path => new Promise(resolve => {
    const stream = new EventSource(`${path}/events`);
    window.heard = new Promise(heard => {
      stream.addEventListener('change', event => {
        const ops = JSON.parse(event.data).body.filter(part => typeof part === 'string' && part !== '').map(part => JSON.parse(part));
        const edit = ops.find(op => op.kind === 'edit');
        if (edit) heard(edit);
      });
    });
    stream.addEventListener('whole', () => resolve());
  }), grid));
  return { ready, get op() { return ready.then(() => page.evaluate(() => window.heard)); } };
}
