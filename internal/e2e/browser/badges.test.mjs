// A badge from hand to hand: given by a steward without JavaScript, downloaded and verified by a stranger, taken back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { complaints, visitor } from './lib/browser.mjs';
import { people, signIn } from './lib/signin.mjs';
import { main } from './lib/steps.mjs';
import { demonstration, faults, listed } from './lib/walk.mjs';

describe('a badge from hand to hand', () => {
  const house = demonstration();

  /** Somebody new at the door. */
  async function arrive(t, role, options = {}) {
    const context = await visitor(house.browser, { server: house.server, ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    const said = complaints(page);
    await signIn(page, role);
    return { page, said };
  }

  it('given, shown, verified, taken back', async t => {
    const { page: steward } = await arrive(t, 'steward', { javaScript: false });
    await steward.goto('/badges/passer-le-relais');
    await main(steward).locator('[name=email]').fill(people.agent);
    await main(steward).locator('[name=seen]').fill('Court');
    await main(steward).getByRole('button', { name: 'Délivrer ce badge' }).click();
    await main(steward).locator('#seen-error').waitFor(); // too short to be evidence; what was typed stays
    assert.equal(await main(steward).locator('[name=email]').inputValue(), people.agent);
    await main(steward).locator('[name=seen]').fill('A accompagné trois collègues sur leur propre fichier, le 12 mars.');
    await main(steward).getByRole('button', { name: 'Délivrer ce badge' }).click();
    await steward.waitForURL(/\/credentials\//);
    const address = new URL(steward.url()).pathname;

    const { page: agent } = await arrive(t, 'agent');
    await agent.goto('/badges');
    await main(agent).getByRole('region', { name: 'Vos badges' }).getByRole('link', { name: 'Passer le relais' }).click();
    assert.equal(new URL(agent.url()).pathname, address);
    const bad = await faults(agent);
    assert.equal(bad.length, 0, listed(bad));
    await agent.goto('/dev/mails');
    await main(agent).getByText('Passer le relais').first().waitFor();

    const { page: colleague } = await arrive(t, 'admin', { javaScript: false });
    await colleague.goto(address);
    await main(colleague).locator('[name=word]').fill('Trois personnes de mon service savent maintenant faire seules.');
    await main(colleague).getByRole('button', { name: 'Recommander ce badge' }).click();
    await main(colleague).getByText('savent maintenant faire seules').waitFor();
    await agent.goto(address);
    const worse = await faults(agent);
    assert.equal(worse.length, 0, listed(worse));

    const { page: stranger, said } = await arrive(t, 'anonymous');
    await stranger.goto(address);
    const shown = await main(stranger).innerText();
    assert.match(shown, /Valide/);
    assert.match(shown, /savent maintenant faire seules/);
    assert.doesNotMatch(shown, /@demo\.example/);
    const [download] = await Promise.all([stranger.waitForEvent('download'), main(stranger).getByRole('link', { name: 'Image PNG' }).click()]);
    const picture = readFileSync(await download.path());
    const [drawing, plain] = await Promise.all(['svg', 'json'].map(async end => (await stranger.request.get(`${address}/badge.${end}`)).text()));
    const inside = await stranger.evaluate(svg => [...new DOMParser().parseFromString(svg, 'image/svg+xml').getElementsByTagNameNS('https://purl.imsglobal.org/ob/v3p0', 'credential')].map(node => node.textContent), drawing);
    assert.deepEqual(inside, [plain], 'the browser’s own reader finds the badge in the drawing, once');
    const verdict = async () => {
      await stranger.goto('/verify');
      await main(stranger).locator('input[type=file]').setInputFiles({ name: 'badge.png', mimeType: 'image/png', buffer: picture });
      await main(stranger).locator('form button[type=submit]').click();
      return main(stranger).locator('.c-notice').first().innerText();
    };
    assert.match(await verdict(), /Valide/);

    await steward.goto(address);
    await main(steward).locator('[name=why]').selectOption({ label: 'Les preuves ne tiennent plus.' });
    await main(steward).getByRole('button', { name: 'Retirer ou suspendre ce badge' }).click();
    const after = await verdict();
    assert.match(after, /Retiré/);
    assert.match(after, /preuves ne tiennent plus/);
    assert.deepEqual(said, []);
  });
});
