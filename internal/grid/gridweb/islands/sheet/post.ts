import type { Answer, Edit, Outcome } from './outbox';

/** Sends edits, and says what became of the request: only what the server refuses in words is given up. */
export async function post(base: string, version: number, edits: Edit[]): Promise<Outcome> {
  let answer: Response;
  try {
    answer = await fetch(`${base}/edits`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ base: version, edits }) });
  } catch { return { later: 0 }; }
  if (answer.ok && !answer.redirected) {
    try { return { answer: await answer.json() as Answer }; } catch { return { later: 0 }; } // cut on its way: asked again under the same keys
  }
  if (answer.redirected || answer.status === 401) return { signedOut: await sentence(answer) };
  if (answer.status >= 500 || answer.status === 429) return { later: 1000 * Number(answer.headers.get('Retry-After') ?? 0) };
  return { refused: await sentence(answer) };
}

/** The sentence of a problem, "" where there is none. */
async function sentence(answer: Response): Promise<string> {
  try {
    const problem = await answer.json() as { detail?: string; title?: string };
    return problem.detail ?? problem.title ?? '';
  } catch { return ''; }
}
