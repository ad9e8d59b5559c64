// Package accountdb keeps the account room in tables account_*, with one SQL text for SQLite and PostgreSQL. Every
// statement about an organisation's things names the organisation; the only look-ups across organisations are by secret
// (sessions, links) and by e-mail, which sign somebody in.
//
// Changes to people and services of one organisation take turns on its row, so that two administrators who withdraw each
// other's role at the same moment cannot both succeed.
package accountdb
