package carrier

import (
	"context"
	"fmt"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

// mostArrived bounds one look to 20,000 texts of one address.
const mostArrived = 200

// Arrived lists what the carrier took in for one of our addresses from since until before, oldest first: the carrier
// does not tell us twice of a text whose webhook failed. Places, buttons and other extras are not in the list. With
// an error comes what was found so far.
func (c *Client) Arrived(ctx context.Context, ours hotline.Address, since, before time.Time) ([]hotline.Inbound, error) {
	if c.base == "" || len(c.tokens) == 0 {
		return nil, fmt.Errorf("list what arrived: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	var found []hotline.Inbound
	var next pageMark
	for range mostArrived {
		page, err := c.pageOf(ctx, ours, next)
		if err != nil {
			return found, fmt.Errorf("list what arrived: %w", err)
		}
		old := false
		for _, m := range page.Messages {
			made := dateOf(m.DateCreated)
			if made.IsZero() {
				made = before.Add(-time.Second) // no date that can be read is no reason to leave somebody out
			}
			old = old || made.Before(since)
			if made.Before(since) || !made.Before(before) || value(m.Direction) != "inbound" || value(m.Sid) == "" {
				continue
			}
			in, err := c.listed(ctx, m, made)
			if err != nil {
				return found, err
			}
			found = append([]hotline.Inbound{in}, found...) // the newest come first
		}
		next = markOf(value(page.NextPageUri))
		if old || next == (pageMark{}) {
			return found, nil
		}
	}
	return found, fmt.Errorf("list what arrived: the carrier's list does not end: %w", hotline.ErrUnavailable)
}

func (c *Client) pageOf(ctx context.Context, ours hotline.Address, at pageMark) (*api.ListMessageResponse, error) {
	var page *api.ListMessageResponse
	_, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		p := &api.ListMessageParams{}
		p.SetTo(ours.Full()).SetPageSize(pageSize)
		page, err = service.PageMessage(p, at.token, at.number)
		return err
	})
	return page, err
}

// listed is a message of the list in the house's words, under the same id as its webhook.
func (c *Client) listed(ctx context.Context, m api.ApiV2010Message, made time.Time) (hotline.Inbound, error) {
	in := hotline.Inbound{SID: tame(value(m.Sid)), From: hotline.AddressOf(clean(value(m.From))), To: hotline.AddressOf(clean(value(m.To))),
		Text: clean(value(m.Body)), At: made}
	if n := value(m.NumMedia); n == "" || n == "0" {
		return in, nil
	}
	var files []api.ApiV2010Media
	_, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		p := &api.ListMediaParams{}
		p.SetPageSize(mostMedia)
		page, err := service.PageMedia(value(m.Sid), p, "", "")
		if err == nil {
			files = page.MediaList
		}
		return err
	})
	if err != nil {
		return in, fmt.Errorf("list the media of what arrived: %w", err)
	}
	for _, f := range files {
		if plain(value(m.Sid)) && plain(value(f.Sid)) {
			in.Media = append(in.Media, hotline.InboundMedia{Type: value(f.ContentType), Where: value(m.Sid) + "/" + value(f.Sid)})
		}
	}
	return in, nil
}
