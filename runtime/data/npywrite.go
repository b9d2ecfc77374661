package data

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// WriteNPY writes data, row-major of the given shape, as an array that numpy's
// load reads; the shape () is of one value.
func WriteNPY[E float32 | float64 | int32 | int64 | uint8](w io.Writer, shape []int, data []E) error {
	n := 1
	var dims strings.Builder
	for i, d := range shape {
		if d < 0 {
			return fmt.Errorf("npy: shape %d", shape)
		}
		n *= d
		if i > 0 {
			dims.WriteByte(' ')
		}
		dims.WriteString(strconv.Itoa(d) + ",")
	}
	if n != len(data) || len(shape) > maxNPYRank {
		return fmt.Errorf("npy: %d values do not have shape %d", len(data), shape)
	}
	var descr string
	var put func(b []byte, x E) []byte
	switch any(E(0)).(type) {
	case float32:
		descr, put = "<f4", func(b []byte, x E) []byte { return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x))) }
	case float64:
		descr, put = "<f8", func(b []byte, x E) []byte { return binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(x))) }
	case int32:
		descr, put = "<i4", func(b []byte, x E) []byte { return binary.LittleEndian.AppendUint32(b, uint32(x)) }
	case int64:
		descr, put = "<i8", func(b []byte, x E) []byte { return binary.LittleEndian.AppendUint64(b, uint64(x)) }
	default:
		descr, put = "|u1", func(b []byte, x E) []byte { return append(b, byte(x)) }
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, tuple(dims.String(), len(shape)))
	const frame = len(npyMagic) + 4
	text += strings.Repeat(" ", (64-(frame+len(text)+1)%64)%64) + "\n" // the data begin at a multiple of 64
	out := bufio.NewWriter(w)
	out.WriteString(npyMagic + "\x01\x00")
	out.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(text))))
	out.WriteString(text)
	word := make([]byte, 0, 8)
	for _, x := range data {
		out.Write(put(word, x))
	}
	return out.Flush() // a bufio.Writer keeps its first error
}

// tuple drops the last comma, which Python wants only after a single size.
func tuple(dims string, rank int) string {
	if rank > 1 {
		return strings.TrimSuffix(dims, ",")
	}
	return dims
}
