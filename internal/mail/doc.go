// Package mail sends plain-text messages. Mail is never required: without a server configured, Send refuses with a fault
// that says so and every other part of the product works.
//
// It decides: text only (no HTML part, no tracking image, nothing to render), UTF-8, encryption by STARTTLS unless the
// setting says otherwise, a time limit on every exchange, and no value of a message can ever add a header.
package mail
