// The whole path: upload → check → keep → document → publish → found by anybody → downloaded through the API.
// Once with JavaScript and once without, on each engine.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { complaints, launch, visitor } from './lib/browser.mjs';
import { engines, start } from './lib/server.mjs';
import { signIn } from './lib/signin.mjs';
import { answers, check, document_, keep, main, publish, sample, search, submit } from './lib/steps.mjs';

for (const engine of engines()) {
  describe(`the whole path on ${engine}`, () => {
    let server, browser;
    before(async () => {
      server = await start({ demo: true, engine });
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    for (const javaScript of [true, false]) {
      it(`${javaScript ? 'with' : 'without'} JavaScript`, async () => {
        const title = `${answers.title} (${javaScript ? 'avec' : 'sans'} script)`;
        const contexts = [];
        const open = async role => {
          const context = await visitor(browser, { server, javaScript });
          contexts.push(context);
          const page = await context.newPage();
          page.found = complaints(page);
          await signIn(page, role);
          return page;
        };
        try {
          const agent = await open('agent');
          await check(agent, sample);
          assert.match(await agent.locator('#verdict').innerText(), /\S{3}/, 'a verdict in words');
          const dataset = await keep(agent);
          await document_(agent, dataset, { ...answers, title });
          await submit(agent, dataset);

          const steward = await open('steward');
          await publish(steward, title);

          const anybody = await open('anonymous');
          await search(anybody, 'frequentations mediateque valmoret'); // no accent, a plural, one typo
          const hit = main(anybody).getByRole('link', { name: title });
          await hit.first().click();
          await anybody.waitForURL(/\/catalogue\/[^/?]+$/);
          assert.equal(await anybody.getByRole('heading', { level: 1 }).innerText(), title);
          await readThroughApi(anybody, server);
          for (const page of [agent, steward, anybody]) assert.deepEqual(page.found, []);
        } finally {
          for (const context of contexts) await context.close();
        }
      });
    }

    it('keeps a draft out of the public’s sight', async () => {
      const context = await visitor(browser, { server });
      const page = await context.newPage();
      await signIn(page, 'agent');
      await check(page, { ...sample, name: 'brouillon.csv' });
      const dataset = await keep(page);
      await context.close();
      const nobody = await visitor(browser, { server });
      for (const path of [dataset, `${dataset}/record`, `${dataset}/history`]) {
        const answer = await nobody.request.get(path, { maxRedirects: 0 });
        assert.ok([302, 303, 401, 403, 404].includes(answer.status()), `${path} answers ${answer.status()} to nobody`);
      }
      await nobody.close();
    });
  });
}

/** Reads the data as a program would, from the API's own links, then each download of the public page. */
async function readThroughApi(page, server) {
  const slug = new URL(page.url()).pathname.split('/').pop();
  const about = await (await page.request.get(`${server.url}/api/v1/datasets/${slug}`)).json();
  const answer = await page.request.get(new URL(about.rows, server.url).href);
  assert.equal(answer.status(), 200);
  const rows = JSON.stringify(await answer.json());
  assert.match(rows, /Feuillantines/, 'the rows are the file’s own');
  assert.match(rows, /"01004"/, 'a leading zero survives');

  for (const [format, type, start] of [
    ['csv', /^text\/csv/, /^\uFEFF?"?code_insee/], ['json', /json/, /^\s*[[{]/],
    ['xlsx', /spreadsheetml/, /^PK/], ['parquet', /parquet/, /^PAR1/],
  ]) {
    const link = await main(page).locator(`a[href*="/data/"][href$=".${format}"]`).first().getAttribute('href');
    const file = await page.request.get(link);
    assert.equal(file.status(), 200, `${format} downloads`);
    assert.match(file.headers()['content-type'], type);
    assert.match((await file.body()).toString('utf8'), start, `${format} is what it says`);
  }
}
