package auth

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// errDigest does not show the text: it may be half a hash.
var errDigest = errors.New("stored password hash is not argon2id in PHC format, or asks for more than it may")

// What a stored hash may ask for, so that a damaged row can't take the machine.
const (
	maxMemory  = 256 << 10 // KiB
	maxTime    = 10
	maxThreads = 4
)

// digest is a parsed PHC string.
type digest struct {
	cost      Cost
	salt, sum []byte
}

var unpadded = base64.RawStdEncoding.Strict()

// String returns $argon2id$v=19$m=…,t=…,p=…$salt$sum.
func (d digest) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, d.cost.Memory, d.cost.Time, d.cost.Threads,
		unpadded.EncodeToString(d.salt), unpadded.EncodeToString(d.sum))
}

// parseDigest takes exactly what String writes, within bounds, or returns errDigest.
func parseDigest(phc string) (digest, error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || len(phc) > 512 {
		return digest{}, errDigest
	}
	var d digest
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &d.cost.Memory, &d.cost.Time, &d.cost.Threads)
	if err != nil {
		return digest{}, errDigest
	}
	d.salt, _ = unpadded.DecodeString(parts[4]) // what does not decode is not written back alike
	d.sum, _ = unpadded.DecodeString(parts[5])
	if d.String() != phc || !d.bounded() {
		return digest{}, errDigest
	}
	return d, nil
}

func (d digest) bounded() bool {
	c := d.cost
	return c.Threads >= 1 && c.Threads <= maxThreads && c.Time >= 1 && c.Time <= maxTime &&
		c.Memory >= 8*uint32(c.Threads) && c.Memory <= maxMemory &&
		len(d.salt) >= 8 && len(d.salt) <= 64 && len(d.sum) >= 16 && len(d.sum) <= 64
}
