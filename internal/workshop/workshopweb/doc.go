// Package workshopweb holds the pages of live workshops: the facilitator's list, console, wall and sheet, and the
// participant's seat. Every action is a form; an island reloads the part of the page that others change.
package workshopweb
