/** The sentences of the sheet, as the server wrote them on the page. */
export type Words = Record<string, string>;

/** Puts names and numbers in a sentence: %1 is the first. */
export function say(words: Words, key: string, ...args: (string | number)[]): string {
  return (words[key] ?? key).replace(/%(\d)/g, (all, n: string) => String(args[Number(n) - 1] ?? all));
}
