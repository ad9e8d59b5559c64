// Package codelist holds official lists that identifiers and names are compared with: the communes and the intercommunal
// bodies of the Code officiel géographique, the activities of NAF rev. 2, the countries of ISO 3166-1 with their French
// names, and the first names given in France. A list says what existed at its date: absence is a hint, not a proof. The
// lists are embedded compressed, and each is opened when first asked: about 20 ms and 3 MB for the communes, far less for the
// others. data/SOURCES.md says where each comes from, its date and its licence; make.go writes them.
package codelist
