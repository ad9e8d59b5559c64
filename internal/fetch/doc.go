// Package fetch is the one way out of the server: every request the product makes to another machine goes through a
// Client. No other package may use an HTTP client; internal/archtest holds that.
//
// It decides where a request may go. Nothing goes out unless an administrator allowed it. An address is http or https,
// without a password; its host may be listed or refused by settings. The addresses a name resolves to are checked when
// the connection is made, at each redirect too, so that a name which changes its mind between a check and a connection
// gains nothing: private, loopback, link-local (where clouds keep their metadata), shared (RFC 6598), multicast, reserved
// and translated addresses are refused. It bounds bytes once unpacked, time, silence and redirects, and asks "has it
// changed?" when it knows what it got before.
//
// Its words: a Request names an address; an Answer is the file served, or that it is the same; a Mark is what a server
// gave to recognise a file by.
//
// Sources: the IANA special-purpose address registries (RFC 6890 and its updates); RFC 9110 for conditional requests and
// RFC 6266 for file names.
package fetch
