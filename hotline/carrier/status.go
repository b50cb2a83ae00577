package carrier

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"hopeline/hotline"
)

// callback is the address at which the carrier reports on one send. It names our message, so that a report that comes
// before the answer to the create, or instead of it, finds it.
//
// The carrier would take settings for retries in a fragment (#rc=3&rp=5xx,ct,rt). It is left out: compatible carriers
// may send it on as part of the query, or refuse the address; a lost report is found by [Client.Find].
func callback(public *url.URL, out hotline.Outgoing) string {
	return links{public}.to(pathMessageStatus, queryMessage, string(out.Message), queryPart, strconv.Itoa(out.Part))
}

// report is a status callback in the house's words. A status that is not known has no rank and changes nothing, but
// its id still tells which message the carrier has.
func report(f, query form, at time.Time) hotline.Report {
	part, err := strconv.Atoi(query.text(queryPart))
	if err != nil || part < 0 {
		part = 0
	}
	return hotline.Report{
		Message: hotline.MessageID(query.id(queryMessage)),
		Part:    part,
		SID:     f.id("MessageSid", "SmsSid"),
		Status:  delivery(f.text("MessageStatus", "SmsStatus")),
		Code:    number(f.text("ErrorCode")),
		At:      at,
	}
}

// delivery is the carrier's status of a message as a console shows it; empty for one that is none of ours.
func delivery(status string) hotline.Delivery {
	switch strings.ToLower(strings.TrimSpace(status)) {
	case "accepted", "scheduled", "queued", "sending":
		return hotline.Queued
	case "sent", "partially_delivered":
		return hotline.Sent
	case "delivered":
		return hotline.Delivered
	case "read":
		return hotline.Read
	case "undelivered", "failed", "canceled":
		return hotline.Failed
	}
	return ""
}

// number reads a count or code; 0 when it is none.
func number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
