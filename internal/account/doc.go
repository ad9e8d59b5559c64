// Package account is the room of people: organisations, their services, persons and roles, and how somebody proves who
// they are. It decides what a good password is, how long a session and a one-time link live, how many wrong guesses are
// free, who may change whom, and what is kept of somebody who leaves.
//
// Words: an [Organisation] is the tenant; a [Department] is a « service » of it (called so because [Service] is this
// room's front desk, as in every room); a [Person] belongs to one organisation; a [Link] is an address that works once;
// an [Act] is the line a change leaves in the audit log, written in the change's own transaction.
//
// Decisions. Secrets are 256 random bits and only their SHA-256 is stored: a stolen database opens no session. A link is
// used by POST, never by GET, because mail scanners follow links. Guesses are counted before the password is checked, per
// e-mail and per e-mail with address, never per address alone: a whole town hall sits behind one. An unknown e-mail costs
// the same time and says the same sentence as a wrong password. The last administrator can neither leave, be suspended
// nor lose the role. Whoever erases an account leaves an anonymous history.
//
// Sources: OWASP ASVS 5.0 level 2, chapters 6 and 7; NIST SP 800-63B rev. 4 (length over composition); CNIL délibération
// n° 2022-100 on passwords; OWASP Password Storage Cheat Sheet (argon2id 19 MiB, t=2, p=1); WCAG 2.2 for the accent.
package account
