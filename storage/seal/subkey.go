package seal

import (
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// keySize is the length of every key below the master set, in bytes.
const keySize = 32

// What a subkey is for. A wrapped key of one kind does not open as another.
const (
	dataKind  = "data"
	indexKind = "index"
	macKind   = "mac"
)

// newSubkey draws a key and wraps it for the record id.
func (k *Keys) newSubkey(kind, id string) (key, wrapped []byte, err error) {
	key = make([]byte, keySize)
	rand.Read(key) // never fails: the program ends when the kernel has no randomness
	wrapped, err = k.aead.Encrypt(key, encode(wrapLabel, kind, id))
	if err != nil {
		return nil, nil, fmt.Errorf("wrap %s key: %w", kind, err)
	}
	return key, wrapped, nil
}

func (k *Keys) openSubkey(kind, id string, wrapped []byte) ([]byte, error) {
	key, err := k.aead.Decrypt(wrapped, encode(wrapLabel, kind, id))
	if err != nil || len(key) != keySize {
		return nil, ErrOpen
	}
	return key, nil
}

// DataKey seals what belongs to one contact. It is cheap to make and to drop.
type DataKey struct{ aead *subtle.XChaCha20Poly1305 }

var errNoRecord = errors.New("a data key needs the id of its record")

// NewDataKey returns a fresh key for the record id, and its wrapped form, which
// is to be stored beside the record. Whoever deletes every copy of the wrapped
// form has erased what the key sealed.
func (k *Keys) NewDataKey(id string) (dk *DataKey, wrapped []byte, err error) {
	if id == "" {
		return nil, nil, errNoRecord
	}
	key, wrapped, err := k.newSubkey(dataKind, id)
	if err != nil {
		return nil, nil, err
	}
	dk, err = newDataKey(key)
	return dk, wrapped, err
}

// OpenDataKey unwraps what NewDataKey returned for the same id, or returns ErrOpen.
func (k *Keys) OpenDataKey(id string, wrapped []byte) (*DataKey, error) {
	key, err := k.openSubkey(dataKind, id, wrapped)
	if err != nil {
		return nil, err
	}
	return newDataKey(key)
}

func newDataKey(key []byte) (*DataKey, error) {
	primitive, err := subtle.NewXChaCha20Poly1305(key)
	if err != nil {
		return nil, fmt.Errorf("use data key: %w", err)
	}
	return &DataKey{aead: primitive}, nil
}

// Seal returns plain sealed for the place ad. Empty stays empty, and is
// authenticated like any other value.
func (dk *DataKey) Seal(plain []byte, ad AD) ([]byte, error) {
	return sealValue(dk.aead, plain, ad)
}

// Open opens what Seal returned for the same AD, or returns ErrOpen. The result
// is never nil without an error.
func (dk *DataKey) Open(sealed []byte, ad AD) ([]byte, error) {
	return openValue(dk.aead, sealed, ad)
}
