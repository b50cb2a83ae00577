package outside

import (
	"errors"
	"net/netip"
	"net/url"
	"testing"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for ip, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "64:ff9b::5db8:d822": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "::": false, "fe80::1": false, "fd00::1": false,
		"::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false,
	} {
		if got := Public(netip.MustParseAddr(ip)); got != want {
			t.Errorf("Public(%s) = %v, want %v", ip, got, want)
		}
	}
}

func TestClientStaysOutside(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "")
	for _, to := range []string{"https://127.0.0.1:1/", "https://localhost:1/", "https://[::1]:1/"} {
		u, _ := url.Parse(to)
		c, err := Client(u, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Get(to); !errors.Is(err, ErrInside) {
			t.Errorf("Get(%s) = %v, want %v", to, err, ErrInside)
		}
	}
}
