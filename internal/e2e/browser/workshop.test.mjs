// A workshop with several browsers at once: a facilitator with a projection screen, and three participants, one by keyboard
// alone, one on a telephone of 320 px, one without JavaScript, from the template to the synthesis. Every page passes axe-core in every phase.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer, request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { layout, violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { invalid } from './lib/html.mjs';
import { start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { fill, main, press } from './lib/steps.mjs';

const jsQR = createRequire(import.meta.url)('jsqr');

const text = page => main(page).innerText();

/** Presses Tab until the element with the focus has that name, then a key. Fails after 300 stops. */
async function reach(page, name, key) {
  for (let i = 0; i < 300; i++) {
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
  assert.fail(`no stop is called ${name} on ${page.url()}:\n${await text(page)}`);
}

/** Waits until a page says something by itself: nobody reloads it. */
const hears = (page, what, timeout = 15_000) => main(page).getByText(what).first().waitFor({ timeout });

/** Waits until a card is on a page by itself. */
const card = (page, words) => main(page).locator('.p-shop__card', { hasText: words }).first();

/** Makes a workshop as its facilitator; leaves the page on the console. */
async function prepare(page, template) {
  await page.goto('/workshops');
  await fill(page, { template });
  await press(page, /préparer l’atelier/i);
  await page.waitForURL(/\/workshops\/[^/?]+$/);
  return /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await text(page))[0];
}

/** What a telephone reads in the QR code of a page. */
async function scan(page) {
  const { data, side } = await page.locator('.c-qr').evaluate(svg => {
    const units = svg.viewBox.baseVal.width;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = units * 5;
    const to = canvas.getContext('2d');
    const [paper, ink] = ['rect', 'path'].map(tag => getComputedStyle(svg.querySelector(tag)).fill);
    to.fillStyle = paper;
    to.fillRect(0, 0, canvas.width, canvas.height);
    to.scale(5, 5);
    to.fillStyle = ink;
    to.fill(new Path2D(svg.querySelector('path').getAttribute('d')));
    return { data: [...to.getImageData(0, 0, canvas.width, canvas.height).data], side: canvas.width };
  });
  return jsQR(Uint8ClampedArray.from(data), side, side)?.data;
}

/** Goes on to the phase of that title. */
async function step(page, title) {
  await press(page, new RegExp(`Étape suivante.*${title}`));
  await main(page).getByRole('heading', { name: title, level: 2 }).first().waitFor();
}

/** Enters with the code as it is typed in a hurry. */
async function join(page, code, name) {
  await page.goto('/join');
  await fill(page, { code: code.toLowerCase().replace('-', ' ') });
  await press(page, /continuer/i);
  await fill(page, { text: name });
  await press(page, /entrer dans l’atelier/i);
  await page.waitForURL(/\/seat$/);
}

describe('a workshop with several browsers', () => {
  let server, browser;
  before(async () => {
    server = await start({ demo: true });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const arrive = async (options = {}) => {
    const page = await (await visitor(browser, { server, ...options })).newPage();
    page.complaints = complaints(page);
    return page;
  };

  it('goes from the template to the synthesis', async () => {
    const grace = await arrive();
    await signIn(grace, 'facilitator');
    const code = await prepare(grace, 'metiers-donnees');
    const screen = await grace.context().newPage();
    await screen.goto(`${grace.url()}/wall`);
    const karim = await arrive();
    const lina = await arrive({ size: 'phone' });
    const noe = await arrive({ javaScript: false });
    const scripted = { console: grace, wall: screen, keyboard: karim, telephone: lina };

    /** Every page as it is in this phase. */
    const judge = async phase => {
      for (const [who, page] of Object.entries(scripted)) {
        assert.deepEqual(await violations(page), [], `${phase}: ${who}`);
        assert.deepEqual(await layout(page), [], `${phase}: ${who}`);
      }
      await noe.reload();
      assert.deepEqual(await invalid(await (await noe.request.get(noe.url())).text()), [], `${phase}: without JavaScript`);
      assert.deepEqual(await layout(noe), [], `${phase}: without JavaScript`);
    };
    const everywhere = async title => {
      for (const page of [screen, karim, lina]) await main(page).getByRole('heading', { name: title, level: 1 }).waitFor();
      await noe.reload();
    };
    const go = async title => { await step(grace, title); await everywhere(title); await judge(title); };

    await karim.goto('/join'); // by keyboard alone
    await reach(karim, /^Code de l’atelier/);
    await karim.keyboard.type(code);
    await karim.keyboard.press('Enter');
    await karim.waitForURL(/\/join\/[^/]+$/);
    await reach(karim, /^Votre prénom/);
    await karim.keyboard.type('Karim');
    await karim.keyboard.press('Enter');
    await karim.waitForURL(/\/seat$/);
    const address = await scan(screen); // on a telephone, with its camera
    await grace.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await scan(grace), address, 'the code is the same, and as readable in the dark');
    await grace.emulateMedia({ colorScheme: 'light' });
    await lina.goto(address);
    await fill(lina, { text: 'Lina' });
    await press(lina, /entrer dans l’atelier/i);
    await lina.waitForURL(/\/seat$/);
    await join(noe, code, 'Noé');
    await hears(grace, '3 personnes dans l’atelier');
    await hears(screen, '3 personnes dans l’atelier');
    for (const name of ['Karim', 'Lina', 'Noé']) await hears(grace, name); // without reloading
    assert.doesNotMatch(await text(screen), /Karim|Lina|Noé/, 'nobody else is told who is there');
    await judge('before the first phase');

    await go('Bienvenue');
    await go('Qui sommes-nous');
    await reach(karim, /^Service/);
    await karim.keyboard.type('Voirie');
    await reach(karim, /^Métier/);
    await karim.keyboard.type('Cantonnier');
    await reach(karim, /^Enregistrer ma réponse/, 'Enter'); // without the box
    await main(karim).getByText('Cochez la case').first().waitFor();
    assert.deepEqual([...await violations(karim), ...await layout(karim)], [], 'without consent');
    assert.equal(await karim.locator('input[name="item"]').inputValue(), 'Cantonnier', 'what was typed stays');
    await reach(karim, /^J’accepte que mon service/, 'Space');
    await reach(karim, /^Enregistrer ma réponse/, 'Enter');
    await karim.getByText('Votre réponse est à jour').waitFor();
    for (const page of [lina, noe]) {
      await fill(page, { text: 'Voirie' });
      await main(page).getByLabel(/J’accepte que mon service/).check();
      await press(page, /enregistrer ma réponse/i);
    }
    await hears(grace, '3 personnes ont répondu');
    assert.doesNotMatch(await text(grace) + await text(screen), /Voirie|Cantonnier/, 'nobody is told where three people come from');

    await go('Où mobilisez-vous des données aujourd’hui');
    await reach(karim, /^Votre carte/);
    await karim.keyboard.type('Compter les vélos du pont');
    await karim.keyboard.press('Tab');
    await karim.keyboard.type('P'); // Pilotage et suivi
    await reach(karim, /^Ajouter la carte$/, 'Enter');
    await card(karim, 'Compter les vélos').waitFor();
    await fill(lina, { text: 'Tenir la liste des associations' });
    await press(lina, /ajouter la carte/i);
    await fill(noe, { text: 'Publier <b>les arbres</b>' });
    await press(noe, /ajouter la carte/i);
    await hears(grace, '3 cartes, encore cachées');
    assert.doesNotMatch(await text(lina) + await text(screen) + await text(grace), /vélos|arbres/, 'nobody sees another’s card before it is revealed');
    await press(grace, /révéler les cartes/i);
    for (const page of [screen, lina, karim]) await card(page, 'Publier <b>les arbres</b>').waitFor();
    await judge('revealed');

    // Somebody is writing when the facilitator goes on: what is written stays, and a notice says it.
    await fill(lina, { text: 'Une idée qui vient' });
    await step(grace, 'Rangeons les situations');
    await main(lina).getByText('Votre texte n’est pas perdu').waitFor();
    assert.equal(await main(lina).locator('textarea[name="text"]').first().inputValue(), 'Une idée qui vient');
    await press(lina, /ajouter la carte/i);
    await everywhere('Rangeons les situations');
    await card(screen, 'Une idée qui vient').waitFor();
    await judge('Rangeons les situations');
    await reach(karim, /^Ranger Une idée qui vient/, 'Enter');
    await reach(karim, /^Ou un nouveau thème/);
    await karim.keyboard.type('Idées');
    await karim.keyboard.press('Enter');
    await main(screen).getByRole('heading', { name: /^Idées/ }).waitFor();
    const ideas = page => page.locator('.p-shop__group', { has: page.getByRole('heading', { name: /^Idées/ }) });
    await card(grace, 'Tenir la liste').locator('.p-shop__grip').dragTo(ideas(grace)); // with the pointer
    for (const page of [screen, grace, lina]) await ideas(page).locator('.p-shop__card', { hasText: 'Tenir la liste' }).waitFor();
    await card(grace, 'Tenir la liste').locator('.p-shop__grip').hover();
    await grace.mouse.down();
    await grace.mouse.move(10, 10, { steps: 3 });
    await grace.keyboard.press('Escape'); // and back, where it was
    await grace.mouse.up();
    assert.equal(await ideas(grace).locator('.p-shop__card', { hasText: 'Tenir la liste' }).count(), 1);

    await go('Quelles compétences utilisez-vous pour cela');
    await fill(noe, { text: 'Lire un tableau croisé' });
    await press(noe, /ajouter la carte/i);
    await go('Que voudriez-vous faire avec des données demain');
    await fill(lina, { text: 'Prévoir les effectifs des écoles' });
    await press(lina, /ajouter la carte/i);
    await go('Que faudrait-il apprendre pour y arriver');
    await reach(karim, /^Votre carte/);
    await karim.keyboard.type('Faire une carte');
    await reach(karim, /^Ajouter la carte$/, 'Enter');
    await card(karim, 'Faire une carte').waitFor();
    await go('Rangeons les souhaits et les compétences');
    for (const title of ['Quelles compétences', 'Que voudriez-vous faire', 'Que faudrait-il apprendre']) {
      await grace.getByRole('button', { name: new RegExp(`^Révéler les cartes.*${title}`) }).click();
      await grace.waitForLoadState();
    }
    await card(lina, 'Faire une carte').waitFor();

    await grace.getByRole('link', { name: /^Proposer un regroupement.*Que faudrait-il apprendre/ }).click();
    assert.deepEqual([...await violations(grace), ...await layout(grace)], [], 'groups that are proposed');
    await main(grace).getByRole('link', { name: 'Revenir à la console' }).click();

    await go('Relions-les aux compétences du référentiel');
    await reach(karim, /^Relier à une compétence.*Lire un tableau croisé/, 'Enter');
    await karim.waitForURL(/\/cards\/\d+$/);
    assert.deepEqual([...await violations(karim), ...await layout(karim)], [], 'the page of a card');
    await reach(karim, /^Compétence/);
    await karim.keyboard.type('D7.1');
    await reach(karim, /^Sans réponse$/);
    await karim.keyboard.press('ArrowDown');
    await karim.keyboard.press('ArrowDown');
    await reach(karim, /^Relier$/, 'Enter');
    await hears(karim, 'Avec des collègues');
    await reach(karim, /^Revenir aux cartes$/, 'Enter');
    await karim.waitForURL(/\/seat#card-\d+$/);
    for (const [page, words, code] of [[lina, 'Faire une carte', 'D8.3'], [noe, 'Compter les vélos', 'D2.2']]) {
      await page.reload();
      await card(page, words).getByRole('link', { name: /^Relier à une compétence/ }).click();
      const option = page.locator('select[name="item"] option', { hasText: new RegExp(`^${code} `) }).first();
      await page.locator('select[name="item"]').selectOption(await option.getAttribute('value'));
      assert.deepEqual(await layout(page), [], 'the page of a card');
      await press(page, /^relier$/i);
      await page.locator('#linked').waitFor();
      await main(page).getByRole('link', { name: 'Revenir aux cartes' }).click();
    }
    await card(screen, 'Faire une carte').getByText(/D8\.3 Lire/).waitFor();

    await go('Par quoi commencer');
    await reach(karim, /^Donner un point.*Valeur Prévoir les effectifs/, 'Enter');
    await hears(karim, /Valeur\s: Il vous reste 4 points/);
    await reach(karim, /^Donner un point.*Valeur Prévoir les effectifs/, 'Enter');
    await hears(karim, /Valeur\s: Il vous reste 3 points/);
    await reach(karim, /^Donner un point.*Difficulté Prévoir les effectifs/, 'Enter');
    await hears(karim, /Difficulté\s: Il vous reste 4 points/);
    await press(lina, /^Donner un point.*Valeur Faire une carte/);
    await noe.getByRole('button', { name: /^Donner un point.*Valeur Prévoir/ }).click();
    await hears(grace, '3 personnes ont répondu');
    assert.doesNotMatch(await text(screen), /\d points?\b/, 'the vote is blind until it ends');

    await go('Comment voudriez-vous apprendre');
    await reach(karim, /^Formations de pair à pair$/, 'Space');
    await reach(karim, /^Enregistrer mes choix$/, 'Enter');
    await karim.getByText('Vos choix sont enregistrés').waitFor();
    await lina.getByLabel('Cours en ligne, à mon rythme').check();
    await press(lina, /enregistrer mes choix/i);
    await noe.getByLabel('Formations de pair à pair').check();
    await press(noe, /enregistrer mes choix/i);

    await go('Parlons-en');
    await hears(screen, '3 points');
    const ranking = await screen.locator('.p-plot').innerText();
    assert.match(ranking, /1\s+Prévoir les effectifs des écoles\s+3\s+1\s+2/, 'the table says what the picture shows');
    assert.equal(await screen.locator('.p-plot__dot').count(), 2);
    assert.doesNotMatch(await text(screen), /Voirie/, 'three people are too few to be told apart');
    await fill(grace, { minutes: '2' });
    await press(grace, /lancer le minuteur/i);
    for (const page of [screen, karim, lina]) await hears(page, /^[12]:\d\d$/);
    await grace.locator('form', { has: grace.locator('[value="minute"]') }).locator('textarea').fill('Jeanne s’en charge en mars.');
    await press(grace, /^noter$/i);
    await go('Ce que nous avons dit');
    await hears(screen, 'Jeanne s’en charge en mars.');
    await grace.locator('summary', { hasText: 'Terminer l’atelier' }).click();
    await press(grace, /terminer pour tout le monde/i);
    for (const page of [karim, lina]) {
      await hears(page, 'L’atelier est terminé');
      await page.waitForLoadState();
    }
    await judge('closed');

    await grace.locator('summary', { hasText: 'Effacer les noms' }).click();
    assert.deepEqual(await violations(grace), [], 'before the names are erased');
    await press(grace, /effacer pour toujours/i);
    await grace.getByText('Les noms sont effacés').waitFor();
    assert.equal(await grace.getByText('Karim').count(), 0);
    await karim.reload(); // nobody has a seat any more; what was said is still there
    await card(karim, 'Compter les vélos du pont').waitFor();
    await main(grace).getByRole('link', { name: 'Restitution' }).click();
    await grace.waitForURL(/\/results$/);
    assert.deepEqual(await violations(grace), []);
    const synthesis = await text(grace);
    for (const said of ['Compter les vélos du pont', 'Publier <b>les arbres</b>', 'Tenir la liste des associations', 'Une idée qui vient', 'Lire un tableau croisé',
      'Prévoir les effectifs des écoles', 'Faire une carte', 'Idées', 'Pilotage et suivi', '3 points', '2 choix', 'D7.1', 'D8.3', 'D2.2', 'Jeanne s’en charge en mars.']) assert.ok(synthesis.includes(said), `${said} is in the synthesis:\n${synthesis}`);
    for (const name of ['Karim', 'Lina', 'Noé']) assert.ok(!synthesis.includes(name), 'the synthesis names nobody');
    for (const [who, page] of Object.entries(scripted)) assert.deepEqual(page.complaints ?? [], [], who);
  });

  it('splits into tables and brings them together', async () => {
    const grace = await arrive();
    await signIn(grace, 'facilitator');
    const code = await prepare(grace, 'simple');
    await main(grace).getByRole('link', { name: 'Adapter le déroulé' }).click();
    await main(grace).getByLabel(/^Atelier anonyme/).uncheck(); // with names, tables may be small
    const ideas = main(grace).getByRole('group', { name: /Vos idées/ });
    await ideas.getByLabel(/^Personnes par table/).fill('2');
    await ideas.getByLabel(/^Les cartes restent cachées/).uncheck();
    assert.deepEqual([...await violations(grace), ...await layout(grace)], [], 'the plan');
    await press(grace, /^enregistrer$/i);
    await grace.waitForURL(/\/workshops\/[^/?]+$/);
    const screen = await grace.context().newPage();
    await screen.goto(`${grace.url()}/wall`);
    const karim = await arrive();
    const lina = await arrive({ size: 'phone' });
    const noe = await arrive({ javaScript: false });
    await join(karim, code, 'Karim');
    await join(lina, code, 'Lina');
    await join(noe, code, 'Noé');
    await step(grace, 'Bienvenue');
    await step(grace, 'Vos idées');
    const people = { Karim: karim, Lina: lina, Noé: noe };
    const judge = async when => {
      for (const page of [grace, screen, karim, lina]) assert.deepEqual([...await violations(page), ...await layout(page)], [], when);
      await noe.reload();
      assert.deepEqual([...await invalid(await (await noe.request.get(noe.url())).text()), ...await layout(noe)], [], when);
    };
    for (const page of [karim, lina]) await hears(page, /Votre table\s: Table [12]/); // without reloading
    await hears(screen, 'Les tables travaillent séparément');
    await judge('apart');
    const table = async page => {
      if (page === noe) await noe.reload();
      return /Votre table\s: (Table \d)/.exec(await text(page))[1];
    };
    const seats = {};
    for (const [name, page] of Object.entries(people)) (seats[await table(page)] ??= []).push(name);
    const alone = Object.values(seats).find(names => names.length === 1)[0];
    const [first, second] = Object.values(seats).find(names => names.length === 2);
    assert.match(await text(people[first]), new RegExp(`Avec ${second}`));

    await reach(karim, /^Votre carte/); // by keyboard alone
    await karim.keyboard.type('Idée de Karim');
    await reach(karim, /^Ajouter la carte$/, 'Enter');
    await card(karim, 'Idée de Karim').waitFor();
    for (const [name, page] of [['Lina', lina], ['Noé', noe]]) {
      await main(page).getByLabel(/^Votre carte/).fill(`Idée de ${name}`);
      await press(page, /ajouter la carte/i);
      await card(page, `Idée de ${name}`).waitFor();
    }
    for (const [name, page] of Object.entries(people)) {
      if (page === noe) await noe.reload();
      for (const other of Object.keys(people)) {
        const together = name === other || ![name, other].includes(alone);
        if (together) await card(page, `Idée de ${other}`).waitFor();
        else assert.equal(await card(page, `Idée de ${other}`).count(), 0, `${name} sees the card of another table`);
      }
    }
    for (const name of Object.keys(people)) await card(grace, `Idée de ${name}`).waitFor();
    assert.doesNotMatch(await text(screen), /Idée de|Karim|Lina|Noé/, 'the screen shows no board of a table, and no names');
    await hears(screen, '2 personnes, 2 cartes');

    // Somebody changes tables, and his page follows.
    await grace.locator('summary', { hasText: 'Changer quelqu’un de table' }).click();
    await grace.getByLabel(/^Qui change/).selectOption({ label: alone });
    await grace.getByLabel(/^Sa nouvelle table/).selectOption({ label: await table(people[first]) });
    await press(grace, /^changer de table$/i);
    if (people[alone] === noe) await noe.reload();
    await card(people[alone], `Idée de ${first}`).waitFor();
    await grace.locator('summary', { hasText: 'Nommer une table' }).click();
    await grace.getByLabel(/^Table à nommer/).selectOption({ label: await table(people[first]) });
    await grace.getByLabel(/^Nouveau nom/).fill('Les rives');
    await press(grace, /^donner ce nom$/i);
    for (const page of [karim, lina]) await hears(page, /Votre table\s: Les rives/);
    await judge('at other tables');

    await press(grace, /^réunir les tables$/i);
    for (const page of [karim, lina, screen]) for (const name of Object.keys(people)) await card(page, `Idée de ${name}`).waitFor();
    await noe.reload();
    await card(noe, `Idée de ${first}`).getByText('Les rives').waitFor();
    await judge('together');
    await grace.locator('summary', { hasText: 'Terminer l’atelier' }).click();
    await press(grace, /terminer pour tout le monde/i);
    await main(grace).getByRole('link', { name: 'Restitution' }).click();
    await grace.waitForURL(/\/results$/);
    assert.match(await text(grace), /Les rives/);
    assert.deepEqual([...await violations(grace), ...await layout(grace)], [], 'the synthesis');
  });

  it('asks instead where a proxy holds events back, and catches up after a cut', async () => {
    const grace = await arrive();
    await signIn(grace, 'facilitator');
    const code = await prepare(grace, 'simple');
    // A proxy that passes everything on but keeps streams for itself until they end, and can be cut off.
    let cut = false;
    const proxy = createServer((from, to) => {
      if (cut) { from.destroy(); return; }
      const up = request(server.url + from.url, { method: from.method, headers: { ...from.headers, host: new URL(server.url).host } }, answer => {
        if (/event-stream/.test(answer.headers['content-type'])) {
          to.writeHead(200, answer.headers);
          to.flushHeaders();
          answer.on('data', () => {});
          return;
        }
        to.writeHead(answer.statusCode, answer.headers);
        answer.pipe(to);
      });
      up.on('error', () => to.destroy());
      to.on('close', () => up.destroy());
      from.pipe(up);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const context = await visitor(browser, { server: { url: `http://127.0.0.1:${proxy.address().port}` } });
    const page = await context.newPage();
    try {
      await page.goto(`/join/${code.replace('-', '').toLowerCase()}/wall`);
      await page.locator('c-board[data-asks]').waitFor({ timeout: 20_000 });
      await step(grace, 'Bienvenue');
      await page.getByRole('heading', { name: 'Bienvenue', level: 1 }).waitFor({ timeout: 10_000 });
      cut = true;
      await step(grace, 'Vos idées');
      await page.waitForTimeout(3_000);
      cut = false;
      await page.getByRole('heading', { name: 'Vos idées', level: 1 }).waitFor({ timeout: 30_000 });
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});
