package console

import (
	"net/http"

	"hopeline/hotline"
)

// Credentials let a page be a phone until they expire. Driver none: there is no phone for pages here.
type Credentials struct {
	Driver    string `json:"driver" ts:"'carrier' | 'simulated' | 'none'"`
	Token     string `json:"token"`
	Identity  string `json:"identity"`
	ExpiresAt *Stamp `json:"expires_at"`
}

const noPhone = "none"

// voice gives the credentials to who answers calls.
func (k *Console) voice(w http.ResponseWriter, r *http.Request) {
	v, ok := k.caller(w, r)
	if !ok {
		return
	}
	driver, token, identity, expires, err := k.parts.Phones.Voice(r.Context(), v)
	if err != nil {
		k.fail(w, err)
		return
	}
	write(w, http.StatusOK, Credentials{driver, token, identity, moment(expires)})
}

// caller is who asks, when she may see anything of anybody; it answers itself when she may not.
func (k *Console) caller(w http.ResponseWriter, r *http.Request) (hotline.Viewer, bool) {
	_, v, enrol, ok := k.session(w, r)
	switch {
	case !ok:
		return v, false
	case enrol:
		k.fail(w, errEnrol)
		return v, false
	case !v.Role.Answers():
		k.fail(w, hotline.ErrForbidden)
		return v, false
	}
	return v, true
}
