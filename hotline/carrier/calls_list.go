package carrier

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

// LegNow is how far a leg is by the carrier's own book, for when its reports may have been lost. ErrNotFound is a leg
// that the carrier does not have (any more).
func (c *Client) LegNow(ctx context.Context, sid string) (hotline.LegReport, error) {
	if !c.configured() || sid == "" {
		return hotline.LegReport{}, fmt.Errorf("look at a leg: no carrier or no id: %w", hotline.ErrUnavailable)
	}
	leg := &api.ApiV2010Call{}
	x, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		leg, err = service.FetchCall(url.PathEscape(sid), nil)
		return err
	})
	switch {
	case x.status == http.StatusNotFound:
		return hotline.LegReport{}, fmt.Errorf("look at a leg: %w", hotline.ErrNotFound)
	case err != nil:
		return hotline.LegReport{}, fmt.Errorf("look at a leg: %w", err)
	}
	report, known := legReport("", sid, value(leg.Status), c.now().UTC())
	if !known {
		return hotline.LegReport{}, fmt.Errorf("look at a leg: its status is none: %w", hotline.ErrUnavailable)
	}
	return report, nil
}

// CallsSince lists the calls that came in on one of our numbers since a moment, oldest first, whether or not they are
// over: a call whose webhook failed at us is in no other place. With an error comes what was found so far.
func (c *Client) CallsSince(ctx context.Context, line hotline.Address, since time.Time) ([]hotline.ListedCall, error) {
	if !c.configured() {
		return nil, fmt.Errorf("list calls: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	var found []hotline.ListedCall
	filter := (&api.ListCallParams{}).SetTo(line.Full())
	err := c.eachCall(ctx, filter, since, func(m api.ApiV2010Call, made time.Time) {
		if !isInbound(m) {
			return
		}
		at, _ := legReport("", "", value(m.Status), made)
		found = append(found, hotline.ListedCall{State: at.State, IncomingCall: hotline.IncomingCall{SID: tame(value(m.Sid)),
			From: hotline.AddressOf(clean(value(m.From))), To: hotline.AddressOf(clean(value(m.To))), At: made}})
	})
	slices.Reverse(found) // the newest came first
	if err != nil {
		return found, fmt.Errorf("list calls: %w", err)
	}
	return found, nil
}

// Talks tells whether somebody whom a document dialled has answered a caller's leg: a colleague, or a machine. A leg
// that we made ourselves has no caller's.
func (c *Client) Talks(ctx context.Context, sid string) (bool, error) {
	if !c.configured() {
		return false, fmt.Errorf("list the legs of a call: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	var page *api.ListCallResponse
	_, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		page, err = pageOfCalls(service, (&api.ListCallParams{}).SetParentCallSid(sid).SetStatus("in-progress"), pageMark{})
		return err
	})
	if err != nil {
		return false, fmt.Errorf("list the legs of a call: %w", err)
	}
	return len(page.Calls) > 0, nil
}
