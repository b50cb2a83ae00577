package carrier

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

// codeUnfinished is the carrier's refusal to delete what still goes on.
const codeUnfinished = 20009

// Erase deletes something at the carrier; a message goes with its files. What is not there is done. The error is
// ErrConflict for what still goes on, ErrInvalid for an id that can name nothing, and else ErrUnavailable: later.
func (c *Client) Erase(ctx context.Context, t hotline.Trace) error {
	if !plain(t.SID) {
		return fmt.Errorf("delete a trace: its id is none: %w", hotline.ErrInvalid)
	}
	if !c.configured() {
		return fmt.Errorf("delete a trace: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	x, err := c.ask(ctx, func(service *api.ApiService) error {
		switch t.Kind {
		case hotline.MessageTrace:
			return service.DeleteMessage(t.SID, nil)
		case hotline.CallTrace:
			return service.DeleteCall(t.SID, nil)
		}
		return service.DeleteRecording(t.SID, nil)
	})
	switch {
	case err == nil, x.status == http.StatusNotFound, x.status == http.StatusGone:
		return nil
	case x.status == http.StatusConflict, errorCode(x.body) == codeUnfinished:
		return fmt.Errorf("delete a trace: it is not over: %w", hotline.ErrConflict)
	}
	return fmt.Errorf("delete a trace: %w: %w", hotline.ErrUnavailable, err)
}

// Traces lists what the carrier has of our lines since one moment until before another: messages and calls in both
// directions, and all recordings of the account, which may be of numbers that are not ours. With an error comes what was
// found so far.
func (c *Client) Traces(ctx context.Context, lines []hotline.Address, since, before time.Time) ([]hotline.Trace, error) {
	if !c.configured() {
		return nil, fmt.Errorf("list traces: no carrier is configured: %w", hotline.ErrUnavailable)
	}
	s := search{c: c, since: since, before: before}
	var failed error
	for _, line := range lines {
		failed = errors.Join(failed, s.messages(ctx, (&api.ListMessageParams{}).SetTo(line.Full())), s.messages(ctx, (&api.ListMessageParams{}).SetFrom(line.Full())))
		if line.Channel() == hotline.SMS {
			failed = errors.Join(failed, s.calls(ctx, (&api.ListCallParams{}).SetTo(line.Full())), s.calls(ctx, (&api.ListCallParams{}).SetFrom(line.Full())))
		}
	}
	failed = errors.Join(failed, s.recordings(ctx))
	if failed != nil {
		return s.found, fmt.Errorf("list traces: %w", failed)
	}
	return s.found, nil
}

// search is one look for traces.
type search struct {
	c             *Client
	since, before time.Time
	found         []hotline.Trace
}

func (s *search) messages(ctx context.Context, filter *api.ListMessageParams) error {
	return s.c.eachMessage(ctx, filter, s.since, func(m api.ApiV2010Message, made time.Time) {
		s.add(hotline.Trace{Kind: hotline.MessageTrace, SID: tame(value(m.Sid))}, made)
	})
}

func (s *search) calls(ctx context.Context, filter *api.ListCallParams) error {
	return s.c.eachCall(ctx, filter, s.since, func(m api.ApiV2010Call, made time.Time) {
		s.add(hotline.Trace{Kind: hotline.CallTrace, SID: tame(value(m.Sid)), Parent: tame(value(m.ParentCallSid))}, made)
	})
}

func (s *search) recordings(ctx context.Context) error {
	return s.c.eachRecording(ctx, s.since, func(m api.ApiV2010Recording, made time.Time) error {
		s.add(hotline.Trace{Kind: hotline.RecordingTrace, SID: tame(value(m.Sid)), Parent: tame(value(m.CallSid))}, made)
		return nil
	})
}

func (s *search) add(t hotline.Trace, made time.Time) {
	if t.SID != "" && made.Before(s.before) {
		s.found = append(s.found, t)
	}
}
