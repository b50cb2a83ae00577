package auth

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestClientIP(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"straight", "192.0.2.7:4000", nil, "192.0.2.7"},
		{"straight, forged header", "192.0.2.7:4000", []string{"198.51.100.1"}, "192.0.2.7"},
		{"own proxy", "127.0.0.1:4000", []string{"192.0.2.7"}, "192.0.2.7"},
		{"proxy in a container", "172.18.0.2:4000", []string{"192.0.2.7"}, "192.0.2.7"},
		{"proxy, forged in one line", "[::1]:4000", []string{"198.51.100.1, 192.0.2.7"}, "192.0.2.7"},
		{"proxy, forged line first", "[::1]:4000", []string{"198.51.100.1", "192.0.2.7"}, "192.0.2.7"},
		{"proxy with ports", "127.0.0.1:4000", []string{"[2001:db8::7]:4000"}, "2001:db8::7"},
		{"proxy that says nonsense", "127.0.0.1:4000", []string{"unknown"}, "127.0.0.1"},
		{"nobody between", "127.0.0.1:4000", nil, "127.0.0.1"},
		{"proxy on a socket", "@", []string{"192.0.2.7"}, "192.0.2.7"},
		{"nothing known", "@", nil, ""},
		{"four in six", "[::ffff:192.0.2.7]:4000", nil, "192.0.2.7"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/login", nil)
		r.RemoteAddr = c.peer
		for _, line := range c.forwarded {
			r.Header.Add("X-Forwarded-For", line)
		}
		if got := ClientIP(r); got != c.want {
			t.Errorf("%s: ClientIP = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ip, network, neighbourhood string }{
		{"192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"},
		{"192.0.2.7:80", "192.0.2.7/32", "192.0.2.0/24"},
		{"::ffff:192.0.2.7", "192.0.2.7/32", "192.0.2.0/24"},
		{"2001:db8:1:2:3::7", "2001:db8:1:2::/64", "2001:db8:1::/48"},
		{"fe80::1%eth0", "fe80::/64", "fe80::/48"},
	} {
		addr := parseIP(c.ip)
		if got := network(addr).String(); got != c.network {
			t.Errorf("network(%s) = %s, want %s", c.ip, got, c.network)
		}
		if got := neighbourhood(addr).String(); got != c.neighbourhood {
			t.Errorf("neighbourhood(%s) = %s, want %s", c.ip, got, c.neighbourhood)
		}
	}
	if got := network(parseIP("nonsense")); got != (netip.Prefix{}) {
		t.Errorf("network(nonsense) = %v, want none", got)
	}
}
