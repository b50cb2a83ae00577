package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// foundQueue is the queue that a path names. The caller holds mu.
func (c *Carrier) foundQueue(r *asked) (*queue, *apiError) {
	sid := strings.TrimSuffix(r.PathValue("queue"), ".json")
	for _, q := range c.queues {
		if q.sid == sid {
			return q, nil
		}
	}
	return nil, errNotFound
}

// foundWaiting is the leg that a path names in a queue: by its id, or Front. The caller holds mu.
func (c *Carrier) foundWaiting(r *asked) (*waiting, *apiError) {
	q, err := c.foundQueue(r)
	if err != nil {
		return nil, err
	}
	who := strings.TrimSuffix(r.PathValue("who"), ".json")
	for i, w := range q.members {
		if w.call.sid == who || who == "Front" && i == 0 {
			return w, nil
		}
	}
	return nil, errNotFound
}

func (c *Carrier) listQueues(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []map[string]any
	for _, q := range c.queues {
		all = append(all, c.queueDocument(q))
	}
	return http.StatusOK, c.pageOf(r, "queues", nil, all), nil
}

func (c *Carrier) fetchQueue(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q, err := c.foundQueue(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, c.queueDocument(q), nil
}

// removeQueue deletes a queue in which nobody waits.
func (c *Carrier) removeQueue(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q, err := c.foundQueue(r)
	switch {
	case err != nil:
		return 0, nil, err
	case len(q.members) > 0:
		return 0, nil, bad(22003, "The queue is not empty")
	}
	c.queues = slices.DeleteFunc(c.queues, func(other *queue) bool { return other == q })
	return http.StatusNoContent, nil, nil
}

func (c *Carrier) listWaiting(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	q, err := c.foundQueue(r)
	if err != nil {
		return 0, nil, err
	}
	var all []map[string]any
	for _, w := range q.members {
		all = append(all, c.waitingDocument(w))
	}
	return http.StatusOK, c.pageOf(r, "queue_members", nil, all), nil
}

func (c *Carrier) fetchWaiting(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w, err := c.foundWaiting(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, c.waitingDocument(w), nil
}

// updateWaiting takes a leg out of its queue to another document.
func (c *Carrier) updateWaiting(r *asked) (int, any, *apiError) {
	f := url.Values(r.form)
	c.inspectVoice(f, "a change of a queue's member", []string{"Url", "Method"}, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	w, err := c.foundWaiting(r)
	switch {
	case err != nil:
		return 0, nil, err
	case !callable(f.Get("Url")):
		return 0, nil, bad(21205, "Url is not a valid URL")
	}
	d := c.waitingDocument(w)
	w.call.send(source{url: f.Get("Url"), method: f.Get("Method")})
	return http.StatusOK, d, nil
}

func (c *Carrier) queuePath(q *queue) string {
	return "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Queues/" + q.sid
}

func (c *Carrier) queueDocument(q *queue) map[string]any {
	return map[string]any{
		"sid": q.sid, "account_sid": c.cfg.AccountSID, "friendly_name": q.name, "current_size": len(q.members), "max_size": q.most,
		"average_wait_time": 0, "date_created": date(q.created), "date_updated": date(q.created), "uri": c.queuePath(q) + ".json",
		"subresource_uris": map[string]string{"members": c.queuePath(q) + "/Members.json"},
	}
}

func (c *Carrier) waitingDocument(w *waiting) map[string]any {
	return map[string]any{
		"call_sid": w.call.sid, "queue_sid": w.queue.sid, "position": slices.Index(w.queue.members, w) + 1,
		"wait_time": c.seconds(w.since, c.cfg.Now()), "date_enqueued": date(w.since),
		"uri": c.queuePath(w.queue) + "/Members/" + w.call.sid + ".json",
	}
}
