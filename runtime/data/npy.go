package data

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"os"
	"strings"
)

const (
	npyMagic     = "\x93NUMPY"
	maxNPYHeader = 10_000 // numpy's own limit
	maxNPYRank   = 32
)

// NPY is an array in numpy's format.
type NPY struct {
	Type  string // "f4", "f8", "i1" to "i8", "u1" to "u8", "b1" for booleans
	Shape []int  // row-major, also where the file is Fortran's
	Raw   []byte // little-endian values
}

// npyWidth is the size of a value by type.
var npyWidth = map[string]int{"b1": 1, "i1": 1, "u1": 1, "i2": 2, "u2": 2, "i4": 4, "u4": 4, "f4": 4, "i8": 8, "u8": 8, "f8": 8}

// OpenNPY reads the file name.
func OpenNPY(name string) (*NPY, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x, err := ReadNPY(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return x, nil
}

// ReadNPY reads an array of numbers or booleans from r to its end: versions 1.0,
// 2.0 and 3.0 of the format, either byte order, row- or column-major. Arrays of
// records, objects, text, complex or 16-bit floating-point numbers are errors.
func ReadNPY(r io.Reader) (*NPY, error) {
	x, err := readNPY(bufio.NewReader(r))
	if err != nil {
		return nil, fmt.Errorf("npy: %w", err)
	}
	return x, nil
}

func readNPY(r io.Reader) (*NPY, error) {
	text, err := npyHeaderText(r)
	if err != nil {
		return nil, err
	}
	h, err := parseNPYHeader(text)
	if err != nil {
		return nil, err
	}
	kind, order := h.descr[1:], h.descr[0]
	width, ok := npyWidth[kind]
	if !ok || !strings.ContainsRune("<>|", rune(order)) || (order == '|') != (width == 1) {
		return nil, fmt.Errorf("values of type %q are not supported", h.descr)
	}
	size := uint64(width)
	for _, d := range h.shape {
		over, lo := bits.Mul64(size, uint64(d))
		if over != 0 || lo > math.MaxInt/2 {
			return nil, fmt.Errorf("shape %d is too large", h.shape)
		}
		size = lo
	}
	raw, err := io.ReadAll(io.LimitReader(r, int64(size))) // grows with what arrives
	switch {
	case err != nil:
		return nil, err
	case uint64(len(raw)) < size:
		return nil, cut(io.EOF, "data")
	}
	switch _, err := io.ReadFull(r, make([]byte, 1)); {
	case err == nil:
		return nil, errors.New("bytes after the last value")
	case err != io.EOF:
		return nil, err
	}
	if order == '>' {
		swap(raw, width)
	}
	if h.fortran {
		raw = rowMajor(raw, h.shape, width)
	}
	return &NPY{Type: kind, Shape: h.shape, Raw: raw}, nil
}

// npyHeaderText reads magic number, version and length, and the text they frame.
func npyHeaderText(r io.Reader) (string, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return "", cut(err, "header")
	}
	if string(head[:6]) != npyMagic {
		return "", fmt.Errorf("bad magic number %x", head[:6])
	}
	word := make([]byte, 4)
	switch {
	case head[6] == 1 && head[7] == 0:
		word = word[:2]
	case head[6] != 2 && head[6] != 3 || head[7] != 0:
		return "", fmt.Errorf("unknown version %d.%d", head[6], head[7])
	}
	if _, err := io.ReadFull(r, word); err != nil {
		return "", cut(err, "header")
	}
	n := uint32(binary.LittleEndian.Uint16(word))
	if len(word) == 4 {
		n = binary.LittleEndian.Uint32(word)
	}
	if n > maxNPYHeader {
		return "", fmt.Errorf("a header of %d bytes is too long", n)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return "", cut(err, "header")
	}
	return string(text), nil
}

// swap reverses the bytes of each value.
func swap(raw []byte, width int) {
	for ; len(raw) > 0; raw = raw[width:] {
		for i, j := 0, width-1; i < j; i, j = i+1, j-1 {
			raw[i], raw[j] = raw[j], raw[i]
		}
	}
}

// rowMajor copies a column-major array to row-major order.
func rowMajor(raw []byte, shape []int, width int) []byte {
	out := make([]byte, 0, len(raw))
	at := make([]int, len(shape))
	for len(out) < len(raw) {
		from, stride := 0, width
		for i, d := range shape {
			from += at[i] * stride
			stride *= d
		}
		out = append(out, raw[from:from+width]...)
		for i := len(at) - 1; i >= 0; i-- {
			if at[i]++; at[i] < shape[i] {
				break
			}
			at[i] = 0
		}
	}
	return out
}

// Len is the number of values.
func (x *NPY) Len() int { return len(x.Raw) / npyWidth[x.Type] }

// at returns value i, rounded if it is an integer beyond 2^53.
func (x *NPY) at(i int) float64 {
	b := x.Raw[i*npyWidth[x.Type]:]
	switch x.Type {
	case "f4":
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case "f8":
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	case "u8":
		return float64(binary.LittleEndian.Uint64(b))
	}
	return float64(x.int(i))
}

// int returns value i of an integer type but u8.
func (x *NPY) int(i int) int64 {
	b := x.Raw[i*npyWidth[x.Type]:]
	switch x.Type {
	case "i1":
		return int64(int8(b[0]))
	case "i2":
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case "u2":
		return int64(binary.LittleEndian.Uint16(b))
	case "i4":
		return int64(int32(binary.LittleEndian.Uint32(b)))
	case "u4":
		return int64(binary.LittleEndian.Uint32(b))
	case "i8":
		return int64(binary.LittleEndian.Uint64(b))
	}
	return int64(b[0]) // u1, b1
}

// Ints returns the values of an array of integers or booleans, such as labels;
// one that is no int32 is an error.
func (x *NPY) Ints() ([]int32, error) {
	if x.Type[0] == 'f' {
		return nil, fmt.Errorf("npy: values of type %s are not integers", x.Type)
	}
	v := make([]int32, x.Len())
	for i := range v {
		var n int64
		if x.Type == "u8" {
			n = int64(min(binary.LittleEndian.Uint64(x.Raw[8*i:]), math.MaxInt64))
		} else {
			n = x.int(i)
		}
		if n != int64(int32(n)) {
			return nil, fmt.Errorf("npy: value %d is %v, too large for int32", i, x.at(i))
		}
		v[i] = int32(n)
	}
	return v, nil
}
