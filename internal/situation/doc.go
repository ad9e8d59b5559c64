// Package situation is the room of situations of use and of needs. It decides what is known of one (who meets which data in which
// task, what it takes, what was decided), how cards of a finished workshop become one, how it changes without losing what it
// was, and what the map of an organisation is: what situations call for beside what people hold.
//
// Words: a situation of use is where an agent meets data in a task; a need is what an agent would like to do or to learn; its
// mentions are the cards it comes from, one when it was written by hand; a link says that a competence is needed, held or
// to be developed there; a gap is what is called for more often than it is held; an action is what was decided about a gap or in a
// situation: what, who, by when; the place of a situation is a service of the organisation, or what people call it.
//
// Nothing is deleted: what no longer holds is retired, and every state a situation had can be brought back.
package situation
