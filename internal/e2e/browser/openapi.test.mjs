// The OpenAPI document: valid 3.1, clean under a linter nobody here wrote, and true of the server that serves it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { start } from './lib/server.mjs';

/** Says what the linter finds, errors and warnings alike. */
async function problems(source) {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      'no-server-example.com': 'off', 'security-defined': 'off', // public data needs no key; what does, says so
      'operation-4xx-response': 'error', 'operation-operationId': 'error', 'operation-description': 'off',
    },
  });
  const found = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  return found.filter(({ ignored }) => !ignored).map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer ?? ''}`);
}

describe('the judge itself', () => {
  it('finds an answer that is none', async () => {
    const source = JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: { '/a': { get: { responses: 3 } } } });
    assert.match((await problems(source)).join('\n'), /responses/);
  });
});

describe('/openapi.json', () => {
  let server, text;
  before(async () => {
    server = await start({ demo: true });
    const answer = await fetch(`${server.url}/openapi.json`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /json/);
    text = await answer.text();
  });
  after(() => server?.stop());

  it('is OpenAPI 3.1', () => assert.match(JSON.parse(text).openapi, /^3\.1\./));

  it('pleases the linter', async () => {
    const found = await problems(text);
    assert.equal(found.length, 0, found.join('\n'));
  });

  it('names only addresses that answer', async () => {
    const { paths } = JSON.parse(text);
    const open = Object.entries(paths).filter(([path, item]) => item.get && !path.includes('{'));
    assert.ok(open.length > 0, 'some operations need no argument');
    for (const [path] of open) assert.equal((await fetch(server.url + path)).status, 200, path);
  });
});
