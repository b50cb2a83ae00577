package simulator

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// run begins the life of a leg that was asked for. The caller holds mu.
func (l *Call) run(s source, timeout time.Duration, limit string) {
	l.c.spawned(func(context.Context) {
		if !l.c.pause(l.ctx, l.queued) || !l.rings(timeout) {
			return
		}
		if n, err := strconv.Atoi(limit); err == nil && n > 0 {
			l.limit(time.Duration(n) * time.Second)
		}
		l.perform(s)
	})
}

// NextDial lets the next requests that make a leg meet these, one each, before any chaos is drawn.
func (c *Carrier) NextDial(mishaps ...Mishap) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dialNext = append(c.dialNext, mishaps...)
	c.wake()
}

func (c *Carrier) dialMishap() Mishap {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dials++
	if len(c.dialNext) > 0 {
		m := c.dialNext[0]
		c.dialNext = c.dialNext[1:]
		return m
	}
	return c.chaos.mishapOf(c.dials, "dial")
}

// firstTold waits until a leg was answered or is over, so that its callbacks are ahead of the answer to its making.
func (c *Carrier) firstTold(r *asked, l *Call) {
	ctx, stop := c.bound(r.Context())
	defer stop()
	c.within(ctx, -1, func() bool { return l.over() || l.status == InProgress })
}

// foundCall is the leg that a path names. The caller holds mu.
func (c *Carrier) foundCall(r *asked) (*Call, *apiError) {
	l, ok := c.callBy[strings.TrimSuffix(r.PathValue("sid"), ".json")]
	if !ok {
		return nil, errNotFound
	}
	return l, nil
}

func (c *Carrier) fetchCall(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, err := c.foundCall(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, c.callDocument(l), nil
}

// removeCall deletes the record of a leg that is over.
func (c *Carrier) removeCall(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, err := c.foundCall(r)
	switch {
	case err != nil:
		return 0, nil, err
	case !l.over():
		return 0, nil, errUnfinished
	}
	delete(c.callBy, l.sid)
	c.wake()
	return http.StatusNoContent, nil, nil
}

// dialled is when a leg began, answered or not; zero while it is queued, and when it was canceled then. The caller holds
// mu.
func (l *Call) dialled() time.Time {
	if l.direction != inboundCall && l.status != Initiated && !slices.Contains(l.past, Initiated) {
		return time.Time{}
	}
	return l.created.Add(l.queued)
}

// callDocument is a leg as the REST API shows it. The caller holds mu.
func (c *Carrier) callDocument(l *Call) map[string]any {
	path := "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Calls/" + l.sid
	status := l.status
	if status == Initiated {
		status = Queued // the resource does not know the word
	}
	d := map[string]any{
		"sid": l.sid, "account_sid": c.cfg.AccountSID, "api_version": apiVersion, "status": status, "direction": l.direction,
		"from": l.from, "from_formatted": l.from, "to": l.to, "to_formatted": l.to, "date_created": date(l.created),
		"date_updated": date(l.created), "start_time": date(l.dialled()), "end_time": date(l.ended), "duration": nil,
		"parent_call_sid": nil, "answered_by": nil, "phone_number_sid": nil, "price": nil, "price_unit": "USD",
		"forwarded_from": nil, "group_sid": nil, "caller_name": nil, "trunk_sid": "",
		"queue_time": strconv.FormatInt(l.queued.Milliseconds(), 10), "uri": path + ".json",
		"subresource_uris": map[string]string{"recordings": path + "/Recordings.json"},
	}
	if l.over() {
		d["duration"], d["date_updated"] = strconv.Itoa(c.seconds(l.started, l.ended)), date(l.ended)
	}
	if l.parent != nil {
		d["parent_call_sid"] = l.parent.sid
	}
	if l.answeredBy != "" {
		d["answered_by"] = l.answeredBy
	}
	return d
}

var callQuery = []string{"To", "From", "ParentCallSid", "Status", "StartTime", "StartTime>", "StartTime<", "EndTime", "EndTime>", "EndTime<"}

func (c *Carrier) listCalls(r *asked) (int, any, *apiError) {
	q := url.Values(r.form)
	match, err := dateFilter(q, "StartTime")
	if err != nil {
		return 0, nil, bad(20001, "StartTime is not a date")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []map[string]any
	for _, l := range slices.Backward(c.calls) {
		d := c.callDocument(l)
		parent, _ := d["parent_call_sid"].(string)
		if c.callBy[l.sid] != nil && match(l.dialled()) && wanted(q.Get("To"), l.to) && wanted(q.Get("From"), l.from) &&
			wanted(q.Get("Status"), d["status"].(string)) && wanted(q.Get("ParentCallSid"), parent) {
			all = append(all, d)
		}
	}
	return http.StatusOK, c.pageOf(r, "calls", callQuery, all), nil
}

// wanted says whether a filter lets a value through.
func wanted(filter, value string) bool { return filter == "" || filter == value }

// pageOf is a page of a list, by number. The caller holds mu.
func (c *Carrier) pageOf(r *asked, name string, fields []string, all []map[string]any) map[string]any {
	q := url.Values(r.form)
	for field := range q {
		if !slices.Contains(fields, field) && field != "PageSize" && field != "Page" && field != "PageToken" {
			c.faulted(UnknownField, "%q in the query of a list", field)
		}
	}
	size, err := strconv.Atoi(q.Get("PageSize"))
	if err != nil || size < 1 {
		size = 50
	}
	number, _ := strconv.Atoi(q.Get("Page"))
	from := min(max(number, 0)*size, len(all))
	to := min(from+size, len(all))
	uri := func(number int) string {
		v := url.Values{"Page": {strconv.Itoa(number)}, "PageSize": {strconv.Itoa(size)}}
		for field, values := range q {
			if !v.Has(field) && field != "PageToken" {
				v[field] = values
			}
		}
		return r.URL.Path + "?" + v.Encode()
	}
	next := any(nil)
	if to < len(all) {
		next = uri(number + 1)
	}
	return map[string]any{
		name: append([]map[string]any{}, all[from:to]...), "page": number, "page_size": size, "start": from, "end": max(to-1, from),
		"uri": uri(number), "first_page_uri": uri(0), "next_page_uri": next, "previous_page_uri": nil,
	}
}
