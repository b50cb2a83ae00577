package carrier

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

const (
	pageSize = 100
	// mostPages bounds a search to 2,000 texts between two addresses since the send began.
	mostPages = 20
	// slack is how far the carrier's clock may be behind ours.
	slack = 2 * time.Minute
)

// Find looks in the carrier's list for a send whose answer was lost: a message of ours between the same addresses, with
// the same words, made since the send began, whose id is not known to belong to another send. Of several it returns
// the oldest. The error is for a list that could not be read to its end; then nothing is known.
//
// The list's own filter by date is not used: it leaves out what was not sent yet.
func (c *Client) Find(ctx context.Context, out hotline.Outgoing, known func(sid string) bool) (sid string, status hotline.Delivery, found bool, err error) {
	if c.base == "" || len(c.tokens) == 0 {
		return "", "", false, fmt.Errorf("find a message: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	since := out.Began.Add(-slack)
	var next pageMark
	for range mostPages {
		page, err := c.page(ctx, out, next)
		if err != nil {
			return "", "", false, fmt.Errorf("find a message: %w", err)
		}
		young := false
		for _, m := range page.Messages {
			made := dateOf(m.DateCreated)
			if !made.IsZero() && made.Before(since) {
				continue
			}
			young = true
			if same(m, out) && !known(tame(value(m.Sid))) {
				// The newest come first, so a later match is an older one.
				sid, status, found = tame(value(m.Sid)), delivery(value(m.Status)), true
			}
		}
		next = markOf(value(page.NextPageUri))
		if !young || next == (pageMark{}) {
			return sid, status, found, nil
		}
	}
	return "", "", false, fmt.Errorf("find a message: the carrier's list does not end: %w", hotline.ErrUnavailable)
}

func (c *Client) page(ctx context.Context, out hotline.Outgoing, at pageMark) (*api.ListMessageResponse, error) {
	var page *api.ListMessageResponse
	_, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		p := &api.ListMessageParams{}
		p.SetFrom(out.From.Full()).SetTo(out.To.Full()).SetPageSize(pageSize)
		page, err = service.PageMessage(p, at.token, at.number)
		return err
	})
	return page, err
}

// same tells whether a listed message is the send. The carrier takes blanks off the ends of a text.
func same(m api.ApiV2010Message, out hotline.Outgoing) bool {
	return strings.HasPrefix(value(m.Direction), "outbound") && value(m.Sid) != "" &&
		value(m.From) == out.From.Full() && value(m.To) == out.To.Full() &&
		strings.TrimSpace(value(m.Body)) == strings.TrimSpace(out.Text)
}

// pageMark is where the next page of a list begins. The library would follow the address that the list gives, on its
// own host; only these two fields are taken from it.
type pageMark struct{ token, number string }

func markOf(address string) pageMark {
	u, err := url.Parse(address)
	if err != nil {
		return pageMark{}
	}
	q := u.Query()
	return pageMark{q.Get("PageToken"), q.Get("Page")}
}

// dateOf reads a time of the list: RFC 2822, or RFC 3339 as compatible carriers write; zero for none.
func dateOf(s *string) time.Time {
	for _, layout := range []string{time.RFC1123Z, time.RFC1123, time.RFC3339} {
		if t, err := time.Parse(layout, value(s)); err == nil {
			return t
		}
	}
	return time.Time{}
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
