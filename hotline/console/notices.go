package console

import (
	"context"
	"slices"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// route tells the sockets what happened, in the order in which it was told to the console.
func (k *Console) route(ctx context.Context) {
	t := teller{Console: k, known: map[hotline.ContactID]hotline.Contact{}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.missed:
			t.again()
		case n := <-k.notices:
			t.safely(n)
		}
	}
}

// teller turns notices into events. Only its own goroutine touches known: each open contact as it was last told, by
// which late news is recognised, and who has to be told that she no longer sees it.
type teller struct {
	*Console
	known map[hotline.ContactID]hotline.Contact
}

// safely keeps a fault in the telling of one notice from silencing the house.
func (t *teller) safely(n hotline.Notice) {
	defer func() {
		if r := recover(); r != nil {
			t.log.Error("a notice could not be told", zap.Stack("stack"))
			nudge(t.missed)
		}
	}()
	t.tell(n)
}

func (t *teller) tell(n hotline.Notice) {
	switch n := n.(type) {
	case hotline.ContactChanged:
		t.contactChanged(n.Contact)
	case hotline.OfferMade:
		t.offerMade(n)
	case hotline.OfferEnded:
		t.toUser(n.User, eventFrame(OfferEnded{Contact: n.Contact, Reason: n.Reason}))
	case hotline.MessageAdded:
		t.toReaders(n.Contact, MessageAdded{Contact: n.Contact.ID, Message: messageOf(n.Message)})
	case hotline.MessageChanged:
		t.toReaders(n.Contact, MessageChanged{Contact: n.Contact.ID, Message: messageOf(n.Message)})
	case hotline.StatusChanged:
		t.toReaders(n.Contact, MessageStatus{n.Contact.ID, n.Message, n.Status, failureOf(n.Failure)})
	case hotline.NoteAdded:
		t.toReaders(n.Contact, NoteAdded{Contact: n.Contact.ID, Note: noteOf(n.Note)})
	case hotline.TriageChanged:
		t.toReaders(n.Contact, TriageChanged{Contact: n.Contact.ID, Triage: triageOf(n.Triage)})
	case hotline.PresenceChanged:
		t.presenceChanged(n.User)
	case hotline.DutyChanged:
		t.dutyChanged(n)
	case hotline.PlanChanged:
		t.toAll(eventFrame(DutyChanged{Line: n.Line}))
	case hotline.SwapChanged:
		t.toAll(eventFrame(SwapChanged{Swap: swapOf(n.Swap)}))
	case hotline.HandoverAdded:
		t.handoverAdded(n)
	case hotline.TestChanged:
		t.pageTested(n)
	case hotline.Alarmed:
		t.alarmed(n)
	case hotline.SignedOut:
		if len(t.hub.of(n.User)) > 0 {
			nudge(t.resession) // only the sessions that ended; she may have others
		}
	case hotline.Missed:
		t.again()
	}
}

// again throws away what waits to be told: a hello for everybody says all of it but an alarm, and who is signed out.
func (t *teller) again() {
	for len(t.notices) > 0 {
		switch n := (<-t.notices).(type) {
		case hotline.SignedOut, hotline.Alarmed:
			t.tell(n)
		}
	}
	clear(t.known)
	t.figures.missed.Inc()
	for _, c := range t.hub.all() {
		c.refresh()
	}
}

// contactChanged tells everybody who sees the contact, and once more those who saw it until now.
func (t *teller) contactChanged(c hotline.Contact) {
	before, told := t.known[c.ID]
	if told && c.Version < before.Version {
		return
	}
	if c.State == hotline.Closed {
		delete(t.known, c.ID)
	} else {
		t.known[c.ID] = trimmed(c)
	}
	if !told || queued(before) != queued(c) || !before.Since.Equal(c.Since) {
		nudge(t.recount)
	}
	frames := map[sight]frame{}
	for _, to := range t.hub.all() {
		v := *to.viewer.Load()
		s := sightOf(v, c)
		if !v.Role.Answers() || !s.seen && told && !v.Sees(before) {
			continue
		}
		f, ok := frames[s]
		if !ok {
			f = eventFrame(ContactChanged{Contact: s.of(c, t.cfg.Now())})
			frames[s] = f
		}
		to.put(f)
	}
}

// queued tells whether the contact is counted among those who wait.
func queued(c hotline.Contact) bool {
	return c.State == hotline.Waits || c.State == hotline.Asked || c.State == hotline.FollowUp
}

// trimmed is what is kept of a contact: nothing of the person.
func trimmed(c hotline.Contact) hotline.Contact {
	return hotline.Contact{
		ID: c.ID, State: c.State, Overdue: c.Overdue, Owner: c.Owner, LastOwner: c.LastOwner, Left: c.Left,
		Offers: c.Offers, Transfer: c.Transfer, Since: c.Since, Version: c.Version,
	}
}

// offerMade tells who is asked; not when the contact is known to have gone on since.
func (t *teller) offerMade(n hotline.OfferMade) {
	if now, told := t.known[n.Contact.ID]; told && now.Version > n.Contact.Version && !held(now, n.User) {
		return
	}
	for _, c := range t.hub.of(n.User) {
		offered := contactFor(*c.viewer.Load(), n.Contact, t.cfg.Now())
		c.put(eventFrame(Offer{Contact: offered, ExpiresAt: Stamp(n.Expires)}))
	}
}

// held tells whether the contact is held out to user.
func held(c hotline.Contact, user hotline.UserID) bool {
	_, open := c.OfferTo(user)
	return open
}

func (t *teller) presenceChanged(u hotline.User) {
	for _, c := range t.hub.of(u.ID) {
		c.changed(u)
	}
	shown := userOf(u)
	f := eventFrame(PresenceChanged{User: u.ID, State: shown.State, Voice: shown.Voice, NotAnswering: shown.NotAnswering})
	for _, c := range t.hub.all() {
		c.put(f)
	}
}

func (t *teller) dutyChanged(n hotline.DutyChanged) {
	note := dutyNote(n.Saved, n.Tiers)
	f := eventFrame(SystemChanged{Degraded: t.slower.Load(), RotaSaved: &n.Saved, OnDutyNote: &note})
	for _, c := range t.hub.all() {
		c.put(f)
	}
}

// alarmed tells every supervisor.
func (t *teller) alarmed(n hotline.Alarmed) {
	f := eventFrame(alarmOf(n))
	for _, c := range t.hub.all() {
		if c.viewer.Load().Role == hotline.Supervisor {
			c.put(f)
		}
	}
}

// handoverAdded tells those it is for, and supervisors.
func (t *teller) handoverAdded(n hotline.HandoverAdded) {
	f := eventFrame(HandoverAdded{Handover: handoverOf(n.Handover)})
	for _, c := range t.hub.all() {
		if v := c.viewer.Load(); v.Role == hotline.Supervisor || slices.Contains(n.To, v.ID) {
			c.put(f)
		}
	}
}

func (t *teller) toUser(user hotline.UserID, f frame) {
	for _, c := range t.hub.of(user) {
		c.put(f)
	}
}

// toReaders tells something that was said in a contact to the pages that show it.
func (t *teller) toReaders(c hotline.Contact, what said) {
	var f frame
	for _, to := range t.hub.all() {
		if !to.follows(c) {
			continue
		}
		if f.body == nil {
			f = eventFrame(what)
		}
		to.put(f)
	}
}

// changed takes over what is new about the connection's user. With other rights a page begins anew.
func (c *connection) changed(u hotline.User) {
	v := *c.viewer.Load()
	other := v.Role != u.Role
	v.User = u
	c.viewer.Store(&v)
	switch {
	case u.Disabled:
		c.finish(endSignedOut)
	case other:
		c.finish(endRights)
	}
}
