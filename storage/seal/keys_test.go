package seal

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

func generate(t testing.TB) *Keys {
	t.Helper()
	keys, err := GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func rotate(t testing.TB, keys *Keys) *Keys {
	t.Helper()
	rotated, err := keys.Rotated()
	if err != nil {
		t.Fatal(err)
	}
	return rotated
}

func exported(t testing.TB, keys *Keys) []byte {
	t.Helper()
	json, err := keys.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return json
}

// foreign returns the JSON of a key set that Tink made from template.
func foreign(t testing.TB, template *tinkpb.KeyTemplate) []byte {
	t.Helper()
	handle, err := keyset.NewHandle(template)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&out)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAnExportedSetOpensWhatTheFirstSealed(t *testing.T) {
	t.Parallel()
	keys := generate(t)
	ad := AD{Table: "users", Column: "email", Row: "u1"}
	sealed, err := keys.Seal([]byte("ann@example.org"), ad)
	if err != nil {
		t.Fatal(err)
	}
	again, err := LoadKeys(exported(t, keys))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, ad); err != nil || string(got) != "ann@example.org" {
		t.Errorf("Open(sealed) = %q, %v, want the e-mail", got, err)
	}
}

func TestKeysOfTinksOwnToolAreTaken(t *testing.T) {
	t.Parallel()
	for name, template := range map[string]*tinkpb.KeyTemplate{
		"AES256-GCM":         aead.AES256GCMKeyTemplate(),
		"AES256-GCM raw":     aead.AES256GCMNoPrefixKeyTemplate(),
		"AES256-GCM-SIV":     aead.AES256GCMSIVKeyTemplate(),
		"XAES256-GCM":        aead.XAES256GCM192BitNonceKeyTemplate(),
		"XChaCha20-Poly1305": aead.XChaCha20Poly1305KeyTemplate(),
	} {
		keys, err := LoadKeys(foreign(t, template))
		if err != nil {
			t.Errorf("LoadKeys(%s) = %v, want nil", name, err)
			continue
		}
		_, wrapped, err := keys.NewDataKey("c1")
		if err != nil {
			t.Errorf("NewDataKey under %s = %v, want nil", name, err)
		}
		if _, err := rotate(t, keys).OpenDataKey("c1", wrapped); err != nil {
			t.Errorf("OpenDataKey after rotation of %s = %v, want nil", name, err)
		}
	}
}

func TestLoadKeysRefusesWithoutQuoting(t *testing.T) {
	t.Parallel()
	whole := string(exported(t, generate(t)))
	for name, json := range map[string]string{
		"empty":            "",
		"not JSON":         "c2VjcmV0c2VjcmV0",
		"no keys":          `{"primaryKeyId":1,"key":[]}`,
		"cut":              whole[:len(whole)/2],
		"unknown field":    strings.Replace(whole, "{", `{"c2VjcmV0c2VjcmV0":1,`, 1),
		"unknown key":      strings.Replace(whole, "XChaCha20Poly1305Key", "c2VjcmV0c2VjcmV0", 1),
		"keys of a MAC":    string(foreign(t, mac.HMACSHA256Tag256KeyTemplate())),
		"value not base64": strings.Replace(whole, `"value":"`, `"value":"c2VjcmV0c2VjcmV0!`, 1),
	} {
		_, err := LoadKeys([]byte(json))
		if !errors.Is(err, ErrKeyFile) {
			t.Errorf("LoadKeys(%s) = %v, want ErrKeyFile", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("LoadKeys(%s) quotes its input", name)
		}
	}
}

func TestRotationOpensOldAndNew(t *testing.T) {
	t.Parallel()
	old := generate(t)
	now := rotate(t, rotate(t, old))
	ad := AD{Table: "users", Column: "phone", Row: "u1"}
	before, _ := old.Seal([]byte("before"), ad)
	after, _ := now.Seal([]byte("after"), ad)
	reloaded, err := LoadKeys(exported(t, now))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := reloaded.Open(before, ad); string(got) != "before" {
		t.Errorf("rotated.Open(before) = %q, %v", got, err)
	}
	if got, err := reloaded.Open(after, ad); string(got) != "after" {
		t.Errorf("rotated.Open(after) = %q, %v", got, err)
	}
	if _, err := old.Open(after, ad); err != ErrOpen {
		t.Errorf("old.Open(after) = %v, want ErrOpen", err)
	}
}

func TestAFingerprintFitsItsSetAndThoseRotatedFromIt(t *testing.T) {
	t.Parallel()
	keys, other := generate(t), generate(t)
	rotated := rotate(t, keys)
	old, err := keys.NewFingerprint()
	if err != nil {
		t.Fatal(err)
	}
	young, err := rotated.NewFingerprint()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		keys  *Keys
		print []byte
		want  bool
	}{
		{"its own", keys, old, true},
		{"rotated set, old print", rotated, old, true},
		{"rotated set, own print", rotated, young, true},
		{"set from before the rotation", keys, young, false},
		{"another set", other, old, false},
		{"nothing", keys, nil, false},
		{"cut", keys, old[:len(old)-1], false},
	} {
		if got := c.keys.Fits(c.print); got != c.want {
			t.Errorf("%s: Fits = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestPrintingAKeyShowsNoKey(t *testing.T) {
	t.Parallel()
	keys := generate(t)
	raw := make([]byte, keySize)
	for i := range raw {
		raw[i] = byte(200 + i%50)
	}
	dk, err := newDataKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	secret := base64.StdEncoding.EncodeToString(raw)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		got := fmt.Sprintf(verb, dk) + fmt.Sprintf(verb, []any{keys, dk})
		for _, bad := range []string{secret, string(raw), fmt.Sprintf("%x", raw), "200 201 202", "0xc8, 0xc9"} {
			if strings.Contains(got, bad) {
				t.Errorf("Sprintf(%q) shows the key", verb)
			}
		}
	}
}
