// Reads the three serialisations of DCAT with parsers nobody here wrote, validates and compares them. Never fetches.
import { Readable } from 'node:stream';
import jsonld from 'jsonld';
import { DataFactory, Parser, Store, Writer } from 'n3';
import { canonize } from 'rdf-canonize';
import { RdfXmlParser } from 'rdfxml-streaming-parser';
import SHACLValidator from 'rdf-validate-shacl';

const hydra = 'http://www.w3.org/ns/hydra/core#';
const type = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';

function parseXml(text, baseIRI) {
  return new Promise((resolve, reject) => {
    const quads = [];
    Readable.from([text]).pipe(new RdfXmlParser({ baseIRI, strict: true }))
      .on('data', quad => quads.push(quad)).on('error', reject).on('end', () => resolve(quads));
  });
}

async function parseJsonLd(text, base) {
  const documentLoader = async url => { throw new Error(`a context must be inline, not fetched: ${url}`); };
  const nquads = await jsonld.toRDF(JSON.parse(text), { base, format: 'application/n-quads', documentLoader, safe: true });
  return new Parser({ format: 'N-Quads' }).parse(nquads);
}

/**
 * Reads a graph.
 * @param {string} text
 * @param {'ttl'|'rdf'|'jsonld'} syntax
 * @param {string} base what relative IRIs are relative to
 * @returns {Promise<import('n3').Store>}
 */
export async function read(text, syntax, base) {
  switch (syntax) {
    case 'ttl': return new Store(new Parser({ format: 'text/turtle', baseIRI: base, blankNodePrefix: '_:t' }).parse(text));
    case 'rdf': return new Store(await parseXml(text, base));
    case 'jsonld': return new Store(await parseJsonLd(text, base));
    default: throw new Error(`unknown syntax ${syntax}`);
  }
}

/**
 * Says which shapes are broken: one line per violation, warnings left out.
 * @param {import('n3').Store} graph
 * @param {import('n3').Store} shapes
 * @returns {Promise<string[]>}
 */
export async function violations(graph, shapes) {
  const report = await new SHACLValidator(shapes).validate(graph);
  return report.results
    .filter(({ severity }) => severity?.value.endsWith('#Violation'))
    .map(({ focusNode, path, message, sourceConstraintComponent, value }) =>
      `${focusNode?.value} ${path?.value ?? ''}: ${message.map(({ value: text }) => text).join(' ')} ` +
      `(${sourceConstraintComponent?.value.split('#')[1]}${value ? `, ${value.value}` : ''})`);
}

/**
 * The graph without the paging view, whose next page is rightly in the same syntax and so differs between them.
 * @param {import('n3').Store} graph
 */
export function withoutPaging(graph) {
  const views = new Set([...graph.match(null, DataFactory.namedNode(type), DataFactory.namedNode(`${hydra}PartialCollectionView`))]
    .map(({ subject }) => subject.value));
  return new Store([...graph].filter(({ subject, predicate, object }) =>
    !views.has(subject.value) && !views.has(object.value) && !predicate.value.startsWith(hydra)));
}

/**
 * The next page's address; '' on the last one.
 * @param {import('n3').Store} graph
 */
export function nextPage(graph) {
  return [...graph.match(null, DataFactory.namedNode(`${hydra}next`))][0]?.object.value ?? '';
}

/** The addresses of the datasets a graph describes, sorted. */
export function datasets(graph) {
  const dataset = DataFactory.namedNode('http://www.w3.org/ns/dcat#Dataset');
  return [...graph.match(null, DataFactory.namedNode(type), dataset)].map(({ subject }) => subject.value).sort();
}

/**
 * The graph's canonical form (RDFC-1.0): two graphs are isomorphic when these texts are equal.
 * @param {import('n3').Store} graph
 * @returns {Promise<string>}
 */
export function canonical(graph) {
  const nquads = new Writer({ format: 'N-Quads' }).quadsToString([...graph]);
  return canonize(nquads, { algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads' });
}
