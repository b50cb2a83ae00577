package console

import (
	"slices"

	"hopeline/hotline"
)

// Sound is whether a page would be heard.
type Sound string

// What a page says of its sound.
const (
	SoundOn      Sound = "on"
	SoundBlocked Sound = "blocked" // the browser keeps it silent until somebody presses something in the page
	SoundOff     Sound = "off"     // the browser makes none
	SoundUnknown Sound = "unknown" // no page of hers is open here, or none has said
)

// sounds are the states, the best last: of several pages one that is heard is enough.
var sounds = []Sound{SoundUnknown, SoundOff, SoundBlocked, SoundOn}

// SoundArgs say whether this page would be heard. A page says it when it connects, and when it changes.
type SoundArgs struct {
	State Sound `json:"state" ts:"'on' | 'blocked' | 'off'"`
}

func (a SoundArgs) check() error {
	if a.State == SoundUnknown || !slices.Contains(sounds, a.State) {
		return hotline.Say(hotline.ErrInvalid, "state is on, blocked or off; nothing was changed")
	}
	return nil
}

// setSound is kept with the connection and nowhere else: it ends with the page.
func (x call) setSound(a SoundArgs) (Empty, error) {
	x.sound.Store(&a.State)
	return Empty{}, nil
}

// soundOf is what is heard of the pages that somebody has open in this process.
func (k *Console) soundOf(u hotline.UserID) Sound {
	best := SoundUnknown
	for _, c := range k.hub.of(u) {
		if s := c.sound.Load(); s != nil && slices.Index(sounds, *s) > slices.Index(sounds, best) {
			best = *s
		}
	}
	return best
}
