// Reads [{kind, text, method, document, vcJwk, contexts}] on standard input and answers [{ok, why}] as software nobody here wrote sees it:
// Digital Bazaar's verifier of credentials, jose, ajv with 1EdTech's schema, and readers of pictures that know nothing of ours.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import Ajv2019 from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import { compactVerify, importJWK } from 'jose';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const ajv = new Ajv2019({ strict: false, allErrors: true });
addFormats(ajv);
const fits = ajv.compile(JSON.parse(readFileSync(new URL('achievementcredential_schema.json', import.meta.url), 'utf8')));

/** A loader that knows what it was given and throws on anything else: nothing is fetched. */
const loader = documents => async address => {
  if (!(address in documents)) throw new Error(`not at hand: ${address}`);
  return { contextUrl: null, documentUrl: address, document: documents[address] };
};

/** The texts of a PNG's iTXt chunks under the keyword, read by the standard's layout. */
function texts(bytes, keyword) {
  const found = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (kind === 'iTXt' && data.toString('latin1', 0, data.indexOf(0)) === keyword) {
      let from = data.indexOf(0);
      const compressed = data[from + 1];
      from = data.indexOf(0, from + 3);
      const body = data.subarray(data.indexOf(0, from + 1) + 1);
      found.push((compressed ? inflateSync(body) : body).toString('utf8'));
    }
    at += 12 + length;
  }
  return found;
}

const judges = {
  async proof({ text, documents }) {
    const suite = new DataIntegrityProof({ cryptosuite });
    const credential = JSON.parse(text);
    const r = await vc.verifyCredential({ credential, suite, documentLoader: loader(documents), checkStatus: async () => ({ verified: true }), now: new Date('2027-03-01T09:00:00Z') });
    return { ok: r.verified, why: String(r.error?.errors ?? r.error ?? '') };
  },
  async jwt({ text, jwk }) {
    const { payload, protectedHeader } = await compactVerify(text, await importJWK(jwk, 'EdDSA'));
    const claims = JSON.parse(new TextDecoder().decode(payload));
    return { ok: protectedHeader.alg === 'EdDSA' && claims.iss === claims.issuer.id && claims.jti === claims.id, why: '' };
  },
  async rs256({ text, jwk }) {
    const { protectedHeader } = await compactVerify(text, await importJWK(jwk, 'RS256'));
    return { ok: protectedHeader.alg === 'RS256', why: '' };
  },
  async schema({ text }) {
    return { ok: fits(JSON.parse(text)), why: ajv.errorsText(fits.errors) };
  },
  async png({ picture, text }) {
    const found = texts(Buffer.from(picture, 'base64'), 'openbadgecredential');
    return { ok: found.length === 1 && found[0] === text, why: `${found.length} found` };
  },
};

const answers = [];
for (const question of asked) {
  try {
    answers.push(await judges[question.kind](question));
  } catch (error) {
    answers.push({ ok: false, why: String(error.errors ?? error) });
  }
}
process.stdout.write(JSON.stringify(answers));
