// Package idx reads the IDX format in which MNIST and its relatives are
// published: a big-endian header of element type and axes, then the elements
// in row-major order. It reads unsigned bytes, plain or gzip-compressed:
//
//	data, shape, err := idx.Read(f) // [60000 28 28] for MNIST's training images
//
// The reader is strict, because a file may come from anywhere: what is
// truncated, too long, of another type or larger than MaxBytes is an error, and
// a header that lies costs no memory.
//
// The format is described at http://yann.lecun.com/exdb/mnist.
package idx

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// MaxBytes bounds the number of elements of a file; MNIST's largest has
	// 47 million.
	MaxBytes = 1 << 28
	// MaxAxes bounds the number of axes.
	MaxAxes = 8

	typeUbyte = 0x08
)

// ErrFormat is wrapped by every error that means the input is not an IDX file
// of unsigned bytes, as opposed to one that the underlying reader returned.
var ErrFormat = errors.New("not an IDX file of unsigned bytes")

// Read reads one whole file, compressed if it begins as gzip does, to its end.
// It returns the elements in row-major order and the sizes of the axes, each at
// least 1. Both slices belong to the caller.
func Read(r io.Reader) (data []byte, shape []int, err error) {
	br := bufio.NewReader(r)
	if magic, _ := br.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		zr, err := gzip.NewReader(br)
		if err != nil {
			return nil, nil, malformed(err)
		}
		return read(zr)
	}
	return read(br)
}

// read reads an uncompressed file.
func read(r io.Reader) ([]byte, []int, error) {
	shape, size, err := header(r)
	if err != nil {
		return nil, nil, err
	}
	// The buffer grows with what is there, not with what the header claims;
	// one byte more than claimed is asked for, to see that the file ends.
	var buf bytes.Buffer
	n, err := io.Copy(&buf, io.LimitReader(r, int64(size)+1))
	switch {
	case err != nil:
		return nil, nil, malformed(err)
	case n < int64(size):
		return nil, nil, fmt.Errorf("idx: %w: it ends after %d of %d elements", ErrFormat, n, size)
	case n > int64(size):
		return nil, nil, fmt.Errorf("idx: %w: it goes on after its %d elements", ErrFormat, size)
	}
	return buf.Bytes(), shape, nil
}

// header reads the type and the axes, and returns their sizes and product.
func header(r io.Reader) (shape []int, size int, err error) {
	var magic [4]byte // two zeros, element type, number of axes
	if _, err := io.ReadFull(r, magic[:]); err != nil {
		return nil, 0, malformed(err)
	}
	if magic[0] != 0 || magic[1] != 0 {
		return nil, 0, fmt.Errorf("idx: %w: it begins with %x, not 0000", ErrFormat, magic[:2])
	}
	if magic[2] != typeUbyte {
		return nil, 0, fmt.Errorf("idx: %w: element type %#02x, not %#02x", ErrFormat, magic[2], typeUbyte)
	}
	axes := int(magic[3])
	if axes < 1 || axes > MaxAxes {
		return nil, 0, fmt.Errorf("idx: %w: %d axes, not 1..%d", ErrFormat, axes, MaxAxes)
	}
	dims := make([]uint32, axes)
	if err := binary.Read(r, binary.BigEndian, dims); err != nil {
		return nil, 0, malformed(err)
	}
	shape, size = make([]int, axes), 1
	for i, d := range dims {
		if d == 0 || uint64(d) > uint64(MaxBytes/size) {
			return nil, 0, fmt.Errorf("idx: %w: shape %v is empty or has more than %d elements", ErrFormat, dims, MaxBytes)
		}
		shape[i] = int(d)
		size *= int(d)
	}
	return shape, size, nil
}

// malformed turns what reading and unzipping say about damaged input into
// ErrFormat, and passes other errors on.
func malformed(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("idx: %w: it is truncated", ErrFormat)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return fmt.Errorf("idx: %w: %w", ErrFormat, err)
	}
	return fmt.Errorf("idx: %w", err)
}
