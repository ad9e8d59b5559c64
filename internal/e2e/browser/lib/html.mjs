// html-validate on the HTML as served, before any script touched it.
import { HtmlValidate } from 'html-validate';

const config = {
  root: true,
  extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'],
  rules: {
    // Layout of the source, not of the page: templates leave blank lines where a condition is false.
    'no-trailing-whitespace': 'off',
    // Titles carry the name of a dataset, which people write and may make long.
    'long-title': 'off',
    // The typographic rules for telephone numbers are not French ones.
    'tel-non-breaking': 'off',
    // `required=""` and `required` are the same to a browser; the template engine writes either.
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    // Case of names is a matter of source too: inlined SVG has viewBox, HTML has not.
    'attr-case': ['error', { ignoreForeign: true }],
    // `>` and `'` in text are legal HTML; `<` and `&` are still errors.
    'no-raw-characters': ['error', { relaxed: true }],
    // Components derive ids from names such as "columns.3.title": legal in HTML5 and never used in a stylesheet.
    'valid-id': ['error', { relaxed: true }],
    // role="list" on <ul> is not redundant: Safari drops the list once its bullets are hidden.
    'no-redundant-role': 'off',
    // Styles and scripts come from this server alone, which the content security policy holds.
    'require-sri': ['error', { target: 'crossorigin' }],
    'no-inline-style': 'error',
    'no-dup-id': 'error',
    // Custom elements are the islands; html-validate knows those of HTML only.
    'no-unknown-elements': ['error', { exclude: ['c-*'] }],
    // A box that scrolls has a name and takes focus; it is no section of the text.
    'prefer-native-element': ['error', { exclude: ['region'] }],
    // Either case is legal.
    'doctype-style': ['error', { style: 'lowercase' }],
    // Boxes of one question share its name: that is how a form sends several answers. So do hidden fields, see invalid.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'reset', 'submit'] }],
  },
};
const validator = new HtmlValidate(config);

// The gallery shows a field of each kind in each state: names repeat there, and few of its forms can be sent.
const galleryValidator = new HtmlValidate({ ...config, rules: { ...config.rules, 'form-dup-name': 'off', 'wcag/h32': 'off' } });

/**
 * Says what is wrong with a document.
 * @param {string} html the body of the answer
 * @param {string} [path] where it was found
 * @returns {Promise<string[]>} empty when it is valid
 */
export async function invalid(html, path = '') {
  const report = await (path === '/ui' ? galleryValidator : validator).validateString(html);
  const lines = html.split('\n');
  const hidden = ({ ruleId, line, column }) => { // carries one of several values; the rule has no word for it
    const before = (lines[line - 1] ?? '').slice(0, column);
    return ruleId === 'form-dup-name' && before.slice(before.lastIndexOf('<')).startsWith('<input type="hidden"');
  };
  return report.results.flatMap(({ messages }) => messages.filter(message => !hidden(message)).map(({ ruleId, message, line, column }) =>
    `${ruleId}: ${message}\n    line ${line}: ${(lines[line - 1] ?? '').trim().slice(Math.max(0, column - 80), column + 120)}`));
}
