package carrier

import (
	"context"
	"fmt"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

// errEndless is a list with more pages than are read.
var errEndless = fmt.Errorf("the carrier's list does not end: %w", hotline.ErrUnavailable)

// sheet is one page of a list of the carrier's, the newest first.
type sheet[T any] struct {
	items []T
	next  *string
}

// eachSince gives what a list has since a moment. What has no date that can be read was made now: that is no reason to
// leave it out.
func eachSince[T any](ctx context.Context, c *Client, since time.Time, read func(*api.ApiService, pageMark) (sheet[T], error),
	date func(T) *string, do func(m T, made time.Time) error) error {
	var at pageMark
	for range mostArrived {
		var page sheet[T]
		_, err := c.ask(ctx, func(service *api.ApiService) (err error) {
			page, err = read(service, at)
			return err
		})
		if err != nil {
			return err
		}
		old := false
		for _, m := range page.items {
			made := dateOf(date(m))
			if made.IsZero() {
				made = c.now()
			}
			if made.Before(since) {
				old = true
				continue
			}
			if err := do(m, made.UTC()); err != nil {
				return err
			}
		}
		if at = markOf(value(page.next)); old || at == (pageMark{}) {
			return nil
		}
	}
	return errEndless
}

// eachCall gives the calls of a list that were made since a moment, the newest first.
func (c *Client) eachCall(ctx context.Context, filter *api.ListCallParams, since time.Time, do func(m api.ApiV2010Call, made time.Time)) error {
	read := func(service *api.ApiService, at pageMark) (sheet[api.ApiV2010Call], error) {
		page, err := pageOfCalls(service, filter, at)
		if err != nil {
			return sheet[api.ApiV2010Call]{}, err
		}
		return sheet[api.ApiV2010Call]{page.Calls, page.NextPageUri}, nil
	}
	return eachSince(ctx, c, since, read, func(m api.ApiV2010Call) *string { return m.DateCreated },
		func(m api.ApiV2010Call, made time.Time) error { do(m, made); return nil })
}

func pageOfCalls(service *api.ApiService, filter *api.ListCallParams, at pageMark) (*api.ListCallResponse, error) {
	return service.PageCall(filter.SetPageSize(pageSize), at.token, at.number)
}

// eachMessage gives the messages of a list that were made since a moment, the newest first.
func (c *Client) eachMessage(ctx context.Context, filter *api.ListMessageParams, since time.Time, do func(m api.ApiV2010Message, made time.Time)) error {
	read := func(service *api.ApiService, at pageMark) (sheet[api.ApiV2010Message], error) {
		page, err := service.PageMessage(filter.SetPageSize(pageSize), at.token, at.number)
		if err != nil {
			return sheet[api.ApiV2010Message]{}, err
		}
		return sheet[api.ApiV2010Message]{page.Messages, page.NextPageUri}, nil
	}
	return eachSince(ctx, c, since, read, func(m api.ApiV2010Message) *string { return m.DateCreated },
		func(m api.ApiV2010Message, made time.Time) error { do(m, made); return nil })
}

// eachRecording gives the recordings that were made since a moment, the newest first.
func (c *Client) eachRecording(ctx context.Context, since time.Time, do func(m api.ApiV2010Recording, made time.Time) error) error {
	read := func(service *api.ApiService, at pageMark) (sheet[api.ApiV2010Recording], error) {
		page, err := service.PageRecording((&api.ListRecordingParams{}).SetPageSize(pageSize), at.token, at.number)
		if err != nil {
			return sheet[api.ApiV2010Recording]{}, err
		}
		return sheet[api.ApiV2010Recording]{page.Recordings, page.NextPageUri}, nil
	}
	return eachSince(ctx, c, since, read, func(m api.ApiV2010Recording) *string { return m.DateCreated }, do)
}
