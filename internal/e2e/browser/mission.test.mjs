// A mission from its story to a dataset that stays: an answer that fails and says where, one that passes, evidence, and the file kept. Then the
// same by keyboard alone without JavaScript, and two windows that answer one mission.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { main, press } from './lib/steps.mjs';

/** The rows of a CSV of ours: semicolons, quotes around a cell that begins with a space. */
const rowsOf = text => text.replace('\ufeff', '').trim().split('\r\n').map(line => line.split(';').map(cell => cell.replace(/^"(.*)"$/, '$1')));

/** Downloads the data of the mission on the page. */
async function download(page) {
  const [file] = await Promise.all([page.waitForEvent('download'), main(page).getByRole('link', { name: /télécharger mes données/i }).click()]);
  return readFile(await file.path(), 'utf8');
}

/** What a careful person makes of the stations: one row each, whole codes, one writing for dates, points, no stray space. */
function mended(text) {
  const seen = new Set();
  return rowsOf(text).map((row, i) => i === 0 ? row : [
    /^\d+$/.test(row[0]) ? row[0].padStart(8, '0') : row[0], row[1].trim().replace(/ +/g, ' '), row[2], row[3], iso(row[4]), row[5].replace(',', '.'),
  ]).filter(([code]) => !seen.has(code) && seen.add(code)).map(row => row.join(';')).join('\r\n');
}

function iso(date) {
  const [, day, month, year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})$/.exec(date) ?? [];
  if (!day) return date;
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19';
  return `${century}${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

describe('a mission', () => {
  let server, browser;
  before(async () => {
    server = await start({ demo: true });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('fails usefully, passes, and leaves a dataset', async () => {
    const context = await visitor(browser, { server });
    const page = await context.newPage();
    const said = complaints(page);
    await signIn(page, 'agent');
    await page.goto('/missions?family=D4');
    await main(page).getByRole('link', { name: 'Le CSV qui s’ouvre partout' }).click();
    await page.waitForURL('**/missions/M05');
    const text = await download(page);
    const hand = async (content, name) => {
      await main(page).locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
      await press(page, /vérifier ma réponse/i);
      await page.waitForURL('**/missions/M05*');
    };

    await hand(text, 'stations.csv');
    const feedback = main(page).getByRole('region', { name: 'Ce que dit la vérification' });
    await feedback.getByText('Pas encore').waitFor();
    const [row] = await feedback.getByRole('rowheader').allTextContents();
    const repeated = rowsOf(text)[Number(row) - 1];
    assert.ok(rowsOf(text).filter(other => other.join() === repeated.join()).length > 1, `row ${row} of the file is a repeated one`);
    assert.deepEqual(await violations(page), []);

    await hand('\x89PNG\r\n\x1a\n\0\0\0', 'photo.png');
    await main(page).getByRole('alert').first().waitFor();
    assert.deepEqual(await violations(page), []);

    await hand(mended(text), 'stations.csv');
    await feedback.getByText(/^Réussi.!/).waitFor();
    await feedback.getByText('La preuve').click();
    await feedback.getByText(/Empreinte de ce que vous avez rendu/).waitFor();
    assert.deepEqual(await violations(page), []);
    await feedback.getByRole('link', { name: /garder mon fichier/i }).click();
    await page.locator('#verdict').waitFor({ timeout: 30_000 });
    await press(page, /garder ce fichier/i);
    await page.waitForURL(/\/datasets\/[^/]+/, { timeout: 30_000 });
    await page.goto('/missions');
    await main(page).getByText('réussie').first().waitFor();
    assert.deepEqual(said, []);
    await context.close();
  });

  it('by keyboard alone, without JavaScript, in English', async () => {
    const context = await visitor(browser, { server, javaScript: false });
    const page = await context.newPage();
    await signIn(page, 'steward');
    await page.getByRole('contentinfo').getByRole('button', { name: 'English' }).press('Enter');
    await page.getByRole('contentinfo').getByRole('button', { name: 'Français' }).waitFor();
    await page.goto('/missions/M26');
    const [file] = await Promise.all([page.waitForEvent('download'), main(page).getByRole('link', { name: /download my data/i }).press('Enter')]);
    const rows = rowsOf(await readFile(await file.path(), 'utf8'));
    const [type, population] = ['type', 'population_municipale'].map(name => rows[0].indexOf(name));
    const total = rows.slice(1).filter(row => row[type] === 'CA').reduce((sum, row) => sum + Number(row[population]), 0);
    const answer = async number => {
      await page.locator('[name="answer"]').focus();
      await page.keyboard.type(String(number));
      await page.keyboard.press('Enter');
      await page.waitForLoadState();
    };
    await answer(total + 1);
    await main(page).getByText('Not yet').waitFor();
    await answer(total);
    await main(page).getByText('Passed!').waitFor();
    await context.close();
  });

  it('of decisions: one for each situation with its reason, what to think of where one was wrong, and a register that stays', async () => {
    const context = await visitor(browser, { server });
    const page = await context.newPage();
    await signIn(page, 'admin');
    await page.goto('/missions/M19');
    const cases = await main(page).getByRole('group').count();
    assert.equal(cases, 6);
    await main(page).locator('form').evaluateAll(forms => forms.forEach(form => { form.noValidate = true; }));
    await press(page, /vérifier ma réponse/i);
    await main(page).getByRole('alert').first().waitFor();
    for (const group of await main(page).getByRole('group').all()) await group.getByRole('radio', { name: 'J’ouvre tel quel' }).check();
    await press(page, /vérifier ma réponse/i);
    const feedback = main(page).getByRole('region', { name: 'Ce que dit la vérification' });
    await feedback.getByText(/décisions? justes? sur 6/).waitFor();
    await feedback.getByText('0 sur 6 tiennent').waitFor();
    assert.ok(await feedback.getByRole('term').count() > 0, 'the situations to look at again are named');
    assert.deepEqual(await violations(page), []);
    const { cases: known } = JSON.parse(await readFile(new URL('../../../content/missions/m19-j-ouvre-je-n-ouvre-pas.json', import.meta.url), 'utf8'));
    for (const line of await main(page).locator('.p-decision').all()) {
      const asked = await line.innerText();
      const one = known.find(each => asked.includes(each.text.fr));
      await line.locator(`input[value="${one.right}"]`).check();
      await line.getByRole('textbox').fill(one.good);
    }
    await press(page, /vérifier ma réponse/i);
    await feedback.getByText(/^Réussi.!/).waitFor();
    await feedback.getByRole('link', { name: /garder ma feuille/i }).click();
    await page.locator('#verdict').waitFor({ timeout: 30_000 });
    await main(page).getByRole('columnheader', { name: 'justification' }).waitFor();
    await context.close();
  });

  it('of a form: keeps what was written, and says what is still missing', async () => {
    const context = await visitor(browser, { server, javaScript: false });
    const page = await context.newPage();
    await signIn(page, 'agent');
    await page.goto('/missions/M02');
    await main(page).getByLabel('Description', { exact: true }).fill('Un fichier du service.');
    await main(page).getByRole('button', { name: /vérifier ma réponse/i }).click();
    await page.waitForURL('**/missions/M02*');
    await main(page).getByText(/^La fiche gagne \d points sur 9/).waitFor();
    assert.equal(await main(page).getByLabel('Description', { exact: true }).inputValue(), 'Un fichier du service.');
    await context.close();
  });

  it('of steps: written over the data opened here, done again on files nobody saw', async () => {
    const context = await visitor(browser, { server });
    const page = await context.newPage();
    await signIn(page, 'facilitator');
    await page.goto('/missions/M25');
    await press(page, /travailler ici/i);
    await page.waitForURL('**/check/**');
    await page.locator('#verdict').waitFor({ timeout: 30_000 });
    await press(page, /garder ce fichier/i);
    await page.waitForURL(/\/datasets\/[^/]+$/, { timeout: 30_000 });
    const clean = `${new URL(page.url()).pathname}/clean`;
    const hand = async () => {
      await page.goto('/missions/M25');
      await press(page, /rendre cette recette/i);
      await page.waitForLoadState();
    };
    const write = async steps => {
      await page.goto(clean);
      await main(page).getByText('Importer des étapes', { exact: true }).click();
      await main(page).locator('[name="text"]').fill(JSON.stringify(steps));
      await press(page, /importer/i);
      await page.waitForLoadState();
    };
    await hand();
    await main(page).getByRole('alert').getByText(/n’a pas encore d’étapes/).waitFor();
    assert.deepEqual(await violations(page), []);
    const file = async text => {
      await main(page).locator('input[type="file"]').setInputFiles({ name: 'recipe.json', mimeType: 'application/json', buffer: Buffer.from(text) });
      await press(page, /vérifier ma réponse/i);
      await page.waitForLoadState();
    };
    await file('ligne;commune');
    await main(page).getByRole('alert').getByText(/ne se lit pas/).waitFor();
    await file('[{"do":"trim","columns":["comune"]}]');
    await main(page).getByText(/la colonne .*comune/).first().waitFor();
    await write([{ do: 'totals' }, { do: 'trim', columns: ['commune'] }]);
    await hand();
    const feedback = main(page).getByRole('region', { name: 'Ce que dit la vérification' });
    await feedback.getByText(/un programme ne le lit pas/).first().waitFor();
    assert.deepEqual(await violations(page), []);
    await write([{ do: 'number', columns: ['conso_mwh'] }, { do: 'deduplicate', columns: ['ligne'], keep: 'first' }, { do: 'drop', columns: ['secteur'] }]);
    await hand();
    await feedback.getByText(/sur des fichiers jamais vus/).waitFor();
    await feedback.getByText(/^Réussi.!/).waitFor();
    assert.deepEqual(await violations(page), []);
    await context.close();
  });

  it('of a chart: drawn as it is ordered, without JavaScript, and told what is wrong with it', async () => {
    const context = await visitor(browser, { server, javaScript: false });
    const page = await context.newPage();
    await signIn(page, 'agent');
    await page.goto('/missions/M36');
    const choose = async choices => {
      for (const [name, value] of Object.entries(choices)) await main(page).locator(`select[name="chart-${name}"]`).selectOption(value);
    };
    const fill = async words => {
      for (const [name, value] of Object.entries(words)) await main(page).locator(`[name="chart-${name}"]`).fill(value);
    };
    const send = async button => {
      await main(page).getByRole('button', { name: button }).click();
      await page.waitForLoadState();
    };
    await choose({ kind: 'pie', of: 'type', how: 'count' });
    await send('Dessiner');
    await main(page).getByRole('img', { name: 'Sans titre' }).waitFor();
    await send('Vérifier ma réponse');
    await main(page).getByText('Cette forme ne répond pas à la question.').waitFor();
    await choose({ kind: 'bars', of: 'nom', how: 'sum', value: 'population_totale', order: 'value' });
    await fill({ most: '8', colour: '#1f4e8c', title: 'Les groupements les plus peuplés', unit: 'habitants', source: 'DGCL et Insee, 2026' });
    await main(page).locator('[name="chart-zero"]').check();
    await send('Dessiner');
    const largest = await main(page).locator('.p-chart__label').first().textContent();
    await fill({ alt: `${largest} compte plus d’habitants que tous les autres groupements.` });
    await send('Vérifier ma réponse');
    await main(page).getByText(/^Réussi.!/).waitFor();
    await context.close();
  });

  it('of a form put right in the builder: the feedback names the questions, never the needless ones', async () => {
    const context = await visitor(browser, { server });
    const page = await context.newPage();
    await signIn(page, 'facilitator');
    await page.goto('/missions/M13');
    await press(page, /travailler ici/i);
    await page.waitForURL(/\/forms\/[^/]+$/);
    const form = new URL(page.url()).pathname;
    const hand = async mission => {
      await page.goto(`/missions/${mission}`);
      await main(page).locator('select[name="dataset"]').selectOption(form.split('/').pop());
      await press(page, /rendre ce formulaire/i);
      await page.waitForURL(`**/missions/${mission}#feedback`);
    };
    await hand('M13');
    const feedback = main(page).getByRole('region', { name: 'Ce que dit la vérification' });
    await feedback.getByText('Trop court pour dire ce qu’on attend.').first().waitFor();
    const asked = await feedback.getByText(/Questions qui se comprennent seules.: \d sur \d/).textContent();
    assert.deepEqual(await violations(page), []);
    await page.goto(`${form}/blocks/nom`);
    await main(page).locator('[name="label"]').fill('Nom et prénom');
    await main(page).locator('[name="purpose"]').fill('Savoir qui fait la demande');
    await main(page).locator('[name="retention"]').fill('12');
    await press(page, /^enregistrer$/i);
    await page.waitForURL(/\/forms\/[^/]+(#.*)?$/);
    await hand('M13');
    const again = await feedback.getByText(/Questions qui se comprennent seules.: \d sur \d/).textContent();
    const right = said => Number(/(\d) sur/.exec(said)[1]);
    assert.equal(right(again), right(asked) + 1, `${asked} → ${again}: the question keeps its place under other words`);
    assert.equal(await feedback.getByText('Sans elle, le service ne peut pas répondre.').count(), 0);
    await context.close();
  });

  it('answered in two windows, says which data the answer was of', async () => {
    const context = await visitor(browser, { server });
    const [one, two] = [await context.newPage(), await context.newPage()];
    await signIn(one, 'hr');
    await one.goto('/missions/M01');
    await one.locator('[name="answer"]').fill('3');
    await press(one, /vérifier ma réponse/i);
    await two.goto('/missions/M01');
    await press(two, /recommencer avec d’autres données/i);
    await one.locator('[name="answer"]').fill('4');
    await press(one, /vérifier ma réponse/i);
    await main(one).getByText(/autres données dans une autre fenêtre/).first().waitFor();
    assert.equal(await one.locator('[name="answer"]').inputValue(), '4', 'what was typed is still there');
    await context.close();
  });
});
