package carrier

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"hopeline/hotline/outside"
)

// The carrier may send a file from another host of its own. Where it lies there is the carrier's word alone, so nothing
// of ours goes along, and nothing inside our own network is asked.

var errElsewhere = errors.New("the carrier sends us where we do not go")

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
	case to.Scheme == own.Scheme && to.Hostname() == own.Hostname() && outside.Loopback(own.Hostname()):
		return c.http, nil
	case to.Scheme != "https":
		return nil, errElsewhere
	}
	return outside.Client(to, c.http.CheckRedirect)
}
