package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// file is an answer that is not JSON.
type file struct {
	kind  string
	bytes []byte
}

func (c *Carrier) mediaPath(sid, file string) string { return c.messagePath(sid) + "/Media/" + file }

// found returns the message that a path names. The caller holds mu.
func (c *Carrier) found(r *asked) (*message, *apiError) {
	m, ok := c.bySID[strings.TrimSuffix(r.PathValue("sid"), ".json")]
	if !ok {
		return nil, errNotFound
	}
	return m, nil
}

func (c *Carrier) fetch(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.found(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, c.document(m), nil
}

// update redacts: an empty Body takes the text away. Nothing else can be changed here.
func (c *Carrier) update(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.found(r)
	if err != nil {
		return 0, nil, err
	}
	for name := range r.form {
		if name != "Body" && name != "Status" {
			c.faulted(UnknownField, "%q in a request to change a message", name)
		}
	}
	if r.form["Status"] != nil {
		c.faulted(Unsimulated, "Status in a request to change a message")
	}
	if body, given := r.form["Body"]; !given || url.Values(r.form).Get("Body") != "" {
		c.faulted(UnknownField, "a change of a message with %d bodies that is not empty", len(body))
		return 0, nil, bad(20001, "Body must be empty")
	}
	if !m.final() {
		return 0, nil, errUnfinished
	}
	m.body, m.updated = "", c.cfg.Now().UTC()
	c.wake()
	return http.StatusOK, c.document(m), nil
}

// remove deletes a message and its media.
func (c *Carrier) remove(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.found(r)
	if err != nil {
		return 0, nil, err
	}
	if !m.final() {
		return 0, nil, errUnfinished
	}
	delete(c.bySID, m.sid)
	c.messages = slices.DeleteFunc(c.messages, func(other *message) bool { return other == m })
	c.wake()
	return http.StatusNoContent, nil, nil
}

func (c *Carrier) listMedia(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.found(r)
	if err != nil {
		return 0, nil, err
	}
	all := []map[string]any{}
	for _, f := range m.media {
		all = append(all, c.mediaDocument(m, f))
	}
	uri := c.messagePath(m.sid) + "/Media.json"
	return http.StatusOK, map[string]any{
		"media_list": all, "page": 0, "page_size": 50, "start": 0, "end": max(len(all)-1, 0),
		"uri": uri, "first_page_uri": uri + "?PageSize=50&Page=0", "next_page_uri": nil, "previous_page_uri": nil,
	}, nil
}

// fetchMedia serves the bytes, or what is known of them when the name ends in .json.
func (c *Carrier) fetchMedia(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, i, err := c.foundMedia(r)
	if err != nil {
		return 0, nil, err
	}
	f := m.media[i]
	if strings.HasSuffix(r.PathValue("file"), ".json") {
		return http.StatusOK, c.mediaDocument(m, f), nil
	}
	return http.StatusOK, file{f.kind, f.bytes}, nil
}

func (c *Carrier) removeMedia(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, i, err := c.foundMedia(r)
	if err != nil {
		return 0, nil, err
	}
	m.media = slices.Delete(m.media, i, i+1)
	c.wake()
	return http.StatusNoContent, nil, nil
}

func (c *Carrier) foundMedia(r *asked) (*message, int, *apiError) {
	m, err := c.found(r)
	if err != nil {
		return nil, 0, err
	}
	sid := strings.TrimSuffix(r.PathValue("file"), ".json")
	i := slices.IndexFunc(m.media, func(f *media) bool { return f.sid == sid })
	if i < 0 {
		return nil, 0, errNotFound
	}
	return m, i, nil
}

func (c *Carrier) mediaDocument(m *message, f *media) map[string]any {
	return map[string]any{
		"account_sid": c.cfg.AccountSID, "sid": f.sid, "parent_sid": m.sid, "content_type": f.kind,
		"date_created": date(f.created), "date_updated": date(f.created), "uri": c.mediaPath(m.sid, f.sid) + ".json",
	}
}
