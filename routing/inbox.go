package routing

import (
	"sync"

	"hopeline/hotline"
)

// inbox holds what the router was told and has not yet worked on. It is bounded: it keeps one notice for a contact,
// the newest, and when there are too many contacts or users it forgets them all and asks for everything to be read.
type inbox struct {
	wake chan struct{} // holds one when there is something to do
	most int

	mu       sync.Mutex // guards all below
	contacts map[hotline.ContactID]hotline.Contact
	users    map[hotline.UserID]bool
	missed   bool
}

func newInbox(most int) *inbox {
	b := &inbox{wake: make(chan struct{}, 1), most: most}
	b.empty()
	return b
}

func (b *inbox) empty() {
	b.contacts, b.users = make(map[hotline.ContactID]hotline.Contact), make(map[hotline.UserID]bool)
}

// put takes a notice and never blocks.
func (b *inbox) put(n hotline.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch n := n.(type) {
	case hotline.ContactChanged:
		b.contact(n.Contact)
	case hotline.OfferMade:
		b.users[n.User] = true
	case hotline.OfferEnded:
		b.users[n.User] = true
	case hotline.PresenceChanged:
		b.users[n.User.ID] = true
	case hotline.Missed:
		b.missed = true
	default:
		return // it moves nobody
	}
	if len(b.contacts) > b.most || len(b.users) > b.most {
		b.empty()
		b.missed = true
	}
	b.ring()
}

// contact keeps c, and those whose room may have changed with it.
func (b *inbox) contact(c hotline.Contact) {
	if had, ok := b.contacts[c.ID]; !ok || had.Version <= c.Version {
		b.contacts[c.ID] = c
	}
	for _, u := range []hotline.UserID{c.Owner, c.LastOwner} {
		if u != "" {
			b.users[u] = true
		}
	}
	for _, o := range c.Offers {
		b.users[o.User] = true
	}
	if c.Transfer != nil {
		b.users[c.Transfer.User] = true
	}
}

// ring asks the router to look.
func (b *inbox) ring() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// take gives all there is and leaves nothing.
func (b *inbox) take() (contacts map[hotline.ContactID]hotline.Contact, users map[hotline.UserID]bool, missed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	contacts, users, missed = b.contacts, b.users, b.missed
	b.missed = false
	b.empty()
	return contacts, users, missed
}
