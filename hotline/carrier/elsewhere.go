package carrier

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// The carrier may send a file from another host of its own. Where it lies there is the carrier's word alone, so nothing
// of ours goes along, and nothing inside our own network is asked.

var (
	errElsewhere = errors.New("the carrier sends us where we do not go")
	errInside    = errors.New("the carrier sends us into a private network")
)

// follow asks, once and without the account's token, where an answer sends us.
func (c *Client) follow(ctx context.Context, from *exchange) (*exchange, error) {
	x := &exchange{most: from.most}
	ctx, cancel := context.WithTimeout(ctx, from.time)
	defer cancel()
	to, err := url.Parse(c.base + "/")
	where := from.header.Get("Location")
	if err == nil {
		to, err = to.Parse(where)
	}
	if err != nil || where == "" {
		return x, errElsewhere
	}
	via, err := c.way(to)
	if err != nil {
		return x, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	if err != nil {
		return x, errElsewhere
	}
	req.Header.Set("User-Agent", "hopeline")
	res, err := via.Do(req)
	if err != nil {
		return x, withoutAddress(err)
	}
	x.take(res)
	return x, nil
}

// way is how an address is reached: the carrier's own as always, one on loopback when the carrier is there as well, and
// any other over TLS at a public address.
func (c *Client) way(to *url.URL) (*http.Client, error) {
	own, err := url.Parse(c.base)
	switch {
	case err != nil, to.Host == "", to.User != nil:
		return nil, errElsewhere
	case to.Scheme == own.Scheme && to.Host == own.Host:
		return c.http, nil
	case to.Scheme == own.Scheme && to.Hostname() == own.Hostname() && loopback(own.Hostname()):
		return c.http, nil
	case to.Scheme != "https":
		return nil, errElsewhere
	}
	if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: to}); err != nil || proxy != nil {
		return c.http, err // who is reached is the proxy's to decide
	}
	return outside(c.http.CheckRedirect), nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// outside is a client that reaches public addresses only, whatever a name resolves to, and keeps no connection.
func outside(redirect func(*http.Request, []*http.Request) error) *http.Client {
	dialer := net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !public(at.Addr()) {
			return errInside
		}
		return nil
	}}
	return &http.Client{CheckRedirect: redirect, Transport: &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, ForceAttemptHTTP2: true, DisableKeepAlives: true,
	}}
}

// inside are networks that netip does not call private, and that no public host is in. The last leads to any IPv4
// address there is, and is out of use.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("2002::/16"),
}

// translated is where a network that has only IPv6 reaches IPv4: the last four bytes are the address that is meant.
var translated = netip.MustParsePrefix("64:ff9b::/96")

func public(ip netip.Addr) bool {
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
