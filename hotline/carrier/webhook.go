package carrier

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"hopeline/hotline"
)

// Desk is what webhooks are handed to. Both methods return only when what they were given is on disk, and are called
// again with the same when the carrier repeats itself.
type Desk interface {
	// Receive keeps a message of a person. Every error means that it was not kept.
	Receive(ctx context.Context, in hotline.Inbound) error
	// Report keeps what the carrier says about a send of ours. ErrNotFound means that there is none: that is no fault
	// of the carrier's.
	Report(ctx context.Context, r hotline.Report) error
}

const (
	// longestBody is four times the largest honest form. Source: measured; the carrier documents no figure.
	longestBody = 256 << 10
	// patience is how long the desk may take. The carrier waits 15 s.
	patience = 12 * time.Second
)

// Webhooks serves what the carrier calls. Safe for concurrent use; it has no goroutines of its own.
type Webhooks struct {
	signer  Signer
	account string
	desk    Desk
	calls   Switchboard
	book    Legbook
	tests   Testbook
	prompts *prompts
	links   links
	backup  string // in international form, or empty
	log     *zap.Logger
	now     func() time.Time
	seen    *prometheus.CounterVec // by route and result
	routes  map[string]route
}

// route is one address of ours: what a form must have there, and what is done with it.
type route struct {
	name     string
	complete func(form) bool
	act      func(ctx context.Context, r *http.Request, f form) answer
	calm     func(r *http.Request, f form) answer // instead, when act panics in the middle of a call
	patience time.Duration                        // how long act may take; 0 is the usual
}

// answer is what goes back: a status, a document for 200, and why in one word for the counters.
type answer struct {
	status int
	result string
	body   []byte
}

var (
	refusedMethod    = answer{status: http.StatusMethodNotAllowed, result: "method"}
	refusedSize      = answer{status: http.StatusRequestEntityTooLarge, result: "size"}
	refusedBody      = answer{status: http.StatusBadRequest, result: "cut"}
	refusedKind      = answer{status: http.StatusForbidden, result: "kind"}
	refusedSignature = answer{status: http.StatusForbidden, result: "signature"}
	refusedAccount   = answer{status: http.StatusForbidden, result: "account"}
	refusedFields    = answer{status: http.StatusForbidden, result: "fields"}
	failedStore      = answer{status: http.StatusServiceUnavailable, result: "unstored"}
	failedPanic      = answer{status: http.StatusServiceUnavailable, result: "panic"}
	noCalls          = answer{status: http.StatusServiceUnavailable, result: "no_calls"}
	noted            = answer{status: http.StatusNoContent, result: "ok"}
	taken            = answer{status: http.StatusOK, result: "ok", body: encode(response{})}
)

// NewWebhooks makes the handler of cfg's account. The counter hotline_webhooks_total is registered with reg, which
// may be nil; two handlers on one registry share it. Without a switchboard (nil) callers are sent to the carrier's
// fallback; without books nothing is kept of legs, or of test pages. A folder of prompts that cannot be read is logged, and the
// built-in words are spoken. So is a backup that is no number: there is none then.
func NewWebhooks(cfg Config, desk Desk, calls Switchboard, book Legbook, tests Testbook, log *zap.Logger, reg prometheus.Registerer) *Webhooks {
	cfg = cfg.withDefaults()
	prompts, err := readPrompts(cfg.Prompts, cfg.Languages)
	if err != nil {
		log.Error("prompts cannot be used as they are", zap.Error(err))
	}
	h := &Webhooks{
		signer:  Signer{Public: cfg.Public, Tokens: cfg.Tokens},
		account: cfg.AccountSID,
		desk:    desk, calls: calls, book: book, tests: tests, prompts: prompts, links: links{cfg.Public},
		log: log, now: cfg.Now, seen: counter(reg),
	}
	if h.backup = cfg.Backup; h.backup != "" && !international.MatchString(h.backup) {
		log.Error("the backup cannot be rung: its number has no international form")
		h.backup = ""
	}
	h.routes = h.voiceRoutes()
	h.routes[pathMessage] = route{name: "message", complete: isMessage, act: h.message}
	h.routes[pathMessageStatus] = route{name: "message_status", complete: isStatus, act: h.messageStatus}
	return h
}

func counter(reg prometheus.Registerer) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hotline_webhooks_total",
		Help: "Webhooks of the carrier, by route and by what became of them.",
	}, []string{"route", "result"})
	if reg == nil {
		return c
	}
	var had prometheus.AlreadyRegisteredError
	if err := reg.Register(c); errors.As(err, &had) {
		if old, ok := had.ExistingCollector.(*prometheus.CounterVec); ok {
			return old
		}
	}
	return c
}

// ServeHTTP answers once, after everything is decided: what panics halfway has written nothing.
func (h *Webhooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to, ok := h.routes[r.URL.Path]
	if !ok && h.sound(w, r) {
		return
	}
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		h.seen.WithLabelValues("none", "path").Inc()
		return
	}
	a := h.answer(w, r, to)
	h.seen.WithLabelValues(to.name, a.result).Inc()
	if a.status >= http.StatusBadRequest && a.status != http.StatusServiceUnavailable {
		h.log.Warn("webhook refused", zap.String("route", to.name), zap.String("reason", a.result))
	}
	a.write(w)
}

// write sends the answer. None ever has the type text/plain, which the carrier would read aloud to a caller.
func (a answer) write(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	if a.status == http.StatusMethodNotAllowed {
		header.Set("Allow", http.MethodPost)
	}
	if a.body != nil {
		header.Set("Content-Type", "text/xml; charset=utf-8")
	}
	w.WriteHeader(a.status)
	// The carrier may have hung up; what it brought is kept all the same, and it will ask again.
	_, _ = w.Write(a.body)
}

// answer decides; a panic below it is one more reason for the carrier to go to its fallback, unless a call is under way.
func (h *Webhooks) answer(w http.ResponseWriter, r *http.Request, to route) (a answer) {
	var believed form
	defer func() {
		if v := recover(); v != nil {
			// The value may hold words of a person: its type and the place must do.
			h.log.Error("webhook panicked", zap.String("route", to.name), zap.String("type", fmt.Sprintf("%T", v)), zap.Stack("stack"))
			a = failedPanic
			if to.calm != nil && believed != nil {
				a = to.calm(r, believed)
				a.result = "panic"
			}
		}
	}()
	if r.Method != http.MethodPost {
		return refusedMethod
	}
	body, bad := read(w, r)
	if bad != nil {
		return *bad
	}
	f, bad := h.believe(r, body, to)
	if bad != nil {
		return *bad
	}
	believed = f
	// A carrier that hangs up early has still brought something: finish keeping it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), cmp.Or(to.patience, patience))
	defer cancel()
	return to.act(ctx, r, f)
}

// read takes the body as bytes, up to the cap.
func read(w http.ResponseWriter, r *http.Request) ([]byte, *answer) {
	if r.ContentLength > longestBody {
		return nil, &refusedSize
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, &refusedSize
	case err != nil:
		return nil, &refusedBody
	}
	return body, nil
}

// believe returns the form of a request that the carrier signed, for our account, with all that it must have.
func (h *Webhooks) believe(r *http.Request, body []byte, to route) (form, *answer) {
	if !isForm(r.Header.Get("Content-Type")) {
		return nil, &refusedKind
	}
	f := parseForm(string(body))
	account, _ := f.get("AccountSid")
	switch {
	case !h.signer.signed(r, f):
		return nil, &refusedSignature
	case account == "" && !f.has("AccountSid"):
		return nil, &refusedFields
	case account == "" || account != h.account:
		return nil, &refusedAccount
	case !to.complete(f):
		return nil, &refusedFields
	}
	return f, nil
}

// What a form must have. Without these a form whose borders were moved, so that the signature still fits, would pass.
func isMessage(f form) bool { return f.id("MessageSid", "SmsSid") != "" && f.has("To") }

func isStatus(f form) bool {
	return f.id("MessageSid", "SmsSid") != "" && f.has("MessageStatus", "SmsStatus")
}

func isCall(f form) bool { return f.id("CallSid") != "" && f.has("To") }

func (h *Webhooks) message(ctx context.Context, _ *http.Request, f form) answer {
	if err := h.desk.Receive(ctx, inbound(f, h.now().UTC())); err != nil {
		h.unstored("a text was not stored", err)
		return failedStore
	}
	return taken
}

func (h *Webhooks) messageStatus(ctx context.Context, r *http.Request, f form) answer {
	err := h.desk.Report(ctx, report(f, parseForm(r.URL.RawQuery), h.now().UTC()))
	if err != nil && !errors.Is(err, hotline.ErrNotFound) {
		h.unstored("a report was not stored", err)
		return failedStore
	}
	return noted
}

// unstored logs the kind of an error and the type at its root, never its text: that of a database may quote a row.
func (h *Webhooks) unstored(message string, err error) {
	h.log.Error(message, zap.String("kind", kindOf(err)), zap.String("cause", fmt.Sprintf("%T", root(err))))
}

func kindOf(err error) string {
	kinds := []error{
		hotline.ErrUnavailable, hotline.ErrInvalid, hotline.ErrConflict, hotline.ErrNotFound,
		context.DeadlineExceeded, context.Canceled,
	}
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return kind.Error()
		}
	}
	return "unknown"
}

func root(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
