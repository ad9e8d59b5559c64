// Package workshop is the room of live workshops. It decides what a session is made of (its phases are data), what each
// person may do in the phase that runs, who may see a card before it is revealed, and what the board is: the fold of the
// session's log.
//
// Words: a template is a plan of phases; a session is one meeting with people, from a copy of a template; an operation is
// one thing somebody did, with its number in the session; a hand is whoever does it; a card is a sticky note; a dot is a
// vote; a minute is what the facilitator notes for the report; a passage is a text of the synthesis, written once the session is closed.
//
// Nothing here knows who wrote a card. Whoever joins holds a secret that the server never keeps. A card carries a random
// nonce and the mark that this secret makes of it: only its author's browser can show that the card is its own. Votes,
// choices and profiles carry a mark of the secret and the phase: enough to hold a budget, too little to say whose they are. A session
// that is not anonymous writes beside the card who wrote it; an anonymous one has nothing to write.
//
// The room may be split into tables: a card then carries the table it was written at, and is seen there alone until all come together. In an
// anonymous session a table has five people at least, and once it is closed nothing says who sat where.
//
// Who took part may tie that to an account once the session is closed, with the secret or with a code made of it. The log says that a seat was
// claimed, not by whom; evidence says that a person was there, not in which seat. Once the names are erased nothing can be claimed.
//
// Every operation carries a key from its sender: sent twice, it counts once. Operations that set something (dots, choices,
// the timer) carry the whole value, not a difference, so that their order is the only thing that matters.
package workshop
