// Package archtest holds the house rules of ARCHITECTURE.md and CONTRIBUTING.md as tests: who may import whom, how long
// a file may grow, that every exported name is documented and that every sentence exists in every language.
package archtest
