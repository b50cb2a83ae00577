package carrier

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

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

// RecordingsSince lists the account's recordings since a moment, whoever made them: one whose callback failed is in no
// other place. A Voicemail is made by a Record verb; only the switchboard knows whether of ours. With an error comes what
// was found so far.
func (c *Client) RecordingsSince(ctx context.Context, since time.Time) ([]hotline.ListedRecording, error) {
	if !c.configured() {
		return nil, fmt.Errorf("list recordings: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	var found []hotline.ListedRecording
	err := c.eachRecording(ctx, since, func(m api.ApiV2010Recording, made time.Time) error {
		r := listedRecording(m, made)
		var err error
		if room := value(m.ConferenceSid); room != "" {
			r.Room, err = c.roomName(ctx, room)
		}
		found = append(found, r)
		return err
	})
	if err != nil {
		return found, fmt.Errorf("list recordings: %w", err)
	}
	return found, nil
}

// listedRecording is a recording of the list in the house's words. One whose status nobody knows is still being made.
func listedRecording(m api.ApiV2010Recording, made time.Time) hotline.ListedRecording {
	r := hotline.ListedRecording{Recording: hotline.Recording{SID: tame(value(m.Sid)), CallSID: tame(value(m.CallSid)),
		Seconds: number(value(m.Duration)), Voicemail: strings.EqualFold(value(m.Source), "RecordVerb"), At: made}}
	switch value(m.Status) {
	case "completed":
	case "absent", "deleted", "failed":
		r.Empty = true
	default:
		r.Making = true
	}
	return r
}

// roomName is what a room was called by who made it; empty when the carrier does not have it.
func (c *Client) roomName(ctx context.Context, sid string) (string, error) {
	room := &api.ApiV2010Conference{}
	x, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		room, err = service.FetchConference(url.PathEscape(sid), nil)
		return err
	})
	if x.status == http.StatusNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return value(room.FriendlyName), nil
}
