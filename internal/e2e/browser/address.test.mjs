// A file is fetched by its address from a portal on this machine, kept, asked again unchanged, and again changed: the history
// says what changed. A refresh that fails leaves the version before and says why. Once with JavaScript and once without, on
// each engine. The product itself never fetches from this machine: this is the program built with the tag "loopback".
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { violations } from './lib/axe.mjs';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { engines, start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { keep, main } from './lib/steps.mjs';

const run = promisify(execFile);
const top = new URL('../../../', import.meta.url).pathname;

/** A portal of one file, that answers "not modified" to who knows its mark. */
async function portal() {
  const state = { file: 'nom;age\nAda;36\nGrace;85\nHedy;41\n', status: 200, asked: [] };
  const server = createServer((request, response) => {
    const etag = `"${state.file.length}"`;
    state.asked.push(request.headers['if-none-match'] ?? '');
    if (state.status !== 200) return response.writeHead(state.status).end();
    if (request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end();
    return response.writeHead(200, { etag, 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="personnes.csv"' }).end(state.file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  state.url = `http://127.0.0.1:${server.address().port}/export`;
  state.close = () => new Promise(done => { server.closeAllConnections(); server.close(done); });
  return state;
}

describe('a file by its address', () => {
  let browser, folder, program;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cultured-loopback-'));
    program = path.join(folder, 'cultured');
    await run('go', ['build', '-tags', 'loopback', '-o', program, './cmd/cultured'], { cwd: top });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const engine of engines()) for (const javaScript of [true, false]) {
    it(`${javaScript ? 'with' : 'without'} JavaScript on ${engine}`, async t => {
      const server = await start({ demo: true, engine, program, env: { CULTURED_OUTGOING: 'true' } });
      t.after(() => server.stop());
      const site = await portal();
      t.after(site.close);
      const context = await visitor(browser, { server, javaScript });
      t.after(() => context.close());
      const page = await context.newPage();
      const found = complaints(page);
      await signIn(page, 'agent');
      await page.goto('/check');
      await main(page).locator('input[name="address"]').fill(site.url);
      await main(page).locator('form[action="/check/address"] button[type="submit"]').click();
      await page.waitForURL(/\/check\/[^/]+$/);
      await page.locator('#verdict').waitFor();
      assert.match(await main(page).innerText(), /personnes\.csv/);
      const dataset = await keep(page);

      const history = async () => { await page.goto(`${dataset}/history`); return main(page).innerText(); };
      await history();
      assert.equal(await main(page).locator('input[name="address"]').inputValue(), site.url, 'the dataset knows its address');
      if (javaScript) assert.deepEqual(await violations(page), [], 'axe-core'); // itself a script
      const refresh = async said => {
        await main(page).locator('form[action$="/refresh"] button').click();
        await page.getByText(said).first().waitFor();
      };
      await refresh(/pas de nouvelle version/);
      assert.equal(site.asked.at(-1), `"${site.file.length}"`, 'the mark is sent along');

      site.file += 'Katherine;101\nMary;57\n';
      await page.goto(`${dataset}/history`);
      await refresh(/une nouvelle version est là/);
      assert.match(await history(), /Version 2[\s\S]*2 lignes de plus[\s\S]*Version 1/, 'what changed is said');

      site.status = 404;
      await refresh(/127\.0\.0\.1/); // who did not give the file
      assert.doesNotMatch(await history(), /Version 3/, 'the version before stays');
      assert.match(await main(page).innerText(), /n’a pas abouti/);

      await main(page).locator('select[name="every"]').selectOption('weekly');
      await main(page).locator('form[action$="/address"] button[type="submit"]').click();
      await page.getByText(/Prochaine fois/).first().waitFor();
      assert.deepEqual(found, []);
    });
  }
});
