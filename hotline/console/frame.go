package console

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// ask is a frame from a page: one command.
type ask struct {
	ID   string          `json:"id"`
	Do   string          `json:"do"`
	Args json.RawMessage `json:"args"`
}

var errFrame = errors.New("a frame is one JSON object with an id, of at most 64 KiB")

// readFrame reads at most one byte more than a frame may have.
func readFrame(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFrame+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxFrame {
		return nil, errFrame
	}
	return raw, nil
}

// parse takes a frame apart. What stands in args is the command's business.
func parse(raw []byte) (ask, error) {
	var a ask
	if !utf8.Valid(raw) || json.Unmarshal(raw, &a) != nil || a.ID == "" {
		return ask{}, errFrame
	}
	return a, nil
}

// Reply is the server's answer to one command.
type Reply struct {
	Re     string   `json:"re"`
	OK     bool     `json:"ok,omitempty"`
	Result any      `json:"result,omitempty"`
	Error  *Refusal `json:"error,omitempty"`
}

// Refusal says why a command failed. Retry "safe": the same again with safe set is allowed, once a human says that it
// is safe.
type Refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Retry   string `json:"retry,omitempty"`
}

// number puts an event's number into its frame, after what buf holds.
func (f frame) number(buf []byte, seq int64) []byte {
	if f.event == "" {
		return append(buf, f.body...)
	}
	buf = append(buf, `{"event":"`...)
	buf = append(buf, f.event...)
	buf = append(buf, `","seq":`...)
	buf = strconv.AppendInt(buf, seq, 10)
	buf = append(buf, `,"data":`...)
	buf = append(buf, f.body...)
	return append(buf, '}')
}
