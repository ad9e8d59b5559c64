// Package privacy decides how well a table hides the people in it: how many rows share what others may know of somebody (k-anonymity),
// how many values of what must not be learnt they leave possible (l-diversity), and which cells of a table with its totals must be hidden
// so that no hidden one follows from those shown.
package privacy
