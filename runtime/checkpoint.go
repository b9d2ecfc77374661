package runtime

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// WriteParams writes params to w as a safetensors file, little-endian and in
// order, with the fingerprint schema in its metadata. It returns the number of
// bytes written.
func WriteParams[T Float](w io.Writer, schema string, params iter.Seq[Param[T]]) (int64, error) {
	return WriteTensors(w, map[string]string{"schema": schema}, params)
}

// WriteTensors is WriteParams with any entries in the metadata. The key "format"
// is taken.
func WriteTensors[T Float](w io.Writer, meta map[string]string, params iter.Seq[Param[T]]) (int64, error) {
	head, err := headerText(meta, params)
	if err != nil {
		return 0, err
	}
	out := &counter{w: w}
	buf := bufio.NewWriterSize(out, 1<<15)
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], uint64(len(head)))
	buf.Write(word[:])
	buf.Write(head)
	for p := range params {
		for _, x := range p.Data {
			buf.Write(encode(&word, x))
		}
	}
	err = buf.Flush() // a bufio.Writer keeps its first error
	return out.n, err
}

// headerText is the JSON header, padded to a multiple of 8.
func headerText[T Float](meta map[string]string, params iter.Seq[Param[T]]) ([]byte, error) {
	var b strings.Builder
	b.WriteString(`{"__metadata__":{"format":"nnc"`)
	for _, key := range slices.Sorted(maps.Keys(meta)) {
		if key == "format" {
			return nil, errors.New(`checkpoint: the metadata key "format" is taken`)
		}
		fmt.Fprintf(&b, ",%s:%s", quote(key), quote(meta[key]))
	}
	b.WriteByte('}')
	seen := map[string]bool{metadataKey: true}
	at := 0
	for p := range params {
		if seen[p.Name] {
			return nil, fmt.Errorf("checkpoint: two parameters are called %q", p.Name)
		}
		seen[p.Name] = true
		n, ok := elements(p.Shape)
		if !ok || n != uint64(len(p.Data)) {
			return nil, fmt.Errorf("checkpoint: %s has %s, its shape is %d", p.Name, values(len(p.Data)), p.Shape)
		}
		size := len(p.Data) * sizeOf[T]()
		shape := make([]string, len(p.Shape))
		for i, d := range p.Shape {
			shape[i] = strconv.Itoa(d)
		}
		fmt.Fprintf(&b, `,%s:{"dtype":%q,"shape":[%s],"data_offsets":[%d,%d]}`,
			quote(p.Name), dtypeOf[T](), strings.Join(shape, ","), at, at+size)
		at += size
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	return []byte(b.String()), nil
}

func quote(s string) string {
	q, _ := json.Marshal(s) // a string always marshals
	return string(q)
}

// ReadParams reads a safetensors file into params and returns the number of
// bytes read. The file must hold exactly these tensors, of the same shapes and
// element type, and the fingerprint schema, which is not asked for if it is "".
// The order of its tensors is free. Nothing is written to params unless all of
// the file is right, and no more memory is used than for a header of sensible
// size and a second copy of the parameters. r is read to its end.
func ReadParams[T Float](r io.Reader, schema string, params iter.Seq[Param[T]]) (int64, error) {
	return ReadTensors(r, func(meta map[string]string) error {
		if have := meta["schema"]; schema != "" && have != schema {
			return fmt.Errorf("the schema is %q, the model's %q", have, schema)
		}
		return nil
	}, params)
}

// ReadTensors is ReadParams with any condition on the metadata: an error of
// accept, which is called before the tensors are looked at, ends it.
func ReadTensors[T Float](r io.Reader, accept func(meta map[string]string) error, params iter.Seq[Param[T]]) (int64, error) {
	in := &counter{r: r}
	h, err := readHeader(in)
	if err == nil {
		err = accept(h.meta)
	}
	if err == nil {
		err = h.matches(dtypeOf[T](), shapesOf(params))
	}
	if err != nil {
		return in.n, fmt.Errorf("checkpoint: %w", err)
	}
	data, err := readData[T](in, h)
	if err != nil {
		return in.n, fmt.Errorf("checkpoint: %w", err)
	}
	for p := range params {
		at := int(h.tensors[p.Name].begin) / sizeOf[T]()
		copy(p.Data, data[at:])
	}
	return in.n, nil
}

// readData reads the tensors' values and the end of the file.
func readData[T Float](r io.Reader, h *header) ([]T, error) {
	data := make([]T, h.size/uint64(sizeOf[T]()))
	buf := make([]byte, 1<<15)
	for rest := data; len(rest) > 0; {
		b := buf[:min(len(buf), len(rest)*sizeOf[T]())]
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, truncated(err, "the data")
		}
		rest = rest[decode(rest, b):]
	}
	switch _, err := io.ReadFull(r, buf[:1]); {
	case err == nil:
		return nil, errors.New("bytes after the last tensor")
	case err != io.EOF:
		return nil, err
	}
	return data, nil
}

func truncated(err error, what string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("the file ends within %s", what)
	}
	return err
}

func sizeOf[T Float]() int {
	if is32[T]() {
		return 4
	}
	return 8
}

func encode[T Float](word *[8]byte, x T) []byte {
	if is32[T]() {
		binary.LittleEndian.PutUint32(word[:], math.Float32bits(float32(x)))
		return word[:4]
	}
	binary.LittleEndian.PutUint64(word[:], math.Float64bits(float64(x)))
	return word[:]
}

// decode fills dst from b and returns how many values b held.
func decode[T Float](dst []T, b []byte) int {
	n := len(b) / sizeOf[T]()
	if is32[T]() {
		for i := range n {
			as32(dst)[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		}
		return n
	}
	for i := range n {
		as64(dst)[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return n
}

// counter counts the bytes that pass.
type counter struct {
	r io.Reader
	w io.Writer
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}
