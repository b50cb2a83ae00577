package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// date is how the carrier writes a time: RFC 2822 in UTC; nil for one that has not come.
func date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC1123Z)
}

// document is a message as the REST API shows it. The caller holds mu.
func (c *Carrier) document(m *message) map[string]any {
	path := c.messagePath(m.sid)
	var code, reasons any
	if m.code != 0 {
		code, reasons = m.code, reason(m.code)
	}
	return map[string]any{
		"account_sid": c.cfg.AccountSID, "api_version": apiVersion, "sid": m.sid, "direction": m.direction,
		"from": m.from, "to": m.to, "body": m.body, "status": m.status,
		"date_created": date(m.created), "date_sent": date(m.sent), "date_updated": date(m.updated),
		"num_media": strconv.Itoa(len(m.media) + len(m.links)), "num_segments": strconv.Itoa(m.segments),
		"error_code": code, "error_message": reasons, "price": nil, "price_unit": nil, "messaging_service_sid": nil,
		"uri":              path + ".json",
		"subresource_uris": map[string]string{"media": path + "/Media.json"},
	}
}

func (c *Carrier) messagePath(sid string) string {
	return "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Messages/" + sid
}

// reason is the carrier's short sentence for a code of a message that failed.
func reason(code int) string {
	switch code {
	case 21617:
		return "The concatenated message body exceeds the 1600 character limit"
	case 30003:
		return "Unreachable destination handset"
	case 30004:
		return "Message blocked"
	case 30005:
		return "Unknown destination handset"
	case 30006:
		return "Landline or unreachable carrier"
	case 30007:
		return "Message filtered"
	case 63014:
		return "Message was blocked by a user action"
	case 63016:
		return "Failed to send freeform message because you are outside the allowed window"
	}
	return "Unknown error"
}

var listFields = []string{"To", "From", "DateSent", "DateSent>", "DateSent<", "DateSent>=", "DateSent<=", "PageSize", "Page", "PageToken"}

// list is the newest message first, filtered, a page at a time. A page goes on after the message that its token
// names, so that what comes in between shifts nothing.
func (c *Carrier) list(r *asked) (int, any, *apiError) {
	q := url.Values(r.form)
	for name := range q {
		if !slices.Contains(listFields, name) {
			c.fault(UnknownField, "%q in the query of the list", name)
		}
	}
	match, err := dateFilter(q, "DateSent")
	if err != nil {
		c.fault(UnknownField, "DateSent is no date")
		return 0, nil, bad(20001, "DateSent is not a date")
	}
	size, err := strconv.Atoi(q.Get("PageSize"))
	if err != nil || size < 1 {
		size = 50
	}
	return http.StatusOK, c.page(q, min(size, 1000), match), nil
}

func (c *Carrier) page(q url.Values, size int, match func(time.Time) bool) map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	number, _ := strconv.Atoi(q.Get("Page"))
	shown := []map[string]any{}
	next := any(nil)
	for _, m := range slices.Backward(c.messages) {
		if !c.listed(m, q, match) {
			continue
		}
		if len(shown) == size {
			next = c.pageURI(q, size, number+1, c.token(shown[size-1]["sid"].(string)))
			break
		}
		shown = append(shown, c.document(m))
	}
	return map[string]any{
		"messages": shown, "page": number, "page_size": size, "start": number * size, "end": number*size + max(len(shown)-1, 0),
		"uri": c.pageURI(q, size, number, q.Get("PageToken")), "first_page_uri": c.pageURI(q, size, 0, ""),
		"next_page_uri": next, "previous_page_uri": nil,
	}
}

func (c *Carrier) listed(m *message, q url.Values, match func(time.Time) bool) bool {
	if to := q.Get("To"); to != "" && to != m.to {
		return false
	}
	if from := q.Get("From"); from != "" && from != m.from {
		return false
	}
	if serial := tokenSerial(q.Get("PageToken")); serial > 0 && m.serial >= serial {
		return false
	}
	return match(m.sent) && c.cfg.Now().Sub(m.created) >= c.chaos.ListLag
}

// token names the message after which the next page begins.
func (c *Carrier) token(sid string) string { return fmt.Sprintf("PA%s.%d", sid, c.bySID[sid].serial) }

func tokenSerial(token string) int {
	_, serial, _ := strings.Cut(token, ".")
	n, _ := strconv.Atoi(serial)
	return n
}

func (c *Carrier) pageURI(q url.Values, size, number int, token string) string {
	v := url.Values{"PageSize": {strconv.Itoa(size)}, "Page": {strconv.Itoa(number)}}
	for name, values := range q {
		if name != "PageSize" && name != "Page" && name != "PageToken" {
			v[name] = values
		}
	}
	if token != "" {
		v.Set("PageToken", token)
	}
	return "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Messages.json?" + v.Encode()
}

// dateFilter reads the fields of a date. "DateSent>=2026-11-23" in a query is the name "DateSent>" and a value, so
// both ends are inclusive; a day without a time is the whole day, and a message that was not sent yet is in no range.
func dateFilter(q url.Values, field string) (func(time.Time) bool, error) {
	after, before := time.Time{}, time.Time{}
	for name, values := range q {
		if !strings.HasPrefix(name, field) || values[0] == "" {
			continue
		}
		from, to, err := span(values[0])
		if err != nil {
			return nil, err
		}
		if !strings.Contains(name, "<") {
			after = from
		}
		if !strings.Contains(name, ">") {
			before = to
		}
	}
	return func(t time.Time) bool {
		if after.IsZero() && before.IsZero() {
			return true
		}
		t = t.Truncate(time.Second)
		return !t.IsZero() && !t.Before(after) && (before.IsZero() || !t.After(before))
	}, nil
}

// span is the first and the last second that a date names.
func span(s string) (from, to time.Time, err error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day, day.Add(24*time.Hour - time.Second), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, t, fmt.Errorf("read a date: %w", err)
	}
	t = t.UTC().Truncate(time.Second)
	return t, t, nil
}
