package hotline

import "time"

// WishAsk is some days about which a line's people are asked for their wishes, each by an address of her own.
type WishAsk struct {
	ID       string
	Line     LineID
	Zone     string
	From, To string    // dates by that zone's clock, both included
	Ends     time.Time // until then the addresses open
	Made     time.Time
	By       UserID
	People   []AskedPerson
}

// AskedPerson is one who is asked.
type AskedPerson struct {
	User     UserID
	Opened   time.Time // when she first opened her address; zero: never
	Answered time.Time // when she last said something by it; zero: never
}

// AskedDay is one day that somebody is asked about, and what she says of it.
type AskedDay struct {
	Date string
	Kind string // can, cannot, like; empty: nothing
}
