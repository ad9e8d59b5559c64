// The reasoning of the sheet, without a browser: what is on the clipboard, what is sent and kept, what is shown meanwhile.
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

describe('a fill', () => {
  let filled;
  before(async () => { ({ filled } = await load('series')); });
  const manner = { lang: 'fr', yes: 'oui', no: 'non' };
  for (const [name, type, from, want, way, series] of [
    ['copies one value', 'integer', ['5'], ['5', '5']],
    ['counts up from one with Ctrl', 'integer', ['9'], ['10', '11'], { other: true }, true],
    ['counts down upwards', 'integer', ['1'], ['0', '-1'], { other: true, up: true }, true],
    ['goes on at equal steps', 'number', ['1,5', '1,75'], ['2', '2,25', '2,5'], {}, true],
    ['goes on upwards', 'integer', ['10', '20'], ['0', '-10'], { up: true }, true],
    ['goes on below one', 'number', ['0,2', '0,1'], ['0', '-0,1'], {}, true],
    ['repeats what has no step', 'integer', ['1', '2', '4'], ['1', '2', '4', '1']],
    ['repeats upwards from the nearest', 'text', ['a', 'b'], ['b', 'a', 'b'], { up: true }],
    ['repeats with Ctrl', 'integer', ['1', '2'], ['1', '2', '1'], { other: true }],
    ['repeats where a cell is empty', 'integer', ['1', ''], ['1', '']],
    ['never counts codes', 'text', ['001', '002'], ['001', '002']],
    ['goes on day by day', 'date', ['30/12/2025', '31/12/2025'], ['01/01/2026', '02/01/2026'], {}, true],
    ['goes on month by month', 'date', ['30/11/2025', '30/12/2025'], ['30/01/2026', '28/02/2026', '30/03/2026'], {}, true],
    ['the next day of one', 'date', ['2026-02-28'], ['01/03/2026'], { other: true }, true],
    ['repeats a day that is none', 'date', ['30/02/2026', '31/02/2026'], ['30/02/2026']],
  ]) it(name, () => assert.deepEqual(filled(type, from, want.length, manner, { up: false, other: false, ...way }), { values: want, series: series ?? false }));
});

describe('the clipboard', () => {
  let parse, write;
  before(async () => { ({ parse, write } = await load('tsv')); });
  for (const [name, text, want] of [
    ['zeros and dates stay as typed', '00123\t31/12/2026\r\n00007\t1 234,50\r\n', [['00123', '31/12/2026'], ['00007', '1 234,50']]],
    ['a cell of two lines is in quotes', '"un\ndeux"\tb\nc\td', [['un\ndeux', 'b'], ['c', 'd']]],
    ['quotes in quotes are double', '"dit ""oui"""\tb', [['dit "oui"', 'b']]],
    ['a text that begins with a quote', '"bon" vin\tb', [['"bon" vin', 'b']]],
    ['a quote that closes nowhere', '"bon\tb', [['"bon', 'b']]],
    ['empty cells count', 'a\t\t\n\t\tb', [['a', '', ''], ['', '', 'b']]],
    ['an empty line inside', 'a\n\nb', [['a'], [''], ['b']]],
    ['nothing', '', [['']]],
  ]) it(name, () => assert.deepEqual(parse(text), want));
  it('what is written is read again', () => {
    const cells = [['00123', 'un\ndeux', '"q"'], ['a\tb', '', 'fin']];
    assert.deepEqual(parse(write(cells)), cells);
  });
});

describe('what spreadsheets take from the clipboard', () => {
  let page, tempts;
  before(async () => { ({ page, tempts } = await load('html')); });
  const text = held => ({ type: 'text', text: held });
  for (const held of ['00123', '2-3', '=1+1', '+33 1', '@a', 'MARS1', '1E5', 'Vrai', ',5', '01/02/2024']) it(`would change ${held}`, () => assert.equal(tempts([[text('a'), text(held)]]), true));
  for (const held of ['Rennes', '', 'École n° 3', 'a1']) it(`leaves ${held || 'nothing'}`, () => assert.equal(tempts([[text(held)]]), false));
  it('leaves numbers and days, which they read as such', () => assert.equal(tempts([[{ type: 'number', text: '1234,5', stored: '1234.5' }, { type: 'date', text: '31/12/2026', stored: '2026-12-31' }]]), false));
  it('says what is a text, a number and a day', () => {
    assert.match(page([[text('00123'), text('un\n<b>&"')]]), /<td style="mso-number-format:'\\@'" sdnum="1033;0;@">00123<\/td><td [^>]*>un<br style="mso-data-placement:same-cell">&lt;b&gt;&amp;&quot;<\/td>/);
    assert.match(page([[{ type: 'number', text: '1234,5', stored: '1234.5' }, { type: 'date', text: '31/12/2026', stored: '2026-12-31' }]]), /<td sdval="1234.5" sdnum="1033;">1234,5<\/td><td sdval="46387" sdnum="1033;1033;YYYY-MM-DD">31\/12\/2026<\/td>/);
    assert.match(page([[{ type: 'integer', text: '12345678901234567', stored: '12345678901234567' }, { type: 'number', text: 'cher' }, { type: 'date', text: '14/07/1789', stored: '1789-07-14' }]]), /sdnum="1033;0;@">12345678901234567<\/td><td>cher<\/td><td>14\/07\/1789<\/td>/);
  });
});

describe('a selection', () => {
  let Range, lay;
  before(async () => { ({ Range, lay } = await load('range')); });
  it('reaches from where it began, whichever way', () => {
    const range = new Range();
    range.at({ row: 5, column: 3 });
    range.to({ row: 3, column: 4 });
    assert.deepEqual(range.box, { top: 3, bottom: 5, left: 3, right: 4 });
    range.to({ row: 6, column: 1 });
    assert.deepEqual(range.box, { top: 5, bottom: 6, left: 1, right: 3 });
    assert.equal(range.has(6, 2), true);
    range.at({ row: 0, column: 0 });
    assert.equal(range.several, false);
  });
  it('is filled by one value', () => {
    assert.deepEqual(lay([['x']], { top: 1, bottom: 2, left: 0, right: 1 }, 4).map(each => [each.row, each.column, each.value]), [[1, 0, 'x'], [1, 1, 'x'], [2, 0, 'x'], [2, 1, 'x']]);
  });
  it('takes more than it holds, and leaves out columns beyond the last', () => {
    assert.deepEqual(lay([['a', 'b', 'c'], ['d', 'e', 'f']], { top: 0, bottom: 0, left: 1, right: 1 }, 3).map(each => each.value), ['a', 'b', 'd', 'e']);
  });
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

/** A room to store things in, like a tab's. */
function drawer(limit = Infinity) {
  const kept = new Map();
  return {
    getItem: name => kept.get(name) ?? null,
    setItem(name, value) { if (value.length > limit) throw new Error('full'); kept.set(name, value); },
    removeItem: name => kept.delete(name),
  };
}

const settled = async () => { for (let i = 0; i < 20; i++) await Promise.resolve(); };

describe('the outbox', () => {
  let Outbox;
  before(async () => { ({ Outbox } = await load('outbox')); });

  /** An outbox whose server answers what it is told to, in order; what was sent, what came of it. */
  function house(answers, store = drawer()) {
    const seen = { sent: [], done: [], states: [], waits: [] };
    const box = new Outbox({
      store, name: 'box',
      send: (base, edits) => { seen.sent.push(structuredClone(edits)); return Promise.resolve(answers.shift()?.(edits, base) ?? { later: 0 }); },
      done: (edit, result) => seen.done.push([edit.key, result.seq, result.error ?? '', (result.refused ?? []).length]),
      state: (state, waiting) => seen.states.push(`${state} ${waiting}`),
      wait: (run, milliseconds) => { seen.waits.push({ run, milliseconds }); return () => {}; },
    }, 3);
    return { box, seen, store };
  }
  const edit = (key, row, was, value) => ({ key, kind: 'edit', seen: 0, changes: [{ row, column: 'Prix', was, value }] });
  const take = (seq, canonical) => edits => ({ answer: { seq, base: 3, results: edits.map((each, i) => ({ key: each.key, seq: seq + i,
    op: { seq: seq + i, kind: each.kind, changes: (each.changes ?? []).map(change => ({ ...change, value: canonical ?? change.value })) } })) } });

  it('keeps an edit until it is acknowledged, and shows it meanwhile', async () => {
    const { box, seen, store } = house([take(1)]);
    box.put(edit('a', 5, '1', '2'));
    assert.deepEqual([...box.pending()], [['5 Prix', '2']]);
    assert.match(store.getItem('box'), /"key":"a"/);
    await settled();
    assert.deepEqual(seen.done, [['a', 1, '', 0]]);
    assert.deepEqual([...box.pending()], []);
    assert.doesNotMatch(store.getItem('box'), /"changes"/);
  });

  it('sends the same key again after a cut, and says that something waits', async () => {
    const { box, seen } = house([() => ({ later: 0 }), take(1)]);
    box.put(edit('a', 5, '1', '2'));
    await settled();
    assert.equal(seen.states.at(-1), 'waiting 1');
    seen.waits[0].run();
    await settled();
    assert.deepEqual(seen.sent.map(edits => edits[0].key), ['a', 'a']);
    assert.equal(seen.states.at(-1), 'idle 0');
  });

  it('outlives a reload', async () => {
    const store = drawer();
    const before = house([], store);
    before.box.put(edit('a', 5, '1', '2'));
    await settled();
    const after = house([take(1)], store);
    assert.deepEqual([...after.box.pending()], [['5 Prix', '2']]);
    await settled();
    assert.deepEqual(after.seen.done, [['a', 1, '', 0]]);
  });

  it('lets what was typed over a cell on its way stand on what the server made of it', async () => {
    const { box, seen } = house([take(1, '1234.5'), take(2)]);
    box.put(edit('a', 5, '1', '1 234,5'));
    box.put(edit('b', 5, '1 234,5', '7'));
    await settled();
    assert.deepEqual(seen.sent.map(edits => edits.map(each => [each.key, each.changes[0].was])), [[['a', '1']], [['b', '1234.5']]]);
  });

  it('undoes under the number that the edit got', async () => {
    const { box, seen } = house([take(8), take(9)]);
    box.put(edit('a', 5, '1', '2'));
    box.put({ key: 'u', kind: 'undo', seen: 0, ofKey: 'a', shown: [{ row: 5, column: 'Prix', was: '2', value: '1' }] });
    assert.deepEqual([...box.pending()], [['5 Prix', '1']]);
    await settled();
    assert.deepEqual(seen.sent[1], [{ key: 'u', kind: 'undo', seen: 0, of: 8 }]);
  });

  it('drops what would undo an edit that was refused', async () => {
    const { box, seen } = house([edits => ({ answer: { seq: 8, base: 3, results: [{ key: edits[0].key, seq: 0, refused: [{ row: 5, column: 'Prix', now: '9' }] }] } })]);
    box.put(edit('a', 5, '1', '2'));
    box.put({ key: 'u', kind: 'undo', seen: 0, ofKey: 'a', shown: [] });
    await settled();
    assert.deepEqual(seen.done, [['a', 0, '', 1], ['u', 0, '', 0]]);
    assert.equal(box.edits.length, 0);
  });

  it('says in words what is refused for good', async () => {
    const { box, seen } = house([() => ({ refused: 'Trop de cellules.' })]);
    box.put(edit('a', 5, '1', '2'));
    await settled();
    assert.deepEqual(seen.done, [['a', 0, 'Trop de cellules.', 0]]);
  });

  it('waits for somebody to sign in again, and loses nothing', async () => {
    const { box, seen } = house([() => ({ signedOut: '' }), take(1)]);
    box.put(edit('a', 5, '1', '2'));
    await settled();
    assert.equal(seen.states.at(-1), 'away 1');
    box.flush();
    await settled();
    assert.equal(box.edits.length, 0);
  });

  it('says when what waits is too large to outlive a reload', async () => {
    const { box } = house([], drawer(100));
    box.put(edit('a', 5, '1', 'x'.repeat(200)));
    assert.equal(box.kept, false);
  });
});

describe('steps taken back', () => {
  let Steps;
  before(async () => { ({ Steps } = await load('undo')); });
  it('are done again, and no more once something new is done', () => {
    const steps = new Steps(drawer(), 'steps');
    steps.did({ key: 'a', changes: [{ row: 1, column: 'Nom', was: 'x', value: 'y' }], rows: false });
    const back = steps.undo('u');
    assert.equal(back.step.key, 'a');
    assert.deepEqual(back.shown, [{ row: 1, column: 'Nom', was: 'y', value: 'x' }]);
    assert.equal(steps.canUndo, false);
    const again = steps.redo('r');
    assert.equal(again.step.key, 'u', 'doing again is taking the taking back back');
    assert.deepEqual(again.shown[0].value, 'y');
    steps.undo('v');
    steps.did({ key: 'b', changes: [], rows: false });
    assert.equal(steps.canRedo, false);
  });
});

describe('what others do', () => {
  let opsOf, following, fold, moves;
  before(async () => { ({ opsOf, following } = await load('live')); ({ fold, moves } = await load('fold')); });
  const op = (seq, more = {}) => ({ seq, kind: 'edit', ...more });
  it('is read from both kinds of events', () => {
    assert.deepEqual(opsOf('{"seq":1}\n{"seq":2}\n').map(each => each.seq), [1, 2]);
    assert.deepEqual(opsOf([[0, 2], '{"seq":3}']).map(each => each.seq), [3]);
  });
  it('is taken once, in order, and a gap is told', () => {
    assert.deepEqual(following([op(3), op(4), op(4)], 3, 4).map(each => each.seq), [4]);
    assert.equal(following([op(5)], 3, 5), undefined);
    assert.equal(following([], 3, 5), undefined);
    assert.deepEqual(following([], 5, 5), []);
  });
  it('changes the rows that were read', () => {
    const row = { row: 5, cells: ['a', null], written: { 1: '#N/A' }, found: { 1: 'x' } };
    const places = new Map([['Nom', 0], ['Prix', 1]]);
    assert.equal(fold(row, op(1, { changes: [{ row: 5, column: 'Prix', was: '', value: '2' }, { row: 6, column: 'Nom', was: '', value: 'z' }] }), places), true);
    assert.deepEqual(row, { row: 5, cells: ['a', '2'], edited: [1], written: {}, found: {} });
    assert.equal(fold(row, op(2, { kind: 'propose', changes: [{ row: 5, column: 'Nom', was: 'a', value: 'b' }] }), places), false);
    assert.equal(moves(op(3, { added: [9] })), true);
    assert.equal(moves(op(3, { large: true })), true);
  });
});

describe('filters of a column in the address', () => {
  let look;
  before(async () => { look = await load('look'); });
  it('are read, values with colons too', () => {
    assert.deepEqual(look.filtersOf(new URLSearchParams('filter=prix:ge:5&filter=nom:empty&filter=prix:le:1:2&filter=prix2:eq:1'), 'prix'), [{ op: 'ge', value: '5' }, { op: 'le', value: '1:2' }]);
  });
  it('take the place of those before, and leave the others and the order', () => {
    const to = look.reFiltered('/g?sort=nom&filter=prix:ge:5&filter=nom:empty&page=3&place=120', 'prix', [look.filterOf('prix', 'in', 'a|b'), look.filterOf('prix', 'filled')]);
    assert.equal(decodeURIComponent(to), '/g?sort=nom&filter=nom:empty&filter=prix:in:a|b&filter=prix:filled');
    assert.equal(look.reFiltered('/g?filter=prix:ge:5', 'prix', []), '/g');
  });
});

describe('a formula', () => {
  let formula;
  before(async () => { formula = await load('formula'); });
  it('begins with a sign; an apostrophe before it makes a text', () => {
    assert.equal(formula.isFormula('=1+1', ''), true);
    for (const [typed, was] of [['=', ''], ['1+1', ''], ["'=1", ''], ['=1', '=1']]) assert.equal(formula.isFormula(typed, was), false, typed);
    assert.equal(formula.literal("'=1"), '=1');
    assert.equal(formula.literal("'s Gravenhage"), "'s Gravenhage");
  });
  it('names the rows it fills, in the look they were seen in', () => {
    assert.deepEqual(formula.fillOf('Prix', '=1', new URLSearchParams('filter=a:empty'), [{ row: 7 }, { row: 3 }], 12), { column: 'Prix', formula: '=1', look: 'filter=a%3Aempty', from: 12, rows: [7, 3] });
  });
});
