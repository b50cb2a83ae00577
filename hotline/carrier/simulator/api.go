package simulator

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const (
	apiVersion = "2010-04-01"
	apiRoot    = "/" + apiVersion + "/Accounts/{account}"
)

// apiError is the carrier's error document.
type apiError struct {
	Code     int    `json:"code"`
	Message  string `json:"message"`
	MoreInfo string `json:"more_info"`
	Status   int    `json:"status"`
}

func refuse(status, code int, message string) *apiError {
	return &apiError{
		Code: code, Message: message, Status: status,
		MoreInfo: fmt.Sprintf("https://www.twilio.com/docs/errors/%d", code),
	}
}

var (
	errAuthenticate = refuse(http.StatusUnauthorized, 20003, "Authenticate")
	errNotFound     = refuse(http.StatusNotFound, 20404, "The requested resource was not found")
	errMethod       = refuse(http.StatusMethodNotAllowed, 20004, "Method not allowed")
	errTooMany      = refuse(http.StatusTooManyRequests, 20429, "Too Many Requests")
	errBroken       = refuse(http.StatusInternalServerError, 20500, "An internal server error has occurred")
	errNotForm      = refuse(http.StatusUnsupportedMediaType, 20422, "Content-Type must be application/x-www-form-urlencoded")
	errUnfinished   = refuse(http.StatusConflict, 20009, "Cannot delete this resource before it is complete")
)

// handler serves one REST resource. What it returns is written as JSON; an apiError with its own status.
type handler func(r *asked) (status int, answer any, err *apiError)

// asked is a request under way.
type asked struct {
	*http.Request
	w      http.ResponseWriter
	form   map[string][]string
	number int // which create this is, from 1; 0 for others
	entry  int // serial of its record in requests
}

// routes is the REST API.
func (c *Carrier) routes() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, h handler) { mux.Handle(pattern, c.resource(h)) }
	handle("POST "+apiRoot+"/Messages.json", c.create)
	handle("GET "+apiRoot+"/Messages.json", c.list)
	handle("GET "+apiRoot+"/Messages/{sid}", c.fetch)
	handle("POST "+apiRoot+"/Messages/{sid}", c.update)
	handle("DELETE "+apiRoot+"/Messages/{sid}", c.remove)
	handle("GET "+apiRoot+"/Messages/{sid}/Media.json", c.listMedia)
	handle("GET "+apiRoot+"/Messages/{sid}/Media/{file}", c.fetchMedia)
	handle("DELETE "+apiRoot+"/Messages/{sid}/Media/{file}", c.removeMedia)
	handle(apiRoot+"/Messages.json", c.wrongMethod)
	handle(apiRoot+"/Messages/{sid}", c.wrongMethod)
	c.voiceRoutes(handle)
	handle("/", c.unknown)
	return mux
}

// resource wraps a handler: the account is checked, the form read, chaos slows it, and the request is recorded.
func (c *Carrier) resource(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.enter() {
			write(w, http.StatusServiceUnavailable, refuse(http.StatusServiceUnavailable, 20503, "Service Unavailable"))
			return
		}
		defer c.wg.Done()
		a, err := c.read(w, r)
		c.record(a)
		c.pause(r.Context(), c.dial().Slow)
		status, answer := 0, any(nil)
		if err == nil {
			status, answer, err = h(a)
		}
		if err != nil {
			status, answer = err.Status, err
		}
		c.finish(a, status, err)
		write(w, status, answer)
	})
}

// read checks the account and reads the form, of the body or, for a GET, of the query.
func (c *Carrier) read(w http.ResponseWriter, r *http.Request) (*asked, *apiError) {
	a := &asked{Request: r, w: w, form: r.URL.Query()}
	user, password, _ := r.BasicAuth()
	account := r.PathValue("account")
	if !same(user, c.cfg.AccountSID) || !same(password, c.cfg.AuthToken) || (account != "" && account != c.cfg.AccountSID) {
		return a, errAuthenticate
	}
	if r.Method != http.MethodPost {
		return a, nil
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if kind != "application/x-www-form-urlencoded" {
		c.fault(UnknownField, "a POST that is not a form")
		return a, errNotForm
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	if err := r.ParseForm(); err != nil {
		c.fault(UnknownField, "a form that cannot be read")
		return a, refuse(http.StatusBadRequest, 20001, "The form cannot be read")
	}
	a.form = r.PostForm
	return a, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// record notes a request before it is served, so that one whose answer is lost is there too.
func (c *Carrier) record(a *asked) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asks++
	a.entry = c.asks
	c.requests = append(c.requests, Request{Method: a.Method, Path: a.URL.Path, Form: a.form, At: c.cfg.Now().UTC()})
	if len(c.requests) > mostRequests {
		c.requests = slices.Delete(c.requests, 0, mostRequests/10)
	}
	if a.Method == http.MethodPost && strings.HasSuffix(a.URL.Path, "/Messages.json") {
		c.creates++
		a.number = c.creates
	}
}

// finish adds how a request was answered to its record.
func (c *Carrier) finish(a *asked, status int, err *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := len(c.requests) - 1 - (c.asks - a.entry)
	if i < 0 {
		return
	}
	c.requests[i].Status = status
	if err != nil {
		c.requests[i].Code = err.Code
	}
	c.wake()
}

// write answers with JSON; bytes go out as they are, and nothing is written for no answer.
func write(w http.ResponseWriter, status int, answer any) {
	switch v := answer.(type) {
	case nil:
		w.WriteHeader(status)
		return
	case file:
		w.Header().Set("Content-Type", v.kind)
		w.WriteHeader(status)
		w.Write(v.bytes)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(answer)
}

func (c *Carrier) wrongMethod(r *asked) (int, any, *apiError) {
	c.fault(UnknownPath, "%s of a resource that does not take it", r.Method)
	return 0, nil, errMethod
}

func (c *Carrier) unknown(r *asked) (int, any, *apiError) {
	c.fault(UnknownPath, "%s of a path that does not exist", r.Method)
	return 0, nil, errNotFound
}
