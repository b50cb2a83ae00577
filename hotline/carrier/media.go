package carrier

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

const (
	// longestFile is the largest file that is fetched, in bytes: more than the carrier takes in.
	longestFile = 20 << 20
	// fileTime is how long one file may take.
	fileTime = time.Minute
	// recordingPlace begins the place of a voicemail; its id follows.
	recordingPlace = "recording:"
)

// lyingAt reads a place as [hotline.InboundMedia] has it: "messageSid/mediaSid". Any other is not the carrier's.
func lyingAt(where string) (message, file string, ok bool) {
	message, file, ok = strings.Cut(where, "/")
	return message, file, ok && plain(message) && plain(file)
}

// FetchMedia brings a file that came with a message, or a voicemail ("recording:" and its id) as MP3, and the type that
// the carrier says it has. It asks our own API's host, by an address made of the ids, and never what a form says.
//
// The error is ErrInvalid for what can never be fetched (a place that is not the carrier's, or more than 20 MiB),
// ErrNotFound when the carrier does not have it, or not yet, and ErrUnavailable for everything that may work later.
func (c *Client) FetchMedia(ctx context.Context, where string) (body []byte, kind string, err error) {
	if sid, ok := strings.CutPrefix(where, recordingPlace); ok {
		return c.FetchRecording(ctx, sid)
	}
	message, file, ok := lyingAt(where)
	if !ok {
		return nil, "", fmt.Errorf("fetch a file: it does not lie at the carrier: %w", hotline.ErrInvalid)
	}
	if body, kind, err = c.file(ctx, "/Messages/"+message+"/Media/"+file, "*/*"); err != nil {
		return nil, "", fmt.Errorf("fetch a file: %w", err)
	}
	return body, kind, nil
}

// file brings what lies at a path below the account, where need be from another host of the carrier's.
func (c *Client) file(ctx context.Context, path, accept string) (body []byte, kind string, err error) {
	if !c.configured() {
		return nil, "", fmt.Errorf("no carrier is configured: %w", hotline.ErrUnavailable)
	}
	address := defaultAPI + "/2010-04-01/Accounts/" + url.PathEscape(c.account) + path
	like := exchange{accept: accept, most: longestFile + 1, time: fileTime}
	x, err := c.rotate(ctx, like, func(x *exchange) error {
		_, err := x.SendRequest(http.MethodGet, address, nil, nil)
		return err
	})
	if x.status/100 == 3 {
		x, err = c.follow(ctx, x)
	}
	if err != nil && x.status == 0 {
		return nil, "", fmt.Errorf("%w: %w", hotline.ErrUnavailable, err)
	}
	return fileOf(x)
}

// fileOf is the file in an answer. A page or an error document is none, whatever the status: to keep it would let the
// real one be deleted.
func fileOf(x *exchange) (body []byte, kind string, err error) {
	kind, _, _ = mime.ParseMediaType(x.header.Get("Content-Type"))
	switch {
	case x.status == http.StatusNotFound, x.status == http.StatusGone:
		return nil, "", fmt.Errorf("the carrier does not have it: %w", hotline.ErrNotFound)
	case x.status != http.StatusOK:
		return nil, "", fmt.Errorf("answered %d: %w", x.status, hotline.ErrUnavailable)
	case kind == "text/html", strings.HasSuffix(kind, "json"), strings.HasSuffix(kind, "/xml"):
		return nil, "", fmt.Errorf("answered with a document: %w", hotline.ErrUnavailable)
	case len(x.body) > longestFile:
		return nil, "", fmt.Errorf("it is larger than what is kept: %w", hotline.ErrInvalid)
	case x.broken != nil:
		return nil, "", fmt.Errorf("%w: %w", hotline.ErrUnavailable, x.broken)
	case len(x.body) == 0:
		return nil, "", fmt.Errorf("answered with nothing: %w", hotline.ErrUnavailable)
	}
	return x.body, kind, nil
}

// DropMedia deletes a file or a voicemail at the carrier. One that is not there is done. While its message is on its
// way the carrier refuses (20009); it works later.
func (c *Client) DropMedia(ctx context.Context, where string) error {
	if sid, ok := strings.CutPrefix(where, recordingPlace); ok {
		return c.DropRecording(ctx, sid)
	}
	message, file, ok := lyingAt(where)
	if !ok {
		return fmt.Errorf("delete a file: it does not lie at the carrier: %w", hotline.ErrInvalid)
	}
	return c.drop(ctx, func(service *api.ApiService) error { return service.DeleteMedia(message, file, nil) })
}

func (c *Client) drop(ctx context.Context, call func(*api.ApiService) error) error {
	if !c.configured() {
		return fmt.Errorf("delete a file: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	x, err := c.ask(ctx, call)
	if err == nil || x.status == http.StatusNotFound || x.status == http.StatusGone {
		return nil
	}
	return fmt.Errorf("delete a file: %w: %w", hotline.ErrUnavailable, err)
}
