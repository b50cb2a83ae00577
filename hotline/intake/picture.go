package intake

import (
	"bytes"
	"encoding/binary"
)

// A photograph says where and when it was taken, with which telephone, and may hold a smaller copy of itself from before
// it was cut. None of that is shown.

// Markers of JPEG.
const (
	jpegEnd     = 0xd9
	jpegScan    = 0xda
	jpegFirst   = 0xe0 // of the segments for applications
	jpegExif    = 0xe1
	jpegProfile = 0xe2
	jpegAdobe   = 0xee // how its colours are meant
	jpegLast    = 0xef
	jpegComment = 0xfe
)

// pictureAlone is a JPEG without what is said about it; only which way up it is stays. Not ok: it is no whole JPEG.
func pictureAlone(b []byte) (picture []byte, ok bool) {
	if !at(b, 0, "\xff\xd8") {
		return nil, false
	}
	out := append(make([]byte, 0, len(b)+len(turn(1))), b[:2]...)
	for i := 2; ; {
		for at(b, i, "\xff\xff") { // markers may be filled up
			i++
		}
		if i+1 >= len(b) || b[i] != 0xff {
			return nil, false
		}
		marker := b[i+1]
		if marker == jpegEnd {
			return append(out, b[i:i+2]...), true // what stands after the end is no part of it
		}
		if i+4 > len(b) {
			return nil, false
		}
		next := i + 2 + int(binary.BigEndian.Uint16(b[i+2:]))
		if next < i+4 || next > len(b) {
			return nil, false
		}
		out = append(out, kept(marker, b[i:next])...)
		if i = next; marker == jpegScan {
			i = scanEnd(b, next)
			out = append(out, b[next:i]...)
			if i == len(b) {
				return out, true // it was cut off; what is there can be seen
			}
		}
	}
}

// kept is what stays of a segment.
func kept(marker byte, segment []byte) []byte {
	content := segment[4:]
	switch {
	case marker == jpegFirst && at(content, 0, "JFIF\x00"), marker == jpegProfile && at(content, 0, "ICC_PROFILE\x00"), marker == jpegAdobe:
		return segment
	case marker == jpegExif && at(content, 0, "Exif\x00\x00"):
		if way := wayUp(content[6:]); way > 1 {
			return turn(way)
		}
		return nil
	case marker >= jpegFirst && marker <= jpegLast, marker == jpegComment:
		return nil
	}
	return segment
}

// scanEnd is where the picture's own data, which begin at i, end: at the next marker.
func scanEnd(b []byte, i int) int {
	for ; i+1 < len(b); i++ {
		if next := b[i+1]; b[i] == 0xff && next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) {
			return i
		}
	}
	return len(b)
}

// orientation is the number of the field that says which way up a picture is.
const orientation = 0x0112

// wayUp reads which way up a picture is, 1 to 8, from the first directory of its Exif data; 0 when it does not say.
func wayUp(tiff []byte) byte {
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(tiff) < 8 {
		return 0
	}
	first := int64(order.Uint32(tiff[4:]))
	if first+2 > int64(len(tiff)) {
		return 0
	}
	fields := tiff[first+2:]
	for range order.Uint16(tiff[first:]) {
		if len(fields) < 12 {
			return 0
		}
		if way := order.Uint16(fields[8:]); order.Uint16(fields) == orientation && way <= 8 {
			return byte(way)
		}
		fields = fields[12:]
	}
	return 0
}

// turn is a segment that says which way up a picture is, and nothing else.
func turn(way byte) []byte {
	return append([]byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), way, 0, 0, 0, 0, 0, 0)
}
