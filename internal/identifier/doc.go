// Package identifier decides whether a text has the form and the check digit of an identifier used in France. It looks
// nothing up: a valid SIRET may belong to nobody. Each check is strict (no spaces, right case, unless its comment says
// otherwise); [Normalise] first removes what people add to make an identifier readable.
package identifier
