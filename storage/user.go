package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

const userColumns = `u.id, u.email, u.name, u.phone, u.role, u.languages, u.disabled, u.state, u.voice, u.missed, u.gender, u.tested_at`

func userPlace(column string, id hotline.UserID) seal.AD {
	return seal.AD{Table: "users", Column: column, Row: string(id), Owner: string(id)}
}

// sealUser seals what stands in a column about a user.
func (t *tx) sealUser(column string, id hotline.UserID, text string) ([]byte, error) {
	sealed, err := t.store.keys.Seal([]byte(text), userPlace(column, id))
	if err != nil {
		return nil, fmt.Errorf("seal a user's %s: %w", column, err)
	}
	return sealed, nil
}

func (s *Store) scanUser(row scanner, more ...any) (hotline.User, error) {
	var u hotline.User
	var email, name, phone []byte
	var languages string
	var tested int64
	into := append([]any{&u.ID, &email, &name, &phone, &u.Role, &languages, &u.Disabled, &u.State, &u.Voice, &u.Missed, &u.Gender, &tested}, more...)
	if err := row.Scan(into...); err != nil {
		return u, err
	}
	u.Tested = fromMillis(tested)
	u.Languages = strings.FieldsFunc(languages, func(r rune) bool { return r == ',' })
	for _, v := range []struct {
		column string
		sealed []byte
		into   *string
	}{{"email", email, &u.Email}, {"name", name, &u.Name}, {"phone", phone, &u.Phone}} {
		plain, err := s.keys.Open(v.sealed, userPlace(v.column, u.ID))
		if err != nil {
			return u, fmt.Errorf("open a user's %s: %w", v.column, err)
		}
		*v.into = string(plain)
	}
	return u, nil
}

// user loads one, or hotline.ErrNotFound.
func (t *tx) user(id hotline.UserID) (hotline.User, error) {
	u, err := t.store.scanUser(t.queryRow(`SELECT `+userColumns+` FROM users u WHERE u.id = $1`, string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return u, hotline.Say(hotline.ErrNotFound, "there is no such user")
	}
	return u, classify(err)
}

// User reads one, or gives hotline.ErrNotFound.
func (s *Store) User(ctx context.Context, id hotline.UserID) (hotline.User, error) {
	var u hotline.User
	err := s.look(ctx, func(t *tx) (err error) {
		u, err = t.user(id)
		return err
	})
	return u, err
}

// Users lists everybody who works here and may log in, in the order in which they came.
func (s *Store) Users(ctx context.Context) ([]hotline.User, error) {
	return s.users(ctx, `WHERE NOT disabled`)
}

// Staff lists everybody who ever had an account, the disabled ones too.
func (s *Store) Staff(ctx context.Context) ([]hotline.User, error) { return s.users(ctx, ``) }

func (s *Store) users(ctx context.Context, where string) ([]hotline.User, error) {
	found := []hotline.User{}
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT `+userColumns+` FROM users u `+where+` ORDER BY u.id`, nil, func(row scanner) error {
			u, err := s.scanUser(row)
			if s.damagedUser(u, err) {
				return nil
			}
			found = append(found, u)
			return err
		})
	})
	return found, err
}

// damagedUser says that a user does not open: one must not hide all others.
func (s *Store) damagedUser(u hotline.User, err error) bool {
	bad := errors.Is(err, seal.ErrOpen)
	if bad {
		s.log.Error("a user does not open and is left out: restore it from a backup", zap.String("user", string(u.ID)))
	}
	return bad
}

// emailKey is the form by which two spellings of one e-mail address are the same.
func emailKey(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// NewUser is an account to be made.
type NewUser struct {
	hotline.User        // without an id
	Password     string // hashed already
	TOTP         string // the secret, or empty
}

// AddUser makes an account. An e-mail address that has one already is a conflict.
func (s *Store) AddUser(ctx context.Context, n NewUser) (hotline.User, error) {
	u := n.User
	err := s.write(ctx, func(t *tx) error {
		u.ID = hotline.UserID(t.newID())
		u.Email, u.State, u.Voice = emailKey(u.Email), "", hotline.InBrowser
		if !u.Role.LogsIn() {
			u.Voice = hotline.OnPhone
		}
		sealed := map[string][]byte{}
		for column, text := range map[string]string{"email": u.Email, "name": u.Name, "phone": u.Phone, "totp": n.TOTP} {
			var err error
			if sealed[column], err = t.sealUser(column, u.ID, text); err != nil {
				return err
			}
		}
		rows, err := t.exec(`INSERT INTO users (id, email_index, email, name, phone, totp, totp_step, password, role, languages,
			disabled, state, voice, missed, asked_at, version, created_at, gender)
			VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11, $12, 0, 0, 1, $13, $14) ON CONFLICT (email_index) DO NOTHING`,
			string(u.ID), s.index.Of("email", u.Email), sealed["email"], sealed["name"], sealed["phone"], sealed["totp"],
			n.Password, string(u.Role), strings.Join(u.Languages, ","), false, string(u.State), string(u.Voice), millis(t.now), string(u.Gender))
		if err != nil {
			return err
		}
		if rows == 0 {
			return hotline.Say(hotline.ErrConflict, "there is an account with this e-mail address already; nothing was changed")
		}
		t.tell(hotline.PresenceChanged{User: u})
		return t.audit(System, "user.added", "", "user="+string(u.ID)+" role="+string(u.Role))
	})
	return u, err
}

// DisableUser ends an account and its sessions, and forgets the calendar of its user's own. What is held out to the user
// goes to others, and so does a call that she is in; other contacts stay hers until they are taken over.
func (s *Store) DisableUser(ctx context.Context, email string) error {
	return s.write(ctx, func(t *tx) error {
		var id hotline.UserID
		err := t.row(`SELECT id FROM users WHERE email_index = $1`, []any{s.index.Of("email", emailKey(email))}, &id)
		if errors.Is(err, sql.ErrNoRows) {
			return hotline.Say(hotline.ErrNotFound, "there is no account with this e-mail address; nothing was changed")
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE users SET disabled = $1, state = 'away', version = version + 1 WHERE id = $2`, true, string(id)); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM sessions WHERE user_id = $1`, string(id)); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM followed_calendars WHERE user_id = $1`, string(id)); err != nil {
			return err
		}
		u, err := t.user(id)
		if err != nil {
			return err
		}
		if err := t.takeFrom(id); err != nil {
			return err
		}
		if err := t.touch(""); err != nil { // she answers on no rota any more
			return err
		}
		t.tell(hotline.PresenceChanged{User: u}, hotline.SignedOut{User: id})
		return t.audit(System, "user.disabled", "", "user="+string(id))
	})
}

// SetPresence changes a user's own switch; an empty value keeps what was. Being at the desk again forgives missed offers.
func (s *Store) SetPresence(ctx context.Context, id hotline.UserID, state hotline.Presence, voice hotline.Ringing) (hotline.User, error) {
	var u hotline.User
	err := s.write(ctx, func(t *tx) error {
		var err error
		if u, err = t.user(id); err != nil {
			return err
		}
		if state != "" {
			u.State = state
		}
		if voice != "" {
			u.Voice = voice
		}
		if state == hotline.Available {
			u.Missed = 0
		}
		if _, err := t.exec(`UPDATE users SET state = $1, voice = $2, missed = $3, version = version + 1 WHERE id = $4`,
			string(u.State), string(u.Voice), u.Missed, string(id)); err != nil {
			return err
		}
		t.tell(hotline.PresenceChanged{User: u})
		return t.audit(string(id), "presence.set", "", string(u.State)+" "+string(u.Voice))
	})
	return u, err
}

// UserChange is what changes of a user; nil keeps what was.
type UserChange struct {
	Name, Phone *string
	Languages   []string
	Gender      *hotline.Gender
}

// ChangeUser changes an account. By is a user's id or System. A number that is given here counts as verified.
func (s *Store) ChangeUser(ctx context.Context, by string, id hotline.UserID, c UserChange) (hotline.User, error) {
	var u hotline.User
	err := s.write(ctx, func(t *tx) error {
		var err error
		if u, err = t.user(id); err != nil {
			return err
		}
		if c.Name != nil {
			u.Name = *c.Name
		}
		if c.Phone != nil {
			if u.Phone = *c.Phone; u.Phone == "" && u.Role == hotline.Interpreter {
				return hotline.Say(hotline.ErrInvalid, "an interpreter is rung on her own phone: give another number; nothing was changed")
			}
		}
		if c.Languages != nil {
			u.Languages = c.Languages
		}
		if c.Gender != nil {
			u.Gender = *c.Gender
		}
		if err := t.saveUser(u); err != nil {
			return err
		}
		t.tell(hotline.PresenceChanged{User: u})
		return t.audit(by, "user.changed", "", "user="+string(id))
	})
	return u, err
}

func (t *tx) saveUser(u hotline.User) error {
	name, err := t.sealUser("name", u.ID, u.Name)
	if err != nil {
		return err
	}
	phone, err := t.sealUser("phone", u.ID, u.Phone)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE users SET name = $1, phone = $2, languages = $3, gender = $4, version = version + 1 WHERE id = $5`,
		name, phone, strings.Join(u.Languages, ","), string(u.Gender), string(u.ID))
	return err
}

// Account is what log-in needs to know of a user.
type Account struct {
	hotline.User
	Password string
	TOTP     string // the secret; empty: no second factor
	TOTPStep int64  // the last step that was used
}

// AccountOf finds an account by its e-mail address, or gives hotline.ErrNotFound; not one that is disabled.
func (s *Store) AccountOf(ctx context.Context, email string) (Account, error) {
	var a Account
	var totp []byte
	row := s.read.QueryRowContext(ctx, `SELECT `+userColumns+`, password, totp, totp_step FROM users u WHERE email_index = $1 AND NOT disabled`,
		s.index.Of("email", emailKey(email)))
	var err error
	a.User, err = s.scanUser(row, &a.Password, &totp, &a.TOTPStep)
	if errors.Is(err, sql.ErrNoRows) {
		return a, hotline.Say(hotline.ErrNotFound, "there is no such account")
	}
	if err != nil {
		return a, classify(err)
	}
	secret, err := s.keys.Open(totp, userPlace("totp", a.ID))
	if err != nil {
		return a, fmt.Errorf("open a second factor: %w", err)
	}
	a.TOTP = string(secret)
	return a, nil
}

// spendTOTP marks a step as used. It is a conflict when the step, or a later one, was used already.
func (t *tx) spendTOTP(id hotline.UserID, step int64) error {
	n, err := t.exec(`UPDATE users SET totp_step = $1 WHERE id = $2 AND totp_step < $1`, step, string(id))
	if err != nil {
		return err
	}
	if n == 0 {
		return hotline.Say(hotline.ErrConflict, "this code was used already")
	}
	return nil
}

// SetTOTP gives a user a second factor, whose first code was used at step, and ends the session that set it up.
func (s *Store) SetTOTP(ctx context.Context, id hotline.UserID, secret string, step int64) error {
	return s.write(ctx, func(t *tx) error {
		sealed, err := s.keys.Seal([]byte(secret), userPlace("totp", id))
		if err != nil {
			return fmt.Errorf("seal a second factor: %w", err)
		}
		if _, err := t.exec(`UPDATE users SET totp = $1, totp_step = $2, version = version + 1 WHERE id = $3`, sealed, step, string(id)); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM sessions WHERE user_id = $1`, string(id)); err != nil {
			return err
		}
		return t.audit(string(id), "totp.set", "", "")
	})
}

// takeFrom ends what is held out to a user, and the calls that she is in.
func (t *tx) takeFrom(id hotline.UserID) error {
	found, err := t.contactsWhere(`WHERE c.is_open AND (c.owner = $1 AND c.channel = 'voice'
		OR c.id IN (SELECT contact_id FROM offers WHERE user_id = $1 AND ended_at IS NULL)
		OR c.id IN (SELECT contact_id FROM legs WHERE user_id = $1 AND state <> 'over'))`, string(id))
	if err != nil {
		return err
	}
	for _, h := range found {
		if _, open := h.OfferTo(id); open {
			err = t.apply(System, h, hotline.DeclinedBy{At: hotline.At(t.now), User: id}, "")
		}
		if err == nil && h.Owner == id && h.Live() {
			err = t.apply(System, h, hotline.HandedBack{At: hotline.At(t.now), By: id}, "")
		}
		if err == nil {
			err = t.changeLegs(h.ID, func(l *leg) bool { return l.user == id }, drop)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
