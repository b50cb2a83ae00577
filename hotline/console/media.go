package console

import (
	"bytes"
	"net/http"
	"time"

	"hopeline/hotline"
)

// media gives a picture, voice note or voicemail to who may see it. What a stranger sent is shown or played, and never
// opened as a page of ours: anything that is no picture, sound or film is only to be saved. It has no name.
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
	if !showable[kind] {
		kind = "application/octet-stream"
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Content-Type", kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// showable are the types that a browser shows or plays without running anything in them.
var showable = map[string]bool{
	"image/jpeg": true, "image/png": true, "image/gif": true, "image/webp": true,
	"audio/mpeg": true, "audio/ogg": true, "audio/wav": true, "audio/aac": true, "audio/amr": true, "audio/mp4": true, "audio/webm": true,
	"video/mp4": true, "video/3gpp": true, "video/webm": true,
}
