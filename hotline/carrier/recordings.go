package carrier

import (
	"context"
	"fmt"
	"strings"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

// FetchRecording brings the sound of a voicemail and its type; its errors are those of [Client.FetchMedia].
func (c *Client) FetchRecording(ctx context.Context, sid string) (body []byte, kind string, err error) {
	if !plain(sid) {
		return nil, "", fmt.Errorf("fetch a recording: its id is none: %w", hotline.ErrInvalid)
	}
	body, kind, err = c.file(ctx, "/Recordings/"+sid+soundEnding, "audio/mpeg")
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("fetch a recording: %w", err)
	case !strings.HasPrefix(kind, "audio/"):
		return nil, "", fmt.Errorf("fetch a recording: what came is no sound: %w", hotline.ErrUnavailable)
	}
	return body, kind, nil
}

// DropRecording deletes a recording at the carrier. One that is not there is done.
func (c *Client) DropRecording(ctx context.Context, sid string) error {
	if !plain(sid) {
		return fmt.Errorf("delete a recording: its id is none: %w", hotline.ErrInvalid)
	}
	return c.drop(ctx, func(service *api.ApiService) error { return service.DeleteRecording(sid, nil) })
}
