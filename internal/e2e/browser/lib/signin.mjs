// The people of the demonstration organisation. Their names and roles are in content/demo/demo.json.
import assert from 'node:assert/strict';

/** The password of every demonstration account: they exist only where the server was started with --demo. */
export const password = 'demonstration-2026';

/** Address by role; the roles are those of internal/actor. */
export const people = {
  agent: 'agent@demo.example',
  steward: 'steward@demo.example',
  facilitator: 'facilitator@demo.example',
  hr: 'rh@demo.example',
  dpo: 'dpo@demo.example',
  admin: 'admin@demo.example',
};

/** Every kind of visitor: nobody, then each role. */
export const roles = ['anonymous', ...Object.keys(people)];

/**
 * Signs in by the form. Works with and without JavaScript; 'anonymous' does nothing.
 * @param {import('playwright-core').Page} page
 * @param {string} role
 */
export async function signIn(page, role) {
  if (role === 'anonymous') return;
  await page.goto('/sign-in');
  await page.locator('[name="email"]').fill(people[role]);
  await page.locator('[name="password"]').fill(password);
  await page.locator('form', { has: page.locator('[name="password"]') }).getByRole('button', { name: /connecter|connexion/i }).click();
  await page.waitForURL(url => !url.pathname.startsWith('/sign-in'));
  assert.ok((await page.request.get('/account', { maxRedirects: 0 })).ok(), `${role} is signed in`);
}
