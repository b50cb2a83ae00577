package intake

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

func speckled(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.Set(i%w, i/w, color.RGBA{uint8(i * 7), uint8(i * 13), uint8(i * 29), 255})
	}
	return m
}

func encoded(t testing.TB, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func aJPEG(t testing.TB) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, speckled(33, 17), nil) })
}

// segment is one of a JPEG.
func segment(marker byte, content string) string {
	n := len(content) + 2
	return string([]byte{0xff, marker, byte(n >> 8), byte(n)}) + content
}

const (
	littleExif = "Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x02\x00\x0f\x01\x02\x00\x04\x00\x00\x00mark\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00gps-marker"
	bigExif    = "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x03\x00\x00gps-marker"
)

func TestPictureAlone(t *testing.T) {
	t.Parallel()
	plain := aJPEG(t)
	rest := string(plain[2:])
	icc := segment(jpegProfile, "ICC_PROFILE\x00\x01\x01profile")
	for _, test := range []struct{ name, in, want string }{
		{"plain", string(plain), string(plain)},
		{"place and time", "\xff\xd8" + segment(jpegExif, "Exif\x00\x00gps-marker") + rest, string(plain)},
		{"turned", "\xff\xd8" + segment(jpegExif, littleExif) + rest, "\xff\xd8" + string(turn(6)) + rest},
		{"turned, big-endian", "\xff\xd8" + segment(jpegExif, bigExif) + rest, "\xff\xd8" + string(turn(3)) + rest},
		{"XMP", "\xff\xd8" + segment(jpegExif, "http://ns.adobe.com/xap/1.0/\x00gps-marker") + rest, string(plain)},
		{"a comment, IPTC and a maker's", "\xff\xd8" + segment(jpegComment, "gps-marker") + segment(0xed, "gps-marker") + segment(0xe5, "gps-marker") + rest, string(plain)},
		{"a smaller copy", "\xff\xd8" + segment(jpegFirst, "JFXX\x00gps-marker") + segment(jpegProfile, "MPF\x00gps-marker") + rest, string(plain)},
		{"its colours", "\xff\xd8" + icc + segment(jpegAdobe, "Adobe\x00") + rest, "\xff\xd8" + icc + segment(jpegAdobe, "Adobe\x00") + rest},
		{"filled up", "\xff\xd8\xff\xff" + segment(jpegComment, "gps-marker") + rest, string(plain)},
		{"a second one behind it", string(plain) + "\xff\xd8" + segment(jpegExif, "gps-marker"), string(plain)},
		{"cut off", "\xff\xd8" + segment(jpegComment, "gps-marker") + rest[:len(rest)-9], "\xff\xd8" + rest[:len(rest)-9]},
	} {
		got, ok := pictureAlone([]byte(test.in))
		if string(got) != test.want || !ok {
			t.Errorf("%s: %d bytes, %v; want %d", test.name, len(got), ok, len(test.want))
		}
	}
	for _, broken := range []string{"", "\xff\xd8", "\xff\xd8\xff", "\xff\xd8\xff\xe1\x00", "\xff\xd8\xff\xe1\x00\x01", "\xff\xd8\xff\xe1\xff\xffx", "\xff\xd8abc", "GIF89a"} {
		if got, ok := pictureAlone([]byte(broken)); ok {
			t.Errorf("pictureAlone(%q) = %q", broken, got)
		}
	}
}

func FuzzPictureAlone(f *testing.F) {
	plain := aJPEG(f)
	f.Add(plain)
	f.Add([]byte("\xff\xd8" + segment(jpegExif, littleExif) + string(plain[2:])))
	f.Add([]byte("\xff\xd8" + segment(jpegExif, bigExif)))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, ok := pictureAlone(in)
		if !ok {
			return
		}
		if strings.Contains(string(out[:min(len(out), len(turn(1))+2)]), "marker") {
			t.Errorf("kept %q", out)
		}
		again, ok := pictureAlone(out)
		if !ok || !bytes.Equal(again, out) {
			t.Error("a picture alone is not its own picture alone")
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(in)); err != nil || c.Width*c.Height > 1<<16 {
			return
		}
		before, err := jpeg.Decode(bytes.NewReader(in))
		if err != nil {
			return
		}
		after, err := jpeg.Decode(bytes.NewReader(out))
		if err != nil || before.Bounds() != after.Bounds() {
			t.Errorf("the picture is another: %v", err)
		}
	})
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	small := speckled(5, 4)
	pngBytes := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, small) })
	gifBytes := encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, small, nil) })
	bomb := append([]byte{}, pngBytes[:16]...)
	bomb = append(bomb, 0, 1, 0, 0, 0, 1, 0, 0) // 65,536 × 65,536
	bomb = append(bomb, pngBytes[24:]...)
	zeros := strings.Repeat("\x00", 40)
	for _, test := range []struct{ name, in, want string }{
		{"a JPEG", string(aJPEG(t)), "image/jpeg"},
		{"a PNG", string(pngBytes), "image/png"},
		{"a GIF", string(gifBytes), "image/gif"},
		{"a WebP", "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x1f\x00\x00\x1f\x00\x00", "image/webp"},
		{"a WebP without loss", "RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f\x1f\xc0\x07\x00" + zeros, "image/webp"},
		{"an old WebP", "RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x10\x00\x10\x00" + zeros, "image/webp"},
		{"a large WebP", "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff", unknownKind},
		{"a picture that unfolds", string(bomb), unknownKind},
		{"a JPEG in name only", "\xff\xd8\xff\xe0" + zeros, unknownKind},
		{"MP3 with a title", "ID3\x03" + zeros, "audio/mpeg"},
		{"MP3", "\xff\xfb\x90\x64" + zeros, "audio/mpeg"},
		{"MP3 of the telephone", "\xff\xe3\x48\xc4" + zeros, "audio/mpeg"},
		{"AAC", "\xff\xf1\x50\x80" + zeros, "audio/aac"},
		{"a voice note", "OggS" + strings.Repeat("\x00", 24) + "OpusHead", "audio/ogg"},
		{"Ogg of another kind", "OggS" + strings.Repeat("\x00", 24) + "\x80theora", unknownKind},
		{"AMR", "#!AMR\n" + zeros, "audio/amr"},
		{"WAV", "RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"},
		{"a film", "\x00\x00\x00\x18ftypmp42" + zeros, "video/mp4"},
		{"a film of old", "\x00\x00\x00\x18ftyp3gp5" + zeros, "video/3gpp"},
		{"a voice note of Apple's", "\x00\x00\x00\x18ftypM4A " + zeros, "audio/mp4"},
		{"HEIC", "\x00\x00\x00\x18ftypheic" + zeros, unknownKind},
		{"WebM", "\x1a\x45\xdf\xa3\x01\x42\x82\x84webm" + zeros, "video/webm"},
		{"a page", "<!doctype html><script>", unknownKind},
		{"SVG", "<svg xmlns='http://www.w3.org/2000/svg'>", unknownKind},
		{"PDF", "%PDF-1.7", unknownKind},
		{"UTF-16", "\xff\xfeh\x00i\x00", unknownKind},
		{"a contact card", "BEGIN:VCARD", unknownKind},
		{"one byte", "\xff", unknownKind},
		{"nothing", "", unknownKind},
	} {
		if got := kindOf([]byte(test.in)); got != test.want {
			t.Errorf("%s: kindOf = %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzKindOf(f *testing.F) {
	f.Add(aJPEG(f))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f\x1f\xc0\x07\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		switch main, _, _ := strings.Cut(kindOf(in), "/"); main {
		case "image", "audio", "video", "application":
		default:
			t.Errorf("kindOf = %q", main)
		}
	})
}
