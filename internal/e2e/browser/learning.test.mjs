// From a mission to a badge a stranger verifies, by keyboard alone: every link, field and button is reached with Tab and pressed with a key.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { complaints, visitor } from './lib/browser.mjs';
import { people, signIn } from './lib/signin.mjs';
import { main } from './lib/steps.mjs';
import { demonstration, faults, listed } from './lib/walk.mjs';

/** Presses Tab until the element has the focus. Fails when it cannot be reached so. */
async function reach(page, locator, most = 200) {
  const target = locator.first();
  await target.waitFor();
  for (let i = 0; i < most; i++) {
    if (await target.evaluate(node => node === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${locator} on ${page.url()}`);
}

/** Reaches a link or a button, and presses Enter. */
async function follow(page, locator) {
  await reach(page, locator);
  await page.keyboard.press('Enter');
  await page.waitForLoadState();
}

/** Reaches a field and types. */
async function type(page, name, text) {
  await reach(page, main(page).locator(`[name="${name}"]`));
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

/** Reaches a box and ticks it. */
async function tick(page, locator) {
  await reach(page, locator);
  await page.keyboard.press('Space');
  assert.ok(await locator.isChecked());
}

/** Hands a file in: Enter on the field opens the browser's own window, where the file is chosen. */
async function hand(page, text) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), follow(page, main(page).locator('input[type="file"]'))]);
  await chooser.setFiles({ name: 'stations.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await Promise.all([page.waitForResponse(answer => answer.url().endsWith('/missions/M05')), follow(page, main(page).getByRole('button', { name: 'Vérifier ma réponse' }))]);
}

const rowsOf = text => text.replace('\ufeff', '').trim().split('\r\n').map(line => line.split(';').map(cell => cell.replace(/^"(.*)"$/, '$1')));

function iso(date) {
  const [, day, month, year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})$/.exec(date) ?? [];
  if (!day) return date;
  const century = year.length === 4 ? '' : Number(year) < 50 ? '20' : '19';
  return `${century}${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** The stations as a careful person hands them in: one row each, whole codes, one writing for dates, points, no stray space. */
function mended(text) {
  const seen = new Set();
  return rowsOf(text).map((row, i) => i === 0 ? row : [
    /^\d+$/.test(row[0]) ? row[0].padStart(8, '0') : row[0], row[1].trim().replace(/ +/g, ' '), row[2], row[3], iso(row[4]), row[5].replace(',', '.'),
  ]).filter(([code]) => !seen.has(code) && seen.add(code)).map(row => row.join(';')).join('\r\n');
}

/** Fails on anything wrong with the page as it stands, in both schemes and sizes. */
async function clean(page) {
  const bad = await faults(page);
  assert.equal(bad.length, 0, `${page.url()}: ${listed(bad)}`);
}

describe('what somebody has shown', () => {
  const house = demonstration();

  async function arrive(t, role) {
    const context = await visitor(house.browser, { server: house.server });
    t.after(() => context.close());
    const page = await context.newPage();
    const said = complaints(page);
    await signIn(page, role);
    return { page, said };
  }

  it('leads from a mission to a badge a stranger verifies, by keyboard alone', async t => {
    const { page: agent, said } = await arrive(t, 'agent');

    // A mission: fails with feedback that points at rows, then passes.
    await agent.goto('/missions/M05');
    await reach(agent, main(agent).getByRole('link', { name: /Télécharger mes données/ }));
    const [file] = await Promise.all([agent.waitForEvent('download'), agent.keyboard.press('Enter')]);
    const text = await readFile(await file.path(), 'utf8');
    await hand(agent, text);
    const feedback = main(agent).getByRole('region', { name: 'Ce que dit la vérification' });
    await feedback.getByText('Pas encore').waitFor();
    const [row] = await feedback.getByRole('rowheader').allTextContents();
    assert.match(row, /^\d+$/, 'the feedback names a row');
    await hand(agent, mended(text));
    await feedback.getByText(/^Réussi.!/).waitFor();

    // Its evidence.
    await follow(agent, feedback.getByRole('link', { name: /Voir cette preuve/ }));
    await agent.waitForURL(/\/learning\/evidence\//);
    await main(agent).getByText('Vérification automatique').waitFor();
    await clean(agent);
    await follow(agent, agent.getByRole('navigation').getByRole('link', { name: 'Mes preuves' }));
    await main(agent).getByText('Niveau atteint : N2').first().waitFor();
    await clean(agent);

    // Real work, and a colleague asked to look at it.
    await follow(agent, main(agent).getByRole('link', { name: 'Ajouter un travail' }));
    await agent.waitForURL('**/learning/new');
    await type(agent, 'title', 'Diagnostic de la liste des stations');
    await reach(agent, main(agent).locator('[name="competence"]'));
    await agent.keyboard.type('D4.1');
    await reach(agent, main(agent).locator('[name="level"]'));
    await agent.keyboard.press('Space');
    const [chosen] = await Promise.all([agent.waitForEvent('filechooser'), follow(agent, main(agent).locator('input[type="file"]'))]);
    await chosen.setFiles({ name: 'diagnostic.txt', mimeType: 'text/plain', buffer: Buffer.from('Trois dates fausses, deux codes courts.') });
    await main(agent).getByText('diagnostic.txt').waitFor();
    await type(agent, 'note', 'J’ai compté les lignes fausses, colonne par colonne.');
    await follow(agent, main(agent).getByRole('button', { name: 'Ajouter un travail' }));
    await agent.waitForURL(/\/learning\/evidence\//);
    const work = new URL(agent.url()).pathname;
    await main(agent).getByText('D4.1').first().waitFor();
    await type(agent, 'reviewer', people.agent);
    await follow(agent, main(agent).getByRole('button', { name: 'Demander', exact: true }));
    await main(agent).locator('#reviewer-error').waitFor(); // nobody reviews their own work
    await clean(agent);
    await type(agent, 'reviewer', people.facilitator);
    await follow(agent, main(agent).getByRole('button', { name: 'Demander', exact: true }));
    await main(agent).getByText('En attente').waitFor();
    await clean(agent);

    // The colleague finds it, is held to the grid, and accepts.
    const { page: colleague } = await arrive(t, 'facilitator');
    await colleague.goto('/learning');
    await follow(colleague, main(colleague).getByRole('link', { name: '1 travail à relire' }));
    await clean(colleague);
    await follow(colleague, main(colleague).getByRole('link', { name: 'Diagnostic de la liste des stations' }));
    await colleague.waitForURL(`**${work}`);
    await reach(colleague, main(colleague).getByRole('link', { name: 'Ouvrir diagnostic.txt' }));
    const [shown] = await Promise.all([colleague.waitForEvent('download'), colleague.keyboard.press('Enter')]);
    assert.equal(await readFile(await shown.path(), 'utf8'), 'Trois dates fausses, deux codes courts.', 'the reviewer reads the file that was attached');
    await follow(colleague, main(colleague).getByRole('button', { name: 'Accepter' }));
    await main(colleague).locator('#met-error').waitFor();
    await clean(colleague);
    for (const box of await main(colleague).getByRole('checkbox').all()) await tick(colleague, box);
    await type(colleague, 'words', 'Chaque colonne est comptée, et le chemin est là.');
    await follow(colleague, main(colleague).getByRole('button', { name: 'Accepter' }));
    await colleague.waitForURL('**/learning/shown');
    await colleague.goto('/dev/mails');
    await main(colleague).getByText('vous demande de relire un travail').first().waitFor();

    // The badge: asked for, given.
    await agent.goto('/badges/premiers-pas');
    await follow(agent, main(agent).getByRole('button', { name: 'Demander ce badge' }));
    await main(agent).getByText('La réponse n’est pas encore venue').waitFor();
    const { page: steward } = await arrive(t, 'steward');
    await steward.goto('/badge-requests');
    await follow(steward, main(steward).getByRole('button', { name: /^Délivrer le badge.*Camille/ }));
    await steward.waitForURL(/\/credentials\//);

    // The passport, shown by a link.
    await agent.goto('/learning/passport');
    await main(agent).getByRole('link', { name: 'Premiers pas avec un fichier' }).waitFor();
    await agent.emulateMedia({ media: 'print' });
    assert.equal(await agent.locator('nav').filter({ visible: true }).count(), 0, 'on paper there is nothing to click');
    assert.equal(await main(agent).getByRole('button').filter({ visible: true }).count(), 0);
    assert.match(await main(agent).locator('.p-badge__address').first().innerText(), /\/credentials\//, 'a badge says where it is verified');
    await agent.emulateMedia({ media: null });
    await follow(agent, main(agent).getByText('Faire un lien'));
    await clean(agent);
    await follow(agent, main(agent).getByRole('button', { name: 'Faire le lien' }));
    const address = new URL((await main(agent).locator('pre code').textContent()).trim()).pathname;
    await clean(agent);

    // A stranger reads it, goes to the badge, and verifies the file.
    const { page: stranger, said: complaint } = await arrive(t, 'anonymous');
    await stranger.goto(address);
    await main(stranger).getByText('D4.1').first().waitFor();
    assert.doesNotMatch(await main(stranger).innerText(), /@demo\.example/);
    await clean(stranger);
    await follow(stranger, main(stranger).getByRole('link', { name: 'Premiers pas avec un fichier' }));
    await stranger.waitForURL(/\/credentials\//);
    const credential = new URL(stranger.url()).pathname;
    await main(stranger).getByText('Valide').first().waitFor();
    await reach(stranger, main(stranger).getByRole('link', { name: 'Image PNG' }));
    const [badge] = await Promise.all([stranger.waitForEvent('download'), stranger.keyboard.press('Enter')]);
    await stranger.goto('/verify');
    const [chooser] = await Promise.all([stranger.waitForEvent('filechooser'), follow(stranger, main(stranger).locator('input[type="file"]'))]);
    await chooser.setFiles({ name: 'badge.png', mimeType: 'image/png', buffer: await readFile(await badge.path()) });
    await follow(stranger, main(stranger).locator('form button[type=submit]'));
    await main(stranger).locator('.c-notice').getByText('Valide').first().waitFor();

    // The link ended, the stranger is told so.
    await follow(agent, main(agent).getByRole('button', { name: /^Mettre fin/ }));
    await main(agent).getByText(/arrêté le/).waitFor();
    assert.equal((await stranger.goto(address)).status(), 410);
    await main(stranger).getByText('Ce lien ne montre plus rien').waitFor();
    await clean(stranger);

    // The work deleted for good, the badge stands and says so.
    await agent.goto(work);
    await follow(agent, main(agent).locator('summary').filter({ hasText: 'Supprimer définitivement' }));
    await clean(agent);
    await type(agent, 'confirm', 'Diagnostic de la liste des stations');
    await follow(agent, main(agent).getByRole('button', { name: 'Supprimer pour toujours' }));
    await agent.getByText('La preuve est supprimée').waitFor();
    assert.equal((await agent.request.get(`${work}/file`)).status(), 404);
    await stranger.goto(credential);
    await main(stranger).getByText('Valide').first().waitFor();
    await main(stranger).getByText(/Depuis, 1.travail sur lequel ce badge repose/).waitFor();
    await clean(stranger);
    assert.deepEqual([...said, ...complaint], []);
  });

  it('is added and shown without JavaScript, in English', async t => {
    const context = await visitor(house.browser, { server: house.server, javaScript: false });
    t.after(() => context.close());
    const page = await context.newPage();
    await signIn(page, 'admin');
    await page.getByRole('contentinfo').getByRole('button', { name: 'English' }).press('Enter');
    await page.getByRole('contentinfo').getByRole('button', { name: 'Français' }).waitFor();
    await page.goto('/learning');
    await main(page).getByText('You have no evidence yet').waitFor();
    await page.goto('/learning/new');
    await type(page, 'title', 'A monitoring table');
    await follow(page, main(page).getByRole('button', { name: 'Add a piece of work' }));
    await main(page).getByRole('alert').first().waitFor();
    assert.equal(await main(page).locator('[name="title"]').inputValue(), 'A monitoring table', 'what was typed stays');
    await main(page).locator('[name="competence"]').selectOption('D7.1');
    await main(page).locator('[name="level"][value="2"]').check();
    await type(page, 'address', '/catalogue');
    await type(page, 'note', 'I built it and keep it up to date.');
    await follow(page, main(page).getByRole('button', { name: 'Add a piece of work' }));
    await page.waitForURL(/\/learning\/evidence\//);
    await follow(page, main(page).getByText('Show it to somebody'));
    await main(page).locator('[name="with"][value="hr"]').check();
    await follow(page, main(page).getByRole('button', { name: 'Show', exact: true }));
    await main(page).getByText('Human resources, since').waitFor();
    const { page: hr } = await arrive(t, 'hr');
    await hr.goto('/learning/shown');
    await main(hr).getByRole('link', { name: 'A monitoring table' }).waitFor();
    await follow(page, main(page).getByRole('button', { name: /^Stop showing/ }));
    await main(page).getByText('Only you, for now.').waitFor();
    await hr.reload();
    assert.equal(await main(hr).getByRole('link', { name: 'A monitoring table' }).count(), 0);
  });
});
