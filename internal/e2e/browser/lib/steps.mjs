// What a person does, said once. Every step works with and without JavaScript, and finds things as a person would:
// by role, by label, by address; fields by the name they are sent under.
import assert from 'node:assert/strict';

/** A small real-looking table with a few faults: a date in two styles, stray spaces, a missing value, a double row. */
export const sample = {
  name: 'frequentation-mediatheques.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from([
    'code_insee;mediatheque;date;visiteurs',
    '01004;L’Encrier ;2026-01-05;125',
    '01004;L’Encrier;2026-01-06;98',
    '01007;Les Feuillantines;07/01/2026;64',
    '01007;Les Feuillantines;2026-01-08;',
    '01007;Les Feuillantines;2026-01-08;',
    '01010; Le Préau;2026-01-09;71',
    '',
  ].join('\n')),
};

/** The words a page shows where its content is. */
export const main = page => page.getByRole('main');

/**
 * Presses the one button whose name matches, inside main unless told otherwise.
 * @param {import('playwright-core').Page} page
 * @param {RegExp} name
 */
export async function press(page, name, where = main(page)) {
  await where.getByRole('button', { name }).first().click();
  await page.waitForLoadState();
}

/**
 * Checks a file: leaves the page on its result, at /check/{id}.
 * @param {import('playwright-core').Page} page
 * @param {{name: string, mimeType: string, buffer: Buffer}} file
 */
export async function check(page, file) {
  await page.goto('/check');
  await main(page).locator('input[type="file"]').setInputFiles(file);
  // With JavaScript the file may be sent as soon as it is chosen.
  const send = main(page).getByRole('button', { name: /vérifier/i });
  await send.click({ timeout: 3_000 }).catch(async error => {
    if (new URL(page.url()).pathname === '/check') throw error;
  });
  await page.waitForURL(/\/check\/[^/]+$/, { timeout: 30_000 });
  await page.locator('#verdict').waitFor({ timeout: 30_000 }); // a page that waits refreshes itself
}

/**
 * Keeps the file just checked as a dataset; the person is signed in. Leaves the page on /datasets/{id}.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string>} the dataset's path
 */
export async function keep(page) {
  await press(page, /garder|conserver/i);
  await page.waitForURL(/\/datasets\/[^/]+/, { timeout: 30_000 });
  return /\/datasets\/[^/?#]+/.exec(page.url())[0];
}

/**
 * Gives each named field a value, whatever kind of field it is.
 * @param {import('playwright-core').Page} page
 * @param {Record<string, string>} values
 */
export async function fill(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = main(page).locator(`[name="${name}"]`);
    assert.ok(await field.count() > 0, `a field is named ${name} on ${page.url()}`);
    const kind = await field.first().evaluate(node => node.type ?? node.tagName);
    if (kind === 'radio' || kind === 'checkbox') await main(page).locator(`[name="${name}"][value="${value}"]`).check();
    else if (/select/.test(kind)) await field.first().selectOption(value);
    else await field.first().fill(value);
  }
}

/** The answers only a person can give about [sample]; the rest of the record is derived from the file. */
export const answers = {
  title: 'Fréquentation des médiathèques de Valmoret en janvier 2026',
  description: 'Nombre de visiteurs comptés chaque jour à l’entrée des trois médiathèques intercommunales de Valmoret, ' +
    'pendant la première semaine de janvier 2026. Le comptage est fait par les portiques antivol.',
  purpose: 'Adapter les horaires d’ouverture des médiathèques.',
  limits: 'Les enfants de moins d’un mètre ne sont pas comptés par les portiques.',
  origin: 'Relevé automatique des portiques, recopié chaque soir par l’agent d’accueil.',
  owner: 'Le service culture',
  contact: 'culture@demo.example',
  keywords: 'médiathèque, lecture publique, fréquentation',
  frequency: 'ANNUAL',
  licence: 'etalab-2.0',
  confidentiality: 'open',
  spatial_name: 'Valmoret',
  temporal_start: '2026-01-05',
  temporal_end: '2026-01-09',
};

/**
 * Writes the record of a dataset and saves it.
 * @param {import('playwright-core').Page} page
 * @param {string} dataset its path
 * @param {Record<string, string>} values
 */
export async function document_(page, dataset, values = answers) {
  await page.goto(`${dataset}/record`);
  await fill(page, values);
  await press(page, /enregistrer/i);
  assert.equal(await main(page).getByRole('alert').count(), 0, 'the record is saved without an error summary');
  await page.goto(`${dataset}/record`);
  assert.equal(await main(page).locator('[name="title"]').inputValue(), values.title, 'the title was kept');
}

/**
 * Asks a steward to look at the record.
 * @param {import('playwright-core').Page} page
 * @param {string} dataset its path
 */
export async function submit(page, dataset) {
  await page.goto(`${dataset}/record`);
  await press(page, /demander une relecture/i);
}

/**
 * Publishes, as a steward, what waits under this title. Leaves the page where the publication is confirmed.
 * @param {import('playwright-core').Page} page
 * @param {string} title
 */
export async function publish(page, title) {
  await page.goto('/reviews');
  await main(page).getByRole('link', { name: title }).first().click();
  await press(page, /^publier/i);
  // A second page may ask to confirm what becomes public.
  const confirm = main(page).getByRole('button', { name: /^(publier|confirmer)/i });
  if (await confirm.count()) await confirm.first().click();
  await page.waitForLoadState();
}

/**
 * Searches the catalogue by its form, as anybody may.
 * @param {import('playwright-core').Page} page
 * @param {string} words
 */
export async function search(page, words) {
  await page.goto('/catalogue');
  const box = main(page).getByRole('searchbox').first();
  await box.fill(words);
  await box.press('Enter');
  await page.waitForURL(url => url.searchParams.get('q') === words, { timeout: 10_000 });
}
