package carrier

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

// longestRecording is far more than five minutes of telephone sound.
const longestRecording = 20 << 20

// FetchRecording brings the sound of a voicemail and its type, from the host of our own API and never from where a form
// says. ErrNotFound: it is not there, or not yet; ErrInvalid: it is none that we take.
func (c *Client) FetchRecording(ctx context.Context, sid string) (body []byte, kind string, err error) {
	if !plain(sid) {
		return nil, "", fmt.Errorf("fetch a recording: its id is none: %w", hotline.ErrInvalid)
	}
	if !c.configured() {
		return nil, "", fmt.Errorf("fetch a recording: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	path := defaultAPI + "/2010-04-01/Accounts/" + url.PathEscape(c.account) + "/Recordings/" + sid + soundEnding
	x, err := c.rotate(ctx, exchange{accept: "audio/mpeg", most: longestRecording + 1}, func(x *exchange) error {
		_, err := x.SendRequest(http.MethodGet, path, nil, nil)
		return err
	})
	switch {
	case x.status == http.StatusNotFound:
		return nil, "", fmt.Errorf("fetch a recording: %w", hotline.ErrNotFound)
	case err != nil:
		return nil, "", fmt.Errorf("fetch a recording: %w", err)
	case len(x.body) > longestRecording:
		return nil, "", fmt.Errorf("fetch a recording: it is too long: %w", hotline.ErrInvalid)
	}
	kind, _, _ = mime.ParseMediaType(x.header.Get("Content-Type"))
	if !strings.HasPrefix(kind, "audio/") || len(x.body) == 0 {
		return nil, "", fmt.Errorf("fetch a recording: what came is no sound: %w", hotline.ErrUnavailable)
	}
	return x.body, kind, nil
}

// DropRecording deletes a recording at the carrier. One that is not there is done.
func (c *Client) DropRecording(ctx context.Context, sid string) error {
	if !plain(sid) {
		return fmt.Errorf("delete a recording: its id is none: %w", hotline.ErrInvalid)
	}
	if !c.configured() {
		return fmt.Errorf("delete a recording: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	x, err := c.ask(ctx, func(service *api.ApiService) error { return service.DeleteRecording(sid, nil) })
	if err != nil && x.status != http.StatusNotFound {
		return fmt.Errorf("delete a recording: %w", err)
	}
	return nil
}
