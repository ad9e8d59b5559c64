// Package personal finds, inside texts people wrote, what tells about a person: identifiers with their checksum, ways to reach
// somebody, names, dates of birth, and words of GDPR article 9 and 10. It says of what kind and how sure it is, never what.
package personal
