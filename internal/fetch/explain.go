package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strconv"

	"cultured/internal/fault"
)

// explain finds, in an error of the network, the fault a person can act on. The error itself may quote an address with a
// key in it, so it goes to the log without it.
func explain(ctx context.Context, err error, host string) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f // of the guard, or of a redirect
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errTime):
		return fault.New(fault.Busy, "fetch.slow", host).Because(cause)
	case cause != nil:
		return cause
	}
	if f := explainTLS(err, host); f != nil {
		return f.Because(bare(err))
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && !dns.IsTimeout && !dns.IsTemporary {
		return fault.New(fault.Invalid, "fetch.no_name", host).Because(dns)
	}
	if late, ok := errors.AsType[net.Error](err); ok && late.Timeout() {
		return fault.New(fault.Busy, "fetch.slow", host).Because(bare(err))
	}
	return fault.New(fault.Busy, "fetch.unreachable", host).Because(bare(err))
}

// explainTLS is nil for an error that has nothing to do with encryption.
func explainTLS(err error, host string) *fault.Error {
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return fault.New(fault.Invalid, "fetch.tls_date", host)
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return fault.New(fault.Invalid, "fetch.tls_name", host)
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return fault.New(fault.Invalid, "fetch.tls_issuer", host)
	}
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, record := errors.AsType[tls.RecordHeaderError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	if certificate || record || alert {
		return fault.New(fault.Invalid, "fetch.tls", host)
	}
	return nil
}

// bare is an error without the address that net/http puts before it.
func bare(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

func itoa(n int) string { return strconv.Itoa(n) }
