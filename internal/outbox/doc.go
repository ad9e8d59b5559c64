// Package outbox is the one record of what happened: each change that another part cares about is written here in the
// same transaction as the change itself. It is the audit log (append-only, who did what when) and the way rooms hear of
// each other: a subscriber reads events after its cursor, in order, and must be idempotent.
package outbox
