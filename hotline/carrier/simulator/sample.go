package simulator

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
)

// samplePicture is a small evening sky as a PNG.
func samplePicture() []byte {
	const width, height = 160, 120
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			shade := uint8(y * 160 / height)
			c := color.RGBA{30 + shade, 60 + shade/2, 110 - shade/4, 255}
			if dx, dy := x-110, y-78; dx*dx+dy*dy < 300 {
				c = color.RGBA{250, 214, 150, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	png.Encode(&b, img) // into memory: cannot fail
	return b.Bytes()
}

// sampleVoice is one second of silence as an Ogg Opus file: two header packets, then fifty frames of 20 ms.
func sampleVoice() []byte {
	head := append([]byte("OpusHead"), 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0)
	tags := append([]byte("OpusTags"), 0, 0, 0, 0, 0, 0, 0, 0)
	var frames [][]byte
	for range 50 {
		frames = append(frames, []byte{0xf8, 0xff, 0xfe})
	}
	var b bytes.Buffer
	b.Write(oggPage(2, 0, 0, head))
	b.Write(oggPage(0, 0, 1, tags))
	b.Write(oggPage(4, 48_000, 2, frames...))
	return b.Bytes()
}

// oggPage frames packets, each shorter than 255 bytes. Kind is 2 for the first page and 4 for the last.
func oggPage(kind byte, granule uint64, number uint32, packets ...[]byte) []byte {
	p := append([]byte("OggS"), 0, kind)
	p = binary.LittleEndian.AppendUint64(p, granule)
	p = binary.LittleEndian.AppendUint32(p, 1) // the stream's serial
	p = binary.LittleEndian.AppendUint32(p, number)
	p = binary.LittleEndian.AppendUint32(p, 0) // the sum, filled in below
	p = append(p, byte(len(packets)))
	for _, packet := range packets {
		p = append(p, byte(len(packet)))
	}
	for _, packet := range packets {
		p = append(p, packet...)
	}
	binary.LittleEndian.PutUint32(p[22:], oggSum(p))
	return p
}

// oggSum is Ogg's CRC: polynomial 0x04c11db7, not reflected.
func oggSum(p []byte) uint32 {
	var sum uint32
	for _, b := range p {
		sum ^= uint32(b) << 24
		for range 8 {
			if sum&0x80000000 != 0 {
				sum = sum<<1 ^ 0x04c11db7
			} else {
				sum <<= 1
			}
		}
	}
	return sum
}
