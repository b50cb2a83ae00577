package safety

import (
	"time"

	"hopeline/hotline"
)

// Ask is a wish to send something.
type Ask struct {
	Contact  hotline.Contact
	By       hotline.UserID
	At       time.Time
	Quiet    time.Duration // how long after the person's last word a reply needs no question
	StillYes bool          // the counsellor was asked, and said that it is still safe
	Spoken   bool          // said to a caller in a talk, not written
	Called   bool          // a call to her, not a text
}

// Clearance is the gate's yes to one send in one contact. Its zero value clears nothing.
type Clearance struct {
	contact  hotline.ContactID
	by       hotline.UserID
	override bool
}

// For tells whether the clearance is for this contact and this user.
func (c Clearance) For(contact hotline.ContactID, by hotline.UserID) bool {
	return contact != "" && c.contact == contact && c.by == by
}

// Override tells whether it rests on the counsellor's word that it is still safe.
func (c Clearance) Override() bool { return c.override }

// GreetsWithin is how long after the person's first text the automatic one may come: later it would come into a silence.
const GreetsWithin = 2 * time.Minute

// Greet is the gate of the one automatic text of a contact, which nobody in particular sends. It is only for a text that
// just came and that nobody answered, from an address behind which a human reads. Words of danger, and those by which a
// carrier opts people out, are for a human alone.
func Greet(c hotline.Contact, at time.Time) (Clearance, error) {
	waits := c.State == hotline.Waits || c.State == hotline.Asked || c.State == hotline.Active
	fresh := !c.Unanswered.IsZero() && at.Sub(c.Opened) <= GreetsWithin && at.Sub(c.LastInbound) <= GreetsWithin
	reaches := c.Channel != hotline.Voice && !c.Withheld && c.Address.AnswersBack()
	grave := c.StopWord || c.DangerWord || !c.Danger.IsZero()
	if c.ID == "" || c.Greeted || !waits || !fresh || !reaches || grave {
		return Clearance{}, hotline.Say(hotline.ErrUnsafe, "this contact gets no automatic text; nothing was sent")
	}
	return Clearance{contact: c.ID}, nil
}

// Check is the gate. It gives a clearance, or hotline.ErrConflict when the contact is not the user's,
// hotline.ErrExpired when the channel takes no more free text, and hotline.ErrUnsafe otherwise.
func Check(a Ask) (Clearance, error) {
	c := a.Contact
	switch {
	case a.By == "" || !c.Live() || c.Owner != a.By:
		return Clearance{}, hotline.Say(hotline.ErrConflict, "this contact is not with you; nothing was sent")
	case a.Called && (c.Channel != hotline.Voice || c.Call.Alive || c.Withheld || !c.Address.Answerable()):
		return Clearance{}, hotline.Say(hotline.ErrUnsafe, "there is no number to call, or she is in a call with us; nobody was called")
	case a.Called && c.Call.Choice != hotline.WorkCallback:
		return Clearance{}, hotline.Say(hotline.ErrUnsafe, "she did not ask to be called back: a call could put her in danger; nobody was called")
	case a.Called:
		return Clearance{contact: c.ID, by: a.By}, nil
	case a.Spoken && (c.Channel != hotline.Voice || c.State != hotline.Active || !c.Call.Alive):
		return Clearance{}, hotline.Say(hotline.ErrConflict, "nobody is on the line; nothing was said")
	case a.Spoken:
		return Clearance{contact: c.ID, by: a.By}, nil // she is there, and called us herself
	case c.LastInbound.IsZero():
		return Clearance{}, hotline.Say(hotline.ErrUnsafe, "we never write first; nothing was sent")
	case c.Channel == hotline.Voice || c.Withheld || !c.Address.Answerable():
		return Clearance{}, hotline.Say(hotline.ErrUnsafe, "there is no address to answer to: wait for the person to reach out again; nothing was sent")
	case !c.ReplyBy().IsZero() && !a.At.Before(c.ReplyBy()):
		return Clearance{}, hotline.Say(hotline.ErrExpired, "WhatsApp takes an answer only within 24 hours of the person's last message; nothing was sent")
	}
	quiet := a.At.Sub(c.LastInbound) > a.Quiet
	if quiet && !a.StillYes {
		return Clearance{}, hotline.ErrStillSafe
	}
	return Clearance{contact: c.ID, by: a.By, override: quiet}, nil
}
