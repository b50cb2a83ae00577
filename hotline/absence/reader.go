package absence

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/outside"
)

// Reader reads calendars at their addresses.
type Reader struct {
	public *url.URL
	local  bool
	way    func(*url.URL, func(*http.Request, []*http.Request) error) (*http.Client, error)
}

// New makes a reader for a house at public; its own calendars are not for it. Where the house is on loopback, hosts on
// loopback are asked as well, also without TLS.
func New(public *url.URL) *Reader {
	return &Reader{public: public, local: outside.Loopback(public.Hostname()), way: outside.Client}
}

const (
	// longestAddress is how long an address may be, in bytes.
	longestAddress = 2000
	// readTime is how long a calendar may take, hops included.
	readTime = 30 * time.Second
	// mostHops is how often its host may send us on.
	mostHops = 5
)

// Check gives an address as it is asked, or hotline.ErrInvalid.
func (r *Reader) Check(address string) (string, error) {
	address = strings.TrimSpace(address)
	to, err := url.Parse(address)
	if err != nil || len(address) > longestAddress {
		return "", errAddress
	}
	if to.Scheme = strings.ToLower(to.Scheme); to.Scheme == "webcal" || to.Scheme == "webcals" {
		to.Scheme = "https"
	}
	switch {
	case to.Host == "", to.User != nil, to.Scheme != "https" && !(to.Scheme == "http" && r.isLocal(to)):
		return "", errAddress
	case strings.EqualFold(to.Host, r.public.Host) && strings.HasPrefix(to.Path, "/calendar/"):
		return "", hotline.Say(hotline.ErrInvalid, "that is the calendar of your duties: give the address of one of your own; nothing was changed")
	}
	to.Fragment = ""
	return to.String(), nil
}

var errAddress = hotline.Say(hotline.ErrInvalid, "the address of a calendar begins with https:// or webcal://; nothing was changed")

func (r *Reader) isLocal(to *url.URL) bool { return r.local && outside.Loopback(to.Hostname()) }

// Read asks for a calendar and finds when it says that somebody is busy. The error is a [hotline.CalendarFault].
func (r *Reader) Read(ctx context.Context, asked hotline.CalendarAsked) (hotline.CalendarRead, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	res, err := r.fetch(ctx, asked)
	if err != nil {
		return hotline.CalendarRead{}, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotModified && asked.Tag != "":
		return hotline.CalendarRead{Same: true, Tag: asked.Tag}, nil
	case res.StatusCode == http.StatusNotFound, res.StatusCode == http.StatusGone:
		return hotline.CalendarRead{}, hotline.CalendarGone
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusForbidden:
		return hotline.CalendarRead{}, hotline.CalendarClosed
	case res.StatusCode != http.StatusOK:
		return hotline.CalendarRead{}, hotline.CalendarAway
	case res.ContentLength > mostBytes:
		return hotline.CalendarRead{}, hotline.CalendarTooLarge
	}
	out, err := Read(res.Body, asked)
	if err != nil && ctx.Err() != nil {
		err = hotline.CalendarAway // a host that is let go of may end its answer in due form
	}
	if tag := res.Header.Get("ETag"); len(tag) <= longestTag {
		out.Tag = tag
	}
	return out, err
}

// longestTag is how long a tag may be that is kept, in bytes.
const longestTag = 500

// fetch follows an address to its answer. Each hop is asked as the first: no way leads inside, whatever a host says.
func (r *Reader) fetch(ctx context.Context, asked hotline.CalendarAsked) (*http.Response, error) {
	at := asked.Address
	for range mostHops + 1 {
		checked, err := r.Check(at)
		if err != nil {
			return nil, hotline.CalendarInside
		}
		res, err := r.ask(ctx, checked, asked.Tag)
		if err != nil || !redirects(res) {
			return res, err
		}
		res.Body.Close()
		next, err := res.Location()
		if err != nil {
			return nil, hotline.CalendarAway
		}
		at = next.String()
	}
	return nil, hotline.CalendarAway
}

func redirects(res *http.Response) bool {
	return res.StatusCode/100 == 3 && res.StatusCode != http.StatusNotModified && res.Header.Get("Location") != ""
}

// ask asks one host. Its errors say nothing of the address: whoever has it may read the calendar.
func (r *Reader) ask(ctx context.Context, address, tag string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, hotline.CalendarUnreadable
	}
	req.Header.Set("Accept", "text/calendar, text/plain;q=0.5, */*;q=0.1")
	req.Header.Set("User-Agent", "calendar/1")
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	client, err := r.client(req.URL)
	if err != nil {
		return nil, hotline.CalendarAway
	}
	res, err := client.Do(req)
	switch {
	case errors.Is(err, outside.ErrInside):
		return nil, hotline.CalendarInside
	case err != nil:
		return nil, hotline.CalendarAway
	}
	return res, nil
}

func (r *Reader) client(to *url.URL) (*http.Client, error) {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if r.isLocal(to) {
		return &http.Client{CheckRedirect: stay, Transport: &http.Transport{DisableKeepAlives: true}}, nil
	}
	return r.way(to, stay)
}
