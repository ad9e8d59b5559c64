// The walk of every page by every role: light and dark × desktop and 320 px, valid HTML, no axe-core violation, one h1, no sideways
// scrolling, nothing the browser complains of.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { addresses, at, checks, parts } from '../routes.mjs';
import { layout, violations } from './axe.mjs';
import { complaints, launch, sizes, visitor } from './browser.mjs';
import { invalid } from './html.mjs';
import { start } from './server.mjs';
import { roles, signIn } from './signin.mjs';
import { main } from './steps.mjs';

/** What is wrong with a page as it stands, or with what is fresh in it, in both colour schemes and both sizes. */
export async function faults(page, { freshOnly = false } = {}) {
  const found = [];
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const here = [...await violations(page, { coloursOnly: colorScheme === 'dark', freshOnly }), ...await layout(page)];
      found.push(...here.map(fault => `${size}, ${colorScheme}: ${fault}`));
    }
  }
  await page.setViewportSize(sizes.desktop);
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

const unique = /<input[^>]*type="hidden"[^>]*>| aria-current="\w+"/g; // what differs from page to page, and is looked at once
const looked = new Set(); // digests of what stands directly in a body, and kinds of elements, that were looked at

/**
 * Says what of a page was not looked at before, for another role or at another address. `parts`: its header, its text or its footer
 * differs. `kinds`: it holds elements of a kind (its name, classes, attributes and parent) that no page had; window.fresh lists them.
 * @returns {Promise<{parts: boolean, kinds: boolean}>}
 */
async function novelty(page) {
  const { parts, kinds } = await page.evaluate(() => {
    const name = element => `${element.localName}.${element.getAttribute('class') ?? ''}`;
    const telling = /^(role|type|scope|lang|aria-(expanded|hidden|invalid|sort|pressed|disabled))$/; // whose value makes another kind
    const attribute = ({ name, value }) => telling.test(name) ? `${name}=${value}` : name;
    const kind = element => `${name(element.parentElement)} > ${name(element)} ${[...element.attributes].map(attribute).sort()}`;
    window.kinds = Map.groupBy(document.body.querySelectorAll('*'), kind);
    return { parts: [...document.body.children].map(part => part.outerHTML), kinds: [...window.kinds.keys()] };
  });
  const isNew = text => looked.size < looked.add(text).size;
  const digests = parts.map(part => createHash('sha256').update(part.replace(unique, '')).digest('hex'));
  const fresh = kinds.filter(isNew);
  await page.evaluate(kinds => { window.fresh = kinds.flatMap(kind => window.kinds?.get(kind) ?? []); }, fresh);
  return { parts: digests.filter(isNew).length > 0, kinds: fresh.length > 0 };
}

/** What is wrong with the layout at 320 px. */
async function narrow(page) {
  await page.setViewportSize(sizes.phone);
  const found = await layout(page);
  await page.setViewportSize(sizes.desktop);
  return found;
}

/** What was found, one to a line. */
export const listed = found => `${found.length} faults\n${found.join('\n')}`;

/** A new visitor of the server, signed in with the role. */
export async function arrive({ server, browser }, role, locale = 'fr-FR') {
  const context = await visitor(browser, { server, locale });
  const page = await context.newPage();
  await signIn(page, role);
  return { context, page, said: complaints(page) };
}

/** The demonstration and a browser, for the tests of the describe block it is called in. */
export function demonstration() {
  const house = {};
  before(async () => {
    house.server = await start({ demo: true, env: { CULTURED_DEV: 'true' } });
    house.browser = await launch();
  });
  after(async () => {
    await house.browser?.close();
    await house.server?.stop();
  });
  return house;
}

/** The addresses that are the same for everybody. */
async function meet(house) {
  const [agent, admin] = [await arrive(house, 'agent'), await arrive(house, 'admin')];
  const known = await addresses({ agent: agent.page, admin: admin.page });
  await agent.context.close();
  await admin.context.close();
  return known;
}

/**
 * The pages of a part of the site, for each role. The first role that may open a page has all of it looked at, the others what is of another
 * kind in it (docs/decisions/0057-a-page-is-looked-at-once-for-each-thing-it-shows.md). Parts are shared out among files, because files run side by side.
 */
export function walk(part) {
  describe(`every page of ${part}`, () => {
    const house = demonstration();
    const opened = new Set();
    for (const role of roles) {
      describe(role, () => {
        let context, page, said, known;
        before(async () => {
          ({ context, page, said } = await arrive(house, role));
          house.known ??= await meet(house);
          known = { ...house.known, ...await checks(page) };
        });
        after(() => context?.close());

        for (const route of parts[part]) {
          it(route.path, async () => {
            said.length = 0;
            const answer = await page.goto(at(route, known));
            const path = new URL(page.url()).pathname;
            const welcome = route.roles.includes(role);
            if (welcome) {
              assert.equal(answer.status(), 200, `${at(route, known)} for ${role}`);
            } else if (!(role === 'anonymous' && path === '/sign-in') && route.path !== '/sign-in') {
              assert.ok([401, 403, 404].includes(answer.status()), `${path} answers ${answer.status()} to ${role}`);
            }
            const isNew = await novelty(page);
            const first = welcome && opened.size < opened.add(route.path).size;
            const found = [...said];
            if (isNew.parts) found.push(...await invalid(await answer.text(), route.path));
            if (first || isNew.kinds) found.push(...await faults(page, { freshOnly: !first }));
            else if (isNew.parts) found.push(...await narrow(page));
            assert.equal(found.length, 0, listed(found));
          });
        }
      });
    }
  });
}
