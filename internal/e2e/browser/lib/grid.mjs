// A table kept as a dataset of the demonstration, and its grid, for the tests of the describe block it is called in.
import { after, before } from 'node:test';
import { complaints, launch, visitor } from './browser.mjs';
import { start } from './server.mjs';
import { signIn } from './signin.mjs';
import { check, keep } from './steps.mjs';

/** Has the agent keep a file. The house it gives has the dataset's address, `home`, once the tests run. */
export function gridOf(file) {
  const house = {};
  before(async () => {
    house.browser = await launch();
    house.server = await start({ demo: true });
    const context = await visitor(house.browser, { server: house.server });
    const page = await context.newPage();
    await signIn(page, 'agent');
    await check(page, file);
    house.home = await keep(page);
    await context.close();
  });
  after(async () => { await house.browser?.close(); await house.server?.stop(); });

  /** Opens the grid for somebody, and waits for the sheet where there is one. */
  house.open = async (t, query = '', { person = 'agent', dataset = house.home, ...options } = {}) => {
    const context = await visitor(house.browser, { server: house.server, ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    const found = complaints(page);
    await signIn(page, person);
    await page.goto(`${dataset}/grid${query}`);
    if (options.size !== 'phone' && options.javaScript !== false) await page.locator('.p-spread__text').first().waitFor();
    return { page, found };
  };
  return house;
}
