// The walk of every page by one role: light and dark × desktop and 320 px, valid HTML, no axe-core violation, one h1, no sideways
// scrolling, nothing the browser complains of.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { addresses, at, routes } from '../routes.mjs';
import { layout, violations } from './axe.mjs';
import { complaints, launch, sizes, visitor } from './browser.mjs';
import { invalid } from './html.mjs';
import { start } from './server.mjs';
import { signIn } from './signin.mjs';
import { main } from './steps.mjs';

/** What is wrong with a page as it stands, in both colour schemes and both sizes. */
export async function faults(page) {
  const found = [];
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      const here = [...await violations(page, { coloursOnly: colorScheme === 'dark' }), ...await layout(page)];
      found.push(...here.map(fault => `${size}, ${colorScheme}: ${fault}`));
    }
  }
  await page.setViewportSize(sizes.desktop);
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

const unique = /<input[^>]*type="hidden"[^>]*>/g; // what differs each time, and nobody sees
const looked = new Set(); // digests of what stands directly in a body, and was looked at

/** Whether every part of the page (header, main, footer) was looked at before, for another role or at another address. */
async function seenBefore(page) {
  const parts = await page.evaluate(() => [...document.body.children].map(part => part.outerHTML));
  const digests = parts.map(part => createHash('sha256').update(part.replace(unique, '')).digest('hex'));
  const again = digests.every(digest => looked.has(digest));
  digests.forEach(digest => looked.add(digest));
  return again;
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

/** Every page, for each of the roles. Roles are shared out among files, because files run side by side. */
export function walk(roles) {
  describe(`every page, for ${roles.join(', ')}`, () => {
    const house = demonstration();
    for (const role of roles) {
      describe(role, () => {
        let context, page, said, known;
        before(async () => {
          ({ context, page, said } = await arrive(house, role));
          const [agent, admin] = [await arrive(house, 'agent'), await arrive(house, 'admin')];
          known = await addresses({ agent: agent.page, admin: admin.page, page });
          await agent.context.close();
          await admin.context.close();
        });
        after(() => context?.close());

        for (const route of routes) {
          it(route.path, async () => {
            said.length = 0;
            const answer = await page.goto(at(route, known));
            const path = new URL(page.url()).pathname;
            if (route.roles.includes(role)) {
              assert.equal(answer.status(), 200, `${at(route, known)} for ${role}`);
            } else if (!(role === 'anonymous' && path === '/sign-in') && route.path !== '/sign-in') {
              assert.ok([401, 403, 404].includes(answer.status()), `${path} answers ${answer.status()} to ${role}`);
            }
            const found = [...await invalid(await answer.text(), route.path), ...said];
            if (!await seenBefore(page)) found.push(...await faults(page));
            assert.equal(found.length, 0, listed(found));
          });
        }
      });
    }
  });
}
