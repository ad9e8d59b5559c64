// Every page there is, and who may open it: the files a11y-*.test.mjs walk the list. A new page is added here with its route.
import { readFile } from 'node:fs/promises';
import { people, roles } from './lib/signin.mjs';
import { check, main, sample } from './lib/steps.mjs';

const everybody = roles;
const members = Object.keys(people);

/**
 * @typedef {{path: string, roles: string[]}} Route
 * `path` may hold {names}, filled by [addresses] and [checks]; `roles` may open it, and anybody else is refused by a page that is
 * as accessible as the others.
 * @type {Route[]}
 */
const data = [
  { path: '/', roles: everybody },
  { path: '/check', roles: everybody },
  { path: '/check/{check}', roles: everybody },
  { path: '/check/{check}/columns', roles: everybody },
  { path: '/check/{check}/mapping?schema=scdl/equipements', roles: everybody },
  { path: '/check/{check}/keep', roles: members },
  { path: '/check/{check}/findings', roles: everybody },
  { path: '/check/{check}/rows?around=3&column=1', roles: everybody },
  { path: '/check/{archive}/tables', roles: everybody },
  { path: '/catalogue', roles: everybody },
  { path: '/catalogue?q=eau', roles: everybody },
  { path: '/catalogue?q=xyzzyplugh', roles: everybody },
  { path: '/catalogue/{slug}', roles: everybody },
  { path: '/schemas', roles: everybody },
  { path: '/schemas/{schema}', roles: everybody },
  { path: '/verify', roles: everybody },
  { path: '/sign-in', roles: ['anonymous'] },
  { path: '/sign-in/link', roles: everybody },
  { path: '/accessibilite', roles: everybody },
  { path: '/legal', roles: everybody },
  { path: '/nowhere', roles: [] },
  { path: '/datasets', roles: members },
  { path: '/mappings', roles: members },
  { path: '/recipes', roles: members },
  { path: '/recipes/{id}', roles: [] }, // nothing is kept yet: clean.test.mjs keeps one and walks it
  { path: '/contacts', roles: members },
  { path: '/contacts/open', roles: members }, // leads to the list when nothing is chosen
  { path: '/contacts/person', roles: members },
  { path: '/contacts/lists/{dataset}', roles: members },
  { path: '/register', roles: members },
  { path: '/register/new', roles: ['steward', 'dpo', 'admin'] },
  { path: '/register/alerts', roles: ['steward', 'dpo', 'admin'] },
  { path: '/register/print', roles: members },
  { path: '/register/ends', roles: members },
  { path: '/register/entries/{id}', roles: [] }, // nothing is written yet: register.test.mjs writes one and walks it
  { path: '/register/entries/{id}/edit', roles: [] },
  { path: '/rules', roles: members },
  { path: '/rules/dataset:{dataset}', roles: members },
  { path: '/rules/dataset:{dataset}/new', roles: ['agent', 'steward', 'admin'] }, // who may change it
  { path: '/rules/{subject}/edit/{rule}', roles: [] }, // nothing is written yet: rule.test.mjs writes one and walks it
  { path: '/datasets/{dataset}', roles: members },
  { path: '/datasets/{dataset}/grid', roles: members },
  { path: '/datasets/{dataset}/grid/totals', roles: members },
  { path: '/datasets/{dataset}/grid/cell?row=1', roles: members },
  { path: '/datasets/{dataset}/grid/add', roles: members },
  { path: '/datasets/{dataset}/grid/formula', roles: members },
  { path: '/datasets/{dataset}/grid/proposals', roles: members },
  ...['keep', 'history', 'compare'].map(page => ({ path: `/datasets/{dataset}/grid/${page}`, roles: ['agent', 'steward', 'dpo', 'admin'] })), // who may see all of it
  { path: '/datasets/{dataset}/grid/repair', roles: ['agent', 'steward', 'admin'] }, // who may change it
  { path: '/datasets/{dataset}/protect', roles: members },
  { path: '/datasets/{dataset}/protect/table', roles: members },
  { path: '/datasets/{dataset}/protect/report', roles: members },
  { path: '/datasets/{dataset}/protect/retention', roles: members },
  { path: '/datasets/{dataset}/columns', roles: members },
  { path: '/datasets/{dataset}/quality', roles: members },
  { path: '/datasets/{dataset}/quality/findings', roles: members },
  { path: '/datasets/{dataset}/rows?around=3&column=1', roles: members },
  { path: '/datasets/{dataset}/clean', roles: members },
  { path: '/datasets/{dataset}/clean?add=filter', roles: members },
  { path: '/datasets/{dataset}/clean/values?column=lib_com', roles: members },
  { path: '/datasets/{dataset}/schema', roles: members },
  { path: '/datasets/{dataset}/schema/mapping?schema=scdl/equipements', roles: members },
  { path: '/datasets/{dataset}/record', roles: members },
  { path: '/datasets/{dataset}/dictionary', roles: members },
  { path: '/datasets/{dataset}/history', roles: members },
  { path: '/datasets/{dataset}/use', roles: members },
  { path: '/forms', roles: members },
  { path: '/forms/new', roles: members },
  { path: '/forms/import', roles: members },
  { path: '/forms/models', roles: members },
  { path: '/forms/{form}/model', roles: ['agent', 'steward', 'admin'] },
  { path: '/forms/{form}/compare', roles: ['agent', 'steward', 'admin'] },
  { path: '/forms/{form}', roles: ['agent', 'steward', 'admin'] }, // the agent's service, and stewards
  { path: '/forms/{form}/settings', roles: ['agent', 'steward', 'admin'] },
  { path: '/forms/{form}/preview', roles: ['agent', 'steward', 'admin'] },
  { path: '/forms/{form}/blocks/new', roles: ['agent', 'steward', 'admin'] },
  { path: '/forms/{form}/blocks/{block}', roles: ['agent', 'steward', 'admin'] },
  { path: '/forms/{form}/answers', roles: ['agent', 'steward', 'admin'] },
  { path: '/forms/{form}/answers/{answer}', roles: [] }, // form.test.mjs answers and walks it
  { path: '/f/{form}', roles: everybody },
  { path: '/f/{form}/sent/{reference}', roles: [] }, // nothing was answered yet: form.test.mjs answers and walks it
];

/** @type {Route[]} */
const learning = [
  { path: '/missions', roles: members },
  { path: '/missions?minutes=10&family=D4', roles: members },
  { path: '/missions/own/new', roles: members },
  { path: '/missions/own/edit/{own}', roles: [] }, // nothing was written yet: it is the form of /missions/own/new, filled
  { path: '/missions/own/draft/{own}/sit', roles: [] }, // the page of a mission, of a draft: nothing was written yet
  { path: '/missions/own', roles: members },
  { path: '/missions/M01', roles: members },
  { path: '/missions/M02', roles: members },
  { path: '/missions/M05', roles: members },
  { path: '/missions/M25', roles: members },
  { path: '/missions/M03', roles: members },
  { path: '/missions/M36', roles: members },
  { path: '/missions/M12', roles: members },
  { path: '/missions/M44', roles: members },
  { path: '/missions/M19', roles: members },
  { path: '/learning', roles: members },
  { path: '/learning/new', roles: members },
  { path: '/learning/shown', roles: members },
  { path: '/learning/passport', roles: members },
  { path: '/passport/{secret}', roles: [] }, // nobody made a link yet: learning.test.mjs makes one and walks it
  { path: '/learning/team', roles: ['hr'] },
  { path: '/learning/evidence/{evidence}', roles: ['agent', 'steward'] }, // the agent’s, which waits for the steward’s review
  { path: '/competencies', roles: members },
  { path: '/competencies?all=1', roles: members },
  { path: '/competencies/compare', roles: members },
  { path: '/competencies/{framework}', roles: members },
  { path: '/competencies/{framework}?q=carte', roles: members },
  { path: '/competencies/{framework}?q=xyzzyplugh', roles: members },
  { path: '/competencies/{framework}/items/{item}', roles: members },
  { path: '/competencies/{framework}/versions', roles: members },
  { path: '/competencies/{framework}/publish', roles: ['steward', 'admin'] },
  { path: '/competencies/{framework}/history', roles: ['steward', 'admin'] },
  { path: '/competencies/{framework}/arrival', roles: [] }, // nothing was imported: competency.test.mjs imports
  { path: '/competencies/{framework}/items/new', roles: ['steward', 'admin'] },
  { path: '/competencies/{framework}/items/{item}/edit', roles: ['steward', 'admin'] },
  { path: '/competencies/{framework}/items/{item}/alignments', roles: ['steward', 'admin'] },
  { path: '/competencies/{framework}/items/{item}/turn', roles: ['steward', 'admin'] },
  { path: '/competencies/{framework}/edit', roles: ['steward', 'admin'] },
  { path: '/competencies/new', roles: ['steward', 'admin'] },
  { path: '/competencies/import', roles: ['steward', 'admin'] },
  { path: '/competences/{item}', roles: members },
  { path: '/workshops', roles: ['facilitator', 'admin'] },
  { path: '/workshops/{workshop}', roles: ['facilitator', 'admin'] },
  { path: '/workshops/compare', roles: ['facilitator', 'admin'] },
  { path: '/workshops/compare?before={workshop}&after={finished}', roles: ['facilitator', 'admin'] },
  { path: '/workshops/{workshop}/plan', roles: ['facilitator', 'admin'] },
  { path: '/workshops/{workshop}/bundles', roles: ['facilitator', 'admin'] },
  { path: '/workshops/{workshop}/wall', roles: ['facilitator', 'admin'] },
  { path: '/workshops/{workshop}/sheet', roles: ['facilitator', 'admin'] },
  { path: '/workshops/{workshop}/results', roles: ['facilitator', 'admin'] },
  { path: '/workshops/{workshop}/cards/{card}', roles: [] }, // refused by a page until a step links cards: workshop.test.mjs walks it then
  { path: '/situations', roles: members },
  { path: '/situations?q=xyzzyplugh', roles: members },
  { path: '/situations/map', roles: members },
  { path: '/situations/map?group=theme', roles: members },
  { path: '/situations/actions', roles: members },
  { path: '/situations/actions/new', roles: ['facilitator', 'steward', 'admin'] },
  { path: '/situations/actions/items/{action}', roles: ['facilitator', 'steward', 'admin'] },
  { path: '/situations/items/{situation}', roles: members },
  { path: '/situations/items/{situation}/edit', roles: ['facilitator', 'steward', 'admin'] },
  { path: '/situations/new', roles: ['facilitator', 'steward', 'admin'] },
  { path: '/situations/promote/{finished}', roles: ['facilitator', 'admin'] },
  { path: '/paths', roles: members },
  { path: '/paths/new', roles: ['facilitator'] },
  { path: '/paths/items/premiers-pas', roles: members },
  { path: '/paths/items/premiers-pas/edit', roles: ['facilitator'] },
  { path: '/cohorts', roles: members },
  { path: '/cohorts/new', roles: ['facilitator'] },
  { path: '/cohorts/items/{cohort}', roles: ['agent', 'steward', 'facilitator'] }, // who leads it or takes part
  { path: '/cohorts/items/{cohort}/edit', roles: ['facilitator'] },
  { path: '/resources', roles: members },
  { path: '/resources?family=D6&kind=game', roles: members },
  { path: '/resources?q=xyzzyplugh', roles: members },
  { path: '/resources/new', roles: members },
  { path: '/resources/items/atelier-rgpd', roles: members },
  { path: '/resources/items/atelier-rgpd/edit', roles: ['facilitator', 'steward'] },
  { path: '/issuers/{issuer}', roles: everybody },
  { path: '/badges', roles: everybody },
  { path: '/badges/premiers-pas', roles: everybody },
  { path: '/badge-requests', roles: ['facilitator', 'steward'] },
  { path: '/credentials/{id}', roles: everybody },
  { path: '/join', roles: everybody },
  { path: '/join/{code}/seat/cards/{card}', roles: everybody }, // leads to the door who has not joined; workshop.test.mjs walks it
  { path: '/join/{code}', roles: everybody },
  { path: '/join/{code}/wall', roles: everybody },
  { path: '/join/{code}/claim', roles: everybody },
  { path: '/join/{code}/seat', roles: everybody }, // leads to the door who has not joined
  { path: '/reviews', roles: ['steward'] },
  { path: '/account', roles: members },
  { path: '/account/password', roles: members },
  { path: '/account/email', roles: members },
  { path: '/account/sessions', roles: members },
  { path: '/account/data', roles: members },
  { path: '/admin', roles: ['admin'] },
  { path: '/admin/people', roles: ['admin'] },
  { path: '/admin/people/new', roles: ['admin'] },
  { path: '/admin/people/{person}', roles: ['admin'] },
  { path: '/admin/services', roles: ['admin'] },
  { path: '/admin/services/{service}', roles: ['admin'] },
  { path: '/admin/organisation', roles: ['admin'] },
  { path: '/admin/audit', roles: ['admin'] },
  { path: '/ui', roles: everybody }, // the server runs in development: elsewhere it is the administrator's, as security_test.go checks
  { path: '/dev/mails', roles: everybody },
];

/** The pages by what they are about: the parts are walked side by side. */
export const parts = { data, learning };

export const routes = Object.values(parts).flat();

/** Pages walked by a test of their own, because each can be opened once: one-time links. */
export const oneTime = ['/setup/{token}', '/invitation/{token}', '/sign-in/link/{token}'];

/** Addresses that answer no page: files, machines' formats, probes. */
export const machine = /^\/(api|assets|dcat)\b|\.(csv|json|sarif|xlsx|css|js|webmanifest|txt|xml)$|\/(progress|last|places|around|ticket|events|download|original|healthz|readyz)$|\/(data|record|export|passport|results|situations\/map|answers\/export|answers\/\{answer\}\/files|badges\/\{offer\}|credentials\/\{id\})\/\{file\}$|\/lists\/|\/versions\/|\/grid\/(export|next|rows|ops|values)$|\/evidence\/\{id\}\/file$|^\/rules\/open$/;

/** The first link on a page whose address fits, without its query. */
async function firstLink(page, path, pattern, hasText) {
  await page.goto(path);
  const paths = await main(page).locator('a[href]').filter({ hasText }).evaluateAll(nodes => nodes.map(node => new URL(node.href).pathname));
  const found = paths.find(candidate => pattern.test(candidate));
  if (!found) throw new Error(`${path} links to nothing like ${pattern}: ${paths.join(' ')}`);
  return pattern.exec(found)[1];
}

/** Prepares a workshop and tells its name and its code. */
async function prepare(page) {
  await page.goto('/workshops');
  await main(page).locator('form').getByRole('button').first().click();
  await page.waitForURL(/\/workshops\/[^/]+$/);
  const code = await main(page).locator('.p-shop__code .p-shop__letters').textContent();
  return { card: '1', workshop: new URL(page.url()).pathname.split('/')[2], code: code.trim() };
}

/** Checks an archive of two tables, and tells its name. */
async function checkArchive(page) {
  await page.goto('/check');
  const buffer = await readFile(new URL('../testdata/files/shapes.zip', import.meta.url));
  await main(page).locator('input[type="file"]').setInputFiles({ name: 'cartes.zip', mimeType: 'application/zip', buffer });
  const send = main(page).getByRole('button', { name: /vérifier/i });
  await send.click({ timeout: 3_000 }).catch(async error => { // with JavaScript the file may be sent as soon as it is chosen
    if (new URL(page.url()).pathname === '/check') throw error;
  });
  await page.waitForURL(/\/check\/[^/]+\/tables$/, { timeout: 30_000 });
  return new URL(page.url()).pathname.split('/')[2];
}

/** Decides on an action about the first gap, and tells its name. */
async function decide(page) {
  await page.goto('/situations/actions/new');
  await main(page).locator('select[name=competence]').selectOption({ index: 1 });
  await main(page).locator('[name=what]').fill('Deux matinées de pratique sur nos fichiers');
  await main(page).locator('[name=owner]').fill('Direction des ressources humaines');
  await main(page).locator('[name=due]').fill('2026-01-15');
  await main(page).locator('form[action="/situations/actions/new"]').getByRole('button').click();
  await page.waitForURL(/\/situations\/actions$/);
  return firstLink(page, '/situations/actions', /^\/situations\/actions\/items\/([^/]+)$/);
}

/**
 * Finds an address for each {name} that is the same for everybody, by walking the site as its visitors do.
 * @param {Record<'agent' | 'admin', import('playwright-core').Page>} pages one signed in as the agent, one as the administrator
 * @returns {Promise<Record<string, string>>}
 */
export async function addresses({ agent, admin }) {
  return {
    ...await prepare(admin),
    finished: await firstLink(admin, '/workshops', /^\/workshops\/([^/]+)$/, '11 mai 2023'),
    action: await decide(admin),
    situation: await firstLink(agent, '/situations', /^\/situations\/items\/([^/]+)$/),
    evidence: await firstLink(agent, '/learning', /^\/learning\/evidence\/([^/]+)$/),
    cohort: await firstLink(agent, '/cohorts', /^\/cohorts\/items\/([^/]+)$/),
    id: await firstLink(agent, '/badges', /^\/credentials\/([^/]+)$/),
    form: await firstLink(agent, '/forms', /^\/forms\/((?!(?:new|import|models)$)[^/]+)$/),
    block: 'courriel',
    reference: '7KQFM-2XPD4',
    answer: 'none',
    issuer: (await (await agent.request.get('/.well-known/did.json')).json()).alsoKnownAs[0].split(':').at(-1),
    person: await firstLink(admin, '/admin/people', /^\/admin\/people\/((?!new$)[^/]+)$/),
    service: await firstLink(admin, '/admin/services', /^\/admin\/services\/([^/]+)$/),
    slug: await firstLink(agent, '/catalogue', /^\/catalogue\/([^/]+)$/),
    schema: await firstLink(agent, '/schemas', /^\/schemas\/([^/]+\/[^/]+)$/),
    framework: await firstLink(agent, '/competencies?all=1', /^\/competencies\/([^/]+)$/),
    item: await firstLink(agent, '/competencies', /^\/competencies\/[^/]+\/items\/([^/]+)$/, 'D1.1'),
    dataset: await firstLink(agent, '/datasets', /^\/datasets\/([^/]+)$/, 'France services'), // published: every member may see it
  };
}

/**
 * Checks a table and an archive as who will walk, who alone may see them.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<Record<'archive' | 'check', string>>}
 */
export async function checks(page) {
  const archive = await checkArchive(page);
  await check(page, sample);
  return { archive, check: new URL(page.url()).pathname.split('/')[2] };
}

/** Puts the addresses in a route's path. */
export const at = ({ path }, known) => path.replace(/\{(\w+)\}/g, (_, name) => known[name]);
