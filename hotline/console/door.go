package console

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/auth"
)

// Session is who is logged in. Enrol: the account has no second factor yet, and this session may only set one up.
type Session struct {
	User  User `json:"user"`
	Enrol bool `json:"enrol"`
}

// TOTP is a new second factor, to be confirmed by a code from it.
type TOTP struct {
	Secret  string `json:"secret"`
	OTPAuth string `json:"otpauth"`
}

// plea is one question over HTTP.
type plea struct {
	method string
	serve  http.HandlerFunc
}

func (k *Console) api() map[string]plea {
	return map[string]plea{
		"/api/login":        {http.MethodPost, k.logIn},
		"/api/logout":       {http.MethodPost, k.logOut},
		"/api/session":      {http.MethodGet, k.whoAmI},
		"/api/totp/start":   {http.MethodPost, k.startTOTP},
		"/api/totp/confirm": {http.MethodPost, k.confirmTOTP},
		"/api/media/{id}":   {http.MethodGet, k.media},
		"/api/voice":        {http.MethodGet, k.voice},
		"/api/days":         {http.MethodPost, k.openDays},
		"/api/days/answer":  {http.MethodPost, k.answerDay},
	}
}

// One and the same answer for every wrong part of a log-in.
const wrongLogIn = "E-mail, password or code is wrong."

func (k *Console) logIn(w http.ResponseWriter, r *http.Request) {
	counted := &status{ResponseWriter: w}
	defer func() { k.figures.logins.WithLabelValues(strconv.Itoa(counted.code)).Inc() }()
	var in struct{ Email, Password, Code string }
	if !read(counted, r, &in) {
		return
	}
	token, enrol, err := k.parts.Doors.LogIn(r.Context(), in.Email, in.Password, in.Code, auth.ClientIP(r))
	switch {
	case err == nil:
		k.letIn(counted, r, token, enrol)
	case over(err):
		refuse(counted, http.StatusUnauthorized, "forbidden", wrongLogIn)
	default:
		k.failLater(counted, err)
	}
}

// status remembers what was answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func (k *Console) letIn(w http.ResponseWriter, r *http.Request, token string, enrol bool) {
	v, _, err := k.parts.Doors.Session(r.Context(), token)
	if err != nil {
		k.fail(w, err)
		return
	}
	http.SetCookie(w, auth.Cookie(k.cfg.Public, token, auth.CookieLife))
	write(w, http.StatusOK, Session{User: userOf(v.User), Enrol: enrol})
}

// failLater says when to try again, when the error is about trying too often.
func (k *Console) failLater(w http.ResponseWriter, err error) {
	if errors.Is(err, hotline.ErrThrottled) {
		wait := patience
		var timed interface{ RetryAfter() time.Duration }
		if errors.As(err, &timed) {
			wait = timed.RetryAfter()
		}
		seconds := max(1, int64((wait+time.Second-1)/time.Second))
		w.Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	k.fail(w, err)
}

// patience is how long to wait after too many tries when the error does not say.
const patience = 30 * time.Second

// logOut ends the session everywhere it is open. The browser forgets it even when the database is away; then the
// answer says that it must be done again.
func (k *Console) logOut(w http.ResponseWriter, r *http.Request) {
	token := auth.TokenFrom(r, k.cfg.Public)
	http.SetCookie(w, auth.Cookie(k.cfg.Public, "", 0))
	w.Header().Set("Clear-Site-Data", `"cookies", "storage"`)
	if token != "" {
		k.hub.endSession(token)
		if err := k.parts.Doors.LogOut(r.Context(), token); err != nil && !over(err) {
			k.fail(w, err)
			return
		}
		k.hub.endSession(token) // whoever came in between
	}
	w.WriteHeader(http.StatusNoContent)
}

// session is the session of a request; it answers itself when there is none.
func (k *Console) session(w http.ResponseWriter, r *http.Request) (token string, v hotline.Viewer, enrol, ok bool) {
	token = auth.TokenFrom(r, k.cfg.Public)
	if token == "" {
		refuse(w, http.StatusUnauthorized, "forbidden", "Log in first.")
		return "", v, false, false
	}
	v, enrol, err := k.parts.Doors.Session(r.Context(), token)
	switch {
	case err == nil:
		return token, v, enrol, true
	case over(err):
		refuse(w, http.StatusUnauthorized, "forbidden", "Log in first.")
	default:
		k.fail(w, err)
	}
	return "", v, false, false
}

func (k *Console) whoAmI(w http.ResponseWriter, r *http.Request) {
	if _, v, enrol, ok := k.session(w, r); ok {
		write(w, http.StatusOK, Session{User: userOf(v.User), Enrol: enrol})
	}
}

func (k *Console) startTOTP(w http.ResponseWriter, r *http.Request) {
	token, _, _, ok := k.session(w, r)
	if !ok {
		return
	}
	secret, otpauth, err := k.parts.Doors.StartTOTP(r.Context(), token)
	if err != nil {
		k.failLater(w, err)
		return
	}
	write(w, http.StatusOK, TOTP{Secret: secret, OTPAuth: otpauth})
}

func (k *Console) confirmTOTP(w http.ResponseWriter, r *http.Request) {
	var in struct{ Code string }
	if !read(w, r, &in) {
		return
	}
	token, _, _, ok := k.session(w, r)
	if !ok {
		return
	}
	if err := k.parts.Doors.ConfirmTOTP(r.Context(), token, in.Code); err != nil {
		k.failLater(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
