package carrier

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

const (
	shortestWait = time.Second
	longestWait  = time.Minute
	// longestAsked is the longest wait that the carrier may ask for: a person waits for the text.
	longestAsked = 5 * time.Minute
)

// outcome is what became of a try that did not end with a decoded 2xx:
//
//	no connection (refused, DNS, TLS)        Again    nothing left
//	429                                      Again    the carrier promises that it did nothing
//	401; 403 without a code of one message   Halt
//	another 4xx with a code                  as the table of codes says, else Refuse
//	2xx that cannot be decoded               Taken when its sid can be read, else Unsure
//	timeout, reset, cut answer, 3xx, 408, 5xx  Unsure
func outcome(x *exchange, tries int, now time.Time) hotline.Handed {
	code := errorCode(x.body)
	switch {
	case x.status == 0 && !x.began:
		return hotline.Handed{Class: hotline.Again, After: wait(tries, 0)}
	case x.status == 0:
		return hotline.Handed{Class: hotline.Unsure}
	case x.done():
		return undecoded(x.body)
	case x.status == http.StatusTooManyRequests:
		return hotline.Handed{Class: hotline.Again, After: wait(tries, asked(x.header, now))}
	case x.status < 400, x.status >= 500, x.status == http.StatusRequestTimeout:
		return hotline.Handed{Class: hotline.Unsure}
	case x.status == http.StatusUnauthorized, x.status == http.StatusForbidden && !listed(code):
		return hotline.Handed{Class: hotline.Halt, Failure: FailureFor(codeCredentials)}
	}
	h := hotline.Handed{Class: classOf(code), Failure: FailureFor(code)}
	if h.Class == hotline.Again {
		h.After = wait(tries, asked(x.header, now))
	}
	return h
}

// accepted is a 201 that was decoded. One without an id is no proof that anything was taken.
func accepted(m *api.ApiV2010Message, body []byte) hotline.Handed {
	if value(m.Sid) == "" {
		return undecoded(body)
	}
	h := hotline.Handed{Class: hotline.Taken, SID: tame(value(m.Sid)), Status: delivery(value(m.Status))}
	switch {
	case h.Status == "":
		h.Status = hotline.Queued
	case h.Status == hotline.Failed:
		code := 0
		if m.ErrorCode != nil {
			code = *m.ErrorCode
		}
		h.Failure = FailureFor(code)
	}
	return h
}

// undecoded is a 2xx that is no message. Where an id can be read the carrier has it all the same.
func undecoded(body []byte) hotline.Handed {
	if sid := findSID(body); sid != "" {
		return hotline.Handed{Class: hotline.Taken, SID: sid, Status: hotline.Queued}
	}
	return hotline.Handed{Class: hotline.Unsure}
}

// wait doubles with every try, at random between half and the whole so that many do not come back at once, and is
// never shorter than what the carrier asked for.
func wait(tries int, asked time.Duration) time.Duration {
	d := min(shortestWait<<min(max(tries, 0), 10), longestWait)
	d = d/2 + rand.N(d/2+1)
	return max(d, min(asked, longestAsked))
}

// asked is the Retry-After of an answer, in seconds or as a date; 0 when there is none.
func asked(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 16); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
