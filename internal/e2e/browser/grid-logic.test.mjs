// The reasoning of the sheet, without a browser: how values are written, what an address says.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { build } from 'esbuild';

/** A module of the sheet, as JavaScript. */
async function load(name) {
  const entry = new URL(`../../grid/gridweb/islands/sheet/${name}.ts`, import.meta.url).pathname;
  const { outputFiles: [file] } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'esm' });
  return import(`data:text/javascript;base64,${Buffer.from(file.contents).toString('base64')}`);
}

describe('values', () => {
  let show, typed;
  before(async () => { ({ show, typed } = await load('values')); });
  const french = { lang: 'fr', yes: 'oui', no: 'non' };
  const english = { lang: 'en', yes: 'yes', no: 'no' };
  for (const [name, type, value, manner, shown, asTyped] of [
    ['a number', 'number', '1234567.50', french, '1\u202f234\u202f567,50', '1234567,50'],
    ['a number below zero', 'number', '-1234.5', french, '-1\u202f234,5', '-1234,5'],
    ['a number in English', 'number', '1234.5', english, '1,234.5', '1234.5'],
    ['a year', 'integer', '2026', french, '2026', '2026'],
    ['a large whole number', 'integer', '12345678901234567890', french, '12\u202f345\u202f678\u202f901\u202f234\u202f567\u202f890', '12345678901234567890'],
    ['a code', 'text', '00123', french, '00123', '00123'],
    ['a day', 'date', '2026-01-05', french, '05/01/2026', '05/01/2026'],
    ['a day in English', 'date', '2026-01-05', english, '5 Jan 2026', '2026-01-05'],
    ['a time', 'datetime', '2026-01-05T09:30:00', french, '05/01/2026 09:30:00', '05/01/2026 09:30:00'],
    ['yes', 'boolean', 'true', french, 'oui', 'oui'],
    ['what is no number', 'number', 'cher', french, 'cher', 'cher'],
    ['nothing', 'number', '', french, '', ''],
  ]) {
    it(name, () => {
      assert.equal(show(type, value, manner), shown);
      assert.equal(typed(type, value, manner), asTyped);
    });
  }
});

describe('an order in an address', () => {
  let look;
  before(async () => { look = await load('look'); });
  it('is read and written', () => {
    const order = look.orders(look.lookOf('?sort=-prix,nom&search=&page=3'));
    assert.deepEqual(order, [{ colId: 'prix', sort: 'desc' }, { colId: 'nom', sort: 'asc' }]);
    assert.equal(look.sorted('/g?sort=a&filter=x%3Aeq%3A1&page=3&view=sheet', order), '/g?sort=-prix%2Cnom&filter=x%3Aeq%3A1&view=sheet');
    assert.equal(look.sorted('/g?sort=a', []), '/g');
  });
});
