package intake

import (
	"bytes"
	"image"
	_ "image/gif"  // to read how large a picture is
	_ "image/jpeg" // the same
	_ "image/png"  // the same
)

const (
	jpegKind    = "image/jpeg"
	unknownKind = "application/octet-stream"
)

// mostPixels is the largest picture that is shown: a small file may unfold to what no page survives.
const mostPixels = 40_000_000

// kindOf is what a file is, by its bytes alone: what the sender or the carrier says it is counts for nothing. It knows
// what a browser shows or plays without running anything in it; all else is unknownKind.
func kindOf(b []byte) string {
	kind := magic(b)
	switch kind {
	case jpegKind, "image/png", "image/gif":
		c, _, err := image.DecodeConfig(bytes.NewReader(b))
		if err != nil || c.Width*c.Height > mostPixels {
			return unknownKind
		}
	case "image/webp":
		if w, h := webpSize(b); w*h == 0 || w*h > mostPixels {
			return unknownKind
		}
	}
	return kind
}

func magic(b []byte) string {
	for _, m := range []struct{ begin, kind string }{
		{"\xff\xd8\xff", jpegKind}, {"\x89PNG\r\n\x1a\n", "image/png"}, {"GIF87a", "image/gif"}, {"GIF89a", "image/gif"},
		{"ID3", "audio/mpeg"}, {"#!AMR\n", "audio/amr"}, {"#!AMR-WB\n", "audio/amr"}, {"ADIF", "audio/aac"},
	} {
		if bytes.HasPrefix(b, []byte(m.begin)) {
			return m.kind
		}
	}
	switch {
	case at(b, 0, "RIFF") && at(b, 8, "WEBP"):
		return "image/webp"
	case at(b, 0, "RIFF") && at(b, 8, "WAVE"):
		return "audio/wav"
	case at(b, 0, "OggS") && (at(b, 28, "OpusHead") || at(b, 28, "\x01vorbis") || at(b, 28, "Speex   ")):
		return "audio/ogg"
	case at(b, 4, "ftyp"):
		return boxed(b)
	case at(b, 0, "\x1a\x45\xdf\xa3") && bytes.Contains(b[:min(len(b), 64)], []byte("webm")):
		return "video/webm"
	}
	return frames(b)
}

// at tells whether s stands at an offset.
func at(b []byte, offset int, s string) bool {
	return len(b) >= offset+len(s) && string(b[offset:offset+len(s)]) == s
}

// boxed is the kind of a file in the box format of MPEG-4, by its brand. Pictures in it (HEIC, AVIF) are none that every
// browser shows.
func boxed(b []byte) string {
	for brand, kind := range map[string]string{
		"M4A ": "audio/mp4", "M4B ": "audio/mp4", "3gp": "video/3gpp", "3g2": "video/3gpp", "isom": "video/mp4", "iso": "video/mp4",
		"mp4": "video/mp4", "avc1": "video/mp4", "M4V": "video/mp4", "MSNV": "video/mp4", "dash": "video/mp4",
	} {
		if at(b, 8, brand) {
			return kind
		}
	}
	return unknownKind
}

// frames is the kind of sound that begins with no name of its own: MPEG layer III, or AAC.
func frames(b []byte) string {
	if len(b) < 4 || b[0] != 0xff {
		return unknownKind
	}
	switch rate := b[2] >> 2 & 3; {
	case b[1]&0xf6 == 0xf0 && b[2]>>2&0xf < 13:
		return "audio/aac"
	case b[1]&0xe6 == 0xe2 && b[1]>>3&3 != 1 && b[2]>>4 != 0xf && rate != 3:
		return "audio/mpeg"
	}
	return unknownKind
}

// webpSize is the width and height of a WebP picture, 0 when they cannot be read.
func webpSize(b []byte) (width, height int) {
	if len(b) < 30 {
		return 0, 0
	}
	le := func(i, n int) (v int) {
		for k := range n {
			v |= int(b[i+k]) << (8 * k)
		}
		return v
	}
	switch string(b[12:16]) {
	case "VP8X":
		return le(24, 3) + 1, le(27, 3) + 1
	case "VP8L":
		v := le(21, 4)
		return v&0x3fff + 1, v>>14&0x3fff + 1
	case "VP8 ":
		return le(26, 2) & 0x3fff, le(28, 2) & 0x3fff
	}
	return 0, 0
}
