package carrier

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

const (
	codeGone    = 21220 // the leg is not in the state that the change needs: it is over
	codeNumber  = 21211
	codeMissing = 20404
	usualRings  = 25 * time.Second
)

// ringable is a number in full, too long for an emergency number, or a browser phone. We never dial anything else.
var ringable = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|client:[0-9A-Za-z_]{1,121})$`)

// Dial asks the carrier to ring somebody. Taken has the leg's SID; Unsure may ring all the same, and the reports of the
// leg, whose address names it, tell.
func (c *Client) Dial(ctx context.Context, d hotline.Dialling) hotline.Handed {
	if !c.configured() {
		return unconfigured()
	}
	if !ringable.MatchString(d.To.Full()) {
		return hotline.Handed{Class: hotline.Refuse, Failure: FailureFor(codeNumber)}
	}
	rings := d.Rings
	if rings <= 0 {
		rings = usualRings
	}
	made := &api.ApiV2010Call{}
	x, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		l := links{c.public}
		document, status := l.leg(pathLeg, d.Leg), l.leg(pathVoiceStatus, d.Leg)
		if d.Test != "" {
			document, status = l.test(pathTest, d.Test), l.test(pathVoiceStatus, d.Test)
		}
		p := (&api.CreateCallParams{}).SetFrom(d.From.Full()).SetTo(d.To.Full()).SetUrl(document).SetStatusCallback(status).
			SetStatusCallbackEvent([]string{"initiated", "ringing", "answered", "completed"}).
			SetTimeout(int((rings + time.Second - 1) / time.Second))
		made, err = service.CreateCall(p)
		return err
	})
	switch {
	case err != nil:
		return outcome(x, 0, c.now())
	case value(made.Sid) == "":
		return undecoded(x.body)
	}
	return hotline.Handed{Class: hotline.Taken, SID: tame(value(made.Sid))}
}

// EndLeg hangs up, whatever the leg is doing. Taken also when it was over already.
func (c *Client) EndLeg(ctx context.Context, sid string) hotline.Handed {
	return c.change(ctx, sid, (&api.UpdateCallParams{}).SetStatus("completed"))
}

// MoveCaller lets a caller's leg fetch the document for where she belongs now, in the middle of whatever it hears.
// Taken also when she hung up: the reports tell.
func (c *Client) MoveCaller(ctx context.Context, sid string, contact hotline.ContactID) hotline.Handed {
	return c.change(ctx, sid, (&api.UpdateCallParams{}).SetUrl(links{c.public}.contact(pathCaller, contact)).SetMethod(http.MethodPost))
}

// MoveLeg does the same with a leg of ours.
func (c *Client) MoveLeg(ctx context.Context, sid string, leg hotline.LegID) hotline.Handed {
	return c.change(ctx, sid, (&api.UpdateCallParams{}).SetUrl(links{c.public}.leg(pathLeg, leg)).SetMethod(http.MethodPost))
}

// change updates a live leg. One that is gone needs no change.
func (c *Client) change(ctx context.Context, sid string, p *api.UpdateCallParams) hotline.Handed {
	if !c.configured() {
		return unconfigured()
	}
	if sid == "" {
		return hotline.Handed{Class: hotline.Refuse, Failure: FailureFor(codeMissing)}
	}
	x, _ := c.ask(ctx, func(service *api.ApiService) error {
		_, err := service.UpdateCall(url.PathEscape(sid), p)
		return err
	})
	if x.done() || x.gone() {
		return hotline.Handed{Class: hotline.Taken, SID: sid}
	}
	return outcome(x, 0, c.now())
}

// gone tells whether the carrier answered that a leg is over, or that it never had it.
func (x *exchange) gone() bool {
	return x.status == http.StatusNotFound || x.status >= 400 && x.status < 500 && errorCode(x.body) == codeGone
}

// Hold lets a leg in a room hear the hold document, and be heard by nobody, or takes it back. The room is named by the
// carrier's id. A Refuse with 20404 means that the leg is not in that room (any more, or yet).
func (c *Client) Hold(ctx context.Context, room, sid string, on bool) hotline.Handed {
	p := (&api.UpdateParticipantParams{}).SetHold(on)
	if on {
		p.SetHoldUrl(links{c.public}.to(pathHold)).SetHoldMethod(http.MethodPost) // the carrier's own default is GET
	}
	return c.seat(ctx, room, sid, p)
}

// Mute lets a leg in a room be heard by nobody, or takes it back. Otherwise like Hold.
func (c *Client) Mute(ctx context.Context, room, sid string, on bool) hotline.Handed {
	return c.seat(ctx, room, sid, (&api.UpdateParticipantParams{}).SetMuted(on))
}

func (c *Client) seat(ctx context.Context, room, sid string, p *api.UpdateParticipantParams) hotline.Handed {
	if !c.configured() {
		return unconfigured()
	}
	if room == "" || sid == "" {
		return hotline.Handed{Class: hotline.Refuse, Failure: FailureFor(codeMissing)}
	}
	x, _ := c.ask(ctx, func(service *api.ApiService) error {
		_, err := service.UpdateParticipant(url.PathEscape(room), url.PathEscape(sid), p)
		return err
	})
	switch {
	case x.done():
		return hotline.Handed{Class: hotline.Taken, SID: sid}
	case x.status == http.StatusNotFound:
		return hotline.Handed{Class: hotline.Refuse, Failure: FailureFor(codeMissing)}
	}
	return outcome(x, 0, c.now())
}

// isInbound tells whether a call of a list came from outside: not a leg of ours, nor one that a document dialled.
func isInbound(m api.ApiV2010Call) bool {
	return strings.EqualFold(value(m.Direction), "inbound") && value(m.ParentCallSid) == "" && value(m.Sid) != ""
}
