package auth

import (
	"net/http"
	"net/netip"
	"strings"
)

// ClientIP returns the address that r came from. When the peer is on this
// machine or in a private network it is taken for our own proxy, and what the
// proxy appended to X-Forwarded-For counts; nothing that a client may have put
// there before does. Whoever sits in such a network without a proxy between can
// forge it, and gains more tries by that, no more. Empty when there is none.
func ClientIP(r *http.Request) string {
	peer := parseIP(r.RemoteAddr)
	if peer.IsValid() && !peer.IsLoopback() && !peer.IsPrivate() {
		return peer.String()
	}
	if lines := r.Header.Values("X-Forwarded-For"); len(lines) > 0 {
		last := lines[len(lines)-1]
		if client := parseIP(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])); client.IsValid() {
			return client.String()
		}
	}
	if !peer.IsValid() {
		return ""
	}
	return peer.String()
}

// parseIP reads an address with or without a port. What is none is the zero Addr.
func parseIP(text string) netip.Addr {
	if both, err := netip.ParseAddrPort(text); err == nil {
		return both.Addr().Unmap().WithZone("")
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

// network is what one household or office has: an IPv4 address, an IPv6 /64.
func network(addr netip.Addr) netip.Prefix { return prefix(addr, 32, 64) }

// neighbourhood is what one attacker rents cheaply: an IPv4 /24, an IPv6 /48.
func neighbourhood(addr netip.Addr) netip.Prefix { return prefix(addr, 24, 48) }

// prefix of the zero Addr is the zero Prefix, a network of its own.
func prefix(addr netip.Addr, bits4, bits6 int) netip.Prefix {
	bits := bits6
	if addr.Is4() {
		bits = bits4
	}
	p, _ := addr.Prefix(bits)
	return p
}
