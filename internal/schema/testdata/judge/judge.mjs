// Reads [{schema, header, rows}] on standard input, rows as arrays of texts, and answers, for each, the cells that
// the npm package tableschema finds wrong: [{refused} or {cells: [[row, column, message]]}], both from 0.
import process from 'node:process';
import tableschema from 'tableschema';

const { Table } = tableschema;

/** Casts every row and gathers the cells it refuses. */
async function judge({ schema, header, rows }) {
  let table;
  try {
    table = await Table.load([header, ...rows], { schema });
  } catch (e) {
    return { refused: (e.errors?.length ? e.errors.map(x => x.message) : [e.message]).join(' / ').slice(0, 500) };
  }
  const cells = [];
  let cast;
  try {
    cast = await table.read({ forceCast: true });
  } catch (e) {
    return { refused: e.message.slice(0, 500) };
  }
  for (const [at, row] of cast.entries()) {
    if (!(row instanceof Error)) continue;
    for (const e of row.errors?.length ? row.errors : [row]) {
      cells.push([at, e.columnNumber === undefined ? -1 : e.columnNumber - 1, e.message.slice(0, 200)]);
    }
  }
  return { cells, rows: cast.length };
}

process.stdin.setEncoding('utf8');
let text = '';
for await (const chunk of process.stdin) text += chunk;
const out = [];
for (const one of JSON.parse(text)) out.push(await judge(one));
process.stdout.write(JSON.stringify(out));
