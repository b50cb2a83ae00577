package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// atOnce is how many passwords are hashed at a time: with DefaultCost each takes
// 64 MiB for its while, and there may be one small machine.
const atOnce = 2

const (
	saltSize = 16
	sumSize  = 32
)

// Cost is what one hash takes: Memory in KiB, Time in passes over it, Threads in
// lanes.
type Cost struct {
	Memory, Time uint32
	Threads      uint8
}

var (
	// DefaultCost is above the floor that OWASP sets for argon2id (19 MiB, two
	// passes), and takes about a tenth of a second.
	DefaultCost = Cost{Memory: 64 << 10, Time: 2, Threads: 1}

	// CheapCost protects nothing. It is for tests, which log in often.
	CheapCost = Cost{Memory: 64, Time: 1, Threads: 1}
)

// Hasher makes and checks password hashes, two at a time.
type Hasher struct {
	cost  Cost
	seats chan struct{}
}

// NewHasher returns a Hasher whose new hashes have this cost. Hashes of another
// cost are checked at theirs.
func NewHasher(cost Cost) *Hasher {
	return &Hasher{cost: cost, seats: make(chan struct{}, atOnce)}
}

// Hash returns the argon2id hash of password in PHC string format, with a fresh
// salt. The error is ErrShort, ErrLong or that of ctx, which may end while
// others are hashing.
func (h *Hasher) Hash(ctx context.Context, password string) (phc string, err error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	d := digest{cost: h.cost, salt: make([]byte, saltSize), sum: make([]byte, sumSize)}
	rand.Read(d.salt) // never fails
	if d.sum, err = h.sum(ctx, d, password); err != nil {
		return "", err
	}
	return d.String(), nil
}

// Check says whether password made phc. An empty phc stands for an account that
// does not exist or has no password: no password fits, and finding that out
// takes as long as for one that has. The error is that of ctx, or says that phc
// is not a hash.
func (h *Hasher) Check(ctx context.Context, phc, password string) (ok bool, err error) {
	if len(password) > MaxPassword {
		return false, nil // at once, but for every account alike
	}
	d := digest{cost: h.cost, salt: make([]byte, saltSize), sum: make([]byte, sumSize)}
	if phc != "" {
		if d, err = parseDigest(phc); err != nil {
			return false, err
		}
	}
	sum, err := h.sum(ctx, d, password)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(sum, d.sum) == 1 && phc != "", nil
}

// sum computes what d.sum is for the right password, once there is a seat.
func (h *Hasher) sum(ctx context.Context, d digest, password string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("wait to hash a password: %w", err)
	}
	select {
	case h.seats <- struct{}{}:
		defer func() { <-h.seats }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(composed(password)), d.salt, d.cost.Time, d.cost.Memory, d.cost.Threads, uint32(len(d.sum))), nil
}
