package seal

import (
	"fmt"

	macs "github.com/tink-crypto/tink-go/v2/mac/subtle"
	prfs "github.com/tink-crypto/tink-go/v2/prf/subtle"
)

// DigestSize is the length of what Index.Of and MAC.Sum return, in bytes.
const DigestSize = 32

// Index turns a text into digits by which it is found again and from which,
// without the key, it can't be guessed: telephone numbers are few enough to try
// them all against a plain hash. Equal texts look equal in a database.
type Index struct{ prf *prfs.HMACPRF }

// NewIndexKey returns an index with a fresh key, and the key wrapped, to be
// stored once for each database. A second key would find nothing of the first.
func (k *Keys) NewIndexKey() (ix *Index, wrapped []byte, err error) {
	key, wrapped, err := k.newSubkey(indexKind, "")
	if err != nil {
		return nil, nil, err
	}
	ix, err = newIndex(key)
	return ix, wrapped, err
}

// OpenIndex unwraps what NewIndexKey returned, or returns ErrOpen.
func (k *Keys) OpenIndex(wrapped []byte) (*Index, error) {
	key, err := k.openSubkey(indexKind, "", wrapped)
	if err != nil {
		return nil, err
	}
	return newIndex(key)
}

func newIndex(key []byte) (*Index, error) {
	prf, err := prfs.NewHMACPRF("SHA256", key)
	if err != nil {
		return nil, fmt.Errorf("use index key: %w", err)
	}
	return &Index{prf: prf}, nil
}

// Of returns DigestSize bytes that are always the same for domain and text. The
// domain says what kind of text it is ("address", "email"), so that the same
// text in two columns does not look the same. Text is taken as it is: who wants
// "+45 1" and "+451" to meet normalises first.
func (ix *Index) Of(domain, text string) []byte {
	sum, err := ix.prf.ComputePRF(encode(indexLabel, domain, text), DigestSize)
	if err != nil {
		panic("seal: index: " + err.Error()) // only for a digest longer than the hash
	}
	return sum
}

// MAC signs data that the database keeps, with a key that the database does not
// give away: the heads of the audit chain.
type MAC struct{ hmac *macs.HMAC }

// NewMACKey returns a MAC with a fresh key, and the key wrapped, to be stored
// once for each database.
func (k *Keys) NewMACKey() (m *MAC, wrapped []byte, err error) {
	key, wrapped, err := k.newSubkey(macKind, "")
	if err != nil {
		return nil, nil, err
	}
	m, err = newMAC(key)
	return m, wrapped, err
}

// OpenMAC unwraps what NewMACKey returned, or returns ErrOpen.
func (k *Keys) OpenMAC(wrapped []byte) (*MAC, error) {
	key, err := k.openSubkey(macKind, "", wrapped)
	if err != nil {
		return nil, err
	}
	return newMAC(key)
}

func newMAC(key []byte) (*MAC, error) {
	hmac, err := macs.NewHMAC("SHA256", key, DigestSize)
	if err != nil {
		return nil, fmt.Errorf("use mac key: %w", err)
	}
	return &MAC{hmac: hmac}, nil
}

// Sum returns the DigestSize bytes that sign data.
func (m *MAC) Sum(data []byte) []byte {
	sum, err := m.hmac.ComputeMAC(data)
	if err != nil {
		panic("seal: mac: " + err.Error()) // HMAC over bytes in memory has no way to fail
	}
	return sum
}

// Verify says, in constant time, whether sum signs data.
func (m *MAC) Verify(sum, data []byte) bool {
	return m.hmac.VerifyMAC(sum, data) == nil
}
