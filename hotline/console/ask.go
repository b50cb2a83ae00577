package console

import (
	"context"
	"net/http"

	"hopeline/hotline"
	"hopeline/hotline/auth"
)

// Asks ask people for their wishes, each by an address of her own. What opens nothing is [hotline.ErrNotFound]; too many
// tries are [hotline.ErrThrottled], as with log-ins.
type Asks interface {
	// Ask ends what the line asked before.
	Ask(ctx context.Context, v hotline.Viewer, line hotline.LineID, from, to string) (hotline.WishAsk, error)
	// Asked is nil while the line asks nothing.
	Asked(ctx context.Context, v hotline.Viewer, line hotline.LineID) (*hotline.WishAsk, error)
	Link(ctx context.Context, v hotline.Viewer, line hotline.LineID, user hotline.UserID) (secret string, err error)
	Withdraw(ctx context.Context, v hotline.Viewer, line hotline.LineID) error

	Open(ctx context.Context, secret, network string) ([]hotline.AskedDay, error)
	// Answer takes an answer back when the kind is empty.
	Answer(ctx context.Context, secret, network, date, kind string) error
}

// AskArgs are days that a line's people are asked about, both included.
type AskArgs struct {
	LineArgs
	From string `json:"from"` // dates: "2026-12-20"
	To   string `json:"to"`
}

func (a AskArgs) check() error {
	return first(a.LineArgs.check(), checkText("from", a.From, len("2026-12-20"), true), checkText("to", a.To, len("2026-12-20"), true))
}

// AskedPerson is one who is asked for her wishes.
type AskedPerson struct {
	User     hotline.UserID `json:"user"`
	Opened   *Stamp         `json:"opened"`   // null: she never opened her address
	Answered *Stamp         `json:"answered"` // when she last said something by it; null: never
}

// Ask is the days that a line's people are asked about.
type Ask struct {
	From   string         `json:"from"`
	To     string         `json:"to"` // included
	Ends   Stamp          `json:"ends"`
	At     Stamp          `json:"at"`
	By     hotline.UserID `json:"by"`
	People []AskedPerson  `json:"people"`
}

// AskResult is what a line asks now; null: nothing.
type AskResult struct {
	Ask *Ask `json:"ask"`
}

func askOf(a hotline.WishAsk) *Ask {
	return &Ask{a.From, a.To, Stamp(a.Ends), Stamp(a.Made), a.By, each(a.People, func(p hotline.AskedPerson) AskedPerson {
		return AskedPerson{p.User, moment(p.Opened), moment(p.Answered)}
	})}
}

func (x call) askWishes(a AskArgs) (AskResult, error) {
	ask, err := x.console.parts.Asks.Ask(x, x.v, a.Line, a.From, a.To)
	return AskResult{askOf(ask)}, err
}

func (x call) asked(a LineArgs) (AskResult, error) {
	ask, err := x.console.parts.Asks.Asked(x, x.v, a.Line)
	if err != nil || ask == nil {
		return AskResult{}, err
	}
	return AskResult{askOf(*ask)}, nil
}

// LinkArgs name one who is asked by a line.
type LinkArgs struct {
	LineArgs
	User hotline.UserID `json:"user"`
}

func (a LinkArgs) check() error { return first(a.LineArgs.check(), checkID("user", string(a.User))) }

// askedPage is where the addresses lead that people are asked by. What is secret stands after the "#": browsers send that
// to nobody, so no log of a proxy holds it.
const askedPage = "/days#"

func (x call) link(a LinkArgs) (AddressResult, error) {
	secret, err := x.console.parts.Asks.Link(x, x.v, a.Line, a.User)
	return AddressResult{x.console.cfg.Public.String() + askedPage + secret}, err
}

func (x call) withdrawAsk(a LineArgs) (Empty, error) {
	return Empty{}, x.console.parts.Asks.Withdraw(x, x.v, a.Line)
}

// AskedDay is one day that somebody is asked about, and what she said of it.
type AskedDay struct {
	Date string `json:"date"`
	Kind string `json:"kind" ts:"'' | 'can' | 'cannot' | 'like'"`
}

// AskedDays are the days of an address that are not over.
type AskedDays struct {
	Days []AskedDay `json:"days"`
}

// openDays answers POST /api/days: what a secret opens. There is no session.
func (k *Console) openDays(w http.ResponseWriter, r *http.Request) {
	var in struct{ Secret string }
	if !k.asks(w, r, &in) {
		return
	}
	days, err := k.parts.Asks.Open(r.Context(), in.Secret, auth.ClientIP(r))
	if err != nil {
		k.failLater(w, err)
		return
	}
	write(w, http.StatusOK, AskedDays{each(days, func(d hotline.AskedDay) AskedDay { return AskedDay(d) })})
}

// answerDay answers POST /api/days/answer: one press.
func (k *Console) answerDay(w http.ResponseWriter, r *http.Request) {
	var in struct{ Secret, Date, Kind string }
	if !k.asks(w, r, &in) {
		return
	}
	if err := k.parts.Asks.Answer(r.Context(), in.Secret, auth.ClientIP(r), in.Date, in.Kind); err != nil {
		k.failLater(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// asks reads a question by an address, unless there are too many of them.
func (k *Console) asks(w http.ResponseWriter, r *http.Request, into any) bool {
	if !k.links.allow(auth.ClientIP(r), k.cfg.Now()) {
		k.failLater(w, hotline.ErrThrottled)
		return false
	}
	return read(w, r, into)
}

func (absent) Ask(context.Context, hotline.Viewer, hotline.LineID, string, string) (hotline.WishAsk, error) {
	return hotline.WishAsk{}, errAbsent
}
func (absent) Asked(context.Context, hotline.Viewer, hotline.LineID) (*hotline.WishAsk, error) {
	return nil, errAbsent
}
func (absent) Link(context.Context, hotline.Viewer, hotline.LineID, hotline.UserID) (string, error) {
	return "", errAbsent
}
func (absent) Withdraw(context.Context, hotline.Viewer, hotline.LineID) error { return errAbsent }
func (absent) Open(context.Context, string, string) ([]hotline.AskedDay, error) {
	return nil, errAbsent
}
func (absent) Answer(context.Context, string, string, string, string) error { return errAbsent }
