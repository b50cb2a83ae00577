package carrier

import (
	"context"
	"fmt"
	"net/http"

	"hopeline/hotline"
)

// Testbook keeps what becomes of test pages. A test that nobody knows is ErrNotFound.
type Testbook interface {
	// TestPage is what the leg of a test is told; sid is the carrier's id, which may be news.
	TestPage(ctx context.Context, id hotline.TestID, sid string) (hotline.TestPlace, error)
	// TestPressed is a key on that leg; it may come twice.
	TestPressed(ctx context.Context, id hotline.TestID, sid, digit string) (hotline.TestPlace, error)
	// TestReport may come in any order, any number of times.
	TestReport(ctx context.Context, r hotline.TestReport) error
}

func testOf(r *http.Request) hotline.TestID { return hotline.TestID(queryOf(r).id(queryTest)) }

// test is the document of a test page.
func (h *Webhooks) test(ctx context.Context, r *http.Request, f form) answer {
	if h.tests == nil {
		return h.lost(r, f, fmt.Errorf("find a test page: %w", hotline.ErrUnavailable))
	}
	p, err := h.tests.TestPage(ctx, testOf(r), f.id("CallSid"))
	if err != nil {
		return h.lost(r, f, err)
	}
	return h.testDocument(p)
}

// testKey is the key to it. Another than 1 is asked again.
func (h *Webhooks) testKey(ctx context.Context, r *http.Request, f form) answer {
	key := f.text("Digits")
	if h.tests == nil || key != "1" {
		return h.test(ctx, r, f)
	}
	p, err := h.tests.TestPressed(ctx, testOf(r), f.id("CallSid"), key)
	if err != nil {
		return h.lost(r, f, err)
	}
	return h.testDocument(p)
}

// testDocument asks as a page does: several times, and a voicemail box presses nothing.
func (h *Webhooks) testDocument(p hotline.TestPlace) answer {
	v, question, thanks := h.voice(p.Speaks), promptAskTest, promptTested
	switch {
	case p.Alarm == hotline.AlarmGap:
		question, thanks = promptAskAlarm, promptKnown
	case p.Alarm != "":
		question, thanks = promptAskAbsent, promptKnown
	case p.Begins:
		question = promptAskHere
	}
	switch p.Where {
	case hotline.AtAsk:
		return document(repeated(h.links.test(pathTestKey, p.ID), v.say(question))...)
	case hotline.AtThanks:
		return document(v.say(thanks), hangup{})
	}
	return document(v.say(promptBye), hangup{})
}

// testStatus is a fact about the leg of a test page.
func (h *Webhooks) testStatus(ctx context.Context, r hotline.TestReport, known bool) answer {
	if !known || h.tests == nil {
		return noted
	}
	return h.keep(h.tests.TestReport(ctx, r))
}
