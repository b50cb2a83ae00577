package outside

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// ErrInside says that an address leads into a private network.
var ErrInside = errors.New("the address leads into a private network")

// Client reaches public addresses only. Where a proxy of the operator's leads out, who is reached is the proxy's to
// decide.
func Client(to *url.URL, redirect func(*http.Request, []*http.Request) error) (*http.Client, error) {
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: to}); err != nil || proxy != nil {
		return &http.Client{CheckRedirect: redirect}, err
	}
	dialer := net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !Public(at.Addr()) {
			return ErrInside
		}
		return nil
	}}
	return &http.Client{CheckRedirect: redirect, Transport: &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ForceAttemptHTTP2: true, DisableKeepAlives: true,
	}}, nil
}

// Loopback tells whether a host is this very machine.
func Loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// inside are networks that netip does not call private, and that no public host is in. The last leads to any IPv4
// address there is, and is out of use.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("2002::/16"),
}

// translated is where a network that has only IPv6 reaches IPv4: the last four bytes are the address that is meant.
var translated = netip.MustParsePrefix("64:ff9b::/96")

// Public tells whether an address is one of the open network.
func Public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if translated.Contains(ip) {
		b := ip.As16()
		ip = netip.AddrFrom4([4]byte(b[12:]))
	}
	for _, net := range inside {
		if net.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate()
}
