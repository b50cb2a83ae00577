package intake

import (
	"bytes"
	"context"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/auth"
	"hopeline/routing/rota"
)

// A calendar shows duties from some days ago on, and about half a year ahead.
const (
	calendarBack  = 15 * 24 * time.Hour
	calendarAhead = 180 * 24 * time.Hour
)

// CalendarSecret is the secret of somebody's calendar address; it is made when there is none.
func (d *Duty) CalendarSecret(ctx context.Context, v hotline.Viewer) (string, error) {
	fresh, _ := auth.NewToken()
	return d.store.CalendarSecret(ctx, v.ID, fresh)
}

// RevokeCalendar lets her address lead nowhere; the next one is another.
func (d *Duty) RevokeCalendar(ctx context.Context, v hotline.Viewer) error {
	return d.store.RevokeCalendar(ctx, v.ID)
}

// GiveCalendar makes the secret of an interpreter's calendar address, for whoever plans to hand it to her: another one ends
// the one before. Nobody is shown it again.
func (d *Duty) GiveCalendar(ctx context.Context, v hotline.Viewer, user hotline.UserID) (string, error) {
	if err := plans(v); err != nil {
		return "", err
	}
	secret, _ := auth.NewToken()
	return secret, d.store.GiveCalendar(ctx, v.ID, user, secret)
}

// TakeCalendar lets an interpreter's address lead nowhere.
func (d *Duty) TakeCalendar(ctx context.Context, v hotline.Viewer, user hotline.UserID) error {
	if err := plans(v); err != nil {
		return err
	}
	return d.store.TakeCalendar(ctx, v.ID, user)
}

// Calendar is the iCalendar that a secret opens, with a title that says nothing; hotline.ErrNotFound when it opens none.
// While nothing changes it is the same, byte for byte, for a day.
func (d *Duty) Calendar(ctx context.Context, secret string) ([]byte, error) {
	user, err := d.store.CalendarOf(ctx, secret)
	if err != nil {
		return nil, err
	}
	today := d.now().UTC().Truncate(24 * time.Hour)
	from, to := today.Add(-calendarBack), today.Add(calendarAhead)
	plans, err := d.store.Plans(ctx, from)
	if err != nil {
		return nil, err
	}
	removed, err := d.store.Gone(ctx, user)
	if err != nil {
		return nil, err
	}
	var whole []byte
	for _, p := range plans {
		var mine []rota.Stretch
		for _, s := range removed {
			if s.ID.Line == p.Line {
				mine = append(mine, s)
			}
		}
		held, err := history(ctx, d.store, p, from)
		if err != nil {
			return nil, err
		}
		whole = joined(whole, rota.Calendar(held, string(user), from, to, d.title, p.Changed, mine))
	}
	if whole == nil {
		whole = []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//calendar//1//EN\r\nEND:VCALENDAR\r\n")
	}
	return whole, nil
}

// joined puts the entries of one more calendar into the first.
func joined(whole, more []byte) []byte {
	if whole == nil {
		return more
	}
	const end = "END:VCALENDAR"
	from, to := bytes.Index(more, []byte("BEGIN:VEVENT")), bytes.LastIndex(more, []byte(end))
	if from < 0 || to < from {
		return whole
	}
	at := bytes.LastIndex(whole, []byte(end))
	return append(append(bytes.Clone(whole[:at]), more[from:to]...), whole[at:]...)
}
