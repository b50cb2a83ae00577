package hotline

import (
	"strconv"
	"strings"
	"time"
)

// RoomName is the name of a contact's room at the carrier. It carries the epoch of the grant, so that a leg that comes
// too late finds a room with nobody in it instead of the caller.
func RoomName(c ContactID, epoch int64) string { return string(c) + "-" + strconv.FormatInt(epoch, 10) }

// RoomOf reads a name that [RoomName] made.
func RoomOf(name string) (c ContactID, epoch int64, ok bool) {
	id, number, found := strings.Cut(name, "-")
	epoch, err := strconv.ParseInt(number, 10, 64)
	return ContactID(id), epoch, found && err == nil
}

// CallerPlace is where the caller belongs at a time.
func (r Rules) CallerPlace(c Contact, at time.Time) CallerPlace {
	p := CallerPlace{Contact: c.ID, Where: c.callerWhere(), Line: c.Line, Language: c.SpokenLanguage(), Withheld: c.Withheld,
		Silent: c.Call.Silent, Dropped: c.Call.Dropped}
	switch p.Where {
	case InRoom:
		p.Room = RoomName(c.ID, c.Call.Room)
	case InLine:
		p.Waited = max(0, at.Sub(c.Since))
		p.Late, p.Closed = p.Waited >= r.limit(c), c.Call.cameClosed()
		p.Women = c.WomanKey && c.AsksFor != Woman
	}
	return p
}

func (c Contact) callerWhere() Where {
	switch {
	case !c.Call.Alive:
		return Over
	case c.State == Connecting || c.State == Active:
		if c.Call.Keys {
			return AtKeys
		}
		return InRoom
	case c.State == Waits || c.State == Asked:
		return InLine
	case c.Call.Choice == WorkCallback:
		return AtPromise
	case c.Work != WorkVoicemail:
		return AtVoicemail
	}
	return Over // the message is spoken
}

// AnswererWhere is where a counsellor's leg under an epoch belongs. Keyed: it pressed its key, or is a browser's, which
// rings only for who took the call already.
func (c Contact) AnswererWhere(user UserID, epoch int64, keyed bool) Where {
	o, open := c.OfferTo(user)
	coming := c.Transfer != nil && c.Transfer.Taken && c.Transfer.User == user && c.Transfer.Epoch == epoch
	mine := c.Owner == user && c.Grant == epoch
	switch {
	case open && o.Epoch == epoch:
		return AtAsk
	case coming, mine && c.Channel == Voice && (c.State == Connecting || c.State == Active):
		if !keyed {
			return AtAsk
		}
		return InRoom
	case mine && c.State == WrapUp && c.Call.ByPhone:
		return AtOutcome
	case mine && c.Channel != Voice:
		return AtDesk
	case c.Channel == Voice && !c.Call.Alive:
		return AtGone
	}
	return AtTaken
}
