package seal

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

var (
	// ErrOpen is the one error for whatever does not open. It tells a wrong
	// key, a wrong place and a flipped bit apart for nobody.
	ErrOpen = errors.New("sealed value does not open: it was changed, moved, or belongs to another key set")

	// ErrKeyFile marks a master key set that is absent, unfit or badly kept.
	// The error around it says what to do.
	ErrKeyFile = errors.New("master key set cannot be used")
)

// Keys is the master key set. It wraps data keys, the index key and the MAC key,
// and seals small values that belong to no contact.
type Keys struct {
	handle *keyset.Handle
	aead   tink.AEAD
}

// GenerateKeys returns a set with one fresh key.
func GenerateKeys() (*Keys, error) {
	handle, err := keyset.NewHandle(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generate master key: %w", err)
	}
	return newKeys(handle)
}

// LoadKeys reads a Tink JSON key set of AEAD keys. Anything else is ErrKeyFile;
// the parser's own words are withheld, because they may quote the key.
func LoadKeys(json []byte) (*Keys, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(json)))
	if err != nil {
		return nil, fmt.Errorf("%w: it is not a Tink JSON key set", ErrKeyFile)
	}
	keys, err := newKeys(handle)
	if err != nil {
		return nil, fmt.Errorf("%w: its keys are not for authenticated encryption (AEAD)", ErrKeyFile)
	}
	return keys, nil
}

func newKeys(handle *keyset.Handle) (*Keys, error) {
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, fmt.Errorf("use master keys: %w", err)
	}
	return &Keys{handle: handle, aead: primitive}, nil
}

// JSON returns the set in the clear, as LoadKeys reads it. It is the most secret
// text of the whole system.
func (k *Keys) JSON() ([]byte, error) {
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(k.handle, keyset.NewJSONWriter(&out)); err != nil {
		return nil, fmt.Errorf("write master keys: %w", err)
	}
	return out.Bytes(), nil
}

// Rotated returns a set with one more key, which from now on seals; the older
// ones still open what they sealed. k is unchanged.
func (k *Keys) Rotated() (*Keys, error) {
	manager := keyset.NewManagerFromHandle(k.handle)
	id, err := manager.Add(aead.XChaCha20Poly1305KeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("add master key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("make master key primary: %w", err)
	}
	handle, err := manager.Handle()
	if err != nil {
		return nil, fmt.Errorf("rotate master keys: %w", err)
	}
	return newKeys(handle)
}

// Seal seals plain under the set itself, for small values that belong to no
// contact. Empty stays empty, and is authenticated like any other value.
func (k *Keys) Seal(plain []byte, ad AD) ([]byte, error) {
	return sealValue(k.aead, plain, ad)
}

// Open opens what Seal returned for the same AD, or returns ErrOpen.
func (k *Keys) Open(sealed []byte, ad AD) ([]byte, error) {
	return openValue(k.aead, sealed, ad)
}

// NewFingerprint returns a mark to keep in the database, by which this set, and
// any set rotated from it, is known again. It is not secret and differs each time.
func (k *Keys) NewFingerprint() ([]byte, error) {
	mark, err := k.aead.Encrypt(nil, encode(fingerprintLabel))
	if err != nil {
		return nil, fmt.Errorf("make fingerprint: %w", err)
	}
	return mark, nil
}

// Fits says whether the set holds the key that made fingerprint.
func (k *Keys) Fits(fingerprint []byte) bool {
	_, err := k.aead.Decrypt(fingerprint, encode(fingerprintLabel))
	return err == nil
}
