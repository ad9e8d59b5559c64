// Starts the real binary on a free port, in an empty folder of its own, and stops it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The binary under test. */
export const binary = path.resolve(process.env.CULTURED_BIN ?? new URL('../../../../bin/cultured', import.meta.url).pathname);

/** The URL of a throwaway PostgreSQL, as scripts/test gives it; '' when there is none. */
export const postgres = process.env.CULTURED_TEST_POSTGRES ?? '';

/**
 * The engines to test on. PostgreSQL is required where CI is set: leaving it out in silence would be a false green.
 * @returns {string[]}
 */
export function engines() {
  if (postgres) return ['sqlite', 'postgres'];
  if (process.env.CI) throw new Error('CULTURED_TEST_POSTGRES is not set, and CI is: run scripts/test');
  return ['sqlite'];
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Makes an empty database on the throwaway PostgreSQL, and says how to drop it again. */
async function emptyDatabase() {
  const name = `e2e_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  await run('psql', [postgres, '--quiet', '--command', `CREATE DATABASE ${name}`]);
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  const drop = () => run('psql', [postgres, '--quiet', '--command', `DROP DATABASE ${name} WITH (FORCE)`]);
  return { url: url.href, drop };
}

/** Waits until /readyz answers 200. Gives up when the process has ended or after 60 seconds. */
async function ready(server) {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (server.child.exitCode !== null) throw new Error(`the server ended with ${server.child.exitCode}:\n${server.output}`);
    try {
      if ((await fetch(`${server.url}/readyz`)).ok) return;
    } catch { /* not listening yet */ }
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error(`the server is not ready after 60 s:\n${server.output}`);
}

/** A running server. */
class Server {
  output = '';

  /** The one-time link that makes the first administrator, as printed on an empty folder; '' if none was printed. */
  get setupLink() {
    return /https?:\/\/[^\s"\\]+\/setup\/[^\s"\\]+/.exec(this.output)?.[0] ?? '';
  }

  /** Asks it to stop, waits, and removes what it left. Fails if it did not stop by itself. */
  async stop() {
    if (this.child.exitCode === null) this.child.kill('SIGTERM');
    const killer = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    clearTimeout(killer);
    await rm(this.folder, { recursive: true, force: true });
    await this.drop?.();
    if (this.child.signalCode === 'SIGKILL') throw new Error(`the server did not stop within 20 s:\n${this.output}`);
  }
}

/**
 * Starts a server.
 * @param {{demo?: boolean, records?: number, engine?: 'sqlite'|'postgres', env?: Record<string, string>, program?: string}} options
 * `program` is another build of the binary; `demo` fills the demonstration organisation; `records` writes so many published catalogue records beforehand.
 * @returns {Promise<Server>}
 */
export async function start({ demo = false, records = 0, engine = 'sqlite', env = {}, program = binary } = {}) {
  await access(program).catch(() => { throw new Error(`${program} is not there: run make build`); });
  const server = new Server();
  server.folder = await mkdtemp(path.join(tmpdir(), 'cultured-e2e-'));
  const database = {};
  if (engine === 'postgres') {
    const { url, drop } = await emptyDatabase();
    database.CULTURED_DATABASE = url;
    server.drop = drop;
  }
  const port = await freePort();
  server.url = `http://127.0.0.1:${port}`;
  const args = ['serve', '--data', server.folder, '--listen', `127.0.0.1:${port}`, '--base-url', server.url, ...(demo ? ['--demo'] : [])];
  const environment = { ...inherited(), ...database, ...env };
  if (records) await run(program, ['demo-records', '--data', server.folder, '--count', String(records)], { env: environment });
  server.child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [server.child.stdout, server.child.stderr]) stream.on('data', text => { server.output += text; });
  try {
    await ready(server);
  } catch (error) {
    await server.stop().catch(() => {});
    throw error;
  }
  return server;
}

/** The environment without settings of ours that a developer may have exported. */
function inherited() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CULTURED_')));
}
