package data

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Sound is a recording, row-major [Frames, Channels], in -1..1.
type Sound[T rt.Float] struct {
	Rate             int // frames per second
	Frames, Channels int
	Data             []T
}

// OpenWAV reads the file name.
func OpenWAV[T rt.Float](name string) (*Sound[T], error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := ReadWAV[T](f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// ReadWAV reads a whole WAV file from r to its end: PCM of 8, 16, 24 or 32 bits,
// which are divided by 2^7 to 2^31, or floating-point numbers of 32 or 64 bits,
// as they are. Compressed sound, and files whose lengths do not agree, are
// errors.
func ReadWAV[T rt.Float](r io.Reader) (*Sound[T], error) {
	s, err := readWAV[T](bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("wav: %w", err)
	}
	return s, nil
}

func readWAV[T rt.Float](r io.Reader) (*Sound[T], error) {
	var head [12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, cut(err, "header")
	}
	if string(head[:4]) != "RIFF" || string(head[8:]) != "WAVE" {
		return nil, errors.New("not a RIFF file of type WAVE")
	}
	rest := int64(binary.LittleEndian.Uint32(head[4:])) - 4
	var f *wavFormat
	var raw []byte
	for rest > 0 {
		id, body, err := wavChunk(r, &rest)
		if err != nil {
			return nil, err
		}
		switch id {
		case "fmt ":
			if f != nil {
				return nil, errors.New("two formats")
			}
			if f, err = parseWAVFormat(body); err != nil {
				return nil, err
			}
		case "data":
			if raw != nil {
				return nil, errors.New("two chunks of data")
			}
			if f == nil {
				return nil, errors.New("the data come before their format")
			}
			raw = body
		}
	}
	switch _, err := io.ReadFull(r, head[:1]); {
	case err == nil:
		return nil, errors.New("bytes after the last chunk")
	case err != io.EOF:
		return nil, err
	case raw == nil:
		return nil, errors.New("no data")
	}
	frame := f.channels * f.bits / 8
	if len(raw)%frame != 0 {
		return nil, fmt.Errorf("%d bytes are no whole number of frames of %d", len(raw), frame)
	}
	s := &Sound[T]{Rate: f.rate, Channels: f.channels, Frames: len(raw) / frame}
	s.Data = make([]T, s.Frames*s.Channels)
	for i := range s.Data {
		s.Data[i] = T(f.sample(raw[i*f.bits/8:]))
	}
	return s, nil
}

// wavChunk reads one chunk, of whose file rest bytes are left, and the byte that
// makes it even.
func wavChunk(r io.Reader, rest *int64) (id string, body []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return "", nil, cut(err, "chunks")
	}
	n := int64(binary.LittleEndian.Uint32(head[4:]))
	if *rest -= 8 + n; *rest < 0 {
		return "", nil, fmt.Errorf("chunk %q of %d bytes is longer than the file says it is", head[:4], n)
	}
	body, err = io.ReadAll(io.LimitReader(r, n)) // grows with what arrives
	if err != nil {
		return "", nil, err
	}
	if int64(len(body)) < n {
		return "", nil, cut(io.EOF, "chunks")
	}
	if n%2 == 1 && *rest > 0 { // some writers leave it out at the end
		*rest--
		if _, err := io.ReadFull(r, make([]byte, 1)); err != nil {
			return "", nil, cut(err, "chunks")
		}
	}
	return string(head[:4]), body, nil
}

// wavFormat says what the bytes of a sample mean.
type wavFormat struct {
	float                bool
	channels, rate, bits int
}

// guid is what the 16 bytes of an extensible format end with; they begin with
// the number of a plain one.
const guid = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"

func parseWAVFormat(b []byte) (*wavFormat, error) {
	if len(b) < 16 {
		return nil, errors.New("the format is cut")
	}
	le := binary.LittleEndian
	tag := le.Uint16(b)
	f := &wavFormat{
		channels: int(le.Uint16(b[2:])), rate: int(int32(le.Uint32(b[4:]))), bits: int(le.Uint16(b[14:])),
	}
	if tag == 0xFFFE { // extensible: the number stands further behind
		if len(b) < 40 || string(b[26:40]) != guid || int(le.Uint16(b[18:])) != f.bits {
			return nil, errors.New("an extensible format that is neither PCM nor floating-point, or has idle bits")
		}
		tag = le.Uint16(b[24:])
	}
	switch {
	case tag == 1 && (f.bits == 8 || f.bits == 16 || f.bits == 24 || f.bits == 32):
	case tag == 3 && (f.bits == 32 || f.bits == 64):
		f.float = true
	default:
		return nil, fmt.Errorf("format %d with %d bits is neither PCM nor floating-point", tag, f.bits)
	}
	if f.channels == 0 || f.rate <= 0 || int(le.Uint16(b[12:])) != f.channels*f.bits/8 {
		return nil, fmt.Errorf("%d channels of %d bits at %d Hz in frames of %d bytes", f.channels, f.bits, f.rate, le.Uint16(b[12:]))
	}
	return f, nil
}

// sample is the first sample of b.
func (f *wavFormat) sample(b []byte) float64 {
	le := binary.LittleEndian
	switch {
	case f.float && f.bits == 32:
		return float64(math.Float32frombits(le.Uint32(b)))
	case f.float:
		return math.Float64frombits(le.Uint64(b))
	case f.bits == 8:
		return (float64(b[0]) - 128) / (1 << 7)
	case f.bits == 16:
		return float64(int16(le.Uint16(b))) / (1 << 15)
	case f.bits == 24:
		return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
	}
	return float64(int32(le.Uint32(b))) / (1 << 31)
}
