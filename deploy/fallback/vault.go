package fallback

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// vault keeps one text in a file that opens only with the token: a copy of the file alone tells nothing.
type vault struct{ path, token string }

// The file is these bytes, a salt, a nonce, and what AES-GCM made of the text.
const (
	vaultHead = "hopeline fallback 1\n"
	saltSize  = 16
)

var errSealed = errors.New("the file of the plan does not open with this token")

// read gives the text; nil when there is no file yet.
func (v vault) read() ([]byte, error) {
	kept, err := os.ReadFile(v.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the file of the plan: %w", err)
	}
	if len(kept) < len(vaultHead)+saltSize || string(kept[:len(vaultHead)]) != vaultHead {
		return nil, errSealed
	}
	salt, rest := kept[len(vaultHead):len(vaultHead)+saltSize], kept[len(vaultHead)+saltSize:]
	aead, err := v.aead(salt)
	if err != nil {
		return nil, err
	}
	if len(rest) < aead.NonceSize() {
		return nil, errSealed
	}
	text, err := aead.Open(nil, rest[:aead.NonceSize()], rest[aead.NonceSize():], []byte(vaultHead))
	if err != nil {
		return nil, errSealed
	}
	return text, nil
}

// write puts the text in the file's place at once and whole.
func (v vault) write(text []byte) error {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	aead, err := v.aead(salt)
	if err != nil {
		return err
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	kept := append([]byte(vaultHead), salt...)
	kept = append(kept, nonce...)
	kept = aead.Seal(kept, nonce, text, []byte(vaultHead))
	if err := v.replace(kept); err != nil {
		return fmt.Errorf("write the file of the plan: %w", err)
	}
	return nil
}

func (v vault) replace(kept []byte) error {
	f, err := os.CreateTemp(filepath.Dir(v.path), ".plan-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // when it was not renamed
	_, err = f.Write(kept)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), v.path)
}

// aead is made of a key that is the token's and the salt's.
func (v vault) aead(salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(v.token), salt, "hopeline fallback plan", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of the plan: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make the cipher of the plan: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make the cipher of the plan: %w", err)
	}
	return aead, nil
}
