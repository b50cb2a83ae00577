package fallback

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client is how the house speaks to its host. Its errors hold nothing of the plan, and not the token.
type Client struct {
	url   string
	token string
	http  *http.Client
}

// NewClient makes a client of the host at an address.
func NewClient(address *url.URL, token string) *Client {
	return &Client{url: strings.TrimRight(address.String(), "/"), token: token, http: &http.Client{
		Timeout:       15 * time.Second,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 30 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token goes nowhere else
	}}
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Push gives the host a plan. When it returns nil the host has it on disk.
func (c *Client) Push(ctx context.Context, p Plan) error {
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	res, err := c.ask(ctx, http.MethodPut, "/plan", text)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		return fmt.Errorf("push the plan: %w", refused(res.StatusCode))
	}
	return nil
}

// ErrNoPlan is returned by Digest when nothing was pushed yet.
var ErrNoPlan = errors.New("the fallback host has no plan yet")

// Digest gives the digest of the plan that the host goes by.
func (c *Client) Digest(ctx context.Context) (string, error) {
	res, err := c.ask(ctx, http.MethodGet, "/plan/digest", nil)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return "", ErrNoPlan
	default:
		return "", fmt.Errorf("read the plan's digest: %w", refused(res.StatusCode))
	}
	var found struct{ Digest string }
	if err := json.NewDecoder(http.MaxBytesReader(nil, res.Body, 4<<10)).Decode(&found); err != nil {
		return "", errors.New("read the plan's digest: the answer is not the host's")
	}
	return found.Digest, nil
}

func (c *Client) ask(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("ask the fallback host: its address is no address")
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err // without the address
	}
	if err != nil {
		return nil, fmt.Errorf("ask the fallback host: %w", err)
	}
	return res, nil
}

func refused(status int) error {
	switch status {
	case http.StatusUnauthorized:
		return errors.New("the fallback host does not take the token: give both sides the same")
	case http.StatusConflict:
		return errors.New("the fallback host has a newer plan: compare the clocks of the instances")
	}
	return fmt.Errorf("the fallback host answered %d", status)
}
