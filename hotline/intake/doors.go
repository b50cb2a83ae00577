package intake

import (
	"context"
	"errors"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/auth"
	"hopeline/storage"
)

// Doors lets people in and out.
type Doors struct {
	store    *storage.Store
	hasher   *auth.Hasher
	throttle *auth.Throttle
	now      func() time.Time
	second   bool // a second factor is required
}

// NewDoors makes the doors of a store. Second: who has no second factor may only set one up.
func NewDoors(store *storage.Store, hasher *auth.Hasher, second bool, now func() time.Time) *Doors {
	return &Doors{store: store, hasher: hasher, throttle: auth.NewThrottle(), now: now, second: second}
}

// patience bounds a log-in that waits for its turn at hashing.
const patience = 10 * time.Second

// errWrong is the one answer for every wrong part of a log-in.
var errWrong = hotline.Say(hotline.ErrForbidden, "this e-mail address, password and code do not fit together")

// Throttled is a refusal to try again before After. It is hotline.ErrThrottled.
type Throttled struct{ After time.Duration }

func (t *Throttled) Error() string { return "too many tries: wait a little and try again" }

// Unwrap gives the kind.
func (t *Throttled) Unwrap() error { return hotline.ErrThrottled }

// RetryAfter is how long to wait.
func (t *Throttled) RetryAfter() time.Duration { return t.After }

// LogIn checks e-mail, password and code and begins a session. Enrol: the session may only set up a second factor.
// Every wrong part gives the same error after the same time.
func (d *Doors) LogIn(ctx context.Context, email, password, code, network string) (token string, enrol bool, err error) {
	now := d.now()
	if after, ok := d.throttle.Allow(email, network, now); !ok {
		return "", false, &Throttled{After: after}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	account, err := d.store.AccountOf(ctx, email)
	if err != nil && !errors.Is(err, hotline.ErrNotFound) {
		return "", false, err
	}
	ok, checkErr := d.hasher.Check(ctx, account.Password, password) // also for nobody, so that the time tells nothing
	if checkErr != nil {
		return "", false, hotline.Say(hotline.ErrUnavailable, "too many log-ins at once: try again in a moment")
	}
	if !ok || err != nil || !account.Role.LogsIn() {
		return "", false, errWrong
	}
	var step int64
	if account.TOTP != "" {
		if step, ok = auth.CheckTOTP(account.TOTP, code, now, account.TOTPStep); !ok {
			return "", false, errWrong
		}
	}
	enrol = account.TOTP == "" && d.second
	token, hash := auth.NewToken()
	err = d.store.BeginSession(ctx, account.ID, hash, step, enrol, auth.SessionLife)
	if errors.Is(err, hotline.ErrConflict) {
		return "", false, errWrong // the code was used already
	}
	if err != nil {
		return "", false, err
	}
	d.throttle.Succeeded(email, network)
	return token, enrol, nil
}

// Session tells who a token belongs to.
func (d *Doors) Session(ctx context.Context, token string) (hotline.Viewer, bool, error) {
	s, err := d.store.SessionOf(ctx, auth.HashToken(token))
	return s.Viewer, s.Enrol, err
}

// LogOut ends a session, everywhere it is open.
func (d *Doors) LogOut(ctx context.Context, token string) error {
	hash := auth.HashToken(token)
	s, err := d.store.SessionOf(ctx, hash)
	if errors.Is(err, hotline.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.store.EndSession(ctx, s.ID, hash)
}

// StartTOTP proposes a second factor to a session that has none: its secret, and the address an app reads it from.
func (d *Doors) StartTOTP(ctx context.Context, token string) (secret, otpauth string, err error) {
	hash := auth.HashToken(token)
	s, err := d.store.SessionOf(ctx, hash)
	if err != nil {
		return "", "", err
	}
	if err := d.withoutSecond(ctx, s); err != nil {
		return "", "", err
	}
	if secret, otpauth, err = auth.NewTOTP(auth.Issuer, s.Email); err != nil {
		return "", "", err
	}
	return secret, otpauth, d.store.ProposeTOTP(ctx, s.ID, hash, secret)
}

// withoutSecond keeps a stolen session from replacing a second factor that is there.
func (d *Doors) withoutSecond(ctx context.Context, s storage.Session) error {
	account, err := d.store.AccountOf(ctx, s.Email)
	if err != nil {
		return err
	}
	if account.TOTP != "" {
		return hotline.Say(hotline.ErrForbidden, "this account has a second factor already")
	}
	return nil
}

// ConfirmTOTP makes the proposed second factor the account's, when code proves that it works, and ends its sessions:
// the next log-in needs it.
func (d *Doors) ConfirmTOTP(ctx context.Context, token, code string) error {
	s, err := d.store.SessionOf(ctx, auth.HashToken(token))
	if err != nil {
		return err
	}
	if err := d.withoutSecond(ctx, s); err != nil {
		return err
	}
	step, ok := auth.CheckTOTP(s.TOTP, code, d.now(), 0)
	if s.TOTP == "" || !ok {
		return hotline.Say(hotline.ErrInvalid, "this code does not fit: wait for the next one and try again")
	}
	return d.store.SetTOTP(ctx, s.ID, s.TOTP, step)
}

// Account is an account to be made.
type Account struct {
	Email, Name, Phone string
	Role               hotline.Role
	Languages          []string
	Gender             hotline.Gender
	Password           string
	WithTOTP           bool
}

// AddAccount makes an account, and gives the address from which an app reads its second factor when it has one. An
// interpreter has neither password nor second factor: there is nothing that she could log in to.
func (d *Doors) AddAccount(ctx context.Context, a Account) (hotline.User, string, error) {
	if !a.Role.LogsIn() {
		added, err := d.store.AddUser(ctx, storage.NewUser{User: a.user()})
		return added, "", err
	}
	hash, err := d.hasher.Hash(ctx, a.Password)
	if err != nil {
		return hotline.User{}, "", err
	}
	var secret, otpauth string
	if a.WithTOTP {
		if secret, otpauth, err = auth.NewTOTP(auth.Issuer, a.Email); err != nil {
			return hotline.User{}, "", err
		}
	}
	added, err := d.store.AddUser(ctx, storage.NewUser{User: a.user(), Password: hash, TOTP: secret})
	return added, otpauth, err
}

func (a Account) user() hotline.User {
	return hotline.User{Email: a.Email, Name: a.Name, Phone: a.Phone, Role: a.Role, Languages: a.Languages, Gender: a.Gender}
}
