package console

import (
	"time"

	"hopeline/hotline"
)

// sight is how much of a contact somebody may see. Two people with the same sight see the same bytes.
type sight struct {
	seen    bool // that it exists and what is said about it
	words   bool // what was said in it, and how it ended
	address bool
}

func sightOf(v hotline.Viewer, c hotline.Contact) sight {
	return sight{seen: v.Sees(c), words: v.ReadsWords(c), address: v.SeesAddress(c)}
}

// contactFor is c as v may see it at a time.
func contactFor(v hotline.Viewer, c hotline.Contact, now time.Time) Contact {
	return sightOf(v, c).of(c, now)
}

// of masks. Who does not see a contact learns only that it is no longer to be had, and with whom it is.
func (s sight) of(c hotline.Contact, now time.Time) Contact {
	out := Contact{
		ID: c.ID, Version: c.Version, Channel: c.Channel, State: State(c.State.Outside()), Work: c.Work, Line: c.Line,
		OpenedAt: Stamp(c.Opened),
	}
	if c.Live() {
		out.Assignee = c.Owner
	}
	if !s.seen {
		return out
	}
	s.fill(&out, c, now)
	if c.Channel == hotline.Voice {
		out.Call = callOf(c)
	}
	if s.words {
		out.Outcome = c.Outcome
		out.Barred = c.Barred
	}
	if s.address {
		out.Address, out.AddressShown = c.Address.Full(), c.Address.Shown()
	}
	return out
}

func (s sight) fill(out *Contact, c hotline.Contact, now time.Time) {
	out.Withheld, out.SeenBefore = c.Withheld, c.Seen
	out.Language = c.SpokenLanguage()
	if c.Language == "" {
		out.Guess = c.Guess
	}
	out.AsksFor, out.UnfitSince = c.AsksFor, moment(c.Unfit)
	out.StopWord, out.Priority, out.Preferred = c.StopWord, c.Priority, c.Preferred
	if c.Transfer != nil {
		out.TransferTo = c.Transfer.User
	}
	if state := out.State; state == "waiting" || state == "offered" {
		out.WaitingSince = moment(c.Since)
	}
	out.LastInboundAt, out.DangerSince = moment(c.LastInbound), moment(c.Danger)
	if !c.LastInbound.IsZero() {
		out.ReplyBy = moment(c.ReplyBy())
	}
	out.Unread, out.Overdue, out.CanReply = c.Unread, c.Overdue, c.CanReply(now)
}

// callOf is the call that c is. Who is in it is told to everybody who sees it: nobody listens unseen.
func callOf(c hotline.Contact) *Call {
	return &Call{
		Alive: c.Call.Alive, TalkingSince: moment(c.Call.Talks), Held: c.Call.Held, Muted: c.Call.Muted,
		Dropped: c.Call.Dropped, Silent: c.Call.Silent, Keys: c.Call.Keys, ByPhone: c.Call.ByPhone,
		WrapUntil: moment(c.Call.Wrap), Choice: c.Call.Choice, Legs: each(c.Legs, legOf),
		Interpreter: interpreterOf(c.Call.Interpreting),
	}
}

func interpreterOf(i *hotline.Interpreting) *Interpreter {
	if i == nil {
		return nil
	}
	out := &Interpreter{Language: i.Language, State: i.State, User: i.Came, Rung: []hotline.UserID{}}
	if i.State == hotline.InterpreterRings {
		out.Rung = listed(i.Rung)
	}
	return out
}

func legOf(l hotline.LegShown) Leg { return Leg{l.User, l.Part, l.State, l.Phone} }

// moment is null for a time that never was.
func moment(t time.Time) *Stamp {
	if t.IsZero() {
		return nil
	}
	s := Stamp(t)
	return &s
}

// each makes a list that is never null.
func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, x := range in {
		out = append(out, f(x))
	}
	return out
}

func userOf(u hotline.User) User {
	languages := append([]string{}, u.Languages...)
	state := u.State
	if state == "" {
		state = hotline.Away
	}
	return User{ID: u.ID, Name: u.Name, Role: u.Role, Languages: languages, Gender: u.Gender, State: state, Voice: u.Voice, NotAnswering: !u.Answering(), Email: u.Email}
}

func messageOf(m hotline.Message) Message {
	return Message{
		ID: m.ID, Direction: m.Direction, Text: m.Text, Media: each(m.Media, mediaOf), At: Stamp(m.At), By: m.By,
		Status: m.Status, Ref: m.Ref, Error: failureOf(m.Failure),
	}
}

func mediaOf(m hotline.Media) Media { return Media(m) }

func failureOf(f *hotline.Failure) *Failure {
	if f == nil {
		return nil
	}
	return &Failure{Code: f.Code, Message: f.Words}
}

func noteOf(n hotline.Note) Note {
	return Note{ID: n.ID, Text: n.Text, At: Stamp(n.At), By: n.By, Revises: n.Revises}
}

func triageOf(t hotline.Triage) Triage {
	for _, field := range t.Fields() {
		if *field == "" {
			*field = hotline.Unknown
		}
	}
	return Triage(t)
}

func queueOf(q hotline.Queue, now time.Time) Queue {
	out := Queue{Waiting: q.Waiting}
	if !q.Longest.IsZero() && now.After(q.Longest) {
		out.LongestWaitS = int64(now.Sub(q.Longest) / time.Second)
	}
	return out
}
