package data

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func chunk(id, body string) string {
	s := id + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
	if len(body)%2 == 1 {
		s += "\x00"
	}
	return s
}

func riff(chunks ...string) string { return chunk("RIFF", "WAVE"+strings.Join(chunks, "")) }

func wavFmt(tag, channels, bits int) string {
	b := binary.LittleEndian.AppendUint16(nil, uint16(tag))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels))
	b = binary.LittleEndian.AppendUint32(b, 8000)
	b = binary.LittleEndian.AppendUint32(b, uint32(8000*channels*bits/8))
	b = binary.LittleEndian.AppendUint16(b, uint16(channels*bits/8))
	return string(binary.LittleEndian.AppendUint16(b, uint16(bits)))
}

func TestReadWAV(t *testing.T) {
	pcm := func(bits int) string { return chunk("fmt ", wavFmt(1, 1, bits)) }
	extensible := func(sub string) string {
		return chunk("fmt ", wavFmt(0xFFFE, 1, 16)+"\x16\x00\x10\x00\x00\x00\x00\x00"+sub+guid)
	}
	tests := []struct {
		name, file string
		want       []float64
		err        string
	}{
		{"8", riff(pcm(8), chunk("data", "\x00\x80\xff")), []float64{-1, 0, 127. / 128}, ""},
		{"16", riff(pcm(16), chunk("data", "\x00\x80\x00\x40")), []float64{-1, 0.5}, ""},
		{"24", riff(pcm(24), chunk("data", "\x00\x00\x80\x00\x00\x40")), []float64{-1, 0.5}, ""},
		{"32", riff(pcm(32), chunk("data", "\x00\x00\x00\xc0")), []float64{-0.5}, ""},
		{"float32", riff(chunk("fmt ", wavFmt(3, 1, 32)), chunk("data", "\x00\x00\x80\x3f")), []float64{1}, ""},
		{"float64", riff(chunk("fmt ", wavFmt(3, 1, 64)), chunk("data", "\x00\x00\x00\x00\x00\x00\xf0\x3f")), []float64{1}, ""},
		{"extensible", riff(extensible("\x01\x00"), chunk("data", "\x00\x40")), []float64{0.5}, ""},
		{"stereo", riff(chunk("fmt ", wavFmt(1, 2, 8)), chunk("data", "\x00\x80")), []float64{-1, 0}, ""},
		{"other chunks", riff(chunk("LIST", "abc"), pcm(8), chunk("fact", "abcd"), chunk("data", "\x00\x80"), chunk("id3 ", "x")), []float64{-1, 0}, ""},
		{"silence", riff(pcm(8), chunk("data", "")), []float64{}, ""},
		{"empty file", "", nil, "header"},
		{"other file", "RIFX\x04\x00\x00\x00WAVE", nil, "not a RIFF"},
		{"no data", riff(pcm(8)), nil, "no data"},
		{"no format", riff(chunk("data", "\x00\x00")), nil, "before their format"},
		{"two formats", riff(pcm(8), pcm(8), chunk("data", "\x00")), nil, "two formats"},
		{"two data", riff(pcm(8), chunk("data", "\x00"), chunk("data", "\x00")), nil, "two chunks"},
		{"adpcm", riff(chunk("fmt ", wavFmt(2, 1, 4)), chunk("data", "\x00")), nil, "neither PCM"},
		{"12 bits", riff(chunk("fmt ", wavFmt(1, 1, 12)), chunk("data", "\x00")), nil, "neither PCM"},
		{"other extension", riff(extensible("\x02\x00"), chunk("data", "\x00")), nil, "neither PCM"},
		{"no channels", riff(chunk("fmt ", wavFmt(1, 0, 8)), chunk("data", "\x00")), nil, "0 channels"},
		{"half a frame", riff(pcm(16), chunk("data", "\x00\x00\x00")), nil, "whole number"},
		{"short format", riff(chunk("fmt ", "\x01\x00"), chunk("data", "")), nil, "cut"},
		{"cut", riff(pcm(16), chunk("data", "\x00\x00\x00\x00"))[:46], nil, "ends within"},
		{"trailing", riff(pcm(16), chunk("data", "\x00\x00")) + "x", nil, "after the last"},
		{"promises", "RIFF\xff\xff\xff\xffWAVE" + pcm(8) + "data\x00\x00\x00\xf0", nil, "ends within"},
		{"lies", "RIFF\x24\x00\x00\x00WAVE" + pcm(8) + "data\xff\xff\xff\xff", nil, "longer than the file"},
	}
	for _, c := range tests {
		s, err := ReadWAV[float64](strings.NewReader(c.file))
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want an error about %s", c.name, err, c.err)
			}
			continue
		}
		if err != nil || !slices.Equal(s.Data, c.want) || s.Rate != 8000 || s.Frames*s.Channels != len(s.Data) {
			t.Errorf("%s: %+v %v", c.name, s, err)
		}
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add([]byte(riff(chunk("fmt ", wavFmt(1, 2, 16)), chunk("data", "\x00\x80\x00\x40"))))
	f.Fuzz(func(t *testing.T, b []byte) { ReadWAV[float32](bytes.NewReader(b)) })
}
