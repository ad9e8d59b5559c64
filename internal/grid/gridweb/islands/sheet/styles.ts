/**
 * A place where the library may leave its style sheets. The content policy of the site lets no page hold styles of its own: they are
 * taken from here, off the page, and given to the document as sheets made by script, which the policy leaves alone.
 */
export function wardrobe(): HTMLElement {
  const box = document.createElement('div');
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  new MutationObserver(() => {
    sheet.replaceSync([...box.querySelectorAll('style')].map(style => style.textContent ?? '').join('\n'));
  }).observe(box, { childList: true, subtree: true, characterData: true });
  return box;
}
