// Package web is the front desk: it turns a request into a visit (who, in which language, since when), calls the room's
// handler, and answers for it when it fails. It knows no room and no page: pages come from package ui, people from
// whoever implements [Identifier].
//
// A handler parses, asks its room, answers, and returns an error instead of writing one. The one table from faults to
// HTTP statuses is here, so that two pages never answer the same fault differently.
package web
