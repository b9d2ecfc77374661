package data

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	rt "github.com/nnc-lang/nnc/runtime"
)

// IDX is a tensor in the format of the MNIST files.
type IDX struct {
	Type  byte   // 0x08 uint8, 0x09 int8, 0x0B int16, 0x0C int32, 0x0D float32, 0x0E float64
	Shape []int  // row-major
	Raw   []byte // big-endian values
}

// maxIDX bounds the bytes of a tensor: far above any IDX file in use.
const maxIDX = 1 << 31

// width is the size of a value by type.
var width = map[byte]int{0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8}

// OpenIDX reads the file name, compressed by gzip or not.
func OpenIDX(name string) (*IDX, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x, err := ReadIDX(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return x, nil
}

// ReadIDX reads a whole IDX tensor, compressed by gzip or not, from r to its end.
func ReadIDX(r io.Reader) (*IDX, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("idx: %w", err)
		}
		b = bufio.NewReader(z)
	}
	x, err := readIDX(b)
	if err != nil {
		return nil, fmt.Errorf("idx: %w", err)
	}
	return x, nil
}

func readIDX(r io.Reader) (*IDX, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, cut(err, "header")
	}
	size, ok := width[head[2]]
	if head[0] != 0 || head[1] != 0 || !ok {
		return nil, fmt.Errorf("bad magic number %x", head)
	}
	x := &IDX{Type: head[2]}
	total := uint64(size)
	for range head[3] {
		var d [4]byte
		if _, err := io.ReadFull(r, d[:]); err != nil {
			return nil, cut(err, "shape")
		}
		n := binary.BigEndian.Uint32(d[:])
		x.Shape = append(x.Shape, int(n))
		if n != 0 && total > maxIDX/uint64(n) {
			return nil, fmt.Errorf("shape %d is too large", x.Shape)
		}
		total *= uint64(n)
	}
	raw, err := io.ReadAll(io.LimitReader(r, int64(total)))
	switch {
	case err != nil:
		return nil, err
	case uint64(len(raw)) < total:
		return nil, cut(io.EOF, "data")
	}
	switch _, err := io.ReadFull(r, head[:1]); {
	case err == nil:
		return nil, errors.New("bytes after the last value")
	case err != io.EOF:
		return nil, err
	}
	x.Raw = raw
	return x, nil
}

func cut(err error, where string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the file ends within its %s", where)
	}
	return err
}

// Len is the number of values.
func (x *IDX) Len() int { return len(x.Raw) / width[x.Type] }

// at returns value i.
func (x *IDX) at(i int) float64 {
	b := x.Raw[i*width[x.Type]:]
	switch x.Type {
	case 0x08:
		return float64(b[0])
	case 0x09:
		return float64(int8(b[0]))
	case 0x0B:
		return float64(int16(binary.BigEndian.Uint16(b)))
	case 0x0C:
		return float64(int32(binary.BigEndian.Uint32(b)))
	case 0x0D:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b)))
	}
	return math.Float64frombits(binary.BigEndian.Uint64(b))
}

// Values is what a reader of files with several types of number returns: *IDX,
// *NPY.
type Values interface {
	Len() int
	at(i int) float64
}

// Floats returns the values times scale, 1./255 for pixels.
func Floats[T rt.Float](x Values, scale float64) []T {
	v := make([]T, x.Len())
	for i := range v {
		v[i] = T(x.at(i) * scale)
	}
	return v
}

// Ints returns the values of an integer tensor, such as labels.
func (x *IDX) Ints() ([]int32, error) {
	if x.Type > 0x0C {
		return nil, fmt.Errorf("idx: values of type %#x are not integers", x.Type)
	}
	v := make([]int32, x.Len())
	for i := range v {
		v[i] = int32(x.at(i))
	}
	return v, nil
}
