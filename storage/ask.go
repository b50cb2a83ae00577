package storage

import (
	"context"
	"fmt"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage/seal"
)

// NewLink is one person's secret.
type NewLink struct {
	User   hotline.UserID
	Secret string
}

func linkPlace(ask string, user hotline.UserID) seal.AD {
	return seal.AD{Table: "wish_links", Column: "secret", Row: ask, Owner: string(user)}
}

// askKept is how long what was asked is remembered after its end.
const askKept = 90 * 24 * time.Hour

// AskWishes begins to ask a line's people about some days. What the line asked before ends.
func (s *Store) AskWishes(ctx context.Context, ask hotline.WishAsk, links []NewLink) (hotline.WishAsk, error) {
	err := s.write(ctx, func(t *tx) error {
		ask.ID, ask.Made, ask.People = t.newID(), t.now, []hotline.AskedPerson{}
		if _, err := t.endAsk(string(ask.Line), ask.By); err != nil {
			return err
		}
		if err := t.forgetAsks(); err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO wish_asks (id, line, zone, from_day, to_day, ends_at, ended_by, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8)`,
			ask.ID, string(ask.Line), ask.Zone, ask.From, ask.To, millis(ask.Ends), millis(t.now), string(ask.By)); err != nil {
			return err
		}
		for _, l := range links {
			sealed, err := s.keys.Seal([]byte(l.Secret), linkPlace(ask.ID, l.User))
			if err != nil {
				return fmt.Errorf("seal a link: %w", err)
			}
			if _, err := t.exec(`INSERT INTO wish_links (hash, ask_id, user_id, secret, opened_at, answered_at) VALUES ($1, $2, $3, $4, 0, 0)`,
				digest([]byte(l.Secret)), ask.ID, string(l.User), sealed); err != nil {
				return err
			}
			ask.People = append(ask.People, hotline.AskedPerson{User: l.User})
		}
		t.tell(hotline.PlanChanged{Line: ask.Line})
		return t.audit(string(ask.By), "wishes.asked", "", fmt.Sprintf("ask=%s line=%s from=%s to=%s people=%d", ask.ID, ask.Line, ask.From, ask.To, len(links)))
	})
	return ask, err
}

// forgetAsks drops what ended long ago.
func (t *tx) forgetAsks() error {
	before := millis(t.now.Add(-askKept))
	if _, err := t.exec(`DELETE FROM wish_links WHERE ask_id IN (SELECT id FROM wish_asks WHERE ends_at < $1)`, before); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM wish_asks WHERE ends_at < $1`, before)
	return err
}

// endAsk ends what a line asks now, if it does.
func (t *tx) endAsk(line string, by hotline.UserID) (ended bool, err error) {
	n, err := t.exec(`UPDATE wish_asks SET ends_at = $1, ended_by = $2 WHERE line = $3 AND ends_at > $1`, millis(t.now), string(by), line)
	return n > 0, err
}

// EndAsk takes back what a line asks: the addresses lead nowhere from now on. What people said stays.
func (s *Store) EndAsk(ctx context.Context, by hotline.UserID, line string) error {
	return s.write(ctx, func(t *tx) error {
		ended, err := t.endAsk(line, by)
		if err != nil || !ended {
			return err
		}
		t.tell(hotline.PlanChanged{Line: hotline.LineID(line)})
		return t.audit(string(by), "wishes.withdrawn", "", "line="+line)
	})
}

const askColumns = `a.id, a.line, a.zone, a.from_day, a.to_day, a.ends_at, a.made_at, a.made_by`

func scanAsk(r scanner, more ...any) (hotline.WishAsk, error) {
	var a hotline.WishAsk
	var ends, made int64
	err := r.Scan(append([]any{&a.ID, &a.Line, &a.Zone, &a.From, &a.To, &ends, &made, &a.By}, more...)...)
	a.Ends, a.Made = fromMillis(ends), fromMillis(made)
	return a, err
}

// Ask is what a line asks now, and who has answered; nil: nothing.
func (s *Store) Ask(ctx context.Context, line string) (*hotline.WishAsk, error) {
	var found *hotline.WishAsk
	err := s.look(ctx, func(t *tx) error {
		err := t.each(`SELECT `+askColumns+` FROM wish_asks a WHERE a.line = $1 AND a.ends_at > $2 ORDER BY a.id DESC LIMIT 1`,
			[]any{line, millis(t.now)}, func(r scanner) error {
				a, err := scanAsk(r)
				found = &a
				return err
			})
		if err != nil || found == nil {
			return err
		}
		found.People = []hotline.AskedPerson{}
		return t.each(`SELECT user_id, opened_at, answered_at FROM wish_links WHERE ask_id = $1 ORDER BY user_id`, []any{found.ID}, func(r scanner) error {
			var p hotline.AskedPerson
			var opened, answered int64
			err := r.Scan(&p.User, &opened, &answered)
			p.Opened, p.Answered = fromMillis(opened), fromMillis(answered)
			found.People = append(found.People, p)
			return err
		})
	})
	return found, err
}

// ShowLink opens the secret of one who is asked by a line now, for a supervisor to send.
func (s *Store) ShowLink(ctx context.Context, by hotline.UserID, line string, user hotline.UserID) (secret string, err error) {
	err = s.write(ctx, func(t *tx) error {
		var ask string
		var sealed []byte
		err := t.row(`SELECT a.id, l.secret FROM wish_links l JOIN wish_asks a ON a.id = l.ask_id WHERE a.line = $1 AND a.ends_at > $2 AND l.user_id = $3
			ORDER BY a.id DESC LIMIT 1`, []any{line, millis(t.now), string(user)}, &ask, &sealed)
		if notThere(err) {
			return hotline.Say(hotline.ErrNotFound, "she is not asked for her wishes now: ask anew; nothing was changed")
		}
		if err != nil {
			return err
		}
		plain, err := s.keys.Open(sealed, linkPlace(ask, user))
		if err != nil {
			return fmt.Errorf("open a link: %w", err)
		}
		secret = string(plain)
		return t.audit(string(by), "wishes.link.shown", "", fmt.Sprintf("ask=%s user=%s", ask, user))
	})
	return secret, err
}

// errLink is the one answer for every secret that opens nothing: wrong, old, taken back, or of an account that is closed.
var errLink = hotline.Say(hotline.ErrNotFound, "This link does not work any more. Ask whoever sent it to you for a new one.")

// link is what a secret opens.
func (t *tx) link(secret string) (ask hotline.WishAsk, user hotline.UserID, err error) {
	found := false
	err = t.each(`SELECT `+askColumns+`, l.user_id FROM wish_links l JOIN wish_asks a ON a.id = l.ask_id JOIN users u ON u.id = l.user_id
		WHERE l.hash = $1 AND a.ends_at > $2 AND NOT u.disabled`, []any{digest([]byte(secret)), millis(t.now)}, func(r scanner) error {
		found = true
		ask, err = scanAsk(r, &user)
		return err
	})
	if err == nil && !found {
		err = errLink
	}
	return ask, user, err
}

// OpenLink is what a secret opens: what is asked, and all that its user said of that time, which of gives.
func (s *Store) OpenLink(ctx context.Context, secret string, of func(hotline.WishAsk) (rota.Span, error)) (ask hotline.WishAsk, said []hotline.Wish, err error) {
	err = s.write(ctx, func(t *tx) error {
		var user hotline.UserID
		if ask, user, err = t.link(secret); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE wish_links SET opened_at = $1 WHERE hash = $2 AND opened_at = 0`, millis(t.now), digest([]byte(secret)))
		if err != nil {
			return err
		}
		if n > 0 {
			t.tell(hotline.PlanChanged{Line: ask.Line})
		}
		at, err := of(ask)
		if err != nil {
			return err
		}
		if said, err = t.wishes(user, at.Start, at.End); err != nil {
			return err
		}
		return t.audit(string(user), "wishes.link.opened", "", "ask="+ask.ID)
	})
	return ask, said, err
}

// AnswerLink keeps what the user of a secret says of a time within what is asked; of says which, or refuses. An empty kind
// takes back what she said of it.
func (s *Store) AnswerLink(ctx context.Context, secret, kind string, of func(hotline.WishAsk) (rota.Span, error)) error {
	return s.write(ctx, func(t *tx) error {
		ask, user, err := t.link(secret)
		if err != nil {
			return err
		}
		at, err := of(ask)
		if err != nil {
			return err
		}
		w := hotline.Wish{User: user, From: at.Start, To: at.End, Kind: kind}
		if kind == "" {
			err = t.dropWishes(w)
		} else {
			w, err = t.addWish(w)
		}
		if err != nil {
			return err
		}
		var was int64
		if err := t.row(`SELECT answered_at FROM wish_links WHERE hash = $1`, []any{digest([]byte(secret))}, &was); err != nil {
			return err
		}
		if was == 0 {
			t.tell(hotline.PlanChanged{Line: ask.Line})
		}
		if _, err := t.exec(`UPDATE wish_links SET answered_at = $1 WHERE hash = $2`, millis(t.now), digest([]byte(secret))); err != nil {
			return err
		}
		return t.audit(string(user), "wishes.link.answered", "", fmt.Sprintf("ask=%s wish=%s", ask.ID, w.ID))
	})
}
