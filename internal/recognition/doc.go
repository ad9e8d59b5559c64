// Package recognition is the room of recognised competences. It decides what a badge says, how it is signed, carried and
// verified, whoever issued it.
//
// Words: a badge class is what may be earned: a name, what it asks for, the items of a framework it stands for; a badge is a
// credential that one issuer gives one person for one class; its proof is the signature it carries; a status list is where
// an issuer says which of its badges hold no more; a verdict is what is found of a badge, once and for all readers.
//
// What is displayed is what was signed. A Data Integrity proof signs the statements a document makes, not its bytes, so a
// document is read only where both cannot differ: every key is a term of the pinned contexts, none is written as an address
// or a keyword, none stands twice, and the badge is described in one place. Nothing is fetched to read a badge but the keys
// and the status list of its issuer, through a [Source].
//
// Sources: Open Badges 3.0 (1EdTech, final 1.2), Verifiable Credentials Data Model 2.0, Data Integrity EdDSA Cryptosuites
// 1.0 (eddsa-rdfc-2022), Bitstring Status List 1.0, Controlled Identifiers 1.0 (Multikey): W3C Recommendations of 15 May
// 2025; RDF Dataset Canonicalization (W3C, 21 May 2024); RFC 7515, 7519 and 8037 (JWS, JWT, EdDSA).
//
// An organisation that gives badges here is an issuer: a did:web of this server, whose keys are made when they are first needed, sealed by a
// secret that the database does not hold, and stay published once they sign no more.
//
// Words of what is given here: an offer is a badge that may be earned, competences with their level, the evidence it rests on and who gives it; a
// request shows those who give it somebody's evidence; a badge once given holds, is suspended or is revoked for a reason, which
// its status list tells everybody. Its place there is drawn at random.
//
// Everything here is pure but the [Service]: no clock, no file, no network. SQL lives in recognitiondb, pages in recognitionweb.
package recognition
