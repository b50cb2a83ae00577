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

// key is a state in a few bits.
type key [3]uint64

// bits reads and writes the fields of a state's key, in one order.
type bits struct {
	key    key
	at     int
	decode bool
}

// put writes n, or reads what was written, in so many bits.
func (b *bits) put(n *uint64, width int) {
	if b.at%64+width > 64 {
		b.at += 64 - b.at%64
	}
	word, shift := b.at/64, b.at%64
	if b.decode {
		*n = b.key[word] >> shift & (1<<width - 1)
	} else {
		b.key[word] |= *n << shift
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

// one writes which of all it is.
func one[T comparable](b *bits, v *T, all []T, width int) {
	var n uint64
	if !b.decode {
		n = uint64(indexOf(all, *v))
	}
	b.put(&n, width)
	*v = all[n]
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

func (b *bits) user(u *UserID) { one(b, u, people, 2) }

var states = []State{Waits, Asked, Connecting, Active, WrapUp, Dormant, FollowUp, Closed}

func indexOf[T comparable](all []T, one T) int {
	for n, x := range all {
		if x == one {
			return n
		}
	}
	panic("the search knows no such value")
}

// offer reads or writes one offer; nobody is the end of a list.
func (b *bits) offer(o *Offer, epoch int64) bool {
	was := *o
	*o = Offer{User: was.User, Epoch: epoch, Made: noon, Expires: noon.Add(time.Hour)}
	b.user(&o.User)
	if o.User == "" {
		return false
	}
	o.Phone, o.Taken = was.Phone, was.Taken
	again := was.Rings > 1
	b.flag(&o.Phone)
	b.flag(&o.Taken)
	b.flag(&again)
	if o.Phone {
		o.Rings = 1
		if again {
			o.Rings = 2
		}
	}
	return true
}

// contact reads or writes what matters of a contact. Epochs are renumbered: the grant is 1, open offers 2 and 3.
func (b *bits) contact(c *Contact) {
	was := *c
	voice := was.Channel == Voice
	b.flag(&voice)
	*c = Contact{ID: "c", Channel: SMS, Address: was.Address, Opened: noon, Since: noon, LastInbound: noon, LastWritten: noon,
		State: was.State, Grant: 1, Epoch: 1}
	if b.decode {
		c.State = Waits
	}
	one(b, &c.State, states, 3)
	c.Owner, c.LastOwner, c.Preferred = was.Owner, was.LastOwner, was.Preferred
	if c.State != FollowUp {
		c.LastOwner = "" // whoever leaves next is written here; only follow-up remembers
	}
	b.user(&c.Owner)
	b.user(&c.LastOwner)
	b.user(&c.Preferred)
	b.offers(c, was)
	for _, u := range people[1:] {
		tried := was.HasTried(u)
		if b.flag(&tried); tried {
			c.Tried = append(c.Tried, u)
		}
	}
	c.Overdue = was.Overdue
	b.flag(&c.Overdue)
	c.Step = was.Step
	one(b, &c.Step, []int{0, 1, 2}, 2)
	c.Rests, c.Unanswered, c.DormantTill, c.ClosedAt = was.Rests, was.Unanswered, was.DormantTill, was.ClosedAt
	b.when(&c.Rests, noon.Add(DefaultRules.Lap))
	b.when(&c.Unanswered, noon)
	b.when(&c.DormantTill, noon.Add(DefaultRules.Dormant))
	c.OpensBy, c.Night = was.OpensBy, was.Night
	b.when(&c.OpensBy, noon.Add(DefaultRules.Opens))
	b.flag(&c.Night.On)
	b.when(&c.Night.Turns, noon.Add(time.Hour))
	if c.ClosedAt = (time.Time{}); c.State == Closed {
		c.Outcome, c.ClosedAt = "helped", noon
	}
	if voice {
		b.call(c, was.Call, was.Grant)
	}
}

func (b *bits) offers(c *Contact, was Contact) {
	for n := range 2 {
		var o Offer
		if n < len(was.Offers) {
			o = was.Offers[n]
		}
		if !b.offer(&o, int64(2+n)) {
			break
		}
		c.Offers, c.Epoch = append(c.Offers, o), o.Epoch
	}
	var o Offer
	if was.Transfer != nil {
		o = *was.Transfer
	}
	if b.offer(&o, c.Epoch+1) {
		c.Transfer, c.Epoch = &o, o.Epoch
	}
}

// older is the room of a grant that was handed on.
const older = -1

// call reads or writes what matters of a call. Whether somebody is muted, or pressed keys, decides nothing.
func (b *bits) call(c *Contact, was Call, grant int64) {
	c.Channel = Voice
	k := Call{Alive: was.Alive, CallerIn: was.CallerIn, OwnerIn: was.OwnerIn, ByPhone: was.ByPhone, Dropped: was.Dropped,
		Outbound: was.Outbound, Keys: was.Keys, Choice: was.Choice, Room: was.Room, Closed: was.cameClosed()}
	for _, f := range []*bool{&k.Alive, &k.CallerIn, &k.OwnerIn, &k.ByPhone, &k.Dropped, &k.Outbound, &k.Keys, &k.Closed} {
		b.flag(f)
	}
	one(b, &k.Choice, []Work{"", WorkVoicemail, WorkCallback}, 2)
	k.Spoke, k.Silence, k.KeysTill = was.Spoke, was.Silence, was.KeysTill
	b.flag(&k.Spoke)
	b.when(&k.Silence, noon.Add(DefaultCallRules.Silence))
	b.when(&k.KeysTill, noon.Add(DefaultCallRules.Keys))
	same := k.Room == grant
	if b.flag(&same); same {
		k.Room = c.Grant
	} else {
		k.Room = older
	}
	switch c.State {
	case Connecting:
		k.Meet = noon.Add(time.Hour)
	case WrapUp:
		k.Wrap = noon.Add(time.Hour)
	}
	c.Call = k
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

func (s state) encode() key {
	b := bits{}
	b.state(&s)
	if b.at > 192 {
		panic("the key of a state is too long")
	}
	return b.key
}

func decode(k key) state {
	b := bits{key: k, decode: true}
	var s state
	b.state(&s)
	return s
}
