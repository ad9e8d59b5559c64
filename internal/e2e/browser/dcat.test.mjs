// DCAT as harvesters read it: no DCAT-AP 3 shape broken, the three serialisations the same graph, every page reachable.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { canonical, datasets, nextPage, read, violations, withoutPaging } from './lib/rdf.mjs';
import { start } from './lib/server.mjs';

const syntaxes = ['ttl', 'rdf', 'jsonld'];
const types = { ttl: /^text\/turtle/, rdf: /^application\/rdf\+xml/, jsonld: /^application\/ld\+json/ };
const base = 'https://catalogue.example/';
const golden = new URL('../../catalogue/testdata/', import.meta.url);
const shapes = await read(readFileSync(new URL('shapes/dcat-ap-3.0.1.ttl', import.meta.url), 'utf8'), 'ttl', base);

/** The golden files by name without syntax: { minimal: { ttl: 'minimal.ttl.golden', … } }. */
function goldenFiles() {
  const found = {};
  for (const file of existsSync(golden) ? readdirSync(golden) : []) {
    const [, name, syntax] = /^(.+?)\.(ttl|rdf|jsonld)(?:\.golden)?$/.exec(file.replace(/\.golden(?=\.)/, '')) ?? [];
    if (name) (found[name] ??= {})[syntax] = file;
  }
  return found;
}

/** Fails unless the three texts break no shape and say the same. */
async function judge(texts, from = base) {
  const graphs = {};
  for (const syntax of syntaxes) graphs[syntax] = await read(texts[syntax], syntax, from);
  const found = await violations(graphs.ttl, shapes);
  assert.equal(found.length, 0, `${found.length} violations\n${found.join('\n')}`);
  const forms = {};
  for (const syntax of syntaxes) forms[syntax] = await canonical(withoutPaging(graphs[syntax]));
  assert.equal(forms.rdf, forms.ttl, 'RDF/XML says what Turtle says');
  assert.equal(forms.jsonld, forms.ttl, 'JSON-LD says what Turtle says');
  return graphs;
}

/** The text of a page, which must be there and say what syntax it is in. */
async function fetchPage(address, syntax) {
  const answer = await fetch(address);
  assert.equal(answer.status, 200, address);
  assert.match(answer.headers.get('content-type'), types[syntax]);
  return answer.text();
}

describe('the judge itself', () => {
  it('finds a dataset without a title', async () => {
    const graph = await read('<#d> a <http://www.w3.org/ns/dcat#Dataset> .', 'ttl', base);
    assert.match((await violations(graph, shapes)).join('\n'), /dc\/terms\/title/);
  });
  it('reads the three syntaxes alike', async () => {
    const dct = 'http://purl.org/dc/terms/';
    await judge({
      ttl: `<d> <${dct}title> "Été"@fr ; <${dct}spatial> [ <${dct}title> "Valmoret" ] .`,
      rdf: `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:t="${dct}"><r:Description r:about="d">
        <t:title xml:lang="fr">Été</t:title><t:spatial r:parseType="Resource"><t:title>Valmoret</t:title></t:spatial></r:Description></r:RDF>`,
      jsonld: JSON.stringify({ '@context': { t: dct }, '@id': 'd', 't:title': { '@value': 'Été', '@language': 'fr' }, 't:spatial': { 't:title': 'Valmoret' } }),
    });
  });
  it('tells two graphs apart, and not two orders', async () => {
    const [one, same, other] = await Promise.all(['_:a <#p> _:b . _:b <#p> "x" .', '_:z <#p> "x" . _:y <#p> _:z .', '_:a <#p> _:b . _:b <#p> "y" .']
      .map(async text => canonical(await read(text, 'ttl', base))));
    assert.equal(one, same);
    assert.notEqual(one, other);
  });
});

describe('the golden files of the catalogue', () => {
  const files = Object.entries(goldenFiles());
  it('are there', () => assert.ok(files.length > 0, `no .ttl, .rdf and .jsonld in ${golden.pathname}`));
  for (const [name, file] of files) {
    it(name, async () => {
      assert.deepEqual(Object.keys(file).sort(), [...syntaxes].sort(), 'all three serialisations');
      await judge(Object.fromEntries(syntaxes.map(syntax => [syntax, readFileSync(new URL(file[syntax], golden), 'utf8')])));
    });
  }
});

describe('the live catalogue', () => {
  let server;
  before(async () => { server = await start({ demo: true }); });
  after(() => server?.stop());

  it('breaks no shape and says the same three times', async () => {
    const texts = {};
    for (const syntax of syntaxes) texts[syntax] = await fetchPage(`${server.url}/dcat.${syntax}`, syntax);
    const graphs = await judge(texts, `${server.url}/`);
    assert.ok(datasets(graphs.ttl).length > 0, 'it describes datasets');
  });

  it('resolves the address of every dataset it names', async () => {
    for (const address of datasets(await read(await fetchPage(`${server.url}/dcat.ttl`, 'ttl'), 'ttl', `${server.url}/`))) {
      assert.equal((await fetch(address)).status, 200, address);
    }
  });

  it('describes each public page as a schema.org Dataset', async () => {
    const [address] = datasets(await read(await fetchPage(`${server.url}/dcat.ttl`, 'ttl'), 'ttl', `${server.url}/`));
    const html = await (await fetch(address.replace(/#.*/, ''), { headers: { accept: 'text/html' } })).text();
    const [, block] = /<script[^>]*type="application\/ld\+json"[^>]*>([\s\S]*?)<\/script>/.exec(html) ?? [];
    assert.ok(block, 'a JSON-LD block');
    const described = JSON.parse(block);
    assert.match(described['@context'], /schema\.org/);
    assert.equal(described['@type'], 'Dataset');
    for (const field of ['name', 'description', 'license', 'distribution']) assert.ok(described[field], field);
  });
});

describe('a catalogue of several pages', () => {
  const total = 120;
  let server;
  before(async () => { server = await start({ records: total }); });
  after(() => server?.stop());

  for (const syntax of syntaxes) {
    it(`gives each dataset once, in ${syntax}`, async () => {
      const seen = [];
      let address = `${server.url}/dcat.${syntax}`, pages = 0;
      for (; address && pages < total; pages++) {
        const graph = await read(await fetchPage(address, syntax), syntax, `${server.url}/`);
        seen.push(...datasets(graph));
        address = nextPage(graph);
      }
      assert.ok(pages > 1, 'there are several pages');
      assert.equal(seen.length, total);
      assert.equal(new Set(seen).size, total, 'no dataset comes twice');
    });
  }
});
