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

// Check is the gate. It gives a clearance, or hotline.ErrConflict when the contact is not the user's,
// hotline.ErrExpired when the channel takes no more free text, and hotline.ErrUnsafe otherwise.
func Check(a Ask) (Clearance, error) {
	c := a.Contact
	switch {
	case a.By == "" || !c.Live() || c.Owner != a.By:
		return Clearance{}, hotline.Say(hotline.ErrConflict, "this contact is not with you; nothing was sent")
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
