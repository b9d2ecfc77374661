package runtime

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/bits"
	"slices"
)

const (
	metadataKey = "__metadata__"
	maxHeader   = 100_000_000 // the format's own limit
)

// header is the checked header of a safetensors file: tensors that fill
// [0,size) without hole or overlap.
type header struct {
	meta    map[string]string
	tensors map[string]tensor
	size    uint64
}

// tensor is one entry of a header; its bytes are begin..end of the data.
type tensor struct {
	dtype      string
	shape      []uint64
	begin, end uint64
}

// dtypeBits are the element types of the format, in bits.
var dtypeBits = map[string]uint64{
	"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
	"I16": 16, "U16": 16, "F16": 16, "BF16": 16,
	"I32": 32, "U32": 32, "F32": 32,
	"I64": 64, "U64": 64, "F64": 64,
}

// readHeader reads and checks the length and the JSON of a safetensors file.
func readHeader(r io.Reader) (*header, error) {
	var word [8]byte
	if _, err := io.ReadFull(r, word[:]); err != nil {
		return nil, truncated(err, "the header's length")
	}
	n := binary.LittleEndian.Uint64(word[:])
	if n > maxHeader {
		return nil, fmt.Errorf("a header of %d bytes is too long", n)
	}
	// ReadAll grows with what arrives: a length that lies costs nothing.
	text, err := io.ReadAll(io.LimitReader(r, int64(n)))
	if err != nil {
		return nil, err
	}
	if uint64(len(text)) < n {
		return nil, errors.New("the file ends within the header")
	}
	h, err := parseHeader(text)
	if err != nil {
		return nil, err
	}
	return h, h.layout()
}

// layout checks every tensor's size and that together they fill the data.
func (h *header) layout() error {
	names := make([]string, 0, len(h.tensors))
	for name, t := range h.tensors {
		if err := t.check(); err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		x, y := h.tensors[a], h.tensors[b]
		switch {
		case x.begin != y.begin:
			return compare(x.begin, y.begin)
		case x.end != y.end:
			return compare(x.end, y.end)
		}
		return compare(a, b)
	})
	for _, name := range names {
		t := h.tensors[name]
		if t.begin != h.size {
			return fmt.Errorf("tensor %q begins at byte %d, the one before it ends at %d", name, t.begin, h.size)
		}
		h.size = t.end
	}
	return nil
}

func compare[T uint64 | string](a, b T) int {
	if a < b {
		return -1
	}
	return 1
}

func (t *tensor) check() error {
	width, ok := dtypeBits[t.dtype]
	if !ok {
		return fmt.Errorf("unknown dtype %q", t.dtype)
	}
	n, ok := elements(t.shape)
	over, size := bits.Mul64(n, width/8)
	switch {
	case !ok || over != 0:
		return fmt.Errorf("shape %d overflows", t.shape)
	case t.begin > t.end || t.end-t.begin != size:
		return fmt.Errorf("shape %d needs %d bytes, offsets are %d and %d", t.shape, size, t.begin, t.end)
	}
	return nil
}

// elements is the product of a shape, and whether it and all partial products
// of its positive prefix fit.
func elements[I int | uint64](shape []I) (uint64, bool) {
	n := uint64(1)
	for _, d := range shape {
		if d < 0 {
			return 0, false
		}
		over, lo := bits.Mul64(n, uint64(d))
		if over != 0 {
			return 0, false
		}
		n = lo
	}
	return n, true
}

// matches compares the tensors with what the model wants.
func (h *header) matches(dtype string, want map[string][]int) error {
	for name, shape := range want {
		t, ok := h.tensors[name]
		switch {
		case !ok:
			return fmt.Errorf("no tensor %q", name)
		case t.dtype != dtype:
			return fmt.Errorf("tensor %q is %s, the model's %s", name, t.dtype, dtype)
		case !slices.EqualFunc(t.shape, shape, func(a uint64, b int) bool { return a == uint64(b) }):
			return fmt.Errorf("tensor %q is %d, the model's %d", name, t.shape, shape)
		}
	}
	for name := range h.tensors {
		if _, ok := want[name]; !ok {
			return fmt.Errorf("the model has no parameter %q", name)
		}
	}
	return nil
}

func shapesOf[T Float](params iter.Seq[Param[T]]) map[string][]int {
	m := map[string][]int{}
	for p := range params {
		m[p.Name] = p.Shape
	}
	return m
}
