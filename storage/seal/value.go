package seal

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Overhead is how many bytes a value sealed by a DataKey is longer than its
// text: a 24-byte nonce and a 16-byte tag.
const Overhead = 24 + 16

// Labels keep what is sealed for one purpose from opening as another, and carry
// the version of the encoding.
const (
	valueLabel       = "hopeline value 1"
	fingerprintLabel = "hopeline fingerprint 1"
	wrapLabel        = "hopeline wrapped key 1"
	indexLabel       = "hopeline index 1"
)

// AD is the place of a sealed value. It is not stored with the value but has to
// be known to open it, so a value copied to another place is of no use there.
// Owner is the contact, user or other record the value belongs to; it may be
// empty, the other three may not.
type AD struct{ Table, Column, Row, Owner string }

var errPlace = errors.New("a sealed value needs a table, a column and a row")

func (ad AD) bytes() []byte {
	return encode(valueLabel, ad.Table, ad.Column, ad.Row, ad.Owner)
}

func sealValue(key tink.AEAD, plain []byte, ad AD) ([]byte, error) {
	if ad.Table == "" || ad.Column == "" || ad.Row == "" {
		return nil, errPlace
	}
	sealed, err := key.Encrypt(plain, ad.bytes())
	if err != nil {
		return nil, fmt.Errorf("seal value: %w", err)
	}
	return sealed, nil
}

func openValue(key tink.AEAD, sealed []byte, ad AD) ([]byte, error) {
	plain, err := key.Decrypt(sealed, ad.bytes())
	if err != nil {
		return nil, ErrOpen
	}
	if plain == nil {
		plain = []byte{} // nil would read as NULL further up
	}
	return plain, nil
}

// encode joins parts so that no two lists of parts give the same bytes: each is
// preceded by its length.
func encode(parts ...string) []byte {
	size := 0
	for _, part := range parts {
		size += len(part) + binary.MaxVarintLen32
	}
	out := make([]byte, 0, size)
	for _, part := range parts {
		out = binary.AppendUvarint(out, uint64(len(part)))
		out = append(out, part...)
	}
	return out
}
