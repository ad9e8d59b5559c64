// Package live tells browsers at once what changed, by server-sent events over a log that somebody else keeps. It decides who
// is woken, what is sent, and to whom nothing is sent any more.
//
// A topic is what moves (a session, say); a view of it is what one kind of watcher sees, in one language. A view is made once
// for all its watchers, encoded once, and the same bytes go to each of them. What is sent is the difference from the version
// before, under the number of the log; a browser that was cut says the last number it knows and gets the differences since, or
// the whole when they are kept no more. The log is the truth: an event lost is made good by the next one.
//
// Nothing waits for a watcher. Each has a place in the list of differences and no queue of its own: one that reads slowly
// skips to the whole, one that does not read is cut.
package live
