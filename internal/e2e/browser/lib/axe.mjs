// axe-core on a page as it is now: WCAG 2.2 AA and best practice, not one violation allowed.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const colours = ['color-contrast', 'link-in-text-block']; // all that another colour scheme can change
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Reads a page, and reads it again when it went elsewhere meanwhile: a live page may be sent on by the server at any moment.
 * @template T
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<T>} read
 * @returns {Promise<T>}
 */
async function steadily(page, read) {
  for (let left = 3; ; left--) {
    try {
      return await read();
    } catch (error) {
      if (left === 0 || !/Execution context was destroyed/.test(error.message)) throw error;
      await page.waitForLoadState();
    }
  }
}

/**
 * Says what axe-core finds wrong, one readable line per element.
 * The script is injected by the browser's debugger, so the page's own content security policy stays in force.
 * @param {import('playwright-core').Page} page a page whose context runs JavaScript
 * @param {{coloursOnly?: boolean, freshOnly?: boolean}} options coloursOnly: the page was looked at in another colour scheme, at the same
 * size; freshOnly: only the elements in window.fresh are looked at, where the page still has them
 * @returns {Promise<string[]>} empty when nothing is wrong
 */
export async function violations(page, { coloursOnly = false, freshOnly = false } = {}) {
  const runOnly = coloursOnly ? { type: 'rule', values: colours } : { type: 'tag', values: tags };
  const found = await steadily(page, async () => {
    if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(source);
    return page.evaluate(judge, { runOnly, freshOnly });
  });
  return found.flatMap(({ id, help, nodes }) => nodes.map(node =>
    `${id}: ${help}\n    at ${node.target}: ${node.html.slice(0, 240)}\n    ${(node.why ?? '').replace(/\s+/g, ' ')}`));
}

/** Runs axe-core: sent to the page, so it may use nothing of this file. */
async function judge({ runOnly, freshOnly }) {
  const fresh = freshOnly && window.fresh ? window.fresh.filter(element => element.isConnected) : [document];
  if (fresh.length === 0) return [];
  const result = await window.axe.run({ include: fresh }, {
    runOnly, resultTypes: ['violations'],
    rules: runOnly.type === 'tag' ? { 'target-size': { enabled: true } } : {}, // 24 px (WCAG 2.2, 2.5.8): axe leaves it off
  });
  return result.violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.map(node => ({ html: node.html, target: node.target.join(' '), why: node.failureSummary })),
  }));
}

/**
 * Says what a page must have that no rule of axe-core asks for: one h1, no sideways scrolling.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function layout(page) {
  return steadily(page, () => page.evaluate(() => {
    const faults = [];
    const titles = document.querySelectorAll('h1').length;
    if (titles !== 1) faults.push(`${titles} h1 instead of one`);
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      // The deepest elements that stick out name the culprit; what scrolls inside its own box is no fault.
      const wide = [...document.body.querySelectorAll('*')].filter(element => {
        if (element.getBoundingClientRect().right <= clientWidth + 1) return false;
        for (let box = element.parentElement; box; box = box.parentElement) {
          if (/auto|scroll|hidden|clip/.test(getComputedStyle(box).overflowX) && box !== document.body) return false;
        }
        return true;
      }).slice(-3).map(element => element.outerHTML.slice(0, 120));
      faults.push(`scrolls sideways: ${scrollWidth} px wide in a window of ${clientWidth}\n    ${wide.join('\n    ')}`);
    }
    return faults;
  }));
}
