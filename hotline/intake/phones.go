package intake

import (
	"context"
	"time"

	"hopeline/hotline"
)

// Phones lets the browsers of those who answer be phones.
type Phones struct {
	Driver string // carrier, simulated or none
	// Token makes a short-lived token for an identity; nil where the driver needs none.
	Token func(identity string, life time.Duration) (token string, expires time.Time, err error)
	Now   func() time.Time
}

// tokenLife is how long a browser may be rung by one token. It asks for the next before.
const tokenLife = 10 * time.Minute

// Voice is what a browser needs to be rung. Its identity is the user's id, which tells nothing.
func (p Phones) Voice(_ context.Context, v hotline.Viewer) (driver, token, identity string, expires time.Time, err error) {
	if err = answers(v); err != nil {
		return "", "", "", time.Time{}, err
	}
	identity, expires = string(v.ID), p.Now().Add(tokenLife)
	if p.Token != nil {
		token, expires, err = p.Token(identity, tokenLife)
	}
	return p.Driver, token, identity, expires, err
}
