// Package accountweb is the HTTP of the account room: coming in (/sign-in, /setup, /invitation), one's own account
// (/account), administration of people, services and the organisation (/admin), the audit log, language and theme.
//
// Addresses that carry a secret show a page on GET and act on POST only: mail scanners open every link of a mail. Those
// pages are never cached and send no referrer.
package accountweb
