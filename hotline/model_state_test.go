package hotline

import "time"

// state is all that the search must know of a moment.
type state struct {
	contacts [2]Contact
	asked    [2]uint8 // who was ever asked: kept only where a broken rule believes it
	copied   *stale   // what a slow writer read, and has not written back yet
}

// stale is a writer's copy of a contact. Fresh: nobody changed the contact since.
type stale struct {
	of      int
	contact Contact
	fresh   bool
}

// bits reads and writes the fields of a state's key, in one order.
type bits struct {
	key    uint64
	at     int
	decode bool
}

// put writes n, or reads what was written, in so many bits.
func (b *bits) put(n *uint64, width int) {
	if b.decode {
		*n = b.key >> b.at & (1<<width - 1)
	} else {
		b.key |= *n << b.at
	}
	b.at += width
}

func (b *bits) flag(f *bool) {
	var n uint64
	if *f {
		n = 1
	}
	b.put(&n, 1)
	*f = n == 1
}

// when keeps only whether a time is set. Times that are set are as if it had been now.
func (b *bits) when(t *time.Time, set time.Time) {
	is := !t.IsZero()
	b.flag(&is)
	*t = time.Time{}
	if is {
		*t = set
	}
}

var people = []UserID{"", ann, bea}

func (b *bits) user(u *UserID) {
	n := uint64(indexOf(people, *u))
	b.put(&n, 2)
	*u = people[n]
}

var states = []State{Waits, Asked, Active, Dormant, FollowUp, Closed}

func indexOf[T comparable](all []T, one T) int {
	for n, x := range all {
		if x == one {
			return n
		}
	}
	panic("the search knows no such value")
}

func (b *bits) offer(o **Offer, epoch int64) {
	var user UserID
	if *o != nil {
		user = (*o).User
	}
	b.user(&user)
	*o = nil
	if user != "" {
		*o = &Offer{User: user, Epoch: epoch, Made: noon, Expires: noon.Add(DefaultRules.Offer)}
	}
}

// contact reads or writes what matters of a contact. Epochs are renumbered: the grant is 1, an open offer 2.
func (b *bits) contact(c *Contact) {
	var n uint64
	if !b.decode {
		n = uint64(indexOf(states, c.State))
	}
	b.put(&n, 3)
	was := *c
	*c = Contact{ID: "c", Channel: SMS, Address: was.Address, Opened: noon, Since: noon, LastInbound: noon, LastWritten: noon,
		State: states[n], Grant: 1, Epoch: 1}
	c.Owner, c.LastOwner, c.Preferred, c.Offer, c.Transfer = was.Owner, was.LastOwner, was.Preferred, was.Offer, was.Transfer
	if c.State != FollowUp {
		c.LastOwner = "" // whoever leaves next is written here; only follow-up remembers
	}
	b.user(&c.Owner)
	b.user(&c.LastOwner)
	b.user(&c.Preferred)
	b.offer(&c.Offer, 2)
	b.offer(&c.Transfer, 2)
	if c.Offer != nil || c.Transfer != nil {
		c.Epoch = 2
	}
	for _, u := range people[1:] {
		tried := was.HasTried(u)
		if b.flag(&tried); tried {
			c.Tried = append(c.Tried, u)
		}
	}
	c.Overdue = was.Overdue
	b.flag(&c.Overdue)
	c.Rests, c.Unanswered, c.DormantTill, c.ClosedAt = was.Rests, was.Unanswered, was.DormantTill, was.ClosedAt
	b.when(&c.Rests, noon.Add(DefaultRules.Lap))
	b.when(&c.Unanswered, noon)
	b.when(&c.DormantTill, noon.Add(DefaultRules.Dormant))
	if c.State == Closed {
		c.Outcome, c.ClosedAt = "helped", noon
	} else {
		c.ClosedAt = time.Time{}
	}
}

func (b *bits) state(s *state) {
	for i := range s.contacts {
		b.contact(&s.contacts[i])
		n := uint64(s.asked[i])
		b.put(&n, 2)
		s.asked[i] = uint8(n)
	}
	copied := s.copied != nil
	if b.flag(&copied); !copied {
		return
	}
	c := stale{}
	if !b.decode {
		c = *s.copied
	}
	n := uint64(c.of)
	b.put(&n, 1)
	c.of = int(n)
	b.flag(&c.fresh)
	b.contact(&c.contact)
	s.copied = &c
}

func (s state) encode() uint64 {
	b := bits{}
	b.state(&s)
	if b.at > 64 {
		panic("the key of a state is too long")
	}
	return b.key
}

func decode(key uint64) state {
	b := bits{key: key, decode: true}
	var s state
	b.state(&s)
	return s
}
