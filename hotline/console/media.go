package console

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"hopeline/hotline"
)

// media gives a picture, voice note or voicemail to who may see it. What a stranger sent is shown or played, and never
// opened as a page of ours: anything that is no picture, sound or film is only to be saved.
func (k *Console) media(w http.ResponseWriter, r *http.Request) {
	v, ok := k.caller(w, r)
	if !ok {
		return
	}
	id := r.PathValue("id")
	if checkID("media", id) != nil {
		k.fail(w, hotline.ErrNotFound)
		return
	}
	body, kind, err := k.parts.Files.Media(r.Context(), v, hotline.MediaID(id))
	if err != nil {
		k.fail(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if !playable(kind) {
		kind = "application/octet-stream"
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Content-Type", kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// playable tells whether a browser shows or plays the type without running anything in it.
func playable(kind string) bool {
	main, sub, _ := strings.Cut(strings.ToLower(kind), "/")
	switch main {
	case "audio", "video":
		return true
	case "image":
		return !strings.HasPrefix(sub, "svg")
	}
	return false
}
