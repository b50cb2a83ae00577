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
// over: a call whose webhook failed at us and at the fallback is in no other place. With an error comes what was
// found so far.
func (c *Client) CallsSince(ctx context.Context, line hotline.Address, since time.Time) ([]hotline.IncomingCall, error) {
	if !c.configured() {
		return nil, fmt.Errorf("list calls: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	var found []hotline.IncomingCall
	var next pageMark
	for range mostArrived {
		page, err := c.pageOfCalls(ctx, line, next)
		if err != nil {
			slices.Reverse(found)
			return found, fmt.Errorf("list calls: %w", err)
		}
		old := false
		for _, m := range page.Calls {
			made := dateOf(m.DateCreated)
			if made.IsZero() {
				made = c.now() // no date that can be read is no reason to leave somebody out
			}
			old = old || made.Before(since)
			if made.Before(since) || !isInbound(m) {
				continue
			}
			found = append(found, hotline.IncomingCall{SID: tame(value(m.Sid)), From: hotline.AddressOf(clean(value(m.From))),
				To: hotline.AddressOf(clean(value(m.To))), At: made.UTC()})
		}
		next = markOf(value(page.NextPageUri))
		if old || next == (pageMark{}) {
			slices.Reverse(found) // the newest came first
			return found, nil
		}
	}
	slices.Reverse(found)
	return found, fmt.Errorf("list calls: the carrier's list does not end: %w", hotline.ErrUnavailable)
}

func (c *Client) pageOfCalls(ctx context.Context, line hotline.Address, at pageMark) (*api.ListCallResponse, error) {
	page := &api.ListCallResponse{}
	_, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		p := (&api.ListCallParams{}).SetTo(line.Full()).SetPageSize(pageSize)
		page, err = service.PageCall(p, at.token, at.number)
		return err
	})
	return page, err
}
